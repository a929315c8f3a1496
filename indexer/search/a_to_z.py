"""Every name, letter by letter: for who is not sure of the spelling, and to see what is here."""

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

#: The list of names that do not begin with a Latin letter.
OTHERS = "0-9"
#: How Unicode calls letters that are one or two with a stroke or a bow: "ø" is LATIN SMALL LETTER O WITH STROKE.
_LATIN = re.compile(r"LATIN SMALL (?:LETTER|LIGATURE) ([A-Z])[A-Z]?\b")
#: Made when first asked for, and gone with its snapshot.
_lists: "WeakKeyDictionary[Snapshot, Mapping[str, tuple[Entry, ...]]]" = WeakKeyDictionary()


def a_to_z(snapshot: Snapshot) -> Mapping[str, tuple[Entry, ...]]:
    """Return the names by their letters, from "A" to "Z" and "0-9", in alphabetical order, word by word.

    Case, accents and signs make no difference to the order. Names of the same terms are one, as everywhere; one that is
    another name of several subjects has an entry for each.
    """
    return _lists.get(snapshot) or _lists.setdefault(snapshot, _by_letter(snapshot))


def sheets(snapshot: Snapshot, first: int, count: int) -> tuple[tuple[ListedSheet, ...], int]:
    """Return so many sheets in the order of their titles, from one of them on, and how many there are in all."""
    titles = (entry for names in a_to_z(snapshot).values() for entry in names if entry.subject is None)
    ids = [id for title in titles for id in title.sheet_ids]
    shown, columns = ids[first : first + count], snapshot.columns
    wanted = set(shown)
    found = {id: sheet for sheet in snapshot.sheets if (id := columns.sheet[sheet.start]) in wanted}
    return tuple(_listed(columns, found[id]) for id in shown), len(ids)


def _listed(columns: Columns, sheet: range) -> ListedSheet:
    title, *others = [text for text, _ in columns.names[sheet.start]]
    source = columns.provenance[sheet.start].source
    dates = [PartialDate(columns.updated[number]) for number in sheet if columns.updated[number]]
    latest = max(dates, key=last_day, default=None)
    return ListedSheet(columns.sheet[sheet.start], title, tuple(others), source, len(sheet), latest)


def _by_letter(snapshot: Snapshot) -> Mapping[str, tuple[Entry, ...]]:
    found: dict[str, list[tuple[str, str, Entry]]] = {letter: [] for letter in (*ascii_uppercase, OTHERS)}
    for name, subject, sheet_ids in _names(snapshot):
        give_way()
        sorted_by = " ".join(words(fold(name))) or name
        latin = _LATIN.match(unicodedata.name(sorted_by[0], ""))
        entry = Entry(name, subject, tuple(sheet_ids), sorted_by[:2].strip().capitalize())
        found[latin[1] if latin else OTHERS].append((sorted_by, fold(subject or ""), entry))
    return {
        letter: tuple(entry for *_, entry in sorted(lines, key=lambda line: line[:2]))
        for letter, lines in found.items()
    }


def _names(snapshot: Snapshot) -> Iterator[tuple[str, str | None, list[str]]]:
    """Yield each name with the title of a subject that has it, None where it is the title, and the subject's sheets."""
    columns = snapshot.columns
    sheet_ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    texts = {" ".join(name.terms): name.text for name in snapshot.names}
    for sheet in snapshot.sheets:
        give_way()
        keys = [key or text for text, key in columns.names[sheet.start]]  # signs alone have no terms
        for key in keys:
            sheet_ids[key, keys[0]].add(columns.sheet[sheet.start])
    for (key, title), ids in sheet_ids.items():
        yield texts.get(key, key), None if key == title else texts.get(title, title), sorted(ids)
