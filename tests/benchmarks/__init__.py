"""Measurements: run by hand, on data that stands outside the project, never asserted in pytest."""
