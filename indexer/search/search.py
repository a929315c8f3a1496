"""Query -> Results: parse, understand, rank, filter, page, present."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import islice
from operator import and_, or_

import numpy as np

from indexer.index.columns import Columns
from indexer.index.impacts import Mask, Numbers
from indexer.index.records import Record
from indexer.index.snapshot import Snapshot
from indexer.index.vectors import Nearness
from indexer.language.analysis import terms
from indexer.meaning.model import Model
from indexer.model import Concept, Explanation, Hit, Passage, Query, Results, Span
from indexer.search.card import card
from indexer.search.compare import compare
from indexer.search.facets import facets, filters
from indexer.search.marks import marks
from indexer.search.nothing import nothing
from indexer.search.paging import distinct, likely, page, top
from indexer.search.passages import about, is_sure, whole
from indexer.search.rank import Ranking, explain, rank
from indexer.search.snippets import snippets
from indexer.search.syntax import Asked, parse
from indexer.search.understand import Question, understand
from indexer.settings import MAX_LISTED
from indexer.time_limit import check_time

#: Sums of the same 32-bit impacts in a different order differ by less.
_ROUNDING = 1e-3

#: A question of more words is a message: most of its words are a story, which no answer contains. More words than
#: _MOST_LACKING say nothing about an answer, either. Chosen by eye.
_LONG, _MOST_LACKING = 8, 4


def search(snapshot: Snapshot, query: Query, model: Model | None = None) -> Results:
    """Return the results of a query in one generation. Totals and facet counts are exact on every page.

    With a model, vectors contribute to the order. A query without text matches all documents, in the order of sheets.
    """
    asked = asked_of(snapshot, query)
    question = understand(asked, snapshot)
    near = _nearness(snapshot, asked, model)
    columns, matching = snapshot.columns, _matching(snapshot, query, asked, question, near)
    passing = filters(asked.query, columns)
    left = _filtered(matching, passing)
    hits = tuple(_hits(snapshot, asked, question, left, near))
    return Results(
        query=query,
        understood=question.understood,
        hits=hits,
        total=len(left.numbers),
        total_groups=distinct(columns.subject.codes[left.numbers]) if query.group == "subject" else None,
        facets=facets(matching.numbers, passing, asked.query, snapshot),
        generation=snapshot.generation,
        card=card(snapshot, asked, question),
        nothing=None if len(left.numbers) else nothing(snapshot, asked, question, matching.numbers),
        answer=_answer(snapshot, asked, question, hits),
        comparison=compare(snapshot, question) if query.page == 1 and len(left.numbers) else None,
        likely=likely(asked, left, columns),
        about=_about(question, left, hits),
    )


def best(snapshot: Snapshot, query: Query, count: int = 10, model: Model | None = None) -> list[str]:
    """Return the ids of the best answers, without presenting them. Suggestions and measurements use it."""
    asked = asked_of(snapshot, query)
    matching = _matching(snapshot, query, asked, understand(asked, snapshot), _nearness(snapshot, asked, model))
    left = _filtered(matching, filters(asked.query, snapshot.columns))
    return [snapshot.columns.ids[number] for number in top(left, count, snapshot.columns)]


def _answer(snapshot: Snapshot, asked: Asked, question: Question, hits: Sequence[Hit]) -> Passage | None:
    """Return the whole first answer if the query asks for it and it is sure to be right."""
    query = asked.query
    if not (query.answer and query.page == 1 and query.sort == "relevance" and hits and is_sure(question, hits[0])):
        return None
    number = snapshot.number(hits[0].document.id)
    record = snapshot.record(number or 0)
    return whole(record, _spans(asked, question, record))


def _about(question: Question, left: Ranking, hits: Sequence[Hit]) -> int | None:
    """Return how many answers are about the subjects of a question; None if the first result is not."""
    if not hits or not about(question, hits[0]):
        return None
    sheets = {(sheet.start, sheet.stop) for name in question.names for sheet in name.sheets}
    return sum(int(np.diff(np.searchsorted(left.numbers, ends))[0]) for ends in sheets)


def asked_of(snapshot: Snapshot, query: Query) -> Asked:
    """Return a parsed query. Next to other words, a quoted phrase is required only if it occurs in the collection.

    People also quote words to stress them, or from elsewhere.
    """
    asked = parse(query, snapshot.kinds)
    quoted = sum(len(terms(phrase)) for phrase in asked.phrases)
    if query.exact or not asked.phrases or len(terms(asked.text)) == quoted:
        return asked
    vain = tuple(phrase for phrase in asked.phrases if not snapshot.with_phrase(terms(phrase), most=1))
    return replace(asked, phrases=tuple(phrase for phrase in asked.phrases if phrase not in vain), vain=vain)


def asked_words(snapshot: Snapshot, number: int, text: str) -> tuple[Span, ...]:
    """Return the spans of an answer that its snippets would mark for a question."""
    asked = asked_of(snapshot, Query(text))
    question, record = understand(asked, snapshot), snapshot.record(number)
    return _spans(asked, question, record)


def _spans(asked: Asked, question: Question, record: Record) -> tuple[Span, ...]:
    """Return the spans of an answer to mark for a question."""
    marked = marks(record.document.answer, record.words, _marked(asked, question), question.understood.phrases)
    return tuple((start, end) for start, end, _ in marked)


def _nearness(snapshot: Snapshot, asked: Asked, model: Model | None) -> Nearness | None:
    """Return how near every document is to a question, if the index has vectors of that model.

    Exact searches do not use vectors.
    """
    if not (model and snapshot.vectors and asked.text) or asked.query.exact:
        return None
    return snapshot.vectors.near(model.embed(asked.text)) if snapshot.generation.model == model.digest else None


def _matching(snapshot: Snapshot, query: Query, asked: Asked, question: Question, near: Nearness | None) -> Ranking:
    """Return the documents that contain a word of the question, every phrase, and nothing that is excluded."""
    if asked.text:
        ranking = rank(snapshot, question, near)
    elif query.text.strip() and asked.query == query:  # operators, or words to leave out, alone ask for nothing
        ranking = Ranking(np.zeros(0, np.int64), np.zeros(0))
    else:
        everything = np.sort(snapshot.everything)
        ranking = Ranking(everything, np.zeros(len(everything)))
    for phrase in filter(None, map(terms, asked.phrases)):
        ranking = ranking.among(snapshot.having(phrase)[ranking.numbers])
    for phrase in filter(None, map(terms, asked.without)):
        ranking = ranking.among(~snapshot.having(phrase)[ranking.numbers])
    return _moved_up(ranking, [*_pinned(snapshot, asked), *_compared(question, ranking, snapshot.columns)])


def _pinned(snapshot: Snapshot, asked: Asked) -> list[int]:
    """Return the documents that the site pins to the top for a question, in order."""
    return [] if asked.query.exact else snapshot.pinned.get(tuple(terms(asked.text)), [])


def _compared(question: Question, ranking: Ranking, columns: Columns) -> list[int]:
    """Return the best document about each subject of a question that compares subjects, otherwise none."""
    if not question.compares:
        return []
    leads: list[int] = []
    for name in question.names:
        own = np.concatenate([np.arange(sheet.start, sheet.stop) for sheet in name.sheets])
        leads += top(ranking.among(np.isin(ranking.numbers, own)), 1, columns).tolist()
    return list(dict.fromkeys(leads))


def _moved_up(ranking: Ranking, first: Sequence[int]) -> Ranking:
    """Return a ranking with some documents at the top, in order, whether they match or not."""
    if not first:
        return ranking
    first = list(dict.fromkeys(first))
    numbers = np.union1d(ranking.numbers, first)
    scores = np.zeros(len(numbers))
    scores[np.searchsorted(numbers, ranking.numbers)] = ranking.scores
    scores[np.searchsorted(numbers, first)] = scores.max() + np.arange(len(first), 0, -1)
    return Ranking(numbers, scores)


def _explained(snapshot: Snapshot, asked: Asked, explanation: Explanation, number: int, score: float) -> Explanation:
    """Return the explanation of a score, including what moving the document to the top added."""
    if abs(score - explanation.value) < _ROUNDING:
        return explanation
    pinned = number in _pinned(snapshot, asked)
    label = "pinned by the site" if pinned else "the best about one of the subjects"
    added = Explanation(label, score - explanation.value)
    return Explanation(explanation.label, score, (*explanation.parts, added))


def _filtered(ranking: Ranking, passing: Mapping[str, Mask]) -> Ranking:
    """Return the documents that pass every filter."""
    return (
        ranking.among(np.logical_and.reduce([mask[ranking.numbers] for mask in passing.values()]))
        if passing
        else ranking
    )


def _hits(
    snapshot: Snapshot, asked: Asked, question: Question, ranking: Ranking, near: Nearness | None
) -> Iterator[Hit]:
    """Yield the best document of each group of the page, with the others folded under it."""
    groups = page(snapshot, asked, ranking)
    concepts, firsts = question.understood.concepts, [group[0] for group in groups]
    numbers = np.array(firsts, np.int64)
    contains = [_contains(snapshot, concept, numbers) for concept in concepts]
    marked, phrases, records = _marked(asked, question), question.understood.phrases, snapshot.records(firsts)
    scores = ranking.scores[ranking.numbers.searchsorted(numbers)].tolist()
    for position, (number, *folded) in enumerate(groups):
        check_time()
        record, sheet, score = records[position], snapshot.columns.sheet_of(number), scores[position]
        document = record.document
        others = (other for other in sheet if other != number)
        yield Hit(
            header=record.header,
            document=document,
            score=score,
            snippets=snippets(document, record.sentences, marks(document.answer, record.words, marked, phrases)),
            words=tuple(concept.typed for concept, has in zip(concepts, contains, strict=True) if has[position]),
            missing=tuple(concept.typed for concept, has in zip(concepts, contains, strict=True) if not has[position]),
            matched_name=_matched_name(snapshot.columns, sheet, question),
            folded=tuple(map(snapshot.columns.listed, folded[:MAX_LISTED])),
            others=tuple(map(snapshot.columns.listed, islice(others, MAX_LISTED))),
            not_covered=snapshot.not_covered(sheet),
            explanation=_explained(snapshot, asked, explain(snapshot, question, number, near), number, score)
            if asked.query.explain and asked.text
            else None,
            folded_total=len(folded),
            others_total=len(sheet) - 1,
            lacks=_lacking(
                question, {concept.typed for concept, has in zip(concepts, contains, strict=True) if has[position]}
            ),
        )


def _lacking(question: Question, contained: Collection[str]) -> tuple[str, ...]:
    """Return the words that matter and that an answer lacks, at most four; nothing for a long message."""
    matter = [word.typed for word in question.words if word.weight == 1.0 and not word.frames]
    lacking = tuple(word for word in matter if word not in contained)
    return lacking if len(question.words) <= _LONG and len(lacking) <= _MOST_LACKING else ()


def _contains(snapshot: Snapshot, concept: Concept, numbers: Numbers) -> list[bool]:
    """Return which documents contain the word of a concept or one of its alternatives."""
    alternatives = [
        reduce(and_, [snapshot.impacts.has(term, numbers) for term in alternative])
        for alternative in concept.alternatives
    ]
    contains: list[bool] = reduce(or_, alternatives).tolist()  # NumPy's own `reduce` first copies the masks together
    return contains


def _marked(asked: Asked, question: Question) -> set[str]:
    """Return the terms to mark wherever they occur: all except those that the query has only in quoted phrases."""
    marked = {term for concept in question.understood.concepts for texts in concept.alternatives for term in texts}
    if not asked.phrases:
        return marked
    quoted = Counter(term for phrase in asked.phrases for term in terms(phrase))
    return marked - (set(quoted) - set(Counter(terms(asked.text)) - quoted))


def _matched_name(columns: Columns, sheet: range, question: Question) -> str | None:
    """Return the other name by which the question names a sheet; None if it uses the title."""
    for name in question.names:
        if sheet in name.sheets:
            printed, key = columns.names[sheet.start], " ".join(name.terms)
            shown = next((text for text, own in printed if own == key), None)
            return shown if shown != printed[0][0] else None
    return None
