"""The production server, as `factsheets serve` runs it: a program of its own, with workers, on a real socket."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.settings import Settings
from tests.webui.serving import WORKERS, Served, wait_for
from webui.server import run


@pytest.fixture(scope="module")
def served(index: Path) -> Iterator[Served]:
    """A server over the shared index, for tests that leave it as it is."""
    with Served(index) as server:
        yield server


def test_it_says_where_it_listens_and_answers_there(served: Served) -> None:
    assert served.line.endswith(f"at http://127.0.0.1:{served.port} (Ctrl-C stops)\n")
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


INJECTED = "%0d%0aInjected:%201%0d%0a%0d%0a<script>"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/?q={INJECTED}", {}),
        (f"/answers/{INJECTED}", {}),
        (f"/answers//{INJECTED}", {}),
        (f"/{INJECTED}?q=1", {}),
        (f"/a-to-z/{INJECTED}", {}),
        (f"/problems/{INJECTED}", {}),
        (f"/api/v1/search?q={INJECTED}&per_page=1", {}),
        (f"/api/v1/search?{INJECTED}=1", {}),
        (f"/api/v1/sheets/{INJECTED}", {}),
        ("/api/v1/search", {"Origin": f"https://ward.example{INJECTED}"}),
        ("/answers//x", {"X-Forwarded-Host": f"ward.example{INJECTED}", "X-Forwarded-Proto": f"https{INJECTED}"}),
        ("/api/v1/search", {"X-Forwarded-Prefix": f"/below{INJECTED}"}),
        ("/answers//x", {"Host": "ward.example\tInjected: 1"}),
        ("/api/v1/search", {"If-None-Match": '"x"\tInjected: 1'}),
    ],
)
def test_nothing_that_a_client_sends_becomes_a_header_of_the_answer(
    open_to_all: Served, path: str, headers: dict[str, str]
) -> None:
    status, answered, _ = open_to_all.ask(path, headers=headers)
    assert status in (200, 308, 400, 404)
    assert "injected" not in answered
    assert not any("\r" in value or "\n" in value or "Injected: 1" in value for value in answered.values())
    raw = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".replace("%0d%0a", "\n")
    assert b"\ninjected:" not in open_to_all.send(raw.encode()).lower()


@pytest.fixture(scope="module")
def open_to_all(index: Path) -> Iterator[Served]:
    """A server that believes a proxy, and lets scripts of a site read."""
    with Served(index, "--proxies", "1", "--cors", "https://ward.example") as server:
        yield server


def test_a_client_that_never_ends_its_request_keeps_nobody_waiting(served: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(200)]
    try:
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert served.ask("/healthz/live")[0] == 200
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("starts", signal.SIGTERM),
        ("starts", signal.SIGINT),
        ("serves", signal.SIGINT),
        ("keeps connections", signal.SIGTERM),
        ("answers", signal.SIGTERM),
    ],
)
def test_it_stops_whenever_it_is_told_to_and_each_process_may_be(
    index: Path, moment: str, told: signal.Signals
) -> None:
    server = Served(index, wait=moment != "starts")
    open_ones = [server.connection() for _ in range(10 if moment in ("keeps connections", "answers") else 0)]
    for connection in open_ones:
        connection.request("GET", "/?q=tremor")
        assert moment == "answers" or connection.getresponse().read()
    wait_for(lambda: len(server.workers()) == WORKERS)
    workers = server.workers()
    for worker in workers if told == signal.SIGINT else ():
        os.kill(worker, told)  # Ctrl-C tells all processes, and the main one its workers once more
    assert server.stop(told) == 0
    for connection in open_ones:
        connection.close()
    assert server.said() == server.line  # none was ended by force: that is told
    assert not any(Path("/proc", str(worker)).exists() for worker in workers)


def test_a_worker_that_dies_is_replaced(index: Path) -> None:
    with Served(index) as server:
        wait_for(lambda: len(server.workers()) == WORKERS)
        first = server.workers()
        os.kill(min(first), signal.SIGKILL)
        wait_for(lambda: len(server.workers()) == WORKERS and server.workers() != first)
        wait_for(lambda: server.ask("/healthz/ready")[0] == 200)


def test_workers_end_with_the_main_process_so_that_the_next_one_has_the_port(index: Path) -> None:
    server = Served(index)
    wait_for(lambda: len(server.workers()) == WORKERS)
    workers = server.workers()
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    wait_for(lambda: not any(Path("/proc", str(worker)).exists() for worker in workers))
    with Served(index, "--port", str(server.port)) as again:
        assert again.port == server.port


def test_a_worker_answers_one_request_at_a_time(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python runs one at a time anyway: with four threads, each of four requests takes four times as long."""
    options: dict[str, object] = {}

    class Recorded:
        def __init__(self, *_: object, **given: object) -> None:
            options.update(given)

        def on_startup(self, _: object) -> None: ...

        def serve(self, **_: object) -> None: ...

    monkeypatch.setattr("webui.server.Server", Recorded)
    monkeypatch.setattr("os.register_at_fork", lambda **_: None)
    run(Settings(index=index, port=0), lambda _: None)
    assert options["blocking_threads"] == 1
