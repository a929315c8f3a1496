"""Multinomial logistic regression over phrases: the likeliest weights, by the questions and by a prior.

The prior is normal around the weights of vocabulary.toml, and around zero for a phrase that is learned. Weights are
written with one decimal, and measured as they are written.
"""

import os
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.stats import binom

from indexer import read_sheet
from indexer.errors import PageError
from indexer.index.names import Names, name_key
from indexer.language.analysis import fold, form, terms
from indexer.language.asking import ANY_QUESTION, NAMED, Phrase, phrases, read_weights
from indexer.language.question_types import question_types

HERE = Path(__file__).parent
MEDQUAD = Path(os.environ.get("FACTSHEETS_DATA", "../shared"), "medquad")
KINDS = [entry.id for entry in question_types()]

FOLDS = 5
# Beside each constant stands the share of questions that is understood with other values (`--check`; .829 with these).
# Differences below .01 are within chance: then the choice is the one that leaves less to read.

#: What a phrase of the vocabulary adds to its kind, before questions are seen. Strong ones at 2: .827, at 3: .825.
BELIEVED = {"strong": 2.5, "weak": 1.0}
#: Precision of the prior. .3: .824, 1: .820.
PRECISION = 0.5
#: The same for any question: how often a kind was written about says little of how often it is asked. .05: .825.
ANY_PRECISION = 5.0
#: Questions of no phrase at all, which ask for information, so that a bare name does. Without, it leans to treatment.
BARE_NAMES = 60
#: A phrase is learned from questions about so many conditions, else it may belong to one. 3: .830, 8: .822.
LEAST_CONDITIONS = 5
#: ... and when chance gives no kind so many of its questions more often than this. 1: .827, and 520 more phrases.
CHANCE = 0.01
#: A word that is one of the condition's name in so many of its questions asks nothing. Without this: .828.
NAME_SHARE = 0.3
#: Smaller weights are left out. .05: .827, .2: .826.
LEAST_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Question:
    """A line of questions.tsv."""

    number: str
    kind: str
    condition: str
    text: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is believed: how much a phrase adds to which kind, and which words only happen to stand in questions."""

    phrases: dict[Phrase, tuple[str, float]]
    incidental: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A question as the weights see it: its terms, which of them belong to a name, and its phrases."""

    question: Question
    terms: list[str]
    named: list[bool]
    phrases: frozenset[Phrase]

    @property
    def fold(self) -> int:
        """The fold that it is left out with: that of its condition."""
        return crc32(fold(self.question.condition).encode()) % FOLDS


@dataclass(frozen=True, slots=True)
class Score:
    """How many questions were asked, which share of them was understood, and the mean probability of the right kind."""

    questions: int
    right: float
    probability: float


@dataclass(frozen=True, slots=True)
class Check:
    """What weights made of questions that they were not fitted to: the right kind and the probability of each."""

    answers: list[tuple[str, dict[str, float]]]

    def total(self, only: str | None = None) -> Score:
        """Return the score over all questions, or over those of one kind."""
        asked = [(kind, given) for kind, given in self.answers if only in (None, kind)]
        right = [max(given, key=given.__getitem__) == kind for kind, given in asked]
        return Score(len(asked), sum(right) / len(asked), sum(given[kind] for kind, given in asked) / len(asked))

    def table(self) -> str:
        """Return the scores by kind, and in all."""
        kinds = sorted({kind for kind, _ in self.answers})
        rows = [(kind, self.total(kind)) for kind in kinds] + [("all", self.total())]
        lines = [f"{name:<17}{score.questions:>6}{score.right:>8.3f}{score.probability:>13.3f}" for name, score in rows]
        return "\n".join([f"{'kind':<17}{'asked':>6}{'right':>8}{'probability':>13}", *lines])


def read_questions() -> list[Question]:
    """Return the questions of questions.tsv."""
    lines = (HERE / "questions.tsv").read_text(encoding="utf-8").split("\n")
    return [Question(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def read_vocabulary() -> Vocabulary:
    """Return what vocabulary.toml says. Raises ValueError for phrases that stem to the same or are too long."""
    table = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
    found: dict[Phrase, tuple[str, float]] = {}
    for entry in table["type"]:
        for tier, weight in BELIEVED.items():
            for phrase in entry.get(tier, ()):
                words = tuple(terms(phrase))
                if words in found or not 0 < len(words) <= 3:
                    raise ValueError(f"vocabulary.toml: twice after stemming, or not one to three words: {phrase}")
                found[words] = (entry["id"], weight)
    return Vocabulary(found, frozenset(terms(" ".join(table["incidental"]))))


@lru_cache(maxsize=1)
def _names() -> Names:
    """Return the names of MedQuAD, as an index of it has them."""
    names = Names()
    if not MEDQUAD.is_dir():
        raise FileNotFoundError(f"{MEDQUAD}: FACTSHEETS_DATA names the folder that MedQuAD is in")
    for number, path in enumerate(sorted(MEDQUAD.rglob("*.xml"))):
        try:
            header = read_sheet(path).header
        except PageError:  # it has no answers: then it is in no index either
            continue
        printed = (header.title, *header.also_known_as)
        names.add(range(number, number + 1), [(name, name_key(name)) for name in printed])
    return names


def named_words(words: Sequence[str]) -> list[bool]:
    """Return which words of a question belong to a name, found as the engine finds it, but only whole ones."""
    named = [False] * len(words)
    for start, end, name in _names().find([form(word) for word in words]):
        if end - start == len(name.terms):
            named[start:end] = [True] * (end - start)
    return named


def examples(questions: Iterable[Question]) -> list[Example]:
    """Return the questions with their phrases, but those of placeholders alone."""
    found = []
    for question in questions:
        words = terms(question.text)
        named = named_words(words)
        told = frozenset(phrase for phrase in chain(*phrases(words, named)) if set(phrase) != {NAMED})
        found.append(Example(question, words, named, told))
    return found


def learned(asked: Sequence[Example], incidental: Collection[str]) -> set[Phrase]:
    """Return the phrases that say something of the kind: without digits, parts of names and incidental words."""
    conditions: dict[Phrase, set[str]] = defaultdict(set)
    kinds: dict[Phrase, Counter[str]] = defaultdict(Counter)
    inside: Counter[str] = Counter()
    for example in asked:
        question = example.question
        for phrase in example.phrases:
            conditions[phrase].add(fold(question.condition))
            kinds[phrase][question.kind] += 1
        inside.update({word for (word, *more) in example.phrases if not more}.intersection(terms(question.condition)))
    shares = {kind: count / len(asked) for kind, count in Counter(example.question.kind for example in asked).items()}
    nothing = {word for word in inside if inside[word] >= NAME_SHARE * kinds[word,].total()}.union(incidental)

    def tells(phrase: Phrase) -> bool:
        if len(conditions[phrase]) < LEAST_CONDITIONS or re.search(r"\d", "".join(phrase)) or nothing & set(phrase):
            return False
        counts = kinds[phrase]
        return any(binom.sf(count - 1, counts.total(), shares[kind]) < CHANCE for kind, count in counts.items())

    return set(filter(tells, kinds))


def alone(vocabulary: Vocabulary) -> list[Example]:
    """Return every phrase that is strongly believed as a question by itself, before and after a name.

    People type "diet hartnup disease"; written questions seldom do. With these .831 of the questions are understood,
    without .829, and the right kind has a probability of .72 instead of .70.
    """
    found = []
    for phrase, (kind, weight) in vocabulary.phrases.items():
        if weight == BELIEVED["strong"]:
            for words, named in (
                ([NAMED, *phrase], [True, *[False] * len(phrase)]),
                ([*phrase, NAMED], [*[False] * len(phrase), True]),
            ):
                told = frozenset(one for one in chain(*phrases(words, named)) if set(one) != {NAMED})
                found.append(Example(Question("", kind, "", ""), words, named, told))
    return found


def fit(written: Sequence[Example], vocabulary: Vocabulary) -> str:
    """Return the lines of asking.tsv, sorted by phrase."""
    rows = sorted({*learned(written, vocabulary.incidental), *vocabulary.phrases})
    asked = [*written, *alone(vocabulary)]
    number = {phrase: row for row, phrase in enumerate(rows)}
    prior = np.zeros((len(rows), len(KINDS)))
    for phrase, (kind, weight) in vocabulary.phrases.items():
        prior[number[phrase], KINDS.index(kind)] = weight
    cells = [(line, number[phrase]) for line, e in enumerate(asked) for phrase in sorted(e.phrases & number.keys())]
    shape = (len(asked) + BARE_NAMES, len(rows))
    has = csr_matrix((np.ones(len(cells)), tuple(zip(*cells, strict=True))), shape=shape)
    right = [KINDS.index(example.question.kind) for example in asked] + [KINDS.index("information")] * BARE_NAMES
    weights, any_question = _likeliest(has, np.eye(len(KINDS))[right], prior)
    entries = {" ".join(phrase): weights[row] for row, phrase in enumerate(rows)} | {ANY_QUESTION: any_question}
    return "".join(line for phrase in sorted(entries) if (line := _line(phrase, entries[phrase])))


def _likeliest(has: Any, right: Any, prior: Any) -> tuple[Any, Any]:
    """Return the weights of each phrase and of any question, phrases by kinds, by L-BFGS."""
    size = prior.size

    def loss(point: Any) -> tuple[float, Any]:
        shift, any_question = point[:size].reshape(prior.shape), point[size:]
        scores = has @ (prior + shift) + any_question
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        wrong = np.exp(logs) - right
        cost = -(right * logs).sum() + PRECISION * (shift**2).sum() + ANY_PRECISION * (any_question**2).sum()
        slopes = has.T @ wrong + 2 * PRECISION * shift, wrong.sum(axis=0) + 2 * ANY_PRECISION * any_question
        return float(cost), np.concatenate([slope.ravel() for slope in slopes])

    point = minimize(loss, np.zeros(size + right.shape[1]), jac=True, method="L-BFGS-B").x
    return prior + point[:size].reshape(prior.shape), point[size:]


def _line(phrase: str, weights: Iterable[float]) -> str:
    told = [f"{kind} {weight:.1f}" for kind, weight in zip(KINDS, weights, strict=True) if abs(weight) >= LEAST_WEIGHT]
    return "\t".join([phrase, *told]) + "\n" if told else ""


def check(asked: Sequence[Example], vocabulary: Vocabulary) -> Check:
    """Return what weights make of the questions about conditions that were left out, fold by fold."""
    answers = []
    for left_out in range(FOLDS):
        weights = read_weights(fit([example for example in asked if example.fold != left_out], vocabulary))
        told = [example for example in asked if example.fold == left_out]
        answers += [(e.question.kind, weights.read(e.terms, e.named)[0]) for e in told]
    return Check(answers)
