"""Pages -> findings: what authors should correct. Start at `rules.py`; `check.py` applies the rules to every page."""
