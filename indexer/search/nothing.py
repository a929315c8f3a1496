"""What to try when a search finds nothing: its words alone, the query without a filter, and near names."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from indexer.index.impacts import Numbers
from indexer.index.names import Name, Names
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import form, function_terms, terms
from indexer.model import NearName, Nothing, Query, WithoutFilter, WordTotal
from indexer.search.facets import filters
from indexer.search.rank import idf, rank
from indexer.search.spelling import TWO_ERRORS, near
from indexer.search.syntax import FILTERS, Asked, parse
from indexer.search.understand import Question, understand
from indexer.time_limit import check_time

#: More words or names could not be read at a glance.
MOST_WORDS, MOST_NAMES = 8, 5

#: The share of a name's and the question's information that both have, from 0 to 1, from which a name is offered; and
#: the fewest letters of a word that may be misspelt.
#: Of the misspelt words of judged questions, asked alone and exactly, 50 % get the name that was meant (of
#: .25 50 %, of .45 49 %; most others are parts of many names), of words of names with two errors 75 % (76 %, 70 %), of
#: misspelt questions as they are all. Any name get 7 % of English words that no answer has (7 %, 6 %; 11 % with words
#: of four letters), and 4 % of the unknown words that name absent subjects.
NEAR, LEAST_LETTERS = 0.35, 5


def nothing(snapshot: Snapshot, asked: Asked, question: Question, matching: Numbers) -> Nothing:
    """Return why nothing was found. Names are offered unless some documents match without filters (`matching`)."""
    return Nothing(
        tuple(islice(_words(snapshot, asked, question), MOST_WORDS)),
        tuple(_filters(snapshot, asked.query, matching)),
        () if len(matching) else tuple(_near(snapshot, question)),
    )


def _words(snapshot: Snapshot, asked: Asked, question: Question) -> Iterator[WordTotal]:
    """Yield the total of each phrase of several words, then of each word, searched alone."""
    for phrase in dict.fromkeys(asked.phrases):
        if len(quoted := terms(phrase)) > 1:
            yield WordTotal(f'"{phrase}"', len(snapshot.with_phrase(quoted)))
    for word in question.words:
        sign = "*" if word.typed in asked.prefixes else "~" if word.typed in asked.fuzzy else ""
        text = (word.typed if form(word.typed)[0] == word.word else word.word) + sign
        alone = parse(Query(text, exact=asked.query.exact), snapshot.kinds)
        yield WordTotal(text, len(rank(snapshot, understand(alone, snapshot)).numbers))


def _filters(snapshot: Snapshot, query: Query, matching: Numbers) -> Iterator[WithoutFilter]:
    """Yield the total without each filter value; the other values of the filter stay."""

    def total(left: Query) -> int:
        check_time()
        passing = [mask[matching] for mask in filters(left, snapshot.columns).values()]
        return int(np.count_nonzero(np.logical_and.reduce(passing))) if passing else len(matching)

    for field in FILTERS:
        values: tuple[str, ...] = getattr(query, field)
        for value in values:
            others: dict[str, Any] = {field: tuple(other for other in values if other != value)}
            yield WithoutFilter(field.removesuffix("s"), value, total(replace(query, **others)))
    for key, value in query.facets:
        left = tuple(pair for pair in query.facets if pair != (key, value))
        yield WithoutFilter(key, value, total(replace(query, facets=left)))
    if query.updated_from or query.updated_to:
        span = " to ".join(dict.fromkeys(filter(None, (query.updated_from, query.updated_to))))
        yield WithoutFilter("updated", span, total(replace(query, updated_from=None, updated_to=None)))


def _near(snapshot: Snapshot, question: Question) -> Iterator[NearName]:
    """Yield the names that share most with the question, one for names of the same sheets."""
    fits = _fits(snapshot, question)
    best: dict[tuple[range, ...], Name] = {}
    for name in sorted(fits, key=lambda name: (-fits[name], name.text)):
        best.setdefault(tuple(name.sheets), name)
    for name in islice(best.values(), MOST_NAMES):
        sheet_ids = {snapshot.columns.sheet[sheet.start] for sheet in name.sheets}
        yield NearName(name.text, sheet_ids.pop() if len(sheet_ids) == 1 else None)


def _fits(snapshot: Snapshot, question: Question) -> Mapping[Name, float]:
    """Return the names that share enough with a question: Dice's coefficient, with words weighted by information."""

    @cache  # a word such as "syndrome" is in thousands of names
    def information(term: str) -> float:
        return idf(snapshot.impacts.documents, snapshot.impacts.frequency(term))

    names = snapshot.names
    typed = {word.word: information(word.term) for word in question.words if word.term not in function_terms()}
    shared: dict[Name, dict[str, float]] = defaultdict(dict)
    for word in typed:
        for term in {names.words[other] for other in _alike(word, names)}:
            for name in names.with_term[term]:
                shared[name][word] = max(information(term), shared[name].get(word, 0.0))
    fits = {}
    for name, words in shared.items():
        whole = sum((typed | words).values()) + sum(map(information, name.terms))
        fits[name] = 2 * sum(words.values()) / whole
    return {name: fit for name, fit in fits.items() if fit >= NEAR}


def _alike(word: str, names: Names) -> list[str]:
    """Return the words of names that equal a word, or are one error away, or two for a long word."""
    if names.words.get(word) in names.with_term:
        return [word]
    if len(word) < LEAST_LETTERS:
        return []
    one_error = near(word, names.spellings, errors=1)
    return one_error or (near(word, names.spellings, errors=2) if len(word) >= TWO_ERRORS else [])
