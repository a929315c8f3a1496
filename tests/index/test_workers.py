"""Worker processes: the same index as without them, and no index at all when one of them dies."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from indexer import Query, build_index, open_index
from indexer.errors import BuildError
from indexer.index import workers
from indexer.index.pages import Reading
from indexer.model import Found, Page, PageWarning
from tests.conftest import CORPUS, PAGES
from tests.index.test_incremental import page, served, told

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork: there are no workers")


@pytest.fixture(autouse=True)
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two processes work for as few as two pages."""
    assert threading.active_count() == 1, "a test before this one left a thread, so that nothing is forked here"
    monkeypatch.setattr(workers, "PAGES_A_WORKER", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_workers_build_what_one_process_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []
    many = build_index([CORPUS, PAGES], tmp_path / "many", progress=lambda *step: steps.append(step))
    assert steps == [(done, steps[0][1]) for done in range(1, steps[0][1] + 1)]
    assert len(list((tmp_path / "many" / "generations" / "1" / "whoosh").glob("*.seg"))) == 2
    monkeypatch.setattr(workers, "PAGES_A_WORKER", 1000)
    one = build_index([CORPUS, PAGES], tmp_path / "one")
    assert told(many) == told(one)
    assert served(tmp_path / "many") == served(tmp_path / "one")


def test_an_index_that_workers_wrote_follows_edits(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text(page(f"illness {number}"))
    build_index([folder], tmp_path / "index")
    (folder / "3.txt").write_text(page("zebra"))
    (folder / "4.txt").unlink()
    assert build_index([folder], tmp_path / "index").unchanged == 18
    with open_index(tmp_path / "index") as engine:
        assert engine.search(Query("zebra")).total == 1
        assert engine.search(Query()).total == 19
    build_index([folder], tmp_path / "fresh")
    assert served(tmp_path / "index") == served(tmp_path / "fresh")


def test_a_worker_that_dies_is_an_error_and_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(file: Path, root: Path) -> Page:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError(file, root)

    build_index([CORPUS], tmp_path)
    monkeypatch.setattr(workers, "read_pages", die)
    with pytest.raises(BuildError, match="exit code -9, so nothing was published"):
        build_index([CORPUS, PAGES], tmp_path)
    assert (tmp_path / "CURRENT").read_text() == "1\n"
    assert not list(tmp_path.glob("building-*"))


def test_a_disk_that_is_full_for_a_worker_is_the_error_of_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(workers, "write_segment", fail)
    with pytest.raises(OSError, match="No space left"):
        build_index([CORPUS, PAGES], tmp_path)
    assert not (tmp_path / "CURRENT").exists()


def test_a_process_with_other_threads_is_not_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_serve", None)  # would be an error in a worker
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert build_index([CORPUS], tmp_path).documents
    finally:
        done.set()
        thread.join()


def test_results_larger_than_a_pipe_holds_come_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = Reading(None, "x", "x-1", "x", "", 1, b"\0" * 1_000_000, (PageWarning("w" * 1_000_000),))
    monkeypatch.setattr(workers, "reading_of", lambda sheet, path, page: large)
    with workers.Workers() as hands:
        taken: list[object] = []
        found = [Found(file, PAGES) for file in sorted(PAGES.glob("*.txt"))]
        hands.read(found, lambda *result: taken.append(result[2]))
        assert taken == [large] * len(found)


def test_workers_end_with_a_build_that_is_killed(tmp_path: Path) -> None:
    program = f"""
import os, time
from pathlib import Path
from indexer import build_index
from indexer.index import workers
workers.PAGES_A_WORKER, os.cpu_count = 1, lambda: 2

def wait(file, root):
    Path({str(tmp_path)!r}, f"worker-{{os.getpid()}}").touch()
    time.sleep(600)

workers.read_pages = wait
build_index([{str(PAGES)!r}], {str(tmp_path / "index")!r})
"""
    build = subprocess.Popen([sys.executable, "-c", program])
    while len(found := list(tmp_path.glob("worker-*"))) < 2:
        assert build.poll() is None
        time.sleep(0.02)
    build.kill()
    build.wait()
    for process in (int(path.name.partition("-")[2]) for path in found):
        while _runs(process):
            time.sleep(0.02)
    (tmp_path / "index" / "building-dead").mkdir()
    assert build_index([PAGES], tmp_path / "index").documents
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == ["CURRENT", "LOCK", "generations"]


def _runs(process: int) -> bool:
    """Return whether a process is alive; one that has ended and waits for somebody to ask is not."""
    status = Path(f"/proc/{process}/stat")
    if status.parent.parent.exists():
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
