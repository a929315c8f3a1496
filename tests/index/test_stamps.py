"""A build does not open what the file system says is as it was; and it knows when not to believe that."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer import build_index, readers
from indexer.index import workers
from indexer.readers import Folders, page_digest
from tests.index.test_incremental import Folder, page


@pytest.fixture
def trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A folder of pages, and an index of them, where no change is too young for a stamp."""
    monkeypatch.setattr(readers, "GRAIN", 0)
    folder = Folder(tmp_path)
    for number in range(20):  # few pages beside a changed one would be written anew with it
        folder.write(f"{number}.txt", page(f"tree {number}"))
    folder.write("ash.txt", page("ash"))
    folder.write("empty.txt", "")
    folder.build()
    return folder


def opened(folder: Folder, monkeypatch: pytest.MonkeyPatch, *, force: bool = False) -> set[str]:
    """Build, and return the names of the pages and sidecars that were opened for it."""
    names = set()

    def spy(file: Path, root: Path) -> Iterator[bytes]:
        assert file.is_relative_to(root)
        names.add(file.name)
        yield file.read_bytes()

    with monkeypatch.context() as patched:
        patched.setattr(readers, "_chunks", spy)
        build_index([folder.path], folder.index, force=force)
    return names


def test_only_what_looks_otherwise_than_before_is_opened(trees: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(trees, monkeypatch) == set()
    trees.write("ash.txt", page("oak"))
    trees.write("7.meta.toml", 'title = "Elm"\n')
    assert opened(trees, monkeypatch) == {"ash.txt", "7.txt", "7.meta.toml"}
    assert opened(trees, monkeypatch) == set()
    (trees.path / "7.meta.toml").unlink()
    assert opened(trees, monkeypatch) == {"7.txt", "ash.txt"}  # they lie in one segment, which is written anew
    trees.check()


def test_when_it_is_forced_everything_is_opened(trees: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(opened(trees, monkeypatch, force=True)) == 22


def test_another_time_alone_is_no_change(trees: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(trees.path / "ash.txt", (1, 1))
    assert opened(trees, monkeypatch) == {"ash.txt"}
    report = trees.build()
    assert (report.unchanged, report.generation and report.generation.number) == (22, 1)
    trees.write("3.txt", page("fir"))
    trees.build()  # something is published, and the new time with it
    assert opened(trees, monkeypatch) == set()


def test_a_page_that_is_written_again_with_its_size_and_its_time_of_before_is_a_changed_page(trees: Folder) -> None:
    file = trees.path / "ash.txt"
    before = file.stat()
    file.write_text(page("oak"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = file.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert trees.build().changed == 1
    trees.check()


def test_pages_that_change_within_one_step_of_a_slow_clock_are_read_each_time(
    trees: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stat(path: str) -> SimpleNamespace:
        exact = os.stat(path)  # noqa: PTH116
        seconds, changed = exact.st_mtime_ns // 10**9 * 10**9, exact.st_ctime_ns // 10**9 * 10**9
        return SimpleNamespace(st_mtime_ns=seconds, st_ctime_ns=changed, st_size=exact.st_size, st_ino=exact.st_ino)

    monkeypatch.undo()
    monkeypatch.setattr(readers, "os", SimpleNamespace(stat=stat))
    for name in ("oak", "elm", "yew", "fir", "box"):
        trees.write("ash.txt", page(name))
        assert trees.build().changed == 1
    trees.check()


def test_a_sidecar_that_was_there_only_while_its_page_was_read_is_forgotten(
    trees: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sidecar = trees.path / "ash.meta.toml"

    def digest(file: Path, root: Path, folders: Folders) -> str:
        if file.name == "ash.txt":
            sidecar.write_text('title = "Mountain ash"\n')
        return page_digest(file, root, folders)

    trees.write("ash.txt", page("rowan"))
    with monkeypatch.context() as patched:
        patched.setattr(workers, "page_digest", digest)
        trees.build()
    sidecar.unlink()
    trees.check()


def test_a_page_of_times_to_come_is_opened_each_time(trees: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(trees.path / "ash.txt", (2**32, 2**32))
    trees.write("3.txt", page("fir"))
    trees.build()
    assert opened(trees, monkeypatch) == {"ash.txt"}
