"""Write the expected files anew: `python -m tests.golden [NAME...]`."""

import sys

from tests.golden import dumped, expected_file, names, read

for name in sys.argv[1:] or names():
    expected_file(name).write_text(dumped(read(name)), encoding="utf-8")
    print(expected_file(name))
