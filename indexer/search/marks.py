"""The words of a question in an answer."""

from collections.abc import Collection, Sequence

from indexer.index.words import words_with

#: The span of a word in an answer, and its term.
Mark = tuple[int, int, str]


def marks(answer: str, words: bytes, terms: Collection[str], phrases: Sequence[Sequence[str]] = ()) -> list[Mark]:
    """Return the words of an answer to mark, in order. Citation markers and shared passages have none.

    `words` are those that are stored with the answer. Words of `terms` are marked wherever they occur, words of a
    phrase only where the whole phrase occurs.
    """
    placed = words_with(set(terms).union(*phrases), answer, words)
    if not phrases:
        return [word[1:] for word in placed]
    numbers = {word.number: word.term for word in placed}
    marked = {word.number for word in placed if word.term in terms}
    for phrase in phrases:
        for first in numbers:
            stretch = range(first, first + len(phrase))
            if [numbers.get(number) for number in stretch] == list(phrase):
                marked.update(stretch)
    return [word[1:] for word in placed if word.number in marked]
