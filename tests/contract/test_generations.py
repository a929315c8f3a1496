"""How every engine moves from one published index to the next, and back."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import Query, build_index, open_index
from indexer.cli import main
from indexer.engine import Engine
from indexer.errors import NoIndexError
from indexer.settings import Settings
from tests.conftest import CORPUS, PAGES
from tests.index.rounds import RoundsAt, answers, rounds
from webui import create_app

#: An engine may look for a new generation only so often.
_LONGEST_SECONDS = 5


@pytest.fixture
def shelf(tmp_path: Path, address: str) -> RoundsAt:
    """One generation."""
    shelf = RoundsAt(tmp_path, address)
    shelf.publish(1)
    return shelf


def wait_for(engine: Engine, number: int) -> None:
    """Wait until a generation answers."""
    end = time.monotonic() + _LONGEST_SECONDS
    while engine.generation().number != number:
        assert time.monotonic() < end, f"{engine.generation()} still answers"
        time.sleep(0.02)


def test_without_an_index_it_is_said_so(address: str) -> None:
    with pytest.raises(NoIndexError):
        open_index(address)
    result = CliRunner().invoke(main, ["rollback", "--index", address])
    assert result.exit_code == 3


def test_a_running_engine_has_the_new_generation_without_a_restart(shelf: RoundsAt) -> None:
    with open_index(shelf.address) as engine:
        assert rounds(answers(engine)) == {"round1"}
        shelf.publish(2)
        wait_for(engine, 2)
        assert rounds(answers(engine)) == {"round2"}


def test_a_block_of_one_generation_has_it_to_its_end_whatever_is_published(shelf: RoundsAt) -> None:
    with open_index(shelf.address) as engine:
        with engine.one_generation() as held:
            for number in (2, 3, 4):
                shelf.publish(number)
            assert rounds(answers(engine)) == {"round1"}
            hit = engine.search(Query("tea")).hits[0]
            assert engine.marks(hit.document.id, "tea")
            assert engine.sheet(hit.header.id)
            assert engine.generation() == held
            assert held.number == 1
        wait_for(engine, 4)
        assert rounds(answers(engine)) == {"round4"}


def test_a_rollback_answers_at_once_and_the_next_build_continues_the_numbers(shelf: RoundsAt) -> None:
    shelf.publish(2)
    with open_index(shelf.address) as engine:
        result = CliRunner().invoke(main, ["rollback", "--index", shelf.address])
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith("generation 1 replaces 2: 3 answers")
        wait_for(engine, 1)
        assert rounds(answers(engine)) == rounds(shelf.answers()) == {"round1"}
        report = shelf.publish(3)
        assert report.generation
        wait_for(engine, 3)
    result = CliRunner().invoke(main, ["rollback", "--index", shelf.address])
    assert result.exit_code == 0
    assert rounds(shelf.answers()) == {"round1"}


def test_a_build_without_changes_publishes_nothing(shelf: RoundsAt) -> None:
    first = shelf.build().generation
    report = shelf.build()
    assert (report.generation, report.changed, report.new) == (first, 0, 0)


def test_removed_pages_are_in_no_answer_count_name_or_suggestion(shelf: RoundsAt) -> None:
    with open_index(shelf.address) as engine:
        assert engine.suggest("oak")
    shelf.remove("Oak")
    shelf.build()
    with open_index(shelf.address) as engine:
        assert engine.search(Query("oak tree")).total == 0
        assert engine.suggest("oak") == ()
        assert engine.a_to_z()["O"] == ()
        assert engine.coverage().answers == engine.generation().documents == 2


def test_highlights_are_escaped_on_the_page_and_plain_text_in_the_api(tmp_path: Path, address: str) -> None:
    (tmp_path / "fever.txt").write_text("What is zinc fever?\n\nIf x<b and <script>zinc</script> & tin, say so.\n")
    build_index([tmp_path / "fever.txt"], address)
    client = create_app(Settings(index=address)).test_client()
    page = client.get("/?q=zinc").text
    assert re.search(r"x&lt;b and &lt;script&gt;<mark>zinc</mark>&lt;/script&gt; &amp; tin", page)
    (result,) = client.get("/api/v1/search?q=zinc").get_json()["results"]
    segments = result["snippets"][0]["segments"]
    assert "".join(part["text"] for part in segments) == "If x<b and <script>zinc</script> & tin, say so."
    assert [part["text"] for part in segments if part["marked"]] == ["zinc"]


def test_a_new_generation_serves_the_next_question_of_every_thread(address: str) -> None:
    build_index([PAGES], address)
    seen: list[tuple[int, int]] = []
    with open_index(address) as engine:

        def ask() -> None:
            seen.extend((engine.generation().number, engine.search(Query("moyamoya")).total) for _ in range(2))

        ask()
        build_index([PAGES, CORPUS], address)
        wait_for(engine, 2)
        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in [*threads]:
            thread.start()
        for thread in threads:
            thread.join()
        ask()
    assert seen[:2] == [(1, 0)] * 2
    assert {number for number, _ in seen[2:]} == {2}
    assert len(seen) == 10
    assert all(total for _, total in seen[2:])
