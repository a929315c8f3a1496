"""A build that only does what changed serves what a full build of the same folder serves."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Query, SearchEngine, build_index, open_index, readers
from indexer.errors import IndexStateError, NothingToPublishError, PageError
from indexer.index import build, pages, segments, workers
from indexer.index.generations import building
from indexer.model import BuildReport, Document, Page
from indexer.readers import read_pages
from indexer.readers.formats import FORMATS, TEXT
from indexer.sheets import passages

NOTE = "This note on how to read the table is on every page of the institute. It says nothing of any illness."


def page(name: str, answer: str = "It is rare.", *, note: bool = False) -> str:
    """Return a page with a question or two about an illness."""
    text = f"What is {name}?\n\n{answer}{f' {NOTE}' if note else ''}\n"
    return text + (f"\nWhat causes {name}?\n\nNobody knows.\n" if note else "")


def served(index: Path) -> dict[str, Document]:
    """Return every answer of an index by its id."""
    with open_index(index) as engine:
        assert engine.search(Query()).total == engine.generation().documents
        hits = engine.search(Query(per_page=100)).hits
        for hit in hits:
            assert engine.answer(hit.document.id) == (engine.sheet(hit.header.id), hit.document)
        return {hit.document.id: hit.document for hit in hits}


def told(report: BuildReport) -> BuildReport:
    """Return what two reports of the same pages must have in common."""
    return replace(report, new=0, changed=0, unchanged=0, removed=0, rebuilt=None, seconds=0.0, generation=None)


class Folder:
    """A folder that is edited, with an index that follows it."""

    def __init__(self, parent: Path) -> None:
        self.path, self.index, self._parent = parent / "pages", parent / "index", parent
        self.path.mkdir()

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def build(self) -> BuildReport:
        return build_index([self.path], self.index)

    def check(self) -> None:
        """Hold the index that followed the edits against one that is built from nothing."""
        fresh = self._parent / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        whole = build_index([self.path], fresh)
        assert told(self.build()) == told(whole)
        assert served(self.index) == served(fresh)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    for name in ("ash", "birch", "cedar"):
        folder.write(f"{name}.txt", page(name))
    folder.build()
    return folder


NAMES = st.sampled_from(["a.txt", "b.txt", "c.md", "d.txt"])
TEXTS = st.one_of(
    st.builds(page, st.sampled_from(["ash", "oak"]), st.sampled_from(["It is rare.", "Water it."]), note=st.booleans()),
    st.sampled_from(["", "Only prose.\n"]),
)
SIDECARS = st.sampled_from(['url = "https://example.org/a"\n', 'title = "Oak"\nurl = "https://example.org/a"\n', "bad"])
EDITS = st.one_of(
    st.tuples(st.just("write"), NAMES, TEXTS),
    st.tuples(st.just("write"), NAMES.map(lambda name: f"{name}.meta.toml"), SIDECARS),
    st.tuples(st.just("remove"), NAMES | NAMES.map(lambda name: f"{name}.meta.toml"), st.none()),
    st.tuples(st.just("rename"), NAMES, NAMES),
)


@settings(max_examples=25)
@given(st.lists(st.lists(EDITS, min_size=1, max_size=4), min_size=2, max_size=5))
def test_after_any_edits_an_index_that_followed_serves_what_a_new_one_serves(
    rounds: list[list[tuple[str, str, str]]],
) -> None:
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory() as parent:
        patched.setattr(passages, "SHARED_SHEETS", 2)
        patched.setattr(passages, "SHARED_WORDS", 10)
        patched.setattr(workers, "MAX_DOCUMENTS", 3)
        patched.setattr(readers, "GRAIN", 20_000_000)  # Linux counts in 10 ms at most: some stamps are to be trusted
        folder = Folder(Path(parent))
        for number in range(5):  # enough answers that stay, for no build to be stopped as too small
            folder.write(f"base-{number}.txt", page(f"pine {number}", note=number == 0))
        for edits in rounds:
            for what, name, other in edits:
                file = folder.path / name
                if what == "write":
                    folder.write(name, other)
                elif what == "remove":
                    file.unlink(missing_ok=True)
                elif file.exists():
                    file.rename(folder.path / other)
            folder.check()


def test_a_build_with_nothing_changed_publishes_nothing_and_says_what_the_first_said(folder: Folder) -> None:
    folder.write("empty.txt", "")
    folder.write("orphan.txt", page("elm", "Rare.[7]"))
    first = folder.build()
    second = folder.build()
    assert (second.unchanged, second.new, second.changed, second.generation) == (5, 0, 0, first.generation)
    assert told(second) == told(first)
    assert any("marker [7]" in warning for warning in second.warnings)
    assert list(second.refused.values()) == ["the file is empty"]


def test_a_page_that_can_never_be_read_is_refused_each_time_and_is_no_reason_to_publish(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, ".txt", replace(TEXT, max_bytes=60))
    folder.write("large.txt", page("elm") * 10)
    (folder.path / "out.txt").symlink_to(folder.index / "CURRENT")
    first = folder.build()
    second = folder.build()
    assert [Path(path).name for path in second.refused] == ["large.txt", "out.txt"]
    assert (second.generation, second.unchanged) == (first.generation, 5)


def test_only_what_changed_is_read_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def spy(file: Path, root: Path) -> Iterator[Page | PageError]:
        read.append(file.name)
        return read_pages(file, root)

    for number in range(20):  # few pages beside the changed ones would be written anew with them
        folder.write(f"{number}.txt", page(f"illness {number}"))
    folder.build()
    monkeypatch.setattr(workers, "read_pages", spy)
    folder.write("birch.txt", page("birch", "Changed."))
    folder.write("dogwood.txt", page("dogwood"))
    (folder.path / "cedar.txt").unlink()
    report = folder.build()
    assert read == ["birch.txt", "dogwood.txt"]
    assert (report.new, report.changed, report.unchanged, report.removed) == (1, 1, 21, 1)
    assert (report.pages, report.documents) == (23, 23)


def test_a_removed_page_is_found_no_more_and_its_words_are_missing(folder: Folder) -> None:
    (folder.path / "cedar.txt").unlink()
    folder.build()
    with open_index(folder.index) as engine:
        results = engine.search(Query("cedar"))
        assert (results.total, results.understood.missing) == (0, ("cedar",))
        assert engine.search(Query()).total == 2
    folder.check()


def test_a_sidecar_that_changes_changes_its_page(folder: Folder) -> None:
    folder.write("birch.txt.meta.toml", 'source = "Institute"\n')
    assert folder.build().changed == 1
    folder.write("source.toml", 'licence = "CC0"\n')
    assert folder.build().changed == 3
    folder.check()


def test_a_page_is_read_again_when_another_folder_is_built_for_ids_depend_on_the_path_below_it(
    folder: Folder, tmp_path: Path
) -> None:
    build_index([tmp_path], tmp_path / "another")
    build_index([folder.path], tmp_path / "another")
    assert served(tmp_path / "another") == served(folder.index)


def test_a_server_that_searches_meanwhile_has_the_next_answer_from_the_next_generation(folder: Folder) -> None:
    with SearchEngine(folder.index) as engine:
        assert engine.search(Query("willow")).total == 0
        assert engine.search(Query("rare")).total == 3
        folder.write("birch.txt", page("willow", "Common."))
        folder.build()
        results = engine.search(Query("willow"))
        assert (results.total, results.generation.number) == (1, 2)
        assert engine.search(Query("rare")).total == 2


def test_other_code_for_reading_reads_everything_again_but_the_index_serves_on(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "reading_code", lambda: "another")
    assert len(served(folder.index)) == 3
    report = folder.build()
    assert report.rebuilt == "the code that reads pages has changed"
    assert report.unchanged == 0
    assert folder.build().rebuilt is None


def test_the_code_for_reading_is_hashed_with_its_data_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "indexer"
    for room in ("readers", "sheets", "language"):
        (package / room).mkdir(parents=True)
    monkeypatch.setattr("indexer.index.pages.resources.files", lambda _: package)
    hashes = {pages.reading_code.__wrapped__()}
    for name, text in (("language/words.txt", "a"), ("language/words.txt", "b"), ("sheets/split.py", "b")):
        (package / name).write_text(text)
        hashes.add(pages.reading_code.__wrapped__())
    assert len(hashes) == 4


@pytest.mark.parametrize("damaged", ["whoosh", "pages.msgpack", "manifest.json"])
def test_a_damaged_generation_is_no_base_and_the_next_build_mends_the_index(folder: Folder, damaged: str) -> None:
    file = folder.index / "generations" / "1" / damaged
    for broken in list(file.glob("*.seg")) or [file]:
        broken.unlink()
    assert folder.build().rebuilt
    folder.check()


def test_a_note_that_comes_to_stand_on_enough_sheets_is_shared_on_all_of_them_and_no_longer_when_one_goes(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "SHARED_SHEETS", 3)
    monkeypatch.setattr(passages, "SHARED_WORDS", 10)
    for name in ("ash", "birch"):
        folder.write(f"{name}.txt", page(name, f"The {name} is a tree.", note=True))
    folder.build()
    assert not any(document.shared for document in served(folder.index).values())
    folder.write("cedar.txt", page("cedar", "The cedar is a tree.", note=True))
    assert folder.build().changed == 1
    shared = [document.answer[slice(*span)] for document in served(folder.index).values() for span in document.shared]
    assert shared == [NOTE] * 3
    with open_index(folder.index) as engine:
        assert engine.search(Query("institute")).understood.missing == ("institute",)
        snippets = [snippet.text for hit in engine.search(Query("tree illness")).hits for snippet in hit.snippets]
        assert set(snippets) == {"The ash is a tree.", "The birch is a tree.", "The cedar is a tree."}
    (folder.path / "ash.txt").unlink()
    folder.build()
    assert not any(document.shared for document in served(folder.index).values())
    folder.check()


def test_pages_of_one_address_and_different_titles_are_different_sheets(folder: Folder) -> None:
    for name, title in (("x", "Larch"), ("y", "Maple"), ("z", "larch")):
        folder.write(f"{name}.txt", page("the tree"))
        folder.write(f"{name}.txt.meta.toml", f'title = "{title}"\nurl = "https://example.org/trees"\n')
    report = folder.build()
    ids = {document.id for document in served(folder.index).values()}
    assert (report.documents, len(ids)) == (5, 5)
    assert [Path(path).name for path in report.refused] == ["z.txt"]
    (folder.path / "x.txt").unlink()  # now y has the address for itself, and z is its neighbour
    assert folder.build().refused == {}
    folder.check()


def test_many_small_builds_leave_few_segments_and_few_deleted_documents(folder: Folder) -> None:
    for number in range(40):
        folder.write(f"page-{number}.txt", page(f"illness {number}"))
        if number % 3 == 0:
            folder.write("ash.txt", page("ash", f"It changed {number} times."))
        report = folder.build()
    assert report.generation
    kept = segments.read_segments(folder.index / "generations" / str(report.generation.number))
    assert len(kept) <= 6  # log2 of 43 answers
    assert sum(segment.size for segment in kept) * (1 - segments.MAX_DELETED) <= 43
    folder.check()


@pytest.mark.parametrize(
    ("sizes", "live", "written", "gone"),
    [
        ({}, {}, 5, set()),
        ({"a": 100}, {"a": 100}, 3, set()),
        ({"a": 100, "b": 3}, {"a": 100, "b": 3}, 3, {"b"}),
        ({"a": 100, "b": 6, "c": 3}, {"a": 100, "b": 6, "c": 3}, 3, {"b", "c"}),
        ({"a": 100, "b": 6}, {"a": 70, "b": 6}, 0, {"a", "b"}),
        ({"a": 100, "b": 6}, {"a": 85, "b": 6}, 0, set()),
        ({"a": 10}, {}, 0, {"a"}),
    ],
)
def test_segments_are_merged_when_the_new_one_would_be_as_large_or_too_much_of_them_is_deleted(
    sizes: dict[str, int], live: dict[str, int], written: int, gone: set[str]
) -> None:
    assert segments.to_merge(sizes, live, written) == gone


def test_a_dry_run_says_what_would_happen_and_writes_nothing(folder: Folder, tmp_path: Path) -> None:
    folder.write("birch.txt", page("birch", "Changed."))
    folder.write("empty.txt", "")
    (folder.path / "cedar.txt").unlink()
    before = {path: path.stat().st_mtime_ns for path in folder.index.rglob("*")}
    report = build_index([folder.path], folder.index, dry_run=True)
    assert (report.new, report.changed, report.unchanged, report.removed) == (0, 1, 1, 1)
    assert (report.documents, len(report.refused), report.generation) == (2, 1, None)
    assert [(answer.change, answer.question) for answer in report.answers] == [
        ("changed", "What is birch?"), ("removed", "What is cedar?"),
    ]  # fmt: skip
    assert before == {path: path.stat().st_mtime_ns for path in folder.index.rglob("*")}
    assert build_index([folder.path], tmp_path / "nowhere", dry_run=True).new == 2
    assert not (tmp_path / "nowhere").exists()


def test_a_dry_run_after_the_code_has_changed_lists_only_answers_that_differ(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("birch.txt", page("birch", "Changed."))
    monkeypatch.setattr(build, "reading_code", lambda: "other")
    report = build_index([folder.path], folder.index, dry_run=True)
    assert report.rebuilt
    assert [(answer.change, answer.question) for answer in report.answers] == [("changed", "What is birch?")]


def test_a_heading_in_front_of_an_equal_one_takes_no_id_from_it(folder: Folder) -> None:
    first, second = "## Fees\n\nThree crowns.\n\n", "## Fees\n\nFor a year it is thirty.\n\n"
    folder.write("elm.md", f"# Elm\n\n{first}")
    folder.build()
    (before,) = [id for id, document in served(folder.index).items() if document.question == "Fees"]
    folder.write("elm.md", f"# Elm\n\n{second}{first}")
    folder.build()
    both = {id: document for id, document in served(folder.index).items() if document.question == "Fees"}
    assert both[before].answer == "Three crowns."
    assert build_index([folder.path], folder.index).unchanged == 4
    build_index([folder.path], folder.index, force=True)
    assert {id for id, document in served(folder.index).items() if document.question == "Fees"} == both.keys()
    folder.write("elm.md", f"# Elm\n\n{second}")
    folder.build()
    left = {id: document for id, document in served(folder.index).items() if document.question == "Fees"}
    assert left == {id: document for id, document in both.items() if id != before}


def test_an_index_of_less_than_half_the_answers_is_published_only_when_forced(folder: Folder) -> None:
    for name in ("ash", "birch"):
        (folder.path / f"{name}.txt").unlink()
    with pytest.raises(NothingToPublishError, match=r"1 answers where 3 serve now.*--force"):
        folder.build()
    assert len(served(folder.index)) == 3
    report = build_index([folder.path], folder.index, force=True)
    assert (report.documents, report.rebuilt) == (1, "it was asked for")
    assert len(served(folder.index)) == 1


def out_of_reach(patched: pytest.MonkeyPatch, path: Path, error: OSError) -> None:
    """Have a file or a folder be there and fail whoever opens it, whoever that is: nothing is forbidden to root."""

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def opened(at: object = ".", *rest: Any, **options: Any) -> Any:
            if str(at) == str(path):
                raise error
            return real(at, *rest, **options)

        return opened

    patched.setattr(os, "scandir", failing(os.scandir))
    patched.setattr(Path, "open", failing(Path.open))


@pytest.mark.parametrize("code_has_changed", [False, True])
def test_without_a_folder_of_pages_that_cannot_be_looked_at_nothing_is_published_unless_forced(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, code_has_changed: bool
) -> None:
    ward, shed = folder.path / "ward", folder.path / "shed"
    for place in (ward, shed):
        place.mkdir()
    folder.write("ward/elm.txt", page("elm"))
    folder.build()
    before = served(folder.index)
    folder.write("fir.txt", page("fir"))
    with monkeypatch.context() as patched:
        out_of_reach(patched, shed, PermissionError(errno.EACCES, "Permission denied"))
        assert folder.build().refused == {str(shed): "it cannot be looked at: Permission denied"}  # nothing is lost
        before |= served(folder.index)
    with monkeypatch.context() as patched:
        if code_has_changed:
            patched.setattr(build, "reading_code", lambda: "other")
        out_of_reach(patched, ward, OSError(errno.ENOTCONN, "Transport endpoint is not connected"))
        why = rf"be lost of {ward}: it cannot be looked at: Transport endpoint is not connected, so nothing .*--force"
        with pytest.raises(NothingToPublishError, match=why) as caught:
            folder.build()
        assert (caught.value.report.documents, [*caught.value.report.refused]) == (4, [str(ward)])
        assert served(folder.index) == before
        assert build_index([folder.path], folder.index, force=True).documents == 4
    assert folder.build().documents == 5
    shutil.rmtree(ward)
    assert folder.build().removed == 1  # what is really gone may go


def test_without_pages_that_cannot_be_read_nothing_is_published_and_what_is_read_may_be_wrong(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("birch.txt", page("birch", "Changed."))
    folder.write("cedar.txt", "Nothing is asked here.")
    ash = folder.path / "ash.txt"
    with monkeypatch.context() as patched:
        out_of_reach(patched, ash, OSError(errno.EIO, "Input/output error"))
        with pytest.raises(NothingToPublishError, match=rf"lost of {ash}: .* cannot be read: Input/output error, so"):
            folder.build()
        (folder.path / "new.txt").symlink_to("ash.txt")
        out_of_reach(patched, folder.path / "birch.txt", OSError(errno.EIO, "Input/output error"))
        with pytest.raises(NothingToPublishError, match=r"\(and 1 more\), so nothing"):
            folder.build()
    assert folder.build().documents == 2


def test_an_empty_index_is_published_only_when_forced_and_can_be_searched_and_built_upon(folder: Folder) -> None:
    shutil.rmtree(folder.path)
    folder.path.mkdir()
    with pytest.raises(NothingToPublishError, match="0 answers where 3 serve now"):
        folder.build()
    build_index([folder.path], folder.index, force=True)
    with open_index(folder.index) as engine:
        assert engine.search(Query("ash")).total == engine.search(Query()).total == 0
        assert engine.answer("nothing-1234.5678") is None
    folder.write("ash.txt", page("ash"))
    folder.check()


def test_two_builds_at_once_are_one_too_many(folder: Folder) -> None:
    with building(folder.index), pytest.raises(IndexStateError, match="another build is at work"):
        folder.build()
    assert folder.build().unchanged == 3


def test_what_a_killed_build_left_is_dropped_by_the_next(folder: Folder) -> None:
    (folder.index / "building-dead" / "generation").mkdir(parents=True)
    folder.build()
    assert not list(folder.index.glob("building-*"))


def test_files_are_copied_where_they_cannot_be_linked(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    folder.write("dogwood.txt", page("dogwood"))
    assert folder.build().unchanged == 3
    assert len(served(folder.index)) == 4
