"""Whether a server stays as it is: minutes of mixed questions and rebuilds; latencies, memory and open files by minute.

Then the server is asked beside a fresh one. `python -m tests.benchmarks soak --minutes 15` is not among what is
measured when nothing is named.
"""

import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from urllib.parse import quote_plus

from indexer.index.generations import published
from tests.benchmarks.bench import Bench, percentile, table
from tests.benchmarks.building import copied_pages
from tests.benchmarks.endpoint import CLIENTS, changed, run, served

#: Seconds between two builds.
_PAUSE = 15
#: So many times the server that has served all along and a fresh one are asked, by turns, when all is over: a machine
#: whose speed changes from minute to minute tells less by its minutes.
_BY_TURNS = 1_000


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    with tempfile.TemporaryDirectory(dir=bench.work) as aside:
        folder, index = copied_pages(bench.every, Path(aside, "pages")), Path(aside, "index")
        run("build", str(folder), "--index", str(index))
        first = published(index)
        at_work, samples = Path(aside, "at work"), []
        at_work.touch()
        with served([sys.executable, "-m", "indexer.cli", "serve", "--index", str(index)]) as (port, server):
            building = threading.Thread(target=_build_again_and_again, args=(folder, index, at_work))
            clients = _clients(port, _paths(bench), at_work)
            building.start()
            for _ in range(bench.minutes):
                time.sleep(60)
                samples.append([_held(worker) for worker in _children(server)])
            at_work.unlink()
            answers: list[tuple[float, float, int]] = json.loads(clients.communicate()[0])
            building.join()
            with served([sys.executable, "-m", "indexer.cli", "serve", "--index", str(index)]) as (fresh, _):
                by_turns = _by_turns((port, fresh), _paths(bench))
        builds = published(index) - first
    yield f"{len(answers):,} answers to {CLIENTS} clients in {bench.minutes} minutes with {builds} builds:\n"
    rows = []
    for minute, held in enumerate(samples):
        times = [taken for at, taken, _ in answers if minute * 60 <= at < minute * 60 + 60]
        bad = sum(status != 200 for at, _, status in answers if minute * 60 <= at < minute * 60 + 60)
        parts = [f"{percentile(times, part):.1f}" for part in (0.5, 0.95, 0.99)]
        memory, files = (" + ".join(f"{one[place]:,}" for one in held) for place in (0, 1))
        rows.append([str(minute + 1), f"{len(times):,}", *parts, str(bad), memory, files])
    head = ["minute", "answers", "p50 ms", "p95", "p99", "failures", "MB of each worker's own", "open files"]
    yield from table(head, rows)
    yield "\nThen, one question at a time, beside a fresh server on the same index:\n"
    told = [[name, *(f"{percentile(times, part):.1f}" for part in (0.5, 0.95))] for name, times in by_turns.items()]
    yield from table(["server", "p50 ms", "p95"], told)


def _by_turns(ports: tuple[int, int], paths: Sequence[str]) -> dict[str, list[float]]:
    """Return how long the old server and the fresh one took for the same questions, first answers of each left out."""
    taken: dict[str, list[float]] = {"after all this": [], "fresh": []}
    connections = dict(zip(taken, (http.client.HTTPConnection("127.0.0.1", port) for port in ports), strict=True))
    for number, path in enumerate(paths[: 2 * _BY_TURNS]):
        for name in sorted(taken, reverse=bool(number % 2)):
            started = time.perf_counter()
            connections[name].request("GET", path)
            connections[name].getresponse().read()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: times[len(times) // 2 :] for name, times in taken.items()}


def _paths(bench: Bench) -> list[str]:
    """Return what is asked, in turns: searches as JSON and as pages, suggestions, lists, stars, misspelt words."""
    asked = [quote_plus(topic.text) for topic in bench.questions()]
    kinds = ("/api/v1/search?q={}", "/?q={}", "/api/v1/suggest?q={}", "/api/v1/search?q={}&group=subject&per_page=50")
    paths = [kind.format(text) for text in asked for kind in kinds]
    others = ["/", "/a-to-z/c", "/coverage", "/api/v1/sheets?page=40", "/healthz/ready", "/?q=gal*", "/?q=neuropaty~"]
    return [
        path for place, path in enumerate(paths) for path in (path, *([others[place % 7]] if not place % 9 else []))
    ]


def _clients(port: int, paths: Sequence[str], at_work: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.soak", str(port), str(at_work)]
    clients = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert clients.stdin
    clients.stdin.write("\n".join(paths))
    clients.stdin.close()
    clients.stdin = None
    return clients


def _ask(port: int, paths: Sequence[str], at_work: Path) -> None:
    """Ask from threads as long as a file is there; print when each answer came, how long it took, and its status."""
    answers: list[tuple[float, float, int]] = []
    began = time.perf_counter()

    def ask(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for number in count(place, CLIENTS):
            if not at_work.exists():
                return
            started = time.perf_counter()
            connection.request("GET", paths[number % len(paths)])
            response = connection.getresponse()
            response.read()
            answers.append((started - began, (time.perf_counter() - started) * 1000, response.status))

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(answers))


def _build_again_and_again(folder: Path, index: Path, at_work: Path) -> None:
    pages = sorted(folder.rglob("*.xml"))
    for number in count():
        for _ in range(_PAUSE):
            time.sleep(1)
            if not at_work.exists():
                return
        changed(pages[number % len(pages)])
        run("build", str(folder), "--index", str(index), before=["nice"])


def _children(process: int) -> list[int]:
    stats = [Path(file, "stat").read_text() for file in Path("/proc").glob("[0-9]*")]
    return [int(one.split()[0]) for one in stats if one.rpartition(")")[2].split()[1] == str(process)]


def _held(process: int) -> tuple[int, int]:
    """Return the megabytes that a process has for itself, and how many files it has open."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return own // 1024, len(list(Path(f"/proc/{process}/fd").iterdir()))


if __name__ == "__main__":
    _ask(int(sys.argv[1]), sys.stdin.read().splitlines(), Path(sys.argv[2]))
