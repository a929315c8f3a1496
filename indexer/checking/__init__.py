"""Pages -> findings: what whoever writes fact sheets should mend. Start at `rules.py`; `check.py` asks every page."""
