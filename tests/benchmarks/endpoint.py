"""How soon the endpoint answers through the production server: one client, eight, eight during two rebuilds; Datasette.

Clients are threads of a process of their own, each on one kept-alive connection, and ask each question once; during
the rebuilds they go round until both have been published.
"""

import http.client
import json
import math
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, cycle, takewhile
from pathlib import Path
from urllib.parse import quote_plus

from tests.benchmarks.bench import Bench, percentile, table
from tests.benchmarks.building import copied_pages

CLIENTS = 8

#: Datasette answers six questions a second, and is asked so many of them.
FEWER = 200

#: Where each server answers a question, and how it is started on a port over a folder with what it searches.
OURS, DATASETTE, ANY_WORD = "**Factsheets**", "Datasette, every word", "Datasette, any word"


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    questions = [topic.text for topic in bench.questions()]
    with tempfile.TemporaryDirectory(dir=bench.work) as aside:
        folder, index, rows = copied_pages(1, Path(aside, "pages")), Path(aside, "index"), Path(aside, "a.db")
        run("build", str(folder), "--index", str(index))
        _write_rows(rows, bench)
        figures = []
        with served([sys.executable, "-m", "indexer.cli", "serve", "--index", str(index)]) as (port, _):
            paths = [f"/api/v1/search?q={quote_plus(text)}" for text in questions]
            _asked(port, paths[:80], CLIENTS)  # as a server that has been asked before
            figures += [_row(OURS, port, paths, clients) for clients in (1, CLIENTS)]
            with _publishing(folder, index) as at_work:
                figures.append(_row(f"{OURS}, two builds", port, paths, CLIENTS, at_work))
        with served([sys.executable, "-m", "datasette", str(rows), "--setting", "sql_time_limit_ms", "20000"]) as (
            port,
            _,
        ):
            for name, words in ((DATASETTE, _every_word), (ANY_WORD, _any_word)):
                asked = questions[:: math.ceil(len(questions) / FEWER)]
                paths = [f"/a/answers.json?_shape=objects&_size=10&{words(text)}" for text in asked]
                figures += [_row(name, port, paths, clients) for clients in (1, CLIENTS)]
    yield f"{len(questions):,} questions through the server, {FEWER} of them through Datasette, milliseconds:\n"
    yield from table(["server", "clients", "p50", "p95", "p99", "longest", "failures", "requests a second"], figures)


def _every_word(text: str) -> str:
    return f"_search={quote_plus(text)}"


def _any_word(text: str) -> str:
    words = " OR ".join(re.findall(r"\w+", text)) or "nothing"
    return f"_searchmode=raw&_search={quote_plus(words)}"


def _row(name: str, port: int, paths: Sequence[str], clients: int, meanwhile: Path | None = None) -> list[str]:
    taken = _asked(port, paths, clients, meanwhile)
    times = [f"{percentile(taken['milliseconds'], part):.1f}" for part in (0.5, 0.95, 0.99, 1.0)]
    return [name, str(clients), *times, str(taken["failures"]), f"{len(taken['milliseconds']) / taken['seconds']:.0f}"]


def _asked(port: int, paths: Sequence[str], clients: int, meanwhile: Path | None = None) -> dict:  # type: ignore[type-arg]
    """Return what a process of clients measures: the milliseconds of each answer, failures, and seconds in all.

    They ask everything once, or go round for as long as a file is there.
    """
    command = [sys.executable, "-m", "tests.benchmarks.endpoint", str(port), str(clients), str(meanwhile or "")]
    done = subprocess.run(command, input="\n".join(paths), capture_output=True, text=True, check=True)
    measured: dict = json.loads(done.stdout)  # type: ignore[type-arg]
    return measured


def _ask_all(port: int, paths: Sequence[str], clients: int, meanwhile: str) -> None:
    """Ask from threads, and print what they measured."""
    milliseconds: list[float] = []
    failures: list[str] = []

    def ask(own: Sequence[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for path in chain(own, takewhile(lambda _: meanwhile and Path(meanwhile).exists(), cycle(own))):
            started = time.perf_counter()
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            milliseconds.append((time.perf_counter() - started) * 1000)
            if response.status != 200:
                failures.append(path)

    threads = [threading.Thread(target=ask, args=(paths[first::clients],)) for first in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    print(json.dumps({"milliseconds": milliseconds, "failures": len(failures), "seconds": seconds}))


@contextmanager
def served(command: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Run a server on a free port until it has served; yields the port, and the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def _wait_for(attempt: Callable[[], None], seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)


@contextmanager
def _publishing(folder: Path, index: Path) -> Iterator[Path]:
    """Have another process change a page and build, twice, meanwhile; yields a file that is there until it is done."""
    at_work = index.with_suffix(".building")
    at_work.touch()
    pages = sorted(folder.rglob("*.xml"))[:2]

    def build_twice() -> None:
        for page in pages:
            changed(page)
            run("build", str(folder), "--index", str(index), before=["nice"])  # as the README says
        at_work.unlink()

    building = threading.Thread(target=build_twice)
    building.start()
    yield at_work
    building.join()


def changed(page: Path) -> None:
    """Change the answers of a page of MedQuAD."""
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</Answer>", " Changed.</Answer>"), encoding="utf-8")


def run(*arguments: str, before: Sequence[str] = ()) -> None:
    """Run the command line as a program of its own; `before` it stands what lowers its priority."""
    command = [*before, sys.executable, "-m", "indexer.cli", *arguments, "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _write_rows(file: Path, bench: Bench) -> None:
    """Write the same answers as rows of a table with an FTS5 index, as `sqlite-utils enable-fts` makes it."""
    rows = sqlite3.connect(file)
    names = list(bench.answers[0].texts)
    columns = ", ".join(names)
    rows.execute(f"CREATE TABLE answers (id TEXT PRIMARY KEY, {columns})")
    marks = ", ".join("?" * (len(names) + 1))
    texts = ((answer.id, *(answer.texts[name] for name in names)) for answer in bench.answers)
    rows.executemany(f"INSERT INTO answers VALUES ({marks})", texts)  # noqa: S608
    rows.execute(f"CREATE VIRTUAL TABLE answers_fts USING fts5({columns}, tokenize='porter', content='answers')")
    rows.execute("INSERT INTO answers_fts(answers_fts) VALUES ('rebuild')")
    rows.commit()
    rows.close()


if __name__ == "__main__":
    _ask_all(int(sys.argv[1]), sys.stdin.read().splitlines(), int(sys.argv[2]), sys.argv[3])
