"""Texts -> vectors that are near where texts mean nearly the same: an extra, by a model that the keeper brings."""
