"""Texts -> vectors, near for texts of similar meaning: an extra, by a model that the site owner provides."""
