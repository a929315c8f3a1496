"""The door: which generation answers, while builds publish others."""

import gc
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer import Query, SearchEngine, build_index
from indexer.index import live, store
from indexer.index.snapshot import Snapshot

PAGE = "# Oak {0}\n\n## How is oak {0} treated?\n\nWater it.\n"


def published(folder: Path, number: int) -> None:
    """Publish an index of one page, as the generation of that number."""
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "oak.md").write_text(PAGE.format(number))
    build_index([folder / "in"], folder / "index", force=True)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine that opens generations aside, over an index with one."""
    published(tmp_path, 1)
    with SearchEngine(tmp_path / "index", opens_aside=True) as opened:
        opened.make_ready()
        yield opened
    gc.unfreeze()


class Gate:
    """Holds the making of snapshots until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened, self.made = threading.Event(), threading.Semaphore(0)

        def make(index: Path, number: int) -> Snapshot:
            self.opened.wait(20)
            try:
                return Snapshot(index, number)
            finally:
                self.made.release()

        monkeypatch.setattr(store, "Snapshot", make)

    def let_through(self, count: int = 1) -> None:
        """Let snapshots be made, and wait until so many were tried and their threads have ended."""
        self.opened.set()
        for _ in range(count):
            assert self.made.acquire(timeout=20)
        for thread in threading.enumerate():
            if thread.name == "opens a generation":
                thread.join(20)


def test_the_generation_before_answers_until_the_next_one_is_open(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    published(tmp_path, 2)
    assert [engine.generation().number for _ in range(3)] == [1, 1, 1]
    gate.let_through()
    assert engine.generation().number == 2
    assert engine.search(Query("oak")).hits[0].header.title == "Oak 2"


def test_what_is_made_of_several_calls_keeps_its_generation_while_another_takes_over(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    with engine.one_generation() as held:
        published(tmp_path, 2)
        with ThreadPoolExecutor() as another:
            another.submit(engine.generation).result()
        gate.let_through()
        assert (held.number, engine.search(Query("oak")).hits[0].header.title) == (1, "Oak 1")
    assert engine.generation().number == 2


def test_of_two_published_meanwhile_the_last_one_answers(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    for number in (2, 3):
        published(tmp_path, number)
        assert engine.generation().number == 1
    gate.let_through(2)
    assert engine.generation().number == 3


def test_a_generation_that_cannot_be_opened_is_said_in_the_log_and_the_one_before_goes_on(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(monkeypatch)
    published(tmp_path, 2)
    for file in (tmp_path / "index" / "generations" / "2" / "arrays").rglob("columns.msgpack"):
        file.write_bytes(b"torn")
    assert engine.generation().number == 1
    with caplog.at_level(logging.ERROR):
        gate.let_through()
    assert "generation 2 is damaged" in caplog.text
    assert engine.damaged
    assert engine.search(Query("oak")).hits[0].header.title == "Oak 1"


def test_whoever_asks_first_after_a_publish_has_the_new_generation_when_it_is_watched_for(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_LOOK_SECONDS", 0.01)
    gate = Gate(monkeypatch)
    engine.watch()
    published(tmp_path, 2)
    gate.let_through()
    assert engine.generation().number == 2


def test_without_opening_aside_the_next_call_has_the_new_generation(tmp_path: Path) -> None:
    published(tmp_path, 1)
    with SearchEngine(tmp_path / "index") as engine:
        assert engine.generation().number == 1
        published(tmp_path, 2)
        assert engine.search(Query("oak")).generation.number == 2
