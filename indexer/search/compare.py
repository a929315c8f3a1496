"""A comparison: for each kind of answer a passage about each of the subjects that a question compares."""

from collections.abc import Iterable

from indexer.index.names import Name
from indexer.index.snapshot import Snapshot
from indexer.model import ComparedKind, Comparison, Passage
from indexer.search.passages import opening
from indexer.search.understand import COMPARING, Question

#: Words of a cell, and rows. Chosen by eye: five rows of two cells are about two screens of a desktop.
_CELL_WORDS, _ROWS = 45, 7


def compare(snapshot: Snapshot, question: Question) -> Comparison | None:
    """Return the subjects of a question side by side; None if it does not compare different subjects.

    It compares if it says so, or has nothing but words such as "and" between the names. The kind that it asks for
    is the first row, then come the usual kinds that one of the subjects has.
    """
    if not question.compares or not (question.joins or any(word.term in COMPARING for word in question.words)):
        return None
    names = list({name.text: name for name in question.names}.values())
    sheets = [set(map(_key, name.sheets)) for name in names]
    if len(set().union(*sheets)) < sum(map(len, sheets)):  # two names of one subject
        return None
    answers = [_by_kind(snapshot, name) for name in names]
    kinds = dict.fromkeys(kind for kind in (question.kind, *snapshot.usual_types) if kind)
    rows = (ComparedKind(kind, tuple(own.get(kind) for own in answers)) for kind in kinds)
    shown = [row for row in rows if any(row.cells)]
    return Comparison(tuple(name.text for name in names), tuple(shown[:_ROWS])) if shown else None


def _key(sheet: range) -> int:
    return sheet.start


def largest_first(sheets: Iterable[range]) -> list[range]:
    """Return sheets with the one that has the most answers first: it says the most about their subject."""
    return sorted(sheets, key=len, reverse=True)


def _by_kind(snapshot: Snapshot, name: Name) -> dict[str, Passage]:
    """Return the opening of an answer of each kind about a subject, from the largest of its sheets that has it."""
    passages: dict[str, Passage] = {}
    for sheet in largest_first(name.sheets):
        for number in sheet:
            kind = snapshot.columns.type[number]
            if kind in snapshot.usual_types and kind not in passages:
                passages[kind] = opening(snapshot.record(number), _CELL_WORDS)
    return passages
