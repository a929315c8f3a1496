"""Snapshots: deleted documents are nowhere, and a reader has one whole generation and gives its files back."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer import Query, SearchEngine
from indexer.index import build
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import function_terms, terms
from indexer.model import Listed
from indexer.search.search import search
from tests.search import exhaustive
from tests.search.library import NAMES, Library, Sheet, edited_collection


def sheet(title: str, *others: str, tea: str = "tea") -> Sheet:
    answers = (("How is {} treated?", f"With {tea}."), ("What is {}?", "An illness, all of it."))
    return Sheet(title, others, "LAUC", "2013-05", answers)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    opened = edited_collection(tmp_path_factory.mktemp("collection")).open()
    assert opened.impacts.live is not None
    yield opened
    opened.close()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Four sheets, of which two are gone, with the documents of all of them in one segment."""
    monkeypatch.setattr(build, "to_merge", lambda sizes, live, written: set())
    library = Library(tmp_path)
    library.write("Ash disease", sheet("Ash disease", "Ashen lung"))
    library.write("Birch disease", sheet("Birch disease"))
    for title in ("Batten disease", "Battem fever"):
        library.write(title, sheet(title, tea="teal"))
    library.build()
    library.remove("Batten disease")
    library.remove("Battem fever")
    library.build()
    return library


def test_what_is_counted_is_what_is_there(snapshot: Snapshot) -> None:
    answers = exhaustive.read(snapshot)
    impacts, columns = snapshot.impacts, snapshot.columns
    assert impacts.documents == len(answers) == snapshot.generation.documents < impacts.size
    assert [columns.ids[number] for number in snapshot.everything] == [answer.id for answer in answers]
    live = set(snapshot.everything.tolist())
    found = {term for answer in answers for counted in answer.counted.values() for term in counted}
    for term in found:
        assert impacts.frequency(term) == sum(answer.has([term]) for answer in answers), term
        assert set(np.flatnonzero(snapshot.having([term])).tolist()) <= live


def test_names_are_those_of_the_sheets_that_are_there(snapshot: Snapshot) -> None:
    answers = exhaustive.read(snapshot)
    live = set(snapshot.everything.tolist())
    for name in snapshot.names:
        assert live.issuperset(number for numbers in name.sheets for number in numbers)
        ids = {snapshot.columns.sheet[number] for numbers in name.sheets for number in numbers}
        assert ids == {answer.header.id for answer in answers if name.terms in answer.names}
    assert {name.terms for name in snapshot.names} == {name for answer in answers for name in answer.names}
    assert len({*snapshot.names}) <= len(NAMES)


def test_sheets_and_lists_of_answers_agree_with_what_is_stored(snapshot: Snapshot) -> None:
    columns, records = snapshot.columns, {number: snapshot.record(number) for number in snapshot.everything.tolist()}
    assert [number for sheet in snapshot.sheets for number in sheet] == list(records)
    for sheet in snapshot.sheets:
        assert {records[number].header for number in sheet} == {records[sheet.start].header}
        assert [records[number].place for number in sheet] == [*range(len(sheet))]
        header = records[sheet.start].header
        assert [name for name, _ in columns.names[sheet.start]] == [header.title, *header.also_known_as]
        assert columns.provenance[sheet.start] == header.provenance
    for number, record in records.items():
        one, source = record.document, record.header.provenance.source
        expected = Listed(one.id, one.question, one.question_type, one.last_updated, source)
        assert (columns.listed(number), columns.titles[number]) == (expected, record.header.title)


def test_a_sheet_that_is_gone_is_in_no_answer_count_facet_or_name(library: Library) -> None:
    with SearchEngine(library.index) as engine:
        everything = engine.search(Query())
        assert (everything.total, everything.generation.documents) == (4, 4)
        assert {facet: [value.count for value in values] for facet, values in everything.facets.items()} == {
            "type": [2, 2],
            "source": [4],
            "updated": [4],
        }
        for text in ("batten disease", "battem fever"):
            results = engine.search(Query(text, exact=True))
            assert set(results.understood.missing) == {text.split()[0], *(["fever"] if "fever" in text else [])}
            assert results.total == sum(value.count for value in results.facets["type"]) == 4 * ("disease" in text)
        assert engine.search(Query("tea")).total == 2
        assert engine.search(Query("remedy cure")).total == 2  # words that stand nowhere: the kind alone is matched
        assert engine.sheet("batten-disease") is None
        for hit in everything.hits:
            assert all(
                header.title in ("Ash disease", "Birch disease") for header, _ in engine.similar(hit.document.id)
            )


@pytest.mark.parametrize("text", ["batten", "battem", "battenn"])
def test_nothing_is_put_right_to_a_name_that_is_gone(library: Library, text: str) -> None:
    snapshot = library.open()
    understood = search(snapshot, Query(text)).understood
    snapshot.close()
    assert not understood.corrected
    assert not understood.alternatives


def test_a_star_and_a_tilde_stand_for_no_word_that_is_gone(library: Library) -> None:
    snapshot = library.open()
    starred, near = (search(snapshot, Query(text)).understood.concepts[0].alternatives for text in ("tea*", "tea~"))
    snapshot.close()
    assert ("teal",) not in (*starred, *near)


def test_no_term_of_a_sheet_that_is_gone_has_a_document(library: Library) -> None:
    snapshot = library.open()
    gone = set(terms("Batten Battem fever")) - function_terms()
    assert {term: snapshot.impacts.frequency(term) for term in gone} == dict.fromkeys(gone, 0)
    assert not any(snapshot.having([term]).any() for term in gone)
    snapshot.close()


def round_of(library: Library, number: int) -> None:
    """Have all pages of a library say which round it is, and publish that."""
    for title in ("Ash disease", "Birch disease", "Cedar disease"):
        answers = (("What is {}?", f"An illness of round{number}."), ("Treatment", f"The tea of round{number}."))
        library.write(title, Sheet(title, (), f"Round {number}", None, answers))
    assert library.build().generation


def test_readers_have_whole_generations_while_others_are_published(tmp_path: Path) -> None:
    library = Library(tmp_path)
    round_of(library, 1)
    errors: list[BaseException] = []
    seen: list[list[int]] = [[] for _ in range(8)]
    last = threading.Event()

    with SearchEngine(library.index) as engine:

        def read(numbers: list[int]) -> None:
            try:
                while not last.is_set() or numbers[-1] < 6:
                    results = engine.search(Query("disease illness tea"))
                    number = results.generation.number
                    numbers.append(number)
                    assert results.total == results.generation.documents == 6
                    assert {hit.header.provenance.source for hit in results.hits} == {f"Round {number}"}
                    assert all(f"round{number}." in hit.document.answer for hit in results.hits)
                    assert [(one.value, one.count) for one in results.facets["source"]] == [(f"Round {number}", 6)]
                    assert all(f"round{number}" in one.text for hit in results.hits for one in hit.snippets)
            except BaseException as error:  # noqa: BLE001 - told to the test below
                errors.append(error)

        threads = [threading.Thread(target=read, args=(numbers,)) for numbers in seen]
        for thread in threads:
            thread.start()
        for number in range(2, 7):
            round_of(library, number)
        last.set()
        for thread in threads:
            thread.join()
        assert errors == []
        for numbers in seen:
            assert numbers == sorted(numbers)
            assert numbers[-1] == 6
        assert open_generations(library.index) <= {"6"}
    assert open_generations(library.index) == set()


def open_files(index: Path) -> list[Path]:
    """Return the files of an index that this process has open."""
    gc.collect()
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(descriptor.readlink())
        except OSError:  # that of the folder itself
            continue
    return [path for path in found if path.is_relative_to(index)]


def open_generations(index: Path) -> set[str]:
    return {path.relative_to(index).parts[1] for path in open_files(index)} if PROC else set()


PROC = Path("/proc/self/fd").exists()
proc = pytest.mark.skipif(not PROC, reason="this system does not say which files are open")


@proc
def test_a_generation_that_no_call_holds_any_more_has_no_open_file(tmp_path: Path) -> None:
    library = Library(tmp_path)
    with SearchEngine(library.index) as engine:
        for number in range(1, 4):
            round_of(library, number)
            hit = engine.search(Query("tea")).hits[0]
            engine.similar(hit.document.id)
            assert engine.sheet(hit.header.id)
            assert open_generations(library.index) == {str(number)}
    assert open_files(library.index) == []


@proc
def test_an_older_generation_stays_open_for_the_call_that_holds_it_and_no_longer(tmp_path: Path) -> None:
    library = Library(tmp_path)
    round_of(library, 1)
    with SearchEngine(library.index) as engine, engine._live.snapshot() as held:
        round_of(library, 2)
        assert engine.generation().number == 2
        assert open_generations(library.index) == {"1", "2"}
        assert search(held, Query("round1")).total == 6
        del held
    assert open_files(library.index) == []


@proc
def test_threads_that_have_ended_leave_no_file_open(tmp_path: Path) -> None:
    library = Library(tmp_path)
    round_of(library, 1)
    with SearchEngine(library.index) as engine:
        engine.search(Query("tea"))
        before = len(open_files(library.index))
        for _ in range(20):
            thread = threading.Thread(target=engine.search, args=(Query("tea"),))
            thread.start()
            thread.join()
        assert len(open_files(library.index)) <= before + 1


@proc
def test_an_index_that_cannot_be_opened_leaves_no_file_open(tmp_path: Path) -> None:
    library = Library(tmp_path)
    round_of(library, 1)
    for file in (library.index / "generations" / "1" / "arrays").rglob("covers.npy"):
        file.unlink()
    with SearchEngine(library.index) as engine, pytest.raises(Exception, match="is damaged"):
        engine.generation()
    assert open_files(library.index) == []
