"""Where the words of a question stand in an answer, by position, as the analysis chain finds them.

Answers are not analysed for it: ten of them would take longer than the whole search may. `str.find` looks for the first
letters of each term, and only what stands there is analysed.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from indexer.index.schema import searched_text
from indexer.language.analysis import Token, analyse
from indexer.model import Document

#: What folding may change, as it takes apostrophes away: such words may begin otherwise than their term.
_OTHER_LETTER = re.compile(r"[^\W_a-zA-Z0-9]|['\u2019\u02bc]")

_LETTER = re.compile(r"[^\W_]")


def marks(document: Document, terms: Collection[str], phrases: Sequence[Sequence[str]] = ()) -> list[Token]:
    """Return the words of an answer to mark, in order, none of its markers or shared passages.

    Those of `terms` are marked wherever they stand, those of a phrase only where they stand one after the other.
    """
    text = searched_text(document) if document.citations or document.shared else document.answer
    words = _words(text, {*terms, *chain.from_iterable(phrases)})
    if not phrases:
        return words
    found = [word.term for word in words]
    marked = {word for word in words if word.term in terms}
    for phrase in map(list, phrases):
        for place in range(len(words) - len(phrase) + 1):
            if found[place : place + len(phrase)] == phrase:
                stretch = words[place : place + len(phrase)]
                if not any(_LETTER.search(text, one.end, other.start) for one, other in pairwise(stretch)):
                    marked.update(stretch)
    return [word for word in words if word in marked]


def terms_in(document: Document, terms: Collection[str]) -> set[str]:
    """Return which of some terms stand in an answer, outside its markers and shared passages."""
    return {mark.term for mark in marks(document, terms)}


def _words(text: str, terms: Collection[str]) -> list[Token]:
    """Return the tokens of a text that have one of the terms, as `analyse` gives them."""
    plain = text.replace("\u0130", "I").lower()  # offsets stay: only this letter becomes two
    begun = (place for term in terms for place in _places(plain, _beginning(term)))
    places = [place for place in begun if place == 0 or not plain[place - 1].isalnum()]
    places += _places(plain, "'")
    if not text.isascii():
        places += [match.start() for match in _OTHER_LETTER.finditer(text)]
    found: list[Token] = []
    end = 0
    for place in sorted(places):
        if place >= end:
            start, end = text.rfind(" ", 0, place) + 1, text.find(" ", place)
            end = end if end >= 0 else len(text)
            found += [Token(t, start + a, start + b) for t, a, b in _tokens(text[start:end]) if t in terms]
    return found


def _places(text: str, part: str) -> list[int]:
    """Return every place where a text has some part."""
    found = []
    place = text.find(part)
    while place >= 0:
        found.append(place)
        place = text.find(part, place + 1)
    return found


@lru_cache(maxsize=20_000)
def _beginning(term: str) -> str:
    """Return what the words of a term begin with, in small letters, where folding takes nothing from them.

    That is a stem but for its last letter ("happi"); Snowball changes two where it makes "die" of "dying".
    """
    if len(term) < 3 or not (term.isascii() and term.isalpha()):
        return term
    return term[:-2] if len(term) == 3 and term.endswith("ie") else term[:-1]


@lru_cache(maxsize=20_000)  # what stood between two spaces where a question's word might be
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(analyse(text))
