"""The positions of a question's words in an answer, as the analysis chain finds them.

Whole answers are not analysed: ten would take longer than a search may. `str.find` looks for the first letters of each
term, and only the text there is analysed. One regular expression for all terms takes twice as long.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from indexer.index.schema import searched_text
from indexer.language.analysis import APOSTROPHES, INVISIBLE, ROMAN_NUMERALS, Token, analyse
from indexer.model import Document

#: Characters that folding may change or remove: such words may begin differently from their term.
_OTHER_LETTER = re.compile(rf"[^\W_a-zA-Z0-9]|[{APOSTROPHES}{INVISIBLE}\u0300-\u036f]")

_LETTER = re.compile(r"[^\W_]")
#: An acronym with dots has fewer letters; each costs a look at every word that begins so.
LONGEST_DOTTED = 8


#: The span of a word in an answer, and its term.
Mark = tuple[int, int, str]


def marks(document: Document, terms: Collection[str], phrases: Sequence[Sequence[str]] = ()) -> list[Mark]:
    """Return the words of an answer to mark, in order, without citation markers and shared passages.

    Words of `terms` are marked wherever they occur, words of a phrase only where the whole phrase occurs.
    """
    text = searched_text(document) if document.citations or document.shared else document.answer
    words = _words(text, frozenset(terms).union(*phrases))
    if not phrases:
        return words
    found = [term for _, _, term in words]
    marked = {word for word in words if word[2] in terms}
    for phrase in map(list, phrases):
        for position in range(len(words) - len(phrase) + 1):
            if found[position : position + len(phrase)] == phrase:
                stretch = words[position : position + len(phrase)]
                if not any(_LETTER.search(text, one[1], other[0]) for one, other in pairwise(stretch)):
                    marked.update(stretch)
    return [word for word in words if word in marked]


def _words(text: str, terms: frozenset[str]) -> list[Mark]:
    """Return the words of a text whose term is one of `terms`, as `analyse` finds them."""
    plain = text.replace("\u0130", "I").lower()  # offsets stay: only this letter becomes two
    positions = [match.start() for match in _OTHER_LETTER.finditer(text)] if not text.isascii() else []
    for beginning in _beginnings(terms):
        position = plain.find(beginning)
        while position >= 0:
            if beginning == "'" or not plain[position - 1 : position].isalnum():
                positions.append(position)
            position = plain.find(beginning, position + 1)
    found: list[Mark] = []
    end = 0
    for position in sorted(positions):
        if position >= end:
            start, end = text.rfind(" ", 0, position) + 1, text.find(" ", position)
            end = end if end >= 0 else len(text)
            for term, first, last in _tokens(text[start:end]):
                if term in terms:
                    found.append((start + first, start + last, term))
    return found


@lru_cache(maxsize=100)
def _beginnings(terms: frozenset[str]) -> frozenset[str]:
    """Return what words of the terms begin with, in lower case, and the apostrophes, which folding removes."""
    return frozenset({"'", "`", *map(_beginning, terms), *chain.from_iterable(map(_other_beginnings, terms))})


def _other_beginnings(term: str) -> Iterator[str]:
    """Yield what words of a term begin with if they are not written like it: A.L.S., XI, 1,000 and %."""
    if term == "percent":
        yield "%"
    elif term[:1].isdigit():
        yield term[0]
        yield from ROMAN_NUMERALS.get(term.rstrip("abcde"), ())
    elif term.isalpha() and len(term) < LONGEST_DOTTED:
        yield f"{term[0]}."


def _beginning(term: str) -> str:
    """Return what the words of a term begin with, in lower case, if folding removes nothing.

    Usually that is the stem, but Snowball makes "happi" of "happy", "hope" of "hoping", "sky" of "skies", "probabl" of
    "probability" and "die" of "dying". There are no other cases in 2.5 million words: the 38,000 of MedQuAD with
    all endings that Snowball knows, made-up words, and all words of up to four letters.
    """
    if len(term) < 3 or not (term.isascii() and term.isalpha()):
        return term
    if len(term) == 3 and term.endswith("ie"):
        return term[:-2]
    return term[:-1] if term.endswith(("e", "i", "y", "bl")) else term


@lru_cache(maxsize=20_000)  # text between two spaces where a word of a question may occur
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(analyse(text))
