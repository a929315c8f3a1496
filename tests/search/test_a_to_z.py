"""A to Z: under which letter a name stands, in which order, and whose name it is."""

import gc
import weakref
from itertools import chain
from pathlib import Path
from string import ascii_uppercase

from indexer import SearchEngine, build_index, open_index
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold, terms
from indexer.search import a_to_z as module
from indexer.search.a_to_z import a_to_z
from tests.conftest import data
from tests.search.library import ANSWERS, Sheet, edited_collection, library_of


def lines(engine: SearchEngine) -> dict[str, list[tuple[str, str | None]]]:
    """Return the names with their subjects under each letter that has some."""
    return {letter: [(one.name, one.subject) for one in found] for letter, found in engine.a_to_z().items() if found}


def test_every_letter_is_there_and_a_name_stands_under_its_own(tmp_path: Path) -> None:
    titles = (
        *("Ångström fever", "acid ache", "Anton's ache", "Anton ague", "antonine ague", "A-beta ague", "Zinc fever"),
        *("Ørsted ache", "œdema", "ﬁsh fever", "22q11.2 deletion", "α-mannosidosis", "10 days' ague", "(TMA) fever"),
        *("-ketothiolase deficiency", "The ague", "…"),
    )
    with open_index(library_of(tmp_path, *((title,) for title in titles)).index) as engine:
        found = engine.a_to_z()
        assert list(found) == [*ascii_uppercase, "0-9"]
        assert {letter: [one.name for one in entries] for letter, entries in found.items() if entries} == {
            "A": ["A-beta ague", "acid ache", "Ångström fever", "Anton ague", "Anton's ache", "antonine ague"],
            "F": ["ﬁsh fever"],
            "K": ["-ketothiolase deficiency"],
            "O": ["œdema", "Ørsted ache"],
            "T": ["The ague", "(TMA) fever"],
            "Z": ["Zinc fever"],
            "0-9": ["10 days' ague", "22q11.2 deletion", "α-mannosidosis", "…"],
        }
        starts = ["A", "Ac", "An", "An", "An", "An"]
        assert [one.start for one in found["A"]] == starts


def test_sheets_of_one_title_are_one_entry(tmp_path: Path) -> None:
    library = library_of(tmp_path, ("Parkinson's disease", "PD"), ("Parkinson Disease", "PD"), ("PARKINSON'S DISEASE",))
    with open_index(library.index) as engine:
        (title, pd) = engine.a_to_z()["P"]
        assert (title.name, title.subject, len(set(title.sheet_ids))) == ("Parkinson Disease", None, 3)
        assert (pd.name, pd.subject, len(set(pd.sheet_ids))) == ("PD", "Parkinson Disease", 2)
        assert list(title.sheet_ids) == sorted(title.sheet_ids)


def test_every_name_of_every_sheet_that_is_there_is_listed_once_and_in_order(tmp_path: Path) -> None:
    library = edited_collection(tmp_path)
    snapshot = library.open()
    numbers = snapshot.everything.tolist()
    headers = {record.header.id: record.header for record in map(snapshot.record, numbers)}
    expected = set()
    for header in headers.values():
        title, *others = (" ".join(terms(name)) for name in (header.title, *header.also_known_as))
        expected |= {(name, title, header.id) for name in (title, *others)}
    found = a_to_z(snapshot)
    entries = list(chain.from_iterable(found.values()))
    listed = [
        (" ".join(terms(one.name)), " ".join(terms(one.subject or one.name)), id)
        for one in entries
        for id in one.sheet_ids
    ]
    assert sorted(listed) == sorted(expected)
    for members in found.values():
        order = [(fold(one.name).replace("-", " "), one.subject or "") for one in members]
        assert order == sorted(order)
    snapshot.close()


def test_it_is_made_once_and_goes_with_its_snapshot(tmp_path: Path) -> None:
    snapshot: Snapshot | None = library_of(tmp_path, ("Zinc fever",)).open()
    assert snapshot is not None
    assert a_to_z(snapshot) is a_to_z(snapshot)
    assert len(module._lists) >= 1
    snapshot.close()
    gone = weakref.ref(snapshot)
    snapshot = None
    gc.collect()
    assert gone() is None


def test_a_corrected_title_is_listed_instead(tmp_path: Path) -> None:
    library = library_of(tmp_path, ("Zinc fever",), ("Tin ache", "Brazier ague"))
    with open_index(library.index) as engine:
        assert list(lines(engine)) == ["B", "T", "Z"]
        library.write("00", Sheet("Zinc chill", (), None, None, ANSWERS))
        library.remove("01")
        library.build()
        assert lines(engine) == {"Z": [("Zinc chill", None)]}


def test_real_sheets_are_all_reached_from_their_letters(tmp_path: Path) -> None:
    build_index([data("medquad", "8_NHLBI_QA_XML")], tmp_path)
    with open_index(tmp_path) as engine:
        found = engine.a_to_z()
        titles = {id for entries in found.values() for one in entries if one.subject is None for id in one.sheet_ids}
        assert len(titles) == engine.coverage().sheets
        assert "He" in {one.start for one in found["H"]}
        for letter, entries in found.items():
            assert all(one.start.startswith(letter) or letter == "0-9" for one in entries)
