"""Question -> scored documents, by one formula for questions that name a subject and for questions that describe one.

    score(d) =            sum over words w of idf(w) * impact(d, w)                    documents that contain the words
             + COVERAGE * M * (covered(d) / M) ** SHARPNESS                            all of the words before some
             + SUBJECT  * M * sum over names n of share(n) * [d is about n]            the named subject
             + KIND     * M * about ** 2 * P(kind of d | question) * [d is near n]     the kind of answer asked for
             + DESCRIBED * M * max over answers a of d's sheet of near(text of a)      the subject that is described
             + WORDED   * M * (near(question of d) - its mean over d's sheet)          the closest question of the sheet

M is the information in the question: the sum of idf(w) over its words. covered(d) is the share of M whose words d
contains (`index/impacts.py` says how far a word is covered). share(n) is the share of M in the words of the name n.
about is the share of the words in names, not counting words that ask for a kind of answer and, in a message, the story
around its question. d is near n if a name of its sheet has all terms of a name in the question, because the right kind
of answer about another subject is useless.
If the question has no name, every d is near. idf(w) is Lucene's, for all fields together:
log(1 + (N - n + 0.5) / (n + 0.5)). Words that only frame the question count half. If clinical terms replace everyday
words, a document gets the best of them, weighted by SYNONYM, and n is that of the most frequent one.

If a question is only a name, how often an answer repeats the name says nothing. All answers of a sheet with that name
then get the first sum of the best of them, and the kind of answer orders them.

The last two terms need a model (`meaning/`); near is the cosine of two vectors. The first compares whole sheets, to
find the condition that is described. The second compares the answers of one sheet, to find the one that fits.

Every term is linear in M, so long and short questions weigh their parts alike. `python -m tests.benchmarks
ingredients` measures what each term gains, and `meaning` the last two. The tables are in indexer/README.md.
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

#: The weights were chosen together on the development halves. A larger KIND helps natural questions (first answer right
#: for .81 at 4, .75 at 1.5, .69 at 1) and hurts questions that people sent to a library (condensed nDCG@10 .80, .85,
#: .86).
COVERAGE = 2.0
#: Share of questions with a right first answer at 5, 10 and 16: natural ones that name a condition .785, .789, .794;
#: content .954, .964, .966; web applications .71, .74, .75; all templates .980, .982, .979.
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
    """The matching documents, by number, each with its score."""

    numbers: Numbers
    scores: Scores

    def among(self, left: Mask) -> "Ranking":
        """Return the documents for which a mask over `numbers` is true."""
        return Ranking(self.numbers[left], self.scores[left])


class _Row(NamedTuple):
    """A word of the question: its information, and its postings in each segment of the index."""

    word: Word
    information: float
    postings: list[tuple[Posting, ...]]


def rank(snapshot: Snapshot, question: Question, near: Nearness | None = None) -> Ranking:
    """Return the documents that match. If no word occurs anywhere, the kind of answer alone is matched."""
    rows = _rows(snapshot, question)
    information = sum(row.information for row in rows) or 1.0
    scores, covered = (np.concatenate(parts) for parts in zip(*_sums(snapshot, rows), strict=True))
    numbers = np.flatnonzero(covered > 0)  # ten times as fast as on the floats alone
    if not len(numbers):
        return _of_kind(snapshot, question)
    scores, part = scores[numbers], covered[numbers] / information
    if _is_name(question):
        for _, positions in _named(question, numbers):
            scores[positions] = scores[positions].max(initial=0.0)
    scores += COVERAGE * information * _sharp(part)
    for name, positions in _named(question, numbers):
        scores[positions] += SUBJECT * _information(rows, name)
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
    """Return the numbers to the power SHARPNESS, by repeated squaring: ten times as fast as `**`."""
    square, rest = part, SHARPNESS
    while not rest & 1:
        square, rest = square * square, rest >> 1
    power = square
    while rest := rest >> 1:
        square = square * square
        power = power * square if rest & 1 else power
    return power


def _is_name(question: Question) -> bool:
    """Return whether a question consists of one or more names and nothing else."""
    return all(word.focus is not None for word in question.words)


def _named(question: Question, numbers: Numbers) -> Iterator[tuple[int, slice]]:
    """Yield the number of each name with the positions of each of its sheets among some documents."""
    for number, name in enumerate(question.names):
        for sheet in name.sheets:
            yield number, slice(*numbers.searchsorted((sheet.start, sheet.stop)).tolist())


def _sums(snapshot: Snapshot, rows: Sequence[_Row]) -> Iterator[tuple[Scores, Scores]]:
    """Yield for each segment the scores of its documents by their words, and how much they cover."""
    yield np.zeros(0), np.zeros(0)
    for number, part in enumerate(snapshot.impacts.parts):
        here = [(row.information, posting) for row in rows for posting in row.postings[number]] or [(0.0, NO_POSTING)]
        documents = np.concatenate([posting.documents for _, posting in here])
        weights = np.repeat([weight for weight, _ in here], [len(posting.documents) for _, posting in here])
        said = _sum(documents, np.concatenate([posting.impacts for _, posting in here]) * weights, part)
        covered = _sum(documents, np.concatenate([posting.covers for _, posting in here]) * weights, part)
        yield said, covered if part.live is None else covered * part.live


def _sum(documents: Numbers, values: Scores, part: Part) -> Scores:
    """Return the sum of the values of every document of a segment."""
    return np.bincount(documents, values, part.size).astype(np.float64, copy=False)


def _meant(snapshot: Snapshot, near: Nearness) -> tuple[Floats, Floats]:
    """Return for every document the nearness of the best text of its sheet, and of its question above the mean."""
    firsts, counts = snapshot.columns.sheet_firsts, snapshot.columns.sheet_sizes
    described = np.maximum.reduceat(near.texts, firsts)
    mean = np.add.reduceat(near.questions, firsts) / counts
    return np.repeat(described, counts), near.questions - np.repeat(mean, counts)


def _of_kind(snapshot: Snapshot, question: Question) -> Ranking:
    """Return the documents of the requested kind, if nothing else was understood."""
    matches = snapshot.columns.type.among(filter(None, [question.kind]))
    if snapshot.impacts.live is not None:
        matches &= snapshot.impacts.live
    numbers = np.flatnonzero(matches)
    return Ranking(numbers, np.zeros(len(numbers)))


def explain(snapshot: Snapshot, question: Question, number: int, near: Nearness | None = None) -> Explanation:
    """Return what each term of the formula adds to the score of a document."""
    rows = _rows(snapshot, question)
    information = sum(row.information for row in rows) or 1.0
    at, part = next((at, part) for at, part in reversed([*enumerate(snapshot.impacts.parts)]) if part.base <= number)
    words, covered = [], 0.0
    for row in rows:
        here = [(posting, posting.documents == number - part.base) for posting in row.postings[at]]
        if impact := sum(float(posting.impacts[match].sum()) for posting, match in here):
            words.append(Explanation(row.word.typed, row.information * impact))
        covered += row.information * sum(float(posting.covers[match].sum()) for posting, match in here)
    subjects = tuple(
        Explanation(name.text, SUBJECT * _information(rows, number_of_name))
        for number_of_name, name in enumerate(question.names)
        if any(number in sheet for sheet in name.sheets)
    )
    kind, share = snapshot.columns.type[number], covered / information
    parts = (
        Explanation("words", sum(part.value for part in words), tuple(words)),
        Explanation("a name alone: as the best of its sheet", _behind_the_best(snapshot, question, rows, number)),
        Explanation(f"covers {share:.0%} of the question", COVERAGE * information * share**SHARPNESS),
        Explanation("subject", sum(part.value for part in subjects), subjects),
        Explanation(f"kind: {kind}", _asked_kind(snapshot, question, rows, number)),
        *_explain_meaning(snapshot, near, number, information),
    )
    shown = tuple(part for part in parts if part.value) if words else ()
    return Explanation("score", sum(part.value for part in shown), shown)


def _asked_kind(snapshot: Snapshot, question: Question, rows: Sequence[_Row], number: int) -> float:
    """Return what the kind of answer adds to the score of a document."""
    if question.names and not snapshot.related(question.names)[number]:
        return 0.0
    information = sum(row.information for row in rows) or 1.0
    return KIND * information * _about(rows) ** 2 * question.kinds.get(snapshot.columns.type[number], 0.0)


def _behind_the_best(snapshot: Snapshot, question: Question, rows: Sequence[_Row], number: int) -> float:
    """Return what a document gets to equal the best of its sheet, if the question is only a name."""
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
        yield Explanation("meaning", sum(part.value for part in parts), parts)


def _rows(snapshot: Snapshot, question: Question) -> list[_Row]:
    others = (term for word in question.words for alternative in word.others for term in alternative)
    terms = [*(word.term for word in question.words), *others]
    snapshot.fetch(terms, [word.word for word in question.words])
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
    """Return the documents that contain all terms, with the lowest of their impacts and covers."""
    dense = [_dense(part, part.posting(term)) for term in terms]
    impacts, covers = (np.minimum.reduce(parts) for parts in zip(*dense, strict=True))
    documents = np.flatnonzero(covers > 0)
    return Posting(documents, impacts[documents], covers[documents])


def _best_of(part: Part, word: Word, others: Sequence[Posting]) -> Posting:
    """Return the posting of a word with alternatives: the best of them in each document."""
    impacts, covers = _dense(part, part.posting(word.term))
    exact = part.exact(word.word)
    covers[exact.documents] += exact.covers
    for other in others:
        impacts[other.documents] = np.maximum(impacts[other.documents], SYNONYM * other.impacts)
        covers[other.documents] = np.maximum(covers[other.documents], SYNONYM * COVERED_BY_STEM)
    documents = np.flatnonzero(covers > 0)
    return Posting(documents, impacts[documents], covers[documents])


def _dense(part: Part, posting: Posting) -> tuple[Floats, Floats]:
    """Return the impacts and covers of a term for every document of a segment."""
    impacts, covers = np.zeros(part.size, np.float32), np.zeros(part.size, np.float32)
    impacts[posting.documents], covers[posting.documents] = posting.impacts, posting.covers
    return impacts, covers


def _information(rows: Sequence[_Row], focus: int) -> float:
    """Return the information in the words of a name: M * share(n)."""
    return sum(row.information for row in rows if row.word.focus == focus)


def _about(rows: Sequence[_Row]) -> float:
    """Return the share of the question in names, not counting words that frame the question."""
    frames = sum(row.information for row in rows if row.word.frames and row.word.focus is None)
    named = sum(row.information for row in rows if row.word.focus is not None)
    beside = sum(row.information for row in rows) - frames
    return named / beside if beside > 0 else 1.0


def idf(documents: int, frequency: int) -> float:
    """Return the information of a word that `frequency` of the documents contain, in nats."""
    return log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
