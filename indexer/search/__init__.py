"""Question -> Results. `search.py` reads as the list of the steps; `engine.py` is the door."""
