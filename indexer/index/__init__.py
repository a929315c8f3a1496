"""FactSheets -> a published generation, and snapshots that read one. The only room that opens Whoosh files."""
