"""The ranking, slowly: the formulas at the top of indexer/search/rank.py and indexer/index/impacts.py, as they read.

Every document is scored by itself, in plain Python, from what is stored of it. With the fast ranking this shares the
constants and the analysis chain, and how the question was understood. What the fast one does with arrays must come to
the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log

from indexer.index.impacts import COVERED_BY_STEM, K1, LENGTH, TYPICAL, WEIGHT
from indexer.index.names import name_key
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold, forms, terms
from indexer.model import Document, PartialDate, Query, SheetHeader
from indexer.search.rank import COVERAGE, KIND, SHARPNESS, SUBJECT, SYNONYM
from indexer.search.syntax import Asked
from indexer.search.understand import Question, Word


@dataclass(frozen=True, slots=True)
class Score:
    """The terms of the formula, the first in two: what an answer says, and the best of its sheet says beyond."""

    words: float = 0.0
    alone: float = 0.0
    coverage: float = 0.0
    subject: float = 0.0
    kind: float = 0.0
    first: float = 0.0

    @property
    def total(self) -> float:
        return self.first + self.words + self.alone + self.coverage + self.subject + self.kind


class Answer:
    """A document with its words, as they are written and as terms, field by field."""

    def __init__(self, header: SheetHeader, document: Document, place: int) -> None:
        self.header, self.document, self.place = header, document, place
        text = [*document.answer]
        for start, end in (*document.shared, *((one.start, one.end) for one in document.citations)):
            text[start:end] = " " * (end - start)
        self.fields = {
            "name": forms(header.title),
            "other_names": forms("\n".join(header.also_known_as)),
            "question": forms(document.question),
            "answer": forms("".join(text)),
        }
        self.counted = {field: [term for _, term in words] for field, words in self.fields.items()}
        self.names = [tuple(name_key(name).split()) for name in (header.title, *header.also_known_as)]

    @property
    def id(self) -> str:
        return self.document.id

    def impact(self, term: str) -> float:
        """Return what a term adds to the score, for each nat of information in it."""
        tf = sum(
            WEIGHT[field] * found.count(term) / (1 - LENGTH[field] + LENGTH[field] * len(found) / TYPICAL[field])
            for field, found in self.counted.items()
        )
        return tf * (K1 + 1) / (tf + K1)

    def cover(self, word: str, term: str) -> float:
        """Return how much of a word is covered."""
        if term in self.counted["name"] + self.counted["other_names"] or (word, term) in self.fields["answer"]:
            return 1.0
        return COVERED_BY_STEM if self.has([term]) else 0.0

    def has(self, wanted: Iterable[str]) -> bool:
        """Return whether each of some terms stands in one of the fields."""
        return all(any(term in found for found in self.counted.values()) for term in wanted)

    def says(self, phrase: Sequence[str]) -> bool:
        """Return whether some terms stand in a field one after the other."""
        return any(
            found[start : start + len(phrase)] == list(phrase)
            for found in self.counted.values()
            for start in range(len(found))
        )


def read(snapshot: Snapshot) -> list[Answer]:
    """Return every document that is not deleted, in the order that a search without a text has."""
    reader = snapshot._searcher.reader()
    records = map(snapshot.record, reader.all_doc_ids())  # what is there by Whoosh's word, not by that of the arrays
    answers = [Answer(record.header, record.document, record.place) for record in records]
    return sorted(answers, key=in_order)


def in_order(answer: Answer) -> tuple[str, str, int]:
    """Return what puts documents in the order of their sheets."""
    return fold(answer.header.title), answer.header.id, answer.place


def rank(answers: Sequence[Answer], question: Question) -> dict[str, Score]:
    """Return the scores of all documents that match, by their ids."""
    words = list({word.term: word for word in reversed(question.words)}.values())  # the first of each term
    information = {word.term: word.weight * _idf(answers, word) for word in words}
    everything = sum(information.values())
    asks = sum(information[word.term] for word in words if word.frames and word.focus is None)
    named = sum(information[word.term] for word in words if word.focus is not None)
    about = named / (everything - asks) if everything > asks else 1.0
    found = {}
    for answer in answers:
        covered = sum(information[word.term] * _cover(answer, word) for word in words)
        subjects = [place for place, name in enumerate(question.names) if name.terms in answer.names]
        related = not question.names or any(
            set(name.terms) <= set(own) for name in question.names for own in answer.names
        )
        if covered > 0:
            found[answer.id] = Score(
                words=sum(information[word.term] * _impact(answer, word) for word in words),
                coverage=COVERAGE * everything * (covered / everything) ** SHARPNESS,
                subject=SUBJECT * sum(information[word.term] for word in words if word.focus in subjects),
                kind=related
                * KIND
                * everything
                * about**2
                * question.kinds.get(answer.document.question_type or "", 0),
            )
    if question.names and not any(word.focus is None for word in question.words):
        of_sheet = defaultdict(list)
        for answer in answers:
            if answer.id in found and any(name.terms in answer.names for name in question.names):
                of_sheet[answer.header.id].append(answer.id)
        for ids in of_sheet.values():
            best = max(found[id].words for id in ids)
            found |= {id: replace(found[id], alone=best - found[id].words) for id in ids}
    kind = question.kind
    return found or {one.id: Score() for one in answers if kind and one.document.question_type == kind}


def match(answers: Sequence[Answer], query: Query, asked: Asked, question: Question) -> dict[str, Score]:
    """Return what a query finds before its filters, by id."""
    if asked.text:
        found = rank(answers, question)
    else:
        nothing_is_asked = bool(query.text.strip()) and asked.query == query
        found = {} if nothing_is_asked else {answer.id: Score() for answer in answers}
    phrases, without = ([one for one in map(terms, texts) if one] for texts in (asked.phrases, asked.without))
    left = {
        answer.id: found[answer.id]
        for answer in answers
        if answer.id in found and all(map(answer.says, phrases)) and not any(map(answer.says, without))
    }
    return _compared_first(answers, question, left)


def _compared_first(answers: Sequence[Answer], question: Question, found: dict[str, Score]) -> dict[str, Score]:
    """Return the scores with the best answer about each of the subjects that are compared on top, in order."""
    first: list[Answer] = []
    for name in question.names if question.compares else ():
        own = [answer for answer in answers if answer.id in found and name.terms in answer.names]
        first += sorted(own, key=lambda answer: (-found[answer.id].total, answer.header.id, answer.place))[:1]
    top = max((score.total for score in found.values()), default=0.0)
    raised = {}
    for place, answer in enumerate(dict.fromkeys(first)):
        score = found[answer.id]
        more = top + len(dict.fromkeys(first)) - place - score.total
        raised[answer.id] = replace(score, first=more)
    return found | raised


def passes(answer: Answer, query: Query, but: str = "") -> bool:
    """Return whether a document passes the filters of a query, one left out."""
    header, document = answer.header, answer.document
    source, subjects = fold(header.provenance.source or ""), {fold(header.title), header.id}
    wanted = {fold(subject) for subject in query.subjects} | set(query.subjects)
    return (
        (but == "type" or not query.types or document.question_type in query.types)
        and (but == "source" or not query.sources or source in map(fold, query.sources))
        and (not query.subjects or bool(subjects & wanted))
        and (but == "updated" or _is_of(document.last_updated, query.updated_from, query.updated_to))
    )


def _is_of(date: PartialDate | None, earliest: PartialDate | None, latest: PartialDate | None) -> bool:
    """Return whether a date may lie between two others; each is any day of its year or month."""
    if not (earliest or latest):
        return True
    first, last = (f"{earliest or ''}-00-00"[:10] if earliest else ""), (f"{latest}-99-99"[:10] if latest else "9999")
    return bool(date) and f"{date}-99-99"[:10] >= first and f"{date}-00-00"[:10] <= last


def _idf(answers: Sequence[Answer], word: Word) -> float:
    spellings = [(word.term,), *word.others]
    frequency = max(sum(answer.has(spelling) for answer in answers) for spelling in spellings)
    return log(1 + (len(answers) - frequency + 0.5) / (frequency + 0.5))


def _impact(answer: Answer, word: Word) -> float:
    """Return the impact of a word, or of what may stand for it if that is more: of several terms the least."""
    others = (SYNONYM * min(map(answer.impact, spelling)) for spelling in word.others)
    return max(answer.impact(word.term), *others, 0.0)


def _cover(answer: Answer, word: Word) -> float:
    others = (SYNONYM * COVERED_BY_STEM for spelling in word.others if answer.has(spelling))
    return max(answer.cover(word.word, word.term), *others, 0.0)
