"""Query -> Results, step by step."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from indexer.index.columns import Columns
from indexer.index.impacts import Mask, Numbers
from indexer.index.names import name_key
from indexer.index.snapshot import Snapshot
from indexer.index.vectors import Nearness
from indexer.language.analysis import terms
from indexer.meaning.model import Model
from indexer.model import Concept, Document, Explanation, Hit, Query, Results, SheetHeader, Span
from indexer.search.card import card
from indexer.search.facets import facets, filters
from indexer.search.marks import marks
from indexer.search.nothing import nothing
from indexer.search.rank import Ranking, explain, rank
from indexer.search.snippets import snippets
from indexer.search.syntax import Asked, parse
from indexer.search.understand import Question, understand
from indexer.settings import MAX_LISTED
from indexer.time_limit import check_time

#: How many documents are put in order beyond those of the first pages, so that groups can be filled from them: with
#: one subject in ten answers of MedQuAD's best hundred, ten groups are found among them.
_ORDERED = 100

#: Sums of 32-bit impacts differ by less.
_ROUNDING = 1e-3


def search(snapshot: Snapshot, query: Query, model: Model | None = None) -> Results:
    """Return what a query finds in one generation. Totals and facet counts are exact, whatever page is asked for.

    With a model, meaning has a share in the order. A query without text finds all documents, in the order of sheets.
    """
    asked = asked_of(snapshot, query)
    question = understand(asked, snapshot)
    near = _nearness(snapshot, asked, model)
    columns, found = snapshot.columns, _found(snapshot, query, asked, question, near)
    passing = filters(asked.query, columns)
    left = _left(found, passing)
    return Results(
        query=query,
        understood=question.understood,
        hits=tuple(_hits(snapshot, asked, question, left, near)),
        total=len(left.numbers),
        total_groups=_distinct(columns.subject.codes[left.numbers]) if query.group == "subject" else None,
        facets=facets(found.numbers, passing, asked.query, snapshot),
        generation=snapshot.generation,
        card=card(snapshot, asked, question),
        nothing=None if len(left.numbers) else nothing(snapshot, asked, question, found.numbers),
    )


def best(snapshot: Snapshot, query: Query, count: int = 10, model: Model | None = None) -> list[str]:
    """Return the ids of the best answers, and nothing about them: the ranking alone, for measuring it."""
    asked = asked_of(snapshot, query)
    found = _found(snapshot, query, asked, understand(asked, snapshot), _nearness(snapshot, asked, model))
    left = _left(found, filters(asked.query, snapshot.columns))
    return [snapshot.columns.ids[number] for number in _top(left, count, snapshot.columns)]


def asked_of(snapshot: Snapshot, query: Query) -> Asked:
    """Return what a query asks for. In a query with other words, a quoted phrase is a demand only if it occurs here.

    People put words into quotation marks that they only stress, or quote from elsewhere.
    """
    asked = parse(query, snapshot.kinds)
    quoted = sum(len(terms(phrase)) for phrase in asked.phrases)
    if query.exact or not asked.phrases or len(terms(asked.text)) == quoted:
        return asked
    vain = tuple(phrase for phrase in asked.phrases if not snapshot.having(terms(phrase)).any())
    return replace(asked, phrases=tuple(phrase for phrase in asked.phrases if phrase not in vain), vain=vain)


def asked_words(snapshot: Snapshot, document: Document, text: str) -> tuple[Span, ...]:
    """Return where an answer has what a question asks for, as its snippets would mark it."""
    asked = asked_of(snapshot, Query(text))
    question = understand(asked, snapshot)
    found = marks(document, _marked(asked, question), question.understood.phrases)
    return tuple((start, end) for start, end, _ in found)


def _nearness(snapshot: Snapshot, asked: Asked, model: Model | None) -> Nearness | None:
    """Return how near all documents lie to a question, if the index has vectors of that model.

    Words that count exactly as they are typed mean nothing beside.
    """
    if not (model and snapshot.vectors and asked.text) or asked.query.exact:
        return None
    return snapshot.vectors.near(model.embed(asked.text)) if snapshot.generation.model == model.digest else None


def _found(snapshot: Snapshot, query: Query, asked: Asked, question: Question, near: Nearness | None) -> Ranking:
    """Return the documents that have a word of the question and every phrase, and nothing that they must not have."""
    if asked.text:
        found = rank(snapshot, question, near)
    elif query.text.strip() and asked.query == query:  # operators, or words to leave out, alone ask for nothing
        found = Ranking(np.zeros(0, np.int64), np.zeros(0))
    else:
        everything = np.sort(snapshot.everything)
        found = Ranking(everything, np.zeros(len(everything)))
    for phrase in filter(None, map(terms, asked.phrases)):
        found = found.among(snapshot.having(phrase)[found.numbers])
    for phrase in filter(None, map(terms, asked.without)):
        found = found.among(~snapshot.having(phrase)[found.numbers])
    return _on_top(found, [*_pinned(snapshot, asked), *_compared(question, found, snapshot.columns)])


def _pinned(snapshot: Snapshot, asked: Asked) -> list[int]:
    """Return the documents that the site pins to the top for a question, in order."""
    return [] if asked.query.exact else snapshot.pinned.get(tuple(terms(asked.text)), [])


def _compared(question: Question, found: Ranking, columns: Columns) -> list[int]:
    """Return the best document about each of the subjects that a question is about, if it is about several."""
    if not question.compares:
        return []
    best: list[int] = []
    for name in question.names:
        own = np.concatenate([np.arange(sheet.start, sheet.stop) for sheet in name.sheets])
        best += _top(found.among(np.isin(found.numbers, own)), 1, columns).tolist()
    return list(dict.fromkeys(best))


def _on_top(found: Ranking, first: Sequence[int]) -> Ranking:
    """Return a ranking with some documents at the top, in order, whether they match or not."""
    if not first:
        return found
    first = list(dict.fromkeys(first))
    numbers = np.union1d(found.numbers, first)
    scores = np.zeros(len(numbers))
    scores[np.searchsorted(numbers, found.numbers)] = found.scores
    scores[np.searchsorted(numbers, first)] = scores.max() + np.arange(len(first), 0, -1)
    return Ranking(numbers, scores)


def _explained(snapshot: Snapshot, asked: Asked, explanation: Explanation, number: int, score: float) -> Explanation:
    """Return the explanation of a score, with what putting the document on top adds to it."""
    if abs(score - explanation.value) < _ROUNDING:
        return explanation
    pinned = number in _pinned(snapshot, asked)
    label = "pinned by the site" if pinned else "the best about one of the subjects"
    added = Explanation(label, score - explanation.value)
    return Explanation(explanation.label, score, (*explanation.parts, added))


def _left(found: Ranking, passing: Mapping[str, Mask]) -> Ranking:
    """Return the documents that pass every filter."""
    return found.among(np.logical_and.reduce([mask[found.numbers] for mask in passing.values()])) if passing else found


def _page(snapshot: Snapshot, asked: Asked, found: Ranking) -> list[list[int]]:
    """Return the documents of a page, in groups of one subject, the best first, or each by itself."""
    columns, query = snapshot.columns, asked.query
    first, end = (query.page - 1) * query.per_page, query.page * query.per_page
    by_score = query.sort == "relevance" and bool(asked.text)
    grouped = query.group == "subject"
    if first >= len(found.numbers):
        return []
    count = end + _ORDERED if grouped else end
    ordered = _top(found, count, columns) if by_score else _sorted(snapshot, asked, found)
    if not grouped:
        return [[number] for number in ordered[first:end].tolist()]
    subjects = columns.subject.codes
    firsts = _firsts(subjects[ordered])
    while len(firsts) < end and len(ordered) < len(found.numbers):
        ordered = _top(found, 4 * len(ordered), columns)
        firsts = _firsts(subjects[ordered])
    shown = ordered[firsts][first:end]
    rest = _sorted(snapshot, asked, found.among(np.isin(subjects[found.numbers], subjects[shown])))
    return [rest[subjects[rest] == subjects[number]].tolist() for number in shown]


def _firsts(codes: Numbers) -> Numbers:
    """Return where each code stands for the first time, in order."""
    return np.sort(np.unique(codes, return_index=True)[1])


def _sorted(snapshot: Snapshot, asked: Asked, found: Ranking) -> Numbers:
    """Return all in the order asked for; where that is equal, by relevance, without a text as in `everything`."""
    columns = snapshot.columns
    if asked.text:
        ordered = _top(found, len(found.numbers), columns)
    else:
        ordered = snapshot.everything[np.isin(snapshot.everything, found.numbers)]
    if asked.query.sort == "newest":
        return ordered[np.argsort(-columns.updated.codes[ordered], kind="stable")]
    if asked.query.sort == "title":
        # A sheet's answers were written one after the other: by number they stand in reading order.
        return ordered[np.lexsort((ordered, columns.sheet.codes[ordered], columns.subject.codes[ordered]))]
    return ordered


def _top(found: Ranking, count: int, columns: Columns) -> Numbers:
    """Return the best documents in order, equal scores by the ids of their sheets, on a sheet in reading order."""
    numbers, scores = found.numbers, found.scores
    if count < len(numbers):
        least = np.partition(scores, len(numbers) - count)[len(numbers) - count]
        numbers, scores = numbers[scores >= least], scores[scores >= least]
    return numbers[np.lexsort((columns.reading_order[numbers], -scores))][:count]


def _distinct(codes: Numbers) -> int:
    return int(np.count_nonzero(np.bincount(codes)))


def _hits(snapshot: Snapshot, asked: Asked, question: Question, found: Ranking, near: Nearness | None) -> Iterator[Hit]:
    """Yield the best document of each group of the page, with the others folded under it."""
    groups = _page(snapshot, asked, found)
    concepts, firsts = question.understood.concepts, [group[0] for group in groups]
    there = [_having_one(snapshot, concept, firsts) for concept in concepts]
    marked = _marked(asked, question)
    for place, (number, *folded) in enumerate(groups):
        check_time()
        record, sheet = snapshot.record(number), snapshot.columns.sheet_of(number)
        others = (other for other in sheet if other != number)
        yield Hit(
            header=record.header,
            document=record.document,
            score=found.score(number),
            snippets=snippets(record.document, record.sentences, marked, question.understood.phrases),
            words=tuple(concept.typed for concept, has in zip(concepts, there, strict=True) if has[place]),
            missing=tuple(concept.typed for concept, has in zip(concepts, there, strict=True) if not has[place]),
            matched_name=_matched_name(record.header, number, question),
            folded=tuple(map(snapshot.columns.listed, folded[:MAX_LISTED])),
            others=tuple(map(snapshot.columns.listed, islice(others, MAX_LISTED))),
            not_covered=snapshot.not_covered(sheet),
            explanation=_explained(
                snapshot, asked, explain(snapshot, question, number, near), number, found.score(number)
            )
            if asked.query.explain and asked.text
            else None,
            folded_total=len(folded),
            others_total=len(sheet) - 1,
        )


def _having_one(snapshot: Snapshot, concept: Concept, numbers: Sequence[int]) -> list[bool]:
    """Return which of some documents have the word of a concept, or what may stand for it."""
    has = [np.logical_and.reduce([snapshot.impacts.has(term, numbers) for term in one]) for one in concept.alternatives]
    found: list[bool] = np.logical_or.reduce(has).tolist()
    return found


def _marked(asked: Asked, question: Question) -> set[str]:
    """Return the terms that are marked wherever they stand: all but those in quoted phrases and nowhere else."""
    found = {term for concept in question.understood.concepts for one in concept.alternatives for term in one}
    if not asked.phrases:
        return found
    quoted = Counter(term for phrase in asked.phrases for term in terms(phrase))
    return found - (set(quoted) - set(Counter(terms(asked.text)) - quoted))


def _matched_name(header: SheetHeader, number: int, question: Question) -> str | None:
    """Return the other name of a sheet that the question has, unless it has the title."""
    for name in question.names:
        if any(number in sheet for sheet in name.sheets):
            shown = [own for own in (header.title, *header.also_known_as) if name_key(own) == " ".join(name.terms)]
            return shown[0] if shown and shown[0] != header.title else None
    return None
