"""Question -> scored documents, by one formula for questions that name a condition and for those that describe one.

    score(d) =            sum over words w of idf(w) * impact(d, w)             the answers that say it
             + COVERAGE * M * (covered(d) / M) ** SHARPNESS                     all of it, before some of it
             + SUBJECT  * M * sum over names n of share(n) * [d is about n]     the subject that is named
             + KIND     * M * about ** 2 * P(kind of d | question) * [d is near n]      the kind that is asked for
             + DESCRIBED * M * max over answers a of d's sheet of near(text of a)             the subject that is meant
             + WORDED   * M * (near(question of d) - its mean over d's sheet)      the question of it that is meant

M is the information in the question: the sum of idf(w) over its words. idf is that of Lucene, for all fields together:
log(1 + (N - n + 0.5) / (n + 0.5)). Words that only frame the question count half.

covered(d) is the part of M whose words d has (how far each word is covered: `index/impacts.py`). share(n) is the part
in the name n. about is the part in names, leaving out the words that ask for a kind of answer.

d is near n if a name of its sheet has all terms of a name in the question: whoever names a subject does not want the
right kind of answer about another. If the question has no name, every d is near.

If a word has alternatives, such as clinical terms for everyday words, a document has the best of them, at SYNONYM of
its worth, and n is the frequency of the most frequent.

If a question is only a name, it does not matter how often an answer says the name. All answers of a sheet with that
name get the first sum of the best of them, and the kind of answer orders them.

The last two terms need a model (`meaning/`). near is the cosine of two vectors. One term compares whole sheets: which
condition is described. The other compares the answers of one sheet: which of them fits. So a question that speaks of
hearing loss does not find everything that is called hearing loss.

Every term is linear in M, so that a long question weighs its parts as a short one does. What each term gains is
measured by `python -m tests.benchmarks ingredients`, of the last two by `meaning`; the tables: indexer/README.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.index.impacts import COVERED_BY_STEM, NO_POSTING, Floats, Mask, Numbers, Part, Posting
from indexer.index.snapshot import Snapshot
from indexer.index.vectors import Nearness
from indexer.model import Explanation
from indexer.search.understand import Question, Word
from indexer.time_limit import check_time

#: The weights were chosen on the development halves, together: natural questions gain from a larger KIND (.81 first
#: answers right at 4, .75 at 1.5, .69 at 1), questions that people sent to a library lose (condensed nDCG@10 .80, .85,
#: .86).
COVERAGE = 2.0
#: Of natural questions that name a condition .785, .789, .794 have a right answer first at 5, 10, 16; of content
#: questions .954, .964, .966; of questions on web applications .71, .74, .75; of all templates .980, .982, .979.
SHARPNESS = 10
SUBJECT = 2.0
KIND = 1.5
SYNONYM = 0.9
#: Of natural questions, described ones have a right answer among five in .54, .57, .54 of all at .75, 1, 1.25; those
#: that name a condition have it first in .82, .83, .83 at .5, .75, 1, where questions by templates begin to lose.
DESCRIBED = 1.0
WORDED = 0.75

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The documents that match, by number, each with its score: they have a word of the question."""

    numbers: Numbers
    scores: Scores

    def among(self, left: Mask) -> "Ranking":
        """Return the part of it for which a mask over `numbers` holds."""
        return Ranking(self.numbers[left], self.scores[left])

    def score(self, number: int) -> float:
        """Return the score of a document that matches."""
        return float(self.scores[np.searchsorted(self.numbers, number)])


class _Row(NamedTuple):
    """What a word gives: its information, and its rows in each part of the index."""

    word: Word
    information: float
    postings: list[tuple[Posting, ...]]


def rank(snapshot: Snapshot, question: Question, near: Nearness | None = None) -> Ranking:
    """Return the documents that match. If no document has any word, the kind of answer alone is matched."""
    rows = _rows(snapshot, question)
    information = sum(row.information for row in rows) or 1.0
    scores, covered = (np.concatenate(parts) for parts in zip(*_sums(snapshot, rows), strict=True))
    numbers = np.flatnonzero(covered > 0)  # of floats alone it would take ten times as long
    if not len(numbers):
        return _of_kind(snapshot, question)
    scores, part = scores[numbers], covered[numbers] / information
    if _is_name(question):
        for _, place in _named(question, numbers):
            scores[place] = scores[place].max(initial=0.0)
    scores += COVERAGE * information * _sharp(part)
    for name, place in _named(question, numbers):
        scores[place] += SUBJECT * _information(rows, name)
    if about := _about(rows):
        kinds = np.array([question.kinds.get(kind, 0.0) for kind in snapshot.columns.type.values])
        asked = (KIND * information * about**2 * kinds)[snapshot.columns.type.codes[numbers]]
        if question.names:
            asked *= snapshot.related(question.names)[numbers]
        scores += asked
    if near:
        described, worded = _meant(snapshot, near)
        scores += information * (DESCRIBED * described[numbers] + WORDED * worded[numbers])
    return Ranking(numbers, scores)


def _sharp(part: Scores) -> Scores:
    """Return the SHARPNESS-th powers of some numbers, by squares: `**` takes NumPy ten times as long."""
    power, square, rest = np.ones_like(part), part, SHARPNESS
    while rest:
        if rest & 1:
            power = power * square
        square, rest = square * square, rest >> 1
    return power


def _is_name(question: Question) -> bool:
    """Return whether a question is a name, or several, and nothing else."""
    return all(word.focus is not None for word in question.words)


def _named(question: Question, numbers: Numbers) -> Iterator[tuple[int, slice]]:
    """Yield the number of each name with each of its sheets, as a slice of some documents."""
    for name, found in enumerate(question.names):
        for sheet in found.sheets:
            yield name, slice(*numbers.searchsorted((sheet.start, sheet.stop)).tolist())


def _sums(snapshot: Snapshot, rows: Sequence[_Row]) -> Iterator[tuple[Scores, Scores]]:
    """Yield for each part of the index what its documents score by their words, and what they cover."""
    yield np.zeros(0), np.zeros(0)
    for number, part in enumerate(snapshot.impacts.parts):
        here = [(row.information, posting) for row in rows for posting in row.postings[number]] or [(0.0, NO_POSTING)]
        documents = np.concatenate([posting.documents for _, posting in here])
        weights = np.repeat([weight for weight, _ in here], [len(posting.documents) for _, posting in here])
        said = _sum(documents, np.concatenate([posting.impacts for _, posting in here]) * weights, part)
        covered = _sum(documents, np.concatenate([posting.covers for _, posting in here]) * weights, part)
        yield said, covered if part.live is None else covered * part.live


def _sum(documents: Numbers, values: Scores, part: Part) -> Scores:
    """Return for every document of a part the sum of its values."""
    return np.bincount(documents, values, part.size).astype(np.float64, copy=False)


def _meant(snapshot: Snapshot, near: Nearness) -> tuple[Floats, Floats]:
    """Return for every document how near its sheet's nearest text is, and how much nearer its question than others."""
    firsts, counts = snapshot.columns.sheet_firsts, snapshot.columns.sheet_sizes
    described = np.maximum.reduceat(near.texts, firsts)
    mean = np.add.reduceat(near.questions, firsts) / counts
    return np.repeat(described, counts), near.questions - np.repeat(mean, counts)


def _of_kind(snapshot: Snapshot, question: Question) -> Ranking:
    """Return the documents of the kind that is asked for, if that is all that was understood."""
    matches = snapshot.columns.type.among(filter(None, [question.kind]))
    if snapshot.impacts.live is not None:
        matches &= snapshot.impacts.live
    numbers = np.flatnonzero(matches)
    return Ranking(numbers, np.zeros(len(numbers)))


def explain(snapshot: Snapshot, question: Question, number: int, near: Nearness | None = None) -> Explanation:
    """Return what each part of the formula adds to the score of a document."""
    rows = _rows(snapshot, question)
    information = sum(row.information for row in rows) or 1.0
    at, part = next((at, part) for at, part in reversed([*enumerate(snapshot.impacts.parts)]) if part.base <= number)
    words, covered = [], 0.0
    for row in rows:
        here = [(posting, posting.documents == number - part.base) for posting in row.postings[at]]
        if impact := sum(float(posting.impacts[place].sum()) for posting, place in here):
            words.append(Explanation(row.word.typed, row.information * impact))
        covered += row.information * sum(float(posting.covers[place].sum()) for posting, place in here)
    subjects = tuple(
        Explanation(name.text, SUBJECT * _information(rows, place))
        for place, name in enumerate(question.names)
        if any(number in sheet for sheet in name.sheets)
    )
    kind, share = snapshot.columns.type[number], covered / information
    parts = (
        Explanation("words", sum(one.value for one in words), tuple(words)),
        Explanation("a name alone: as the best of its sheet", _behind_the_best(snapshot, question, rows, number)),
        Explanation(f"covers {share:.0%} of the question", COVERAGE * information * share**SHARPNESS),
        Explanation("subject", sum(one.value for one in subjects), subjects),
        Explanation(f"kind: {kind}", _asked_kind(snapshot, question, rows, number)),
        *_explain_meaning(snapshot, near, number, information),
    )
    shown = tuple(one for one in parts if one.value) if words else ()
    return Explanation("score", sum(one.value for one in shown), shown)


def _asked_kind(snapshot: Snapshot, question: Question, rows: Sequence[_Row], number: int) -> float:
    """Return what the kind of answer adds to the score of a document."""
    if question.names and not snapshot.related(question.names)[number]:
        return 0.0
    information = sum(row.information for row in rows) or 1.0
    return KIND * information * _about(rows) ** 2 * question.kinds.get(snapshot.columns.type[number], 0.0)


def _behind_the_best(snapshot: Snapshot, question: Question, rows: Sequence[_Row], number: int) -> float:
    """Return how much more of a name that is all of a question another answer of the sheet says."""
    sheet = snapshot.columns.sheet_of(number)
    if not _is_name(question) or not any(sheet in name.sheets for name in question.names):
        return 0.0
    said = np.concatenate([scores for scores, _ in _sums(snapshot, rows)])
    return float(said[sheet].max() - said[number])


def _explain_meaning(
    snapshot: Snapshot, near: Nearness | None, number: int, information: float
) -> Iterator[Explanation]:
    if near:
        described, worded = _meant(snapshot, near)
        parts = (
            Explanation("described by its sheet", DESCRIBED * information * float(described[number])),
            Explanation("its question beside the others", WORDED * information * float(worded[number])),
        )
        yield Explanation("meaning", sum(one.value for one in parts), parts)


def _rows(snapshot: Snapshot, question: Question) -> list[_Row]:
    return [_row(snapshot, word) for word in question.words]


def _row(snapshot: Snapshot, word: Word) -> _Row:
    check_time()
    impacts, frequency = snapshot.impacts, snapshot.impacts.frequency(word.term)
    postings: list[tuple[Posting, ...]]
    if word.others:
        others = [[_all_of(part, terms) for terms in word.others] for part in impacts.parts]
        for of_parts in zip(*others, strict=True):
            counts = (part.count(other.documents) for part, other in zip(impacts.parts, of_parts, strict=True))
            frequency = max(frequency, sum(counts))
        postings = [(_best_of(part, word, own),) for part, own in zip(impacts.parts, others, strict=True)]
    else:
        both = ((part.posting(word.term), part.exact(word.word)) for part in impacts.parts)
        postings = [tuple(posting for posting in pair if posting is not NO_POSTING) for pair in both]
    return _Row(word, word.weight * idf(impacts.documents, frequency), postings)


def _all_of(part: Part, terms: Sequence[str]) -> Posting:
    """Return the documents that have all of some terms, with the least of their impacts and covers."""
    dense = [_dense(part, part.posting(term)) for term in terms]
    impacts, covers = (np.minimum.reduce(parts) for parts in zip(*dense, strict=True))
    documents = np.flatnonzero(covers > 0)
    return Posting(documents, impacts[documents], covers[documents])


def _best_of(part: Part, word: Word, others: Sequence[Posting]) -> Posting:
    """Return the row of a word that has alternatives: the best of them in each document."""
    impacts, covers = _dense(part, part.posting(word.term))
    exact = part.exact(word.word)
    covers[exact.documents] += exact.covers
    for other in others:
        impacts[other.documents] = np.maximum(impacts[other.documents], SYNONYM * other.impacts)
        covers[other.documents] = np.maximum(covers[other.documents], SYNONYM * COVERED_BY_STEM)
    documents = np.flatnonzero(covers > 0)
    return Posting(documents, impacts[documents], covers[documents])


def _dense(part: Part, posting: Posting) -> tuple[Floats, Floats]:
    """Return the impacts and covers of a term for every document of a part."""
    impacts, covers = np.zeros(part.size, np.float32), np.zeros(part.size, np.float32)
    impacts[posting.documents], covers[posting.documents] = posting.impacts, posting.covers
    return impacts, covers


def _information(rows: Sequence[_Row], focus: int) -> float:
    """Return the information in the words of a name: M * share(n)."""
    return sum(row.information for row in rows if row.word.focus == focus)


def _about(rows: Sequence[_Row]) -> float:
    """Return how much of a question, beside the words that ask for a kind of answer, is in names: about."""
    asks = sum(row.information for row in rows if row.word.asks and row.word.focus is None)
    named = sum(row.information for row in rows if row.word.focus is not None)
    beside = sum(row.information for row in rows) - asks
    return named / beside if beside > 0 else 1.0


def idf(documents: int, frequency: int) -> float:
    """Return the information in a word that so many of the documents have, in nats."""
    return log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
