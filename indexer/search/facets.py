"""Filters and facet counts over columns: which documents pass, and how many each other value would give."""

from collections.abc import Mapping

import numpy as np

from indexer.index.columns import Column, Columns, SheetFacet
from indexer.index.impacts import Mask, Numbers
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold
from indexer.model import FacetValue, PartialDate, Query, last_day


def filters(query: Query, columns: Columns) -> dict[str, Mask]:
    """Return which documents pass each filter that a query has."""
    passing: dict[str, Mask] = {}
    if query.types:
        passing["type"] = columns.type.among(query.types)
    if query.sources:
        wanted = set(map(fold, query.sources))
        passing["source"] = columns.source.among(value for value in columns.source.values if fold(value) in wanted)
    if query.subjects:
        passing["subject"] = columns.subject.among(map(fold, query.subjects)) | columns.sheet.among(query.subjects)
    for key in {key for key, _ in query.facets}:
        values = [value for name, value in query.facets if name == key]
        passing[key] = columns.facets.get(key, SheetFacet()).among(values, len(columns.ids))
    if query.updated_from or query.updated_to:
        dates = columns.updated.values
        passing["updated"] = columns.updated.among(date for date in dates if _overlaps(PartialDate(date), query))
    return passing


def facets(
    numbers: Numbers, passing: Mapping[str, Mask], query: Query, snapshot: Snapshot
) -> dict[str, list[FacetValue]]:
    """Return the values of each facet with exact counts that leave out the facet's own filter.

    `numbers` are the documents that match before any filter; `passing` has those that pass each filter. Types are in
    the order of the vocabulary, sources by count, years newest first. Documents without a value are not counted.
    """

    def among(facet: str) -> Numbers:
        others = [mask[numbers] for name, mask in passing.items() if name != facet]
        return numbers[np.logical_and.reduce(others)] if others else numbers

    def counts(facet: str, column: Column) -> dict[str, int]:
        return dict(column.counts(among(facet)))

    def of_front_matter(key: str) -> list[FacetValue]:
        chosen = {fold(value) for name, value in query.facets if name == key}
        values = columns.facets[key].counts(among(key), len(columns.ids)) if key in columns.facets else []
        return [FacetValue(value, value, count, fold(value) in chosen) for value, count in values]

    columns = snapshot.columns
    types, sources, years = (
        counts(name, column)
        for name, column in (("type", columns.type), ("source", columns.source), ("updated", columns.year))
    )
    chosen = set(map(fold, query.sources))
    return {
        "type": [
            FacetValue(entry.id, entry.label, types.get(entry.id, 0), entry.id in query.types)
            for entry in snapshot.kinds
            if entry.id in types or entry.id in query.types
        ],
        "source": [
            FacetValue(source, source, sources[source], fold(source) in chosen)
            for source in sorted(sources, key=lambda source: (-sources[source], source))
        ],
        "updated": [
            FacetValue(year, year, years[year], query.updated_from == query.updated_to == year)
            for year in sorted(years, reverse=True)
        ],
        **{facet.key: of_front_matter(facet.key) for facet in snapshot.site.facets},
    }


def _overlaps(date: PartialDate, query: Query) -> bool:
    """Return whether a date may be in the requested range: "2013" may be any day of 2013. A missing date is not."""
    starts_in_time = not query.updated_to or date <= last_day(query.updated_to)
    return bool(date) and starts_in_time and (not query.updated_from or last_day(date) >= query.updated_from)
