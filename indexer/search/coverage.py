"""What a collection covers: its sheets, sources, kinds of answer and dates."""

from collections import defaultdict
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from indexer.index.snapshot import Snapshot
from indexer.model import Coverage, PartialDate, SourceCoverage

#: Counted at the first request, and released with the snapshot.
_counted: "WeakKeyDictionary[Snapshot, Coverage]" = WeakKeyDictionary()


def coverage(snapshot: Snapshot) -> Coverage:
    """Return exact counts of what a generation has. Sources with many answers come first, the unknown source last."""
    return _counted.get(snapshot) or _counted.setdefault(snapshot, _coverage(snapshot))


def _coverage(snapshot: Snapshot) -> Coverage:
    columns, answers = snapshot.columns, len(snapshot.everything)
    sheets: dict[str | None, list[range]] = defaultdict(list)
    for sheet in snapshot.sheets:
        sheets[columns.provenance[sheet.start].source].append(sheet)
    sources = (_source(snapshot, source, own) for source, own in sheets.items())
    typed = dict(columns.type.counts(snapshot.everything))
    years = tuple(reversed(columns.year.counts(snapshot.everything)))
    return Coverage(
        sheets=len(snapshot.sheets),
        answers=answers,
        sources=tuple(sorted(sources, key=lambda source: (source.source is None, -source.answers, source.source))),
        kinds=tuple((kind.id, typed[kind.id]) for kind in snapshot.kinds if kind.id in typed),
        untyped=answers - sum(typed.values()),
        years=years,
        undated=answers - sum(count for _, count in years),
        generation=snapshot.generation,
    )


def _source(snapshot: Snapshot, source: str | None, sheets: list[range]) -> SourceCoverage:
    columns = snapshot.columns
    dates = [columns.updated[number] for sheet in sheets for number in sheet]
    origins = [columns.provenance[sheet.start] for sheet in sheets]
    return SourceCoverage(
        source,
        len(sheets),
        len(dates),
        *_ends(dates),
        dates.count(""),
        *_ends(origin.retrieved for origin in origins),
        tuple(sorted({origin.licence for origin in origins if origin.licence})),
    )


def _ends(dates: Iterable[str | None]) -> tuple[PartialDate | None, PartialDate | None]:
    """Return the oldest and the newest of the dates that are known; "2013" is older than "2013-05", as in sorting."""
    known = [PartialDate(date) for date in dates if date]
    return min(known, default=None), max(known, default=None)
