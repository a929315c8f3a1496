"""Which kind of answer a question asks for: multinomial logistic regression over its phrases of one to three words.

The weights are data, asking.tsv: what a phrase adds to the scores of the kinds. `python -m tests.relevance.asking`
fits them to written questions, and says how often they are right.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain, pairwise
from math import exp

from indexer.language.question_types import question_types

Phrase = tuple[str, ...]

#: What each word of a condition's name counts as: what is asked does not depend on which condition it is.
NAMED = "_"
#: The line of asking.tsv that counts for any question: all that a bare name asks.
ANY_QUESTION = "*"
#: A word asks for a kind of answer when it is in a phrase that makes one e times as likely, or more.
ASKS = 1.0
#: However much a long text says, no kind is certain and none is ruled out.
_LEAST_ODDS = 1e-9
_LINE = re.compile(r"\S+(?: \S+){0,2}(?:\t[a-z ]+ -?\d+\.\d)+")


@dataclass(frozen=True, slots=True)
class Weights:
    """What is added to the scores of kinds of answer: for any question, and for each phrase by the places of kinds."""

    kinds: tuple[str, ...]
    any_question: tuple[float, ...]
    phrases: dict[Phrase, tuple[tuple[int, float], ...]]
    asking: frozenset[Phrase]

    def read(self, terms: Sequence[str], named: Sequence[bool]) -> tuple[dict[str, float], list[bool]]:
        """Return the probability of each kind, the softmax of the scores, and which words ask; a phrase counts once."""
        scores, asks = list(self.any_question), [False] * len(terms)
        counted: set[Phrase] = set()
        for start, phrase in chain(*map(enumerate, phrases(terms, named))):
            if weights := self.phrases.get(phrase):
                if phrase in self.asking:
                    asks[start : start + len(phrase)] = [True] * len(phrase)
                if phrase not in counted:
                    counted.add(phrase)
                    for kind, weight in weights:
                        scores[kind] += weight
        highest = max(scores)
        odds = [exp(score - highest) + _LEAST_ODDS for score in scores]
        total = sum(odds)
        kinds = dict(zip(self.kinds, [odd / total for odd in odds], strict=True))
        return kinds, [ask and not is_named for ask, is_named in zip(asks, named, strict=True)]


def read_asking(terms: Sequence[str], named: Sequence[bool]) -> tuple[dict[str, float], list[bool]]:
    """Return the probability that a question asks for each kind of answer, and which of its words say so.

    Kinds are ids of question_types.toml. `terms` are those of all words of the question, in order; `named` says which
    of them belong to the name of a condition: those never say what is asked.
    """
    return _weights().read(terms, named)


def phrases(terms: Sequence[str], named: Sequence[bool]) -> list[Iterable[Phrase]]:
    """Return the phrases of one word, of two and of three, by where they begin. Four are no better."""
    words = [NAMED if is_named else term for term, is_named in zip(terms, named, strict=True)]
    return [zip(words, strict=True), pairwise(words), zip(words, words[1:], words[2:], strict=False)]


def read_weights(text: str) -> Weights:
    """Return the weights of a text such as asking.tsv. Raises ValueError with the number of a malformed line."""
    kinds, found = tuple(entry.id for entry in question_types()), dict[Phrase, tuple[tuple[int, float], ...]]()
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith("#"):
            phrase, *printed = line.split("\t")
            weights = dict(part.rsplit(" ", 1) for part in printed) if _LINE.fullmatch(line) else {}
            words = tuple(phrase.split(" "))
            if words in found or not weights.keys() <= set(kinds) or not 0 < len(printed) == len(weights):
                raise ValueError(f"asking.tsv, line {number}: not a new phrase with weights of some kinds: {line!r}")
            found[words] = tuple((kinds.index(kind), float(weight)) for kind, weight in weights.items())
    for_any = dict(found.pop((ANY_QUESTION,), ()))
    asking = frozenset(phrase for phrase, weights in found.items() if max(weight for _, weight in weights) >= ASKS)
    return Weights(kinds, tuple(for_any.get(place, 0.0) for place in range(len(kinds))), found, asking)


@lru_cache(maxsize=1)
def _weights() -> Weights:
    return read_weights(resources.files(__package__).joinpath("asking.tsv").read_text(encoding="utf-8"))
