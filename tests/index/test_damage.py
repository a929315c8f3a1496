"""Damage: a generation with a byte that is not what was written does not serve; the one before it does, and says so."""

from __future__ import annotations

import gc
import shutil
import threading
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from indexer import SearchEngine, open_index
from indexer.errors import IndexStateError, NothingToPublishError
from indexer.index import build, generations, manifest, schema
from indexer.index.generations import load
from indexer.model import Generation
from indexer.settings import Settings
from tests.index.rounds import Rounds, answers, rounds
from tests.webui.reading import ask
from webui import create_app


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def prolong(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")


FILES = (
    *(
        "manifest.json",
        "pages.msgpack",
        "whoosh/*.seg",
        "whoosh/*.toc",
        "arrays/*/terms.msgpack",
        "arrays/*/starts.npy",
    ),
    *("arrays/*/documents.npy", "arrays/*/impacts.npy", "arrays/*/covers.npy", "arrays/*/columns.msgpack"),
    *("arrays/*/records.msgpack", "arrays/*/records.npy"),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Rounds:
    """Two generations that share no file."""
    shelf = Rounds(tmp_path)
    shelf.publish(1)
    shutil.copytree(shelf.index / "generations" / "1", tmp_path / "copy")
    shelf.publish(2)
    shutil.rmtree(shelf.index / "generations" / "1")
    shutil.copytree(tmp_path / "copy", shelf.index / "generations" / "1")
    return shelf


def in_generation(shelf: Rounds, number: int, pattern: str) -> list[Path]:
    found = [*(shelf.index / "generations" / str(number)).glob(pattern)]
    assert found
    return found


def test_every_kind_of_file_is_damaged_below(shelf: Rounds) -> None:
    folder = shelf.index / "generations" / "2"
    assert {file for file in folder.rglob("*") if file.is_file()} == {
        file for pattern in FILES for file in folder.glob(pattern)
    }


@pytest.mark.parametrize("damages", [[flip], [cut, empty, prolong, Path.unlink]])
def test_of_a_damaged_generation_the_one_before_serves_until_a_build_mends_it(
    shelf: Rounds, damages: list[Callable[[Path], None]], caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(shelf.index, shelf.index.with_name("whole"))
    for pattern, damage in zip(FILES, cycle(damages), strict=False):
        shutil.rmtree(shelf.index)
        shutil.copytree(shelf.index.with_name("whole"), shelf.index)
        damage(in_generation(shelf, 2, pattern)[0])
        caplog.clear()
        with SearchEngine(shelf.index) as engine:
            assert rounds(answers(engine)) == {"round1"}, pattern
            assert engine.damaged
            client = create_app(Settings(index=shelf.index), engine).test_client()
            body = ask(client, "/healthz/ready")
            assert (body["damaged"], body["index"]["generation"]) == (True, 1)
            (said,) = [record.getMessage() for record in caplog.records]
            assert said.startswith("generation 2 is damaged (")
            assert said.endswith("): run `factsheets build`; generation 1 answers")
            assert str(shelf.index) not in said
            report = shelf.build()
            assert report.generation
            assert (report.generation.number, report.rebuilt, report.changed) == (3, None, 1)
            assert rounds(answers(engine)) == {"round2"}
            assert ask(client, "/healthz/ready")["damaged"] is False
        assert shelf.build().generation == report.generation


@pytest.mark.parametrize("opens_aside", [False, True])
def test_a_server_that_runs_goes_on_with_what_it_has_when_what_is_published_is_damaged(
    shelf: Rounds, opens_aside: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with SearchEngine(shelf.index, opens_aside=opens_aside) as engine:
        engine.make_ready()
        publish = generations.publish

        def damaged(*arguments: Any) -> Generation:
            generation = publish(*arguments)
            for file in in_generation(shelf, generation.number, "arrays/*/records.msgpack"):
                flip(file)
            return generation

        with monkeypatch.context() as patched:
            patched.setattr(generations, "publish", damaged)
            shelf.publish(3)
        assert engine.generation().number == 2
        wait_for_threads()
        for _ in range(3):
            assert (rounds(answers(engine)), engine.damaged) == ({"round2"}, True)
        assert caplog.text.count("generation 2 answers") == 1
        shelf.build()
        engine.generation()
        wait_for_threads()
        assert (rounds(answers(engine)), engine.damaged) == ({"round3"}, False)
    gc.unfreeze()


def test_a_server_that_runs_goes_on_when_its_index_is_gone_and_has_the_next_one(
    shelf: Rounds, caplog: pytest.LogCaptureFixture
) -> None:
    with SearchEngine(shelf.index) as engine:
        engine.generation()
        shutil.rmtree(shelf.index)
        for _ in range(2):
            assert (rounds(answers(engine)), engine.damaged) == ({"round2"}, True)
        assert caplog.text.count("there is no index in") == 1
        for number in (3, 4):
            shelf.publish(number)
        assert (rounds(answers(engine)), engine.damaged) == ({"round4"}, False)
        assert engine.generation().number == 2  # as before


def wait_for_threads() -> None:
    """Wait until no generation is being opened aside."""
    for thread in threading.enumerate():
        if thread.name == "opens a generation":
            thread.join(20)


@pytest.mark.parametrize("torn", [b"", b"seven", b"-1", b"99\n", b"\0\0", None])
def test_of_a_torn_current_the_newest_whole_generation_serves_and_the_next_build_mends_it(
    shelf: Rounds, torn: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    with SearchEngine(shelf.index) as engine:
        answers(engine)
        (shelf.index / "CURRENT").unlink()
        if torn is not None:
            (shelf.index / "CURRENT").write_bytes(torn)
        assert rounds(shelf.answers()) == {"round2"}
        assert (rounds(answers(engine)), engine.damaged) == ({"round2"}, True)
        assert caplog.text.count("generation 2 answers") == 2
        assert shelf.build().changed == 0
        assert (shelf.index / "CURRENT").read_text() == "3\n"
        assert rounds(shelf.answers()) == {"round2"}
        assert (rounds(answers(engine)), engine.damaged) == ({"round2"}, False)


def test_no_bit_of_a_manifest_can_change_unnoticed(shelf: Rounds) -> None:
    file = shelf.index / "generations" / "2" / "manifest.json"
    content = file.read_bytes()
    for place in range(0, 8 * len(content), 7):  # every bit of a byte comes up
        changed = bytearray(content)
        changed[place // 8] ^= 1 << place % 8
        file.write_bytes(changed)
        with pytest.raises(IndexStateError, match=r"damaged|another version"):
            load(shelf.index, 2)


def test_damage_that_generations_share_leaves_none_to_serve_and_a_build_makes_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "to_merge", lambda sizes, live, written: set())
    shelf = Rounds(tmp_path)
    for number in (1, 2):
        shelf.publish(number)
    (shared,) = [file for file in in_generation(shelf, 2, "whoosh/*.seg") if file.stat().st_nlink == 2]
    flip(shared)
    with pytest.raises(IndexStateError, match=r"generation 2 is damaged .*: run `factsheets build`"):
        open_index(shelf.index)
    report = shelf.build()
    assert report.rebuilt == f"generation 2 is damaged (whoosh/{shared.name} is not what was written)"
    assert rounds(shelf.answers()) == {"round2"}
    assert shelf.strays() == set()


def test_what_is_linked_is_not_read_for_the_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "to_merge", lambda sizes, live, written: set())
    shelf = Rounds(tmp_path)
    shelf.publish(1)
    links: list[int] = []
    sum_of = manifest._sum

    def told(file: Path) -> manifest.Sum:
        links.append(file.stat().st_nlink)
        return sum_of(file)

    monkeypatch.setattr(generations, "check", lambda *_: None)
    monkeypatch.setattr(manifest, "_sum", told)
    shelf.publish(2)
    linked = [file for file in in_generation(shelf, 2, "**/*") if file.is_file() and file.stat().st_nlink > 1]
    assert len(linked) == 9
    assert set(links) == {1}
    monkeypatch.undo()
    load(shelf.index, 2)


@pytest.mark.parametrize("pattern", ["arrays/*/terms.msgpack", "manifest.json"])
def test_fewer_answers_are_not_published_over_a_damaged_index_either(shelf: Rounds, pattern: str) -> None:
    for number in (1, 2):
        flip(in_generation(shelf, number, pattern)[0])
    for page in shelf.pages.glob("Ash*"):
        page.unlink()
    if pattern == "manifest.json":  # nobody knows how many there were
        assert shelf.build().documents == 1
        return
    with pytest.raises(NothingToPublishError, match="1 answers where 3 serve now"):
        shelf.build()
    assert (shelf.index / "CURRENT").read_text() == "2\n"


def test_a_generation_of_another_version_is_passed_over_as_well(
    shelf: Rounds, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as other:
        other.setattr(schema, "FORMAT_VERSION", 0)
        shelf.publish(3)
    assert rounds(shelf.answers()) == {"round2"}
    assert "generation 3 was built by another version: run `factsheets build`; generation 2 answers" in caplog.text
