"""A server that is left alone for years: new generations, damage, workers that die, disks that can only be read."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import closing, suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from indexer import SearchEngine
from indexer.index.generations import roll_back
from tests.index.rounds import Rounds, answers
from tests.webui.serving import PROGRAM, WORKERS, Served, wait_for

CLIENTS = 8


@pytest.fixture
def shelf(tmp_path: Path) -> Rounds:
    """A published round, and the next one to come."""
    shelf = Rounds(tmp_path, sheets=3)
    shelf.publish(1)
    return shelf


class Client(threading.Thread):
    """Asks on one connection, which one worker keeps, until it is told to end; the last rounds that it was told."""

    def __init__(self, server: Served, paths: list[str]) -> None:
        super().__init__(daemon=True)
        self._server, self._paths, self.ending = server, cycle(paths), threading.Event()
        self.rounds, self.asked, self.wrong = [0], 0, list[str]()

    def run(self) -> None:
        try:
            with closing(self._server.connection()) as connection:
                while not self.ending.is_set():
                    self._ask(connection, next(self._paths))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells
            self.wrong.append(repr(error))

    def _ask(self, connection: Any, path: str) -> None:
        connection.request("GET", path)
        answer = connection.getresponse()
        told = {int(number) for number in re.findall(rb"round(\d+)", answer.read())}
        if (answer.status, len(told)) != (200, 1) or max(told) < self.rounds[-1]:
            self.wrong.append(f"{path}: {answer.status}, of rounds {told} after {self.rounds[-1]}")
        self.rounds += told - {self.rounds[-1]}
        self.asked += 1


def all_are_told(clients: list[Client], number: int) -> bool:
    """Return whether the last answer of every client was of a round, or something is wrong."""
    return all(client.rounds[-1] == number or client.wrong for client in clients)


@pytest.mark.parametrize("publishes", [3, pytest.param(20, marks=pytest.mark.long)])
def test_eight_clients_that_search_through_publishes_get_answers_of_one_generation_each_and_never_an_older_one(
    shelf: Rounds, publishes: int
) -> None:
    with SearchEngine(shelf.index) as engine:
        ids = [id for id in answers(engine) if id.startswith("ash")]
    paths = ["/api/v1/search?q=fever+illness+tea&per_page=50", "/?q=ash+fever", "/api/v1/search?q=tea&group=subject"]
    paths += [f"{room}/{quote(id)}" for id in ids[:2] for room in ("/api/v1/answers", "/answers")]
    with Served(shelf.index) as server:
        clients = [Client(server, paths[place % len(paths) :] + paths) for place in range(CLIENTS)]
        for client in clients:
            client.start()
        for number in range(1, publishes + 2):
            shelf.publish(number)
            wait_for(partial(all_are_told, clients, number))  # else one may be overtaken while it is being opened
        for client in clients:
            client.ending.set()
        for client in clients:
            client.join()
        assert [client.wrong for client in clients] == [[]] * CLIENTS
        assert [client.rounds for client in clients] == [[*range(publishes + 2)]] * CLIENTS
        assert server.said() == server.line
    print(f"\n{sum(client.asked for client in clients):,} answers to {CLIENTS} clients in {publishes} publishes")


def cut_in_use(shelf: Rounds, number: int) -> None:
    """Cut the files of a generation that are mapped into memory: whoever reads on is ended by the system (SIGBUS)."""
    for pattern in ("*.npy", "records.msgpack", "*.seg"):
        for file in (shelf.index / "generations" / str(number)).rglob(pattern):
            os.truncate(file, 0)


def until_ready(server: Served) -> dict[str, Any]:
    """Return which index answers, once all that is asked for is answered."""
    told: list[tuple[int, Any]] = []

    def answers_all() -> bool:
        told[:] = [(status, json.loads(body)) for status, _, body in (server.ask("/healthz/ready") for _ in range(6))]
        return all(status == 200 for status, _ in told) and len({repr(body) for _, body in told}) == 1

    wait_for(answers_all)
    body: dict[str, Any] = told[0][1]
    return body


def search_until_every_worker_was_replaced(server: Served) -> None:
    wait_for(lambda: len(server.workers()) == WORKERS)
    first = server.workers()

    def asked() -> bool:
        with suppress(ConnectionError, http.client.HTTPException):  # the worker has just been ended
            server.ask("/?q=ash+fever+tea")
        return not first & server.workers() and len(server.workers()) == WORKERS

    wait_for(asked)
    wait_for(lambda: server.ask("/healthz/live")[0] == 200)  # until then none may listen: each opens the index first


def test_when_a_file_in_use_is_cut_the_workers_are_replaced_and_the_generation_before_answers_until_a_build(
    shelf: Rounds,
) -> None:
    shutil.copytree(shelf.index / "generations" / "1", shelf.index.with_name("copy"))
    shelf.publish(2)
    shutil.rmtree(shelf.index / "generations" / "1")  # and with it the files that both share
    shelf.index.with_name("copy").rename(shelf.index / "generations" / "1")
    with Served(shelf.index) as server:
        assert b"round2" in server.ask("/?q=ash+fever+tea")[2]
        cut_in_use(shelf, 2)
        search_until_every_worker_was_replaced(server)
        ready = until_ready(server)
        assert (ready["damaged"], ready["index"]["generation"]) == (True, 1)
        assert b"round1" in server.ask("/?q=ash+fever+tea")[2]
        assert "generation 2 is damaged (" in server.said()
        assert "generation 1 answers" in server.said()
        shelf.publish(3)
        wait_for(lambda: until_ready(server)["index"]["generation"] == 3)
        assert until_ready(server)["damaged"] is False
        roll_back(shelf.index)
        wait_for(lambda: until_ready(server)["index"]["generation"] == 1)
        assert b"round1" in server.ask("/?q=ash+fever+tea")[2]


def test_when_no_generation_is_left_that_is_said_and_the_next_build_is_served_without_a_restart(shelf: Rounds) -> None:
    with Served(shelf.index) as server:
        until_ready(server)
        cut_in_use(shelf, 1)
        search_until_every_worker_was_replaced(server)
        for path in ("/healthz/ready", "/?q=tea", "/api/v1/search?q=tea"):
            assert server.ask(path)[0] == 503
        assert server.ask("/healthz/live")[0] == 200
        assert "generation 1 is damaged (" in server.said()
        shelf.publish(2)
        assert until_ready(server)["index"]["generation"] == 2
        assert b"round2" in server.ask("/?q=ash+fever+tea")[2]


def test_an_index_on_a_disk_that_can_only_be_read_is_served(shelf: Rounds) -> None:
    mounted = f"mount --bind {shelf.index} {shelf.index} && mount -o remount,ro,bind {shelf.index}"
    aside = ["unshare", "--mount", "--map-root-user"] if os.getuid() else ["unshare", "--mount"]
    if subprocess.run([*aside, "sh", "-c", mounted], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    program = [*aside, "sh", "-c", f'{mounted} && ! touch {shelf.index}/x && exec "$@"', "sh", *PROGRAM]
    before = sorted(shelf.index.rglob("*"))
    with Served(shelf.index, program=program) as server:
        for path in ("/", "/?q=tea", "/api/v1/search?q=tea", "/api/v1/suggest?q=ash", "/coverage", "/healthz/ready"):
            assert server.ask(path)[0] == 200
    assert sorted(shelf.index.rglob("*")) == before


#: As nobody asks elsewhere in these tests.
RARE = "quillwort"
BROKEN = """
from indexer import SearchEngine
from indexer.index.generations import roll_back
from indexer.cli import main
from indexer.errors import IndexStateError, QueryTooSlowError
search = SearchEngine.search
def broken(engine, query):
    if "slow" in query.text:
        raise QueryTooSlowError
    if "nowhere" in query.text:
        raise IndexStateError("generation 1 is damaged")
    if "fails" in query.text:
        raise KeyError(query.text)
    return search(engine, query)
SearchEngine.search = broken
main()
"""


def test_no_question_is_written_to_the_log(shelf: Rounds) -> None:
    words = [RARE, f"slow+{RARE}", f"nowhere+{RARE}", f"fails+{RARE}", f"%FF{RARE}", f"{RARE}&q=2", f"{RARE}&{RARE}=1"]
    asked = {f"{path}?q={word}" for path in ("/", "/api/v1/search") for word in (*words, "x" * 3000 + RARE)}
    asked |= {
        f"{path}?q={RARE}" for path in ("/api/v1/suggest", "/suggestions", "/answers/none", "/nowhere", "/static/")
    }
    raw = [f"GET /?q={RARE} nonsense\r\n\r\n", f"GET /?q={RARE}", f"GET /?q={RARE} HTTP/1.1\r\nHost: a..b\r\n\r\n"]
    raw += [f"GET /?q={RARE}{'x' * 70_000} HTTP/1.1\r\nHost: x\r\n\r\n", f"{RARE} / HTTP/1.1\r\nHost: x\r\n\r\n"]
    raw += [f"GET / HTTP/1.1\r\nHost: x\r\nReferer: /?q={RARE}\r\nContent-Length: -1\r\n\r\n"]
    with Served(shelf.index, program=[sys.executable, "-c", BROKEN]) as server:
        statuses = {server.ask(path)[0] for path in asked}
        for one in raw:
            server.send(one.encode())
        server.ask("/healthz/live", headers={"Referer": f"http://x/?q={RARE}", "User-Agent": RARE})
    assert statuses == {200, 400, 404, 422, 500, 503}
    assert "KeyError" in server.said()
    assert RARE not in server.said()
