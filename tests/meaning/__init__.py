"""Answers by meaning: models, vectors, and what they do to the order of answers."""
