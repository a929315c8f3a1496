"""The words of a query as the sheets write them: other spaces and hyphens, British or American spelling, numerals.

"chicken pox" becomes Chickenpox, "kidneystones" kidney stones, "coeliac" celiac, "type2" type 2. A query is rewritten
only into words that the collection has, and only where it has them more often than what was typed.
"""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from indexer.index.names import Name
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import form, forms, function_terms
from indexer.language.english import is_english
from indexer.language.respelling import american
from indexer.time_limit import check_time

#: The shortest English word that a word is split into: two letters begin or end too many words by accident.
_LEAST_PART = 3
#: Two words are not looked for side by side if both are in more answers than so many times those with the joined word:
#: to read the positions of such words takes 0.1 s in MedQuAD.
AS_RARE = 30
#: Letters with a number behind them, which may have a letter of its own: "type2", "trisomy21", "type3b".
_NUMBERED = re.compile(r"([a-z]{2,})(\d+[a-z]?)")


class Token(NamedTuple):
    """A word of a query: what was typed for it, the word that is searched, folded, and its term."""

    typed: str
    word: str
    term: str


def rewrite(typed: Sequence[str], snapshot: Snapshot, kept: Set[str]) -> tuple[list[Token], list[tuple[str, str]]]:
    """Return the tokens of a query as the collection writes them, and what was typed for what, in order.

    Words in `kept`, such as those of quoted phrases, stay as they were typed.
    """
    tokens = [Token(word, *form(word)) for word in typed]
    changed: list[tuple[str, str]] = []
    if all(token.typed in kept for token in tokens):
        return tokens, changed
    for replacements in (_closed_names, _respelled, _split_or_joined):
        for start, end, words in sorted(replacements(tokens, snapshot, kept), reverse=True):
            text = " ".join(token.typed for token in tokens[start:end])
            tokens[start:end] = [Token(text, *form(word)) for word in words]
            changed.insert(0, (text, " ".join(words)))
    return tokens, changed


Replacement = tuple[int, int, list[str]]


def _closed_names(tokens: Sequence[Token], snapshot: Snapshot, kept: Set[str]) -> Iterator[Replacement]:
    """Yield the names that the query has, written in another way, where it has no longer name as it is written."""
    names = snapshot.names
    words = [(token.word, token.term) for token in tokens]
    plain = names.find(words)
    for start, end, name in names.find_closed(words):
        if any(first <= start and end <= last for first, last, _ in plain):
            continue
        if any(token.typed in kept for token in tokens[start:end]):
            continue
        if end - start > 1 or _is_rarer(tokens[start], name, snapshot):
            yield start, end, [word for word, _ in forms(name.text)]


def _is_rarer(token: Token, name: Name, snapshot: Snapshot) -> bool:
    """Return whether a word is rarer here than the rarest word of a name that is it with spaces."""
    frequency = snapshot.impacts.frequency
    return frequency(token.term) < min(map(frequency, name.terms), default=0)


def _respelled(tokens: Sequence[Token], snapshot: Snapshot, kept: Set[str]) -> Iterator[Replacement]:
    """Yield words that the collection has more often in their other spelling, British or American."""
    for at, token in enumerate(tokens):
        if token.typed in kept or token.term in function_terms():
            continue
        others = {american(token.word), *snapshot.british.get(american(token.word), ())} - {token.word}
        uses = {other: snapshot.impacts.frequency(form(other)[1]) for other in others}
        best = max(uses, key=lambda other: (uses[other], other), default=token.word)
        if uses.get(best, 0) > snapshot.impacts.frequency(token.term) and form(best)[1] != token.term:
            yield at, at + 1, [best]


def _split_or_joined(tokens: Sequence[Token], snapshot: Snapshot, kept: Set[str]) -> Iterator[Replacement]:
    """Yield unknown words as the two words that they are, and two words as the one that the collection has instead."""
    uses, frequency = snapshot.impacts.uses, snapshot.impacts.frequency
    taken = -1
    for at, (token, following) in enumerate(pairwise([*tokens, Token("", "", "")])):
        if at < taken or token.typed in kept:
            continue
        if not frequency(token.term) and (parts := _parts(token.word, snapshot)):
            yield at, at + 1, list(parts)
            continue
        joined = token.word + following.word
        apart = token.term in function_terms() or following.term in function_terms()
        if following.word and not apart and following.typed not in kept and (together := uses(joined)):
            check_time()
            rarer = min(frequency(token.term), frequency(following.term))
            pair = [token.term, following.term]
            if rarer <= AS_RARE * together and len(snapshot.with_phrase(pair, most=together)) < together:
                taken = at + 2
                yield at, at + 2, [joined]


def _is_short(part: str) -> bool:
    """Return whether a part of a word is likely one by accident: two letters that are a word, as in "into"."""
    return len(part) < _LEAST_PART and is_english(part)


def _parts(word: str, snapshot: Snapshot) -> tuple[str, str] | None:
    """Return the two words that an unknown word is made of, if they follow each other somewhere; the most frequent."""
    check_time()
    known, named = snapshot.impacts.uses, snapshot.names.words
    if numbered := _NUMBERED.fullmatch(word):
        before, number = numbered.groups()
        return (before, number) if known(before) or snapshot.impacts.frequency(form(before)[1]) else None
    if not word.isalpha():
        return None
    splits = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
    parted = (
        pair for pair in splits if all(known(part) or part in named for part in pair) and not any(map(_is_short, pair))
    )
    likely = sorted(parted, key=lambda pair: -min(map(known, pair)))
    together = {pair: len(snapshot.with_phrase(form(part)[1] for part in pair)) for pair in likely[:3]}
    best = max(together, key=together.__getitem__, default=None)
    return best if best and together[best] else None
