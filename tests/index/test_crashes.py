"""Crashes: after a kill, a power cut or on a full disk, every answer is of one generation, and the next build succeeds.

`pytest -m long` kills builds at every step, and at random moments, too.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import SearchEngine, build_index
from indexer.cli import main
from indexer.index import build
from indexer.index.generations import building
from indexer.settings import Settings
from tests.index.faults import NEED_ROOM, die, ended, recorded, refuse, run_out_of_room, started, struck_at
from tests.index.rounds import Rounds, answers, rounds
from webui import create_app

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs processes and paths as Linux has")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rounds:
    """Two generations, of which the second shares the segment of a sheet that never changes."""
    monkeypatch.setattr(build, "to_merge", lambda sizes, live, written: set())
    shelf = Rounds(tmp_path)
    shelf.publish(1)
    shelf.publish(2)
    return shelf


def steps_of_a_build(shelf: Rounds) -> list[tuple[str, str]]:
    shelf.fill(3)
    return recorded(shelf.index, shelf.build)


def kill_at(shelf: Rounds, numbers: Iterable[int]) -> None:
    """Kill a build at some of its steps; see what is served then, and after the next build."""
    with SearchEngine(shelf.index) as server:
        new = answers(server)
        for number in numbers:
            old = new
            shelf.fill(number + 3)
            how = ended(struck_at(number, shelf.index, die, shelf.build))
            seen, served = shelf.answers(), answers(server)
            shelf.build()
            new = answers(server)
            assert rounds(new) == {f"round{number + 3}"}
            assert seen in (old, new), number
            assert served == seen
            assert (how, shelf.strays()) == (-signal.SIGKILL, set()), number


def test_a_build_that_is_killed_leaves_the_old_or_the_new_answers_and_the_next_one_succeeds(shelf: Rounds) -> None:
    steps = steps_of_a_build(shelf)
    named = steps.index(("os.rename", "CURRENT")) + 1
    kill_at(shelf, sorted({*range(1, len(steps), 5), *range(named - 8, named + 5)}))


@pytest.mark.long
def test_a_build_may_be_killed_at_every_step(shelf: Rounds) -> None:
    kill_at(shelf, range(1, len(steps_of_a_build(shelf)) + 1))


def test_everything_has_reached_the_disk_before_it_is_named(shelf: Rounds) -> None:
    steps = steps_of_a_build(shelf)
    places = {step: place for place, step in enumerate(steps)}  # the last of each
    named = places["os.rename", "CURRENT"]
    moved = places["os.rename", "generations/3"]
    assert moved < places["fsync", "generations"] < named < places["fsync", ""]
    pointer = next(path for step, path in steps if step == "fsync" and path.endswith("/CURRENT"))
    assert places["close", pointer] < places["fsync", pointer] < named
    aside = pointer.removesuffix("CURRENT") + "generation"
    there = [aside] + [
        f"{aside}/{path.relative_to(shelf.index / 'generations' / '3').as_posix()}"
        for path in (shelf.index / "generations" / "3").rglob("*")
    ]
    assert len(there) > 20
    for path in there:
        changed = [place for (step, name), place in places.items() if name == path and step != "fsync"]
        below = [place for (step, name), place in places.items() if str(Path(name).parent) == path and step in _ENTRIES]
        assert max([*changed, *below], default=0) < places["fsync", path] < moved, path


#: What changes the folder that a path lies in.
_ENTRIES = ("open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir")


def test_the_folders_above_a_first_index_reach_the_disk_too(tmp_path: Path) -> None:
    shelf = Rounds(tmp_path)
    shelf.fill(1)
    index = tmp_path / "srv" / "index"
    places = {step: place for place, step in enumerate(recorded(tmp_path, lambda: build_index([shelf.pages], index)))}
    assert places["os.mkdir", "srv"] < places["fsync", ""]
    assert places["os.mkdir", "srv/index"] < places["fsync", "srv"]
    assert places["os.mkdir", "srv/index/generations"] < places["fsync", "srv/index"]


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Where a child writes what its command said."""
    return tmp_path / "told"


def run(told: Path, *arguments: object) -> int:
    """Run the command line in this process, and return its exit code."""
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    told.write_text(result.output)
    return result.exit_code


def test_on_a_full_disk_a_build_says_so_with_exit_code_3_and_the_old_answers_stay(shelf: Rounds, told: Path) -> None:
    steps = steps_of_a_build(shelf)
    old = shelf.answers()
    shelf.fill(4)
    build = partial(run, told, "build", shelf.pages, "--index", shelf.index)
    for number in [number for number, (step, _) in enumerate(steps, start=1) if step in NEED_ROOM][::3]:
        how = ended(struck_at(number, shelf.index, run_out_of_room, build))
        assert (how, told.read_text().count("\n")) == (3, 1), number
        assert "No space left on device" in told.read_text()
        assert shelf.answers() == old
        assert shelf.strays() == set()
    assert ended(started(build)) == 0
    assert rounds(shelf.answers()) == {"round4"}


@pytest.mark.parametrize("bytes_of_a_file", [0, 1_000])
def test_files_that_may_not_grow_end_a_build_with_exit_code_3(shelf: Rounds, told: Path, bytes_of_a_file: int) -> None:
    def build() -> int:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_of_a_file, hard))
        try:
            result = CliRunner().invoke(main, ["build", str(shelf.pages), "--index", str(shelf.index)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        told.write_text(result.output)
        return result.exit_code

    old = shelf.answers()
    shelf.fill(3)
    assert ended(started(build)) == 3
    assert "File too large" in told.read_text()
    assert (shelf.answers(), shelf.strays()) == (old, set())


def test_an_index_that_can_only_be_read_is_searched_and_a_build_says_why_it_cannot_be_built(
    shelf: Rounds, told: Path
) -> None:
    def look() -> None:
        run(told, "search", "tea", "--index", shelf.index)
        client = create_app(Settings(index=shelf.index)).test_client()
        for path in ("/", "/?q=tea", "/answers/x", "/healthz/ready"):
            assert client.get(path).status_code in (200, 404)

    assert ended(struck_at(1, shelf.index, die, look)) == 0
    assert "The tea of round2" in told.read_text()
    for command in ("build", "rollback"):
        paths = [shelf.pages] if command == "build" else []
        how = ended(struck_at(1, shelf.index, refuse, partial(run, told, command, *paths, "--index", shelf.index)))
        said = f"factsheets: nothing can be written in {shelf.index} (Read-only file system)\n"
        assert (how, told.read_text()) == (3, said)


def test_two_builds_at_once_are_one_and_a_clear_message(shelf: Rounds, told: Path) -> None:
    old = shelf.answers()
    shelf.fill(3)
    first = struck_at(60, shelf.index, pause_once(), shelf.build)
    os.waitpid(first, os.WUNTRACED)
    assert run(told, "build", shelf.pages, "--index", shelf.index) == 3
    assert told.read_text() == f"factsheets: another build is at work on {shelf.index}: wait until it has ended\n"
    assert shelf.answers() == old
    os.kill(first, signal.SIGCONT)
    assert ended(first) == 0
    assert rounds(shelf.answers()) == {"round3"}


def pause_once() -> Callable[[str], None]:
    """Return what stops a process at the first step that it is told of."""
    waits = iter([signal.SIGSTOP])
    return lambda _: os.kill(os.getpid(), next(waits, 0))


def test_a_build_waits_a_moment_for_the_workers_of_one_that_was_killed(shelf: Rounds, told: Path) -> None:
    def hold() -> None:
        with building(shelf.index):
            told.touch()
            time.sleep(0.2)

    worker = started(hold)
    while not told.exists():
        time.sleep(0.01)
    assert shelf.publish(3).changed == 1
    assert ended(worker) == 0


@pytest.mark.long
def test_builds_of_many_processes_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    # From 100 pages on, two workers read and write them.
    shelf, moments = Rounds(tmp_path, sheets=120), random.Random(8)  # noqa: S311 - no secret
    shelf.publish(0)
    seen: Counter[str] = Counter()
    with SearchEngine(shelf.index) as server:
        shelf.fill(1)
        began = time.perf_counter()
        shelf.build()
        seconds, new = time.perf_counter() - began, answers(server)
        for number in range(2, 202):
            old = new
            shelf.fill(number)
            build = started(shelf.build)
            time.sleep(moments.uniform(0, seconds))
            os.kill(build, signal.SIGKILL)
            how = "killed" if ended(build) else "done"
            seconds *= 1.1 if how == "killed" else 0.8  # the machine is not always as fast
            found, served = shelf.answers(), answers(server)
            shelf.build()
            new = answers(server)
            assert rounds(new) == {f"round{number}"}
            assert found in (old, new)
            assert (served, shelf.strays()) == (found, set())
            seen[f"{how}, {'old' if found == old else 'new'} answers"] += 1
    print(f"\n{dict(seen)}")
    assert seen["killed, old answers"]
