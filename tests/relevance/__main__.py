"""`python -m tests.relevance [--pin [--lower]]`: see gate.py."""

from tests.relevance.gate import main

if __name__ == "__main__":
    main()
