"""Filters and facet counts, over columns: which documents pass, and how many each other choice would give."""

from collections import Counter
from collections.abc import Callable, Iterable

from indexer.language.analysis import fold
from indexer.language.question_types import question_types
from indexer.model import FacetValue, PartialDate, Query, last_day

Columns = dict[str, list[str]]


def passing(numbers: Iterable[int], query: Query, columns: Columns, *, but: str | None = None) -> list[int]:
    """Return the document numbers that pass every filter of a query, in their order; the filter `but` is left out."""
    tests = [test for name, test in _filters(query, columns).items() if name != but]
    return [number for number in numbers if all(test(number) for test in tests)]


def facets(numbers: Iterable[int], query: Query, columns: Columns) -> dict[str, list[FacetValue]]:
    """Return the values of each facet with exact counts that leave out the facet's own filter.

    `numbers` are the documents that the words match, before any filter. Types stand in the order of the vocabulary,
    sources by count, years newest first. Documents without a value are in no count.
    """
    numbers = list(numbers)
    types, sources, years = (
        Counter(filter(None, (columns[name][n][:length] for n in passing(numbers, query, columns, but=name))))
        for name, length in (("type", None), ("source", None), ("updated", 4))
    )
    chosen = set(map(fold, query.sources))
    return {
        "type": [
            FacetValue(entry.id, entry.label, types[entry.id], entry.id in query.types)
            for entry in question_types()
            if types[entry.id] or entry.id in query.types
        ],
        "source": [
            FacetValue(source, source, sources[source], fold(source) in chosen)
            for source in sorted(sources, key=lambda source: (-sources[source], source))
        ],
        "updated": [
            FacetValue(year, year, years[year], query.updated_from == query.updated_to == year)
            for year in sorted(years, reverse=True)
        ],
    }


def _filters(query: Query, columns: Columns) -> dict[str, Callable[[int], bool]]:
    tests: dict[str, Callable[[int], bool]] = {}
    if query.types:
        tests["type"] = lambda number: columns["type"][number] in query.types
    if query.sources:
        sources = set(map(fold, query.sources))
        tests["source"] = lambda number: fold(columns["source"][number]) in sources
    if query.subjects:
        subjects = set(map(fold, query.subjects))
        tests["subject"] = lambda n: bool(subjects & {fold(columns["subject"][n]), columns["sheet_id"][n]})
    if query.updated_from or query.updated_to:
        tests["updated"] = lambda number: _overlaps(PartialDate(columns["updated"][number]), query)
    return tests


def _overlaps(date: PartialDate, query: Query) -> bool:
    """Return whether a date may lie in the range asked for: "2013" may be any day of 2013. No date never does."""
    starts_in_time = not query.updated_to or date <= last_day(query.updated_to)
    return bool(date) and starts_in_time and (not query.updated_from or last_day(date) >= query.updated_from)
