"""Every name by its letter, for readers who are unsure of the spelling or want to browse."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from string import ascii_uppercase
from weakref import WeakKeyDictionary

from indexer.index.columns import Columns
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold, words
from indexer.model import Entry, ListedSheet, PartialDate, last_day
from indexer.time_limit import give_way

#: The heading of names that do not begin with a Latin letter.
OTHERS = "0-9"
#: Unicode's names of Latin letters with a stroke, and of ligatures: "ø" is LATIN SMALL LETTER O WITH STROKE.
_LATIN = re.compile(r"LATIN SMALL (?:LETTER|LIGATURE) ([A-Z])[A-Z]?\b")
#: Built at the first request, and released with the snapshot.
_lists: "WeakKeyDictionary[Snapshot, Mapping[str, tuple[Entry, ...]]]" = WeakKeyDictionary()


def a_to_z(snapshot: Snapshot) -> Mapping[str, tuple[Entry, ...]]:
    """Return the names by their letters, from "A" to "Z" and "0-9", in alphabetical order, word by word.

    Case, accents and punctuation do not affect the order. Names with the same terms are one name. An other name of
    several subjects has an entry for each.
    """
    return _lists.get(snapshot) or _lists.setdefault(snapshot, _by_letter(snapshot))


def sheets(snapshot: Snapshot, first: int, count: int) -> tuple[tuple[ListedSheet, ...], int]:
    """Return `count` sheets in the order of their titles, from number `first` on, and the number of all sheets."""
    titles = (entry for names in a_to_z(snapshot).values() for entry in names if entry.subject is None)
    ids = [id for title in titles for id in title.sheet_ids]
    shown, columns = ids[first : first + count], snapshot.columns
    wanted = set(shown)
    by_id = {id: sheet for sheet in snapshot.sheets if (id := columns.sheet[sheet.start]) in wanted}
    return tuple(_listed(columns, by_id[id]) for id in shown), len(ids)


def _listed(columns: Columns, sheet: range) -> ListedSheet:
    title, *others = [text for text, _ in columns.names[sheet.start]]
    source = columns.provenance[sheet.start].source
    dates = [PartialDate(columns.updated[number]) for number in sheet if columns.updated[number]]
    latest = max(dates, key=last_day, default=None)
    return ListedSheet(columns.sheet[sheet.start], title, tuple(others), source, len(sheet), latest)


def _by_letter(snapshot: Snapshot) -> Mapping[str, tuple[Entry, ...]]:
    by_letter: dict[str, list[tuple[str, str, Entry]]] = {letter: [] for letter in (*ascii_uppercase, OTHERS)}
    for name, subject, sheet_ids in _names(snapshot):
        give_way()
        sorted_by = " ".join(words(fold(name))) or name
        latin = _LATIN.match(unicodedata.name(sorted_by[0], ""))
        entry = Entry(name, subject, tuple(sheet_ids), sorted_by[:2].strip().capitalize())
        by_letter[latin[1] if latin else OTHERS].append((sorted_by, fold(subject or ""), entry))
    return {
        letter: tuple(entry for *_, entry in sorted(lines, key=lambda line: line[:2]))
        for letter, lines in by_letter.items()
    }


def _names(snapshot: Snapshot) -> Iterator[tuple[str, str | None, list[str]]]:
    """Yield each name with the title of a subject that has it, None where it is the title, and the subject's sheets."""
    columns = snapshot.columns
    sheet_ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    texts = {" ".join(name.terms): name.text for name in snapshot.names}
    for sheet in snapshot.sheets:
        give_way()
        keys = [key or text for text, key in columns.names[sheet.start]]  # punctuation has no terms
        for key in keys:
            sheet_ids[key, keys[0]].add(columns.sheet[sheet.start])
    for (key, title), ids in sheet_ids.items():
        yield texts.get(key, key), None if key == title else texts.get(title, title), sorted(ids)
