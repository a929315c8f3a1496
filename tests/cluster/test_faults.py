"""What happens when nodes are killed: no answer is wrong or incomplete, and what was refused is answered again.

Three nodes run on this machine. `pytest -m faults -n 0 -s` prints how many questions were refused, and for how long.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from indexer import Query, SearchEngine
from indexer.cluster.store import Cluster
from indexer.errors import IndexStateError
from tests.cluster.nodes import Nodes
from tests.cluster.test_cluster import without_generation
from tests.index.rounds import RoundsAt, answers, rounds

pytestmark = pytest.mark.faults

QUESTIONS = [Query("ash fever tea"), Query('"the tea of"'), Query("what is oak", group="subject"), Query("ilness")]
#: Seconds of searching before and after a fault, and within which all must be well again.
_BEFORE, _AFTER, _WELL = 2, 5, 90


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with TemporaryDirectory(prefix="factsheets-nodes-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        nodes = Nodes(Path(folder), 3)
        try:
            nodes.start()
            yield nodes
        finally:
            nodes.kill()


@pytest.fixture
def shelf(nodes: Nodes, tmp_path: Path, request: pytest.FixtureRequest) -> RoundsAt:
    name = f"f{abs(hash(request.node.name)) % 10**8}"
    hosts = ",".join(url.removeprefix("http://") for url in nodes.urls)
    shelf = RoundsAt(tmp_path, f"http://{hosts}/{name}")
    shelf.publish(1)
    return shelf


class Searchers:
    """Two threads that ask questions all the time, one engine each, as two servers do."""

    def __init__(self, shelf: RoundsAt) -> None:
        self._shelf, self._stopped = shelf, threading.Event()
        self.outcomes: Counter[str] = Counter()
        self.refused_at: list[float] = []
        self._expected = {}
        with SearchEngine(Cluster(shelf.address)) as engine:
            self._expected = {query: without_generation(engine.search(query)) for query in QUESTIONS}
        self._threads = [threading.Thread(target=self._ask) for _ in range(2)]

    def __enter__(self) -> Searchers:
        for thread in self._threads:
            thread.start()
        time.sleep(_BEFORE)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def wait_until_well(self) -> float:
        """Wait until nothing has been refused for a while, and return how long questions were refused."""
        end = time.monotonic() + _WELL
        while time.monotonic() < end:
            time.sleep(_AFTER)
            if not self.refused_at or time.monotonic() - self.refused_at[-1] > _AFTER - 1:
                return self.refused_at[-1] - self.refused_at[0] if self.refused_at else 0.0
        raise AssertionError("questions are still refused")

    def _ask(self) -> None:
        with SearchEngine(Cluster(self._shelf.address)) as engine:
            while not self._stopped.is_set():
                for query in QUESTIONS:
                    try:
                        right = without_generation(engine.search(query)) == self._expected[query]
                        self.outcomes["right" if right else "wrong"] += 1
                    except IndexStateError:
                        self.outcomes["refused"] += 1
                        self.refused_at.append(time.monotonic())
                        time.sleep(0.1)


def worker(nodes: Nodes) -> int:
    """Return a node that does not manage the cluster."""
    return (nodes.manager() + 1) % 3


@pytest.mark.parametrize(
    ("victims", "kind"),
    [(lambda nodes: [worker(nodes)], "a data node"), (lambda nodes: [nodes.manager()], "the manager")],
    ids=["data-node", "manager"],
)
def test_when_one_node_is_killed_while_searching_no_answer_is_wrong_and_all_are_answered_again(
    nodes: Nodes, shelf: RoundsAt, victims: Callable[[Nodes], list[int]], kind: str
) -> None:
    with Searchers(shelf) as searchers:
        killed = victims(nodes)
        nodes.kill(*killed)
        seconds = searchers.wait_until_well()
        nodes.start(*killed)
    print(f"\nkilled {kind}: {dict(searchers.outcomes)}, refused for {seconds:.1f} s")
    assert not searchers.outcomes["wrong"]
    assert searchers.outcomes["right"]


def test_when_all_nodes_are_killed_questions_are_refused_until_they_are_back(nodes: Nodes, shelf: RoundsAt) -> None:
    with Searchers(shelf) as searchers:
        nodes.kill()
        time.sleep(_AFTER)
        right = searchers.outcomes["right"]
        time.sleep(1)
        assert searchers.outcomes["right"] == right
        started = time.monotonic()
        nodes.start()
        up = time.monotonic() - started
        searchers.wait_until_well()
    back = searchers.refused_at[-1] - started
    print(f"\nkilled all: {dict(searchers.outcomes)}, nodes up after {up:.1f} s, last refused after {back:.1f} s")
    assert not searchers.outcomes["wrong"]
    assert searchers.outcomes["refused"]
    assert searchers.outcomes["right"] > right


@pytest.mark.parametrize(
    "victims", [lambda nodes: [worker(nodes)], lambda nodes: [nodes.manager()]], ids=["data-node", "manager"]
)
def test_when_a_node_is_killed_while_building_all_or_nothing_is_published(
    nodes: Nodes, shelf: RoundsAt, victims: Callable[[Nodes], list[int]]
) -> None:
    hosts = shelf.address
    seen: set[frozenset[str]] = set()
    failed: list[str] = []
    stopped = threading.Event()

    def read() -> None:
        with SearchEngine(Cluster(hosts)) as engine:
            while not stopped.is_set():
                try:
                    seen.add(frozenset(rounds(answers(engine))))
                except IndexStateError:
                    time.sleep(0.1)

    reader = threading.Thread(target=read)
    reader.start()
    killer = threading.Timer(1.0, lambda: nodes.kill(*killed))
    killed = victims(nodes)
    killer.start()
    for number in range(2, 6):
        try:
            shelf.publish(number)
        except IndexStateError as error:
            failed.append(str(error))
    killer.join()
    nodes.start(*killed)
    shelf.publish(9)
    time.sleep(1)
    stopped.set()
    reader.join()
    print(f"\n{len(failed)} of 4 builds failed: {failed}; rounds seen: {sorted(map(sorted, seen))}")
    assert all(len(one) == 1 for one in seen)
    assert rounds(shelf.answers()) == {"round9"}


@pytest.mark.parametrize("seconds", [1.0, 2.0, 3.0, 4.0])
def test_a_build_process_that_is_killed_leaves_what_serves_and_the_next_build_publishes(
    shelf: RoundsAt, seconds: float
) -> None:
    shelf.fill(2)
    command = [sys.executable, "-m", "indexer.cli", "build", str(shelf.pages), "--index", shelf.address, "-q"]
    build = subprocess.Popen(command)
    time.sleep(seconds)
    build.kill()
    build.wait()
    assert rounds(shelf.answers()) in ({"round1"}, {"round2"})
    shelf.publish(3)
    assert rounds(shelf.answers()) == {"round3"}
