"""The words of an answer, packed when the index is built, so that a search marks them without analysing any text.

An answer of n words has n codes of two bytes, n starts of four, and n lengths of two. A code is a checksum of the term
of a word. `bytes.find` goes from one code to the next. A word of another term with the same code is recognised by its
text.
"""

from array import array
from collections.abc import Iterable
from functools import lru_cache
from struct import unpack_from
from typing import NamedTuple
from zlib import crc32

from indexer.language.analysis import analyse, form

_BYTES_A_WORD = 8
_LONGEST = 0xFFFF


class PlacedWord(NamedTuple):
    """A word of an answer: its number among the words, its span, and its term."""

    number: int
    start: int
    end: int
    term: str


def packed_words(text: str) -> bytes:
    """Return the words of a searched text, packed in the byte order of this machine."""
    tokens = analyse(text)
    codes = b"".join(_code(token.term) for token in tokens)
    starts = array("I", [token.start for token in tokens])
    lengths = array("H", [min(token.end - token.start, _LONGEST) for token in tokens])
    return b"".join((codes, starts, lengths))


def words_with(terms: Iterable[str], answer: str, packed: bytes) -> list[PlacedWord]:
    """Return the words of an answer that have one of some terms, in order."""
    size = len(packed) // _BYTES_A_WORD
    starts, lengths = 2 * size, 6 * size
    words: list[PlacedWord] = []
    for term in terms:
        code = _code(term)
        at = packed.find(code, 0, starts)
        while at >= 0:
            if not at & 1:
                start, length = (
                    unpack_from("=I", packed, starts + 2 * at)[0],
                    unpack_from("=H", packed, lengths + at)[0],
                )
                if form(answer[start : start + length])[1] == term:
                    words.append(PlacedWord(at >> 1, start, start + length, term))
            at = packed.find(code, at + 1, starts)
    words.sort()
    return words


@lru_cache(maxsize=100_000)
def _code(term: str) -> bytes:
    return (crc32(term.encode()) & 0xFFFF).to_bytes(2, "little")
