"""Going back: the generation before serves at once, the next build goes on numbering, and nothing in use is dropped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer import Query, SearchEngine
from indexer.cli import main
from indexer.index import store
from indexer.index.generations import building
from indexer.index.snapshot import Snapshot
from tests.index.rounds import Rounds, answers, rounds


@pytest.fixture
def shelf(tmp_path: Path) -> Rounds:
    """Two generations."""
    shelf = Rounds(tmp_path)
    for number in (1, 2):
        shelf.publish(number)
    return shelf


def rollback(shelf: Rounds, *options: str) -> Result:
    return CliRunner().invoke(main, ["rollback", "--index", str(shelf.index), *options])


def numbers(shelf: Rounds) -> set[str]:
    return {path.name for path in (shelf.index / "generations").iterdir()}


def test_the_generation_before_serves_at_once_and_it_is_said(shelf: Rounds) -> None:
    with SearchEngine(shelf.index) as running:
        assert rounds(answers(running)) == {"round2"}
        result = rollback(shelf)
        assert (rounds(answers(running)), rounds(shelf.answers())) == ({"round1"}, {"round1"})
        assert running.generation().number == 1
    built = running.generation().built_at
    assert result.stdout == f"generation 1 replaces 2: 3 answers, built at {built}\n"
    assert (result.stderr, result.exit_code) == ("", 0)


def test_programs_are_told_in_json(shelf: Rounds) -> None:
    result = rollback(shelf, "--json")
    body = json.loads(result.stdout)
    assert body.pop("index").keys() == {"generation", "built_at", "documents"}
    assert body == {"instead_of": 2}
    assert result.stderr.startswith("generation 1 replaces 2: 3 answers")


def test_the_next_build_goes_on_numbering_and_keeps_what_served_before_it(shelf: Rounds) -> None:
    rollback(shelf)
    report = shelf.publish(3)
    assert report.generation
    assert (report.generation.number, report.changed) == (3, 1)
    assert numbers(shelf) == {"1", "3"}
    assert rounds(shelf.answers()) == {"round3"}
    rollback(shelf)
    assert rounds(shelf.answers()) == {"round1"}


def test_a_build_of_the_same_pages_brings_back_what_was_rolled_back(shelf: Rounds) -> None:
    rollback(shelf)
    report = shelf.build()
    assert report.generation
    assert (report.generation.number, report.changed) == (3, 1)
    assert rounds(shelf.answers()) == {"round2"}


def refused(shelf: Rounds) -> str:
    """Return what is said about going back, which changes nothing."""
    before = (shelf.index / "CURRENT").read_bytes(), numbers(shelf)
    result = rollback(shelf)
    assert (result.exit_code, result.stdout) == (3, "")
    assert ((shelf.index / "CURRENT").read_bytes(), numbers(shelf)) == before
    return result.stderr.removeprefix("factsheets: ").removesuffix("\n")


def test_there_is_no_way_back_from_the_first(shelf: Rounds) -> None:
    rollback(shelf)
    assert refused(shelf) == f"there is no generation before 1 in {shelf.index}"


def test_there_is_no_way_back_to_what_is_damaged(shelf: Rounds) -> None:
    (shelf.index / "generations" / "1" / "pages.msgpack").write_bytes(b"")
    assert refused(shelf).startswith("generation 1 is damaged (pages.msgpack has 0 bytes of ")
    assert rounds(shelf.answers()) == {"round2"}


def test_there_is_no_way_back_while_a_build_is_at_work_or_from_a_torn_current(shelf: Rounds) -> None:
    with building(shelf.index):
        assert "another build is at work" in refused(shelf)
    (shelf.index / "CURRENT").write_bytes(b"")
    assert refused(shelf) == "CURRENT names no generation: run `factsheets build`"


def test_without_an_index_it_is_said_which_command_makes_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["rollback", "--index", str(tmp_path / "nothing")])
    assert result.exit_code == 3
    assert "`factsheets build` makes one" in result.stderr
    assert not (tmp_path / "nothing").exists()


def test_a_damaged_generation_can_be_left_behind(shelf: Rounds) -> None:
    (shelf.index / "generations" / "2" / "pages.msgpack").write_bytes(b"")
    with SearchEngine(shelf.index) as engine:
        assert (engine.generation().number, engine.damaged) == (1, True)
        rollback(shelf)
        assert (engine.generation().number, engine.damaged) == (1, False)


def test_what_is_dropped_while_it_is_in_use_answers_on(shelf: Rounds) -> None:
    with SearchEngine(shelf.index) as engine, engine.one_generation() as held:
        for number in (3, 4, 5):
            shelf.publish(number)
        assert numbers(shelf) == {"4", "5"}
        assert rounds(answers(engine)) == {"round2"}
        assert engine.search(Query('"the tea of"')).total == 1
        id = engine.search(Query("tea")).hits[0].document.id
        assert engine.similar(id) == ()
        assert engine.marks(id, "tea")
        assert engine.generation() == held


def test_what_is_dropped_while_it_is_being_opened_is_no_damage(
    shelf: Rounds, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []

    def late(index: Path, number: int) -> Snapshot:
        tried.append(number)
        if len(tried) < 3:  # while generation 2, and then generation 4, is being opened, two others are published
            for round_ in (1, 2):
                shelf.publish(10 * number + round_)
        return Snapshot(index, number)

    monkeypatch.setattr(store, "Snapshot", late)
    with SearchEngine(shelf.index) as engine:
        assert rounds(answers(engine)) == {"round42"}
        assert (tried, engine.damaged, caplog.text) == ([2, 4, 6], False, "")
        tried.clear()
        shelf.publish(7)
        assert rounds(answers(engine)) == {"round92"}
        assert (tried, engine.damaged, caplog.text) == ([7, 9, 11], False, "")


def test_what_a_build_that_was_killed_has_left_is_dropped_though_nothing_has_changed(shelf: Rounds) -> None:
    shutil.copytree(shelf.index / "generations" / "1", shelf.index / "generations" / "0")
    assert shelf.build().generation
    assert numbers(shelf) == {"1", "2"}
