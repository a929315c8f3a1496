"""The production server, as `factsheets serve` runs it: a program of its own, with workers, on a real socket."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import pytest

from indexer import build_index
from tests.conftest import PAGES

WORKERS = 2
TREMOR = PAGES / "lakeside-tremor.txt"


class Served:
    """A running server: its address, and its main process."""

    def __init__(self, index: Path, *options: str) -> None:
        command = [sys.executable, "-m", "indexer.cli", "serve", "--index", str(index), "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--workers", str(WORKERS), *options], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        with self.process.stdout as said:
            self.says = said.readline()
        self.port = urlsplit(self.says.split()[3]).port
        wait_for(lambda: self.ask("/healthz/live")[0] == 200)

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[int, dict[str, str], bytes]:
        """Return the status, headers and body of an answer, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def send(self, raw: bytes) -> bytes:
        """Return what comes back for the bytes of a request, until the server closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(raw)
            connection.settimeout(2)
            try:
                return connection.recv(65_536)
            except TimeoutError:
                return b""

    def workers(self) -> set[int]:
        """Return the processes of the workers."""
        stats = [file.read_text() for file in Path("/proc").glob("[0-9]*/stat")]
        of_parent = [one for one in stats if one.rpartition(")")[2].split()[1] == str(self.process.pid)]
        return {int(one.partition(" ")[0]) for one in of_parent}

    def stop(self) -> int:
        """Tell it to stop; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


def wait_for(what: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            if what():
                return
        except OSError:
            pass
        time.sleep(0.05)
    pytest.fail("it has not come to be so")


@pytest.fixture(scope="module")
def served(index: Path) -> Iterator[Served]:
    """A server over the shared index, for tests that leave it as it is."""
    server = Served(index)
    yield server
    server.stop()


def test_it_says_where_it_listens_and_answers_there(served: Served) -> None:
    assert served.says.endswith(f"at http://127.0.0.1:{served.port} (Ctrl-C stops)\n")
    status, headers, body = served.ask("/api/v1/search?q=tremor")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert json.loads(body)["total"] > 0
    assert b"<h1" in served.ask("/?q=caf%C3%A9")[2]


def test_head_has_the_headers_of_get_and_no_body(served: Served) -> None:
    path = "/api/v1/search?q=tremor"
    status, headers, body = served.ask(path, "HEAD")
    assert (status, headers["etag"], body) == (200, served.ask(path)[1]["etag"], b"")


def test_whoever_holds_the_newest_version_is_told_so(served: Served) -> None:
    path = "/api/v1/search?q=tremor"
    tag = served.ask(path)[1]["etag"]
    status, headers, body = served.ask(path, headers={"If-None-Match": tag})
    assert (status, headers["etag"], body) == (304, tag, b"")


def test_a_body_is_not_waited_for(served: Served) -> None:
    raw = b"POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n" + b"x" * 100_000
    assert served.send(raw).split(b" ")[1] == b"405"
    assert served.ask("/healthz/live")[0] == 200


def test_every_worker_answers(served: Served) -> None:
    assert len(served.workers()) == WORKERS
    with_each = {served.ask("/healthz/ready")[2] for _ in range(20)}
    assert len(with_each) == 1  # the same generation


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 500_000 + b"\r\n\r\n", b"431"),
        (b"GET /?q=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /healthz/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"200"),
    ],
    ids=["no version", "nonsense", "negative length", "large header", "long address", "dots", "quoted dots", "live"],
)
def test_a_request_that_is_none_gets_a_client_error_and_the_next_one_its_answer(
    served: Served, raw: bytes, status: bytes
) -> None:
    assert served.send(raw).split(b" ")[1] == status
    assert served.ask("/healthz/live")[0] == 200


def test_a_client_that_never_ends_its_request_keeps_nobody_waiting(served: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(50)]
    try:
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert served.ask("/healthz/live")[0] == 200
    finally:
        for connection in slow:
            connection.close()


def test_it_stops_when_it_is_told_to_and_leaves_no_worker(index: Path) -> None:
    server = Served(index)
    workers = server.workers()
    assert server.stop() == 0
    assert not any(Path("/proc", str(worker)).exists() for worker in workers)


def test_a_worker_that_dies_is_replaced(index: Path) -> None:
    server = Served(index)
    try:
        first = server.workers()
        os.kill(min(first), signal.SIGKILL)
        wait_for(lambda: len(server.workers()) == WORKERS and server.workers() != first)
        wait_for(lambda: server.ask("/healthz/ready")[0] == 200)
    finally:
        server.stop()


def test_what_is_published_while_it_runs_is_found_without_a_restart(tmp_path: Path) -> None:
    build_index([TREMOR], tmp_path)
    server = Served(tmp_path)
    try:
        build_index([PAGES], tmp_path)
        wait_for(lambda: all(json.loads(server.ask("/healthz/ready")[2])["index"]["generation"] == 2 for _ in range(9)))
    finally:
        server.stop()
