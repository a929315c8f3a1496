"""Everyday words -> the terms that fact sheets use for them. The list is data, lay_words.toml, with its sources."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from indexer.language.analysis import terms
from indexer.site import SiteSynonym


class LayWords(NamedTuple):
    """Everyday words in a question: the first word, the end, and what sheets write for them."""

    start: int
    end: int
    clinical: tuple[str, ...]


def lay_words(asked: Sequence[str], synonyms: tuple[SiteSynonym, ...] = ()) -> list[LayWords]:
    """Return the everyday words among the terms of a question, the longest where several overlap.

    `synonyms` are those of the site. They replace entries of the list for the same words.

    >>> lay_words(["she", "throw", "up"])
    [LayWords(start=1, end=3, clinical=('vomiting',))]
    """
    entries, longest = _entries(synonyms)
    found = []
    for start, first in enumerate(asked):
        for end in range(min(start + longest.get(first, 0), len(asked)), start, -1):
            if clinical := entries.get(tuple(asked[start:end])):
                found.append(LayWords(start, end, clinical))
                break
    chosen: list[LayWords] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in chosen):
            chosen.append(one)
    return sorted(chosen)


@lru_cache(maxsize=8)
def _entries(synonyms: tuple[SiteSynonym, ...]) -> tuple[dict[tuple[str, ...], tuple[str, ...]], dict[str, int]]:
    """Return what each sequence of terms means, and by its first term how long one may be.

    Raises ValueError for words that are listed twice.
    """
    text = resources.files(__package__).joinpath("lay_words.toml").read_text(encoding="utf-8")
    entries: dict[tuple[str, ...], tuple[str, ...]] = {}
    longest: dict[str, int] = {}
    for word in tomllib.loads(text)["word"]:
        for lay in word["lay"]:
            key = tuple(terms(lay))
            if not key or key in entries:
                raise ValueError(f"lay_words.toml: {lay!r} is empty, or is listed twice after stemming")
            entries[key] = tuple(word["clinical"])
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
    for synonym in synonyms:
        if key := tuple(terms(synonym.typed)):
            entries[key] = synonym.used
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return entries, longest
