"""Page -> FactSheet: questions, their answers, and the citations and dates inside them. Start at `split.py`."""
