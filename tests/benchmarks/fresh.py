"""What one engine does in a process of its own, told as JSON. Nothing is imported before the clock starts.

    python -m tests.benchmarks.fresh build INDEX FOLDER
    python -m tests.benchmarks.fresh answer ENGINE DIRECTORY STARTED < questions

STARTED is the time at which the parent started this process. FACTSHEETS_MODEL names a model for our engine.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

OURS = "factsheets"


def run_fresh(*arguments: str, questions: str = "", model: str | None = None) -> dict[str, float]:
    """Return what a fresh process measures; a `model` that is given goes before the one of the environment."""
    command = [sys.executable, "-m", "tests.benchmarks.fresh", *arguments]
    environment = os.environ | ({} if model is None else {"FACTSHEETS_MODEL": model})
    done = subprocess.run(command, input=questions, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def build(index: Path, folder: Path) -> dict[str, float]:
    """Build an index, and return how long it took in seconds, by the clock and of all processors."""
    from indexer import build_index, open_model

    started, used = time.perf_counter(), sum(os.times()[:4])
    report = build_index([folder], index, model=open_model(os.environ.get("FACTSHEETS_MODEL") or None))
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "processors": sum(os.times()[:4]) - used, "documents": report.documents}


def answer(engine: str, directory: Path, started: float) -> dict[str, float]:
    """Open an engine, answer the questions, and return seconds of each step and bytes of memory after them all."""
    questions = sys.stdin.read().splitlines()
    before = time.perf_counter()
    opened = _ours(directory) if engine == OURS else _peer(engine, directory)
    imported = time.perf_counter()
    empty = _memory()
    ask = opened()
    ask(questions[0])
    answered, clock = time.perf_counter(), time.time()
    for question in questions[1:]:
        ask(question)
    memory = _memory()
    return {
        "imports": imported - before,
        "first answer": answered - imported,
        "process": clock - started,
        "imported": empty["Rss"],
        "resident": memory["Rss"],
        "proportional": memory["Pss"],
        "own": memory["Private_Clean"] + memory["Private_Dirty"],
    }


def _ours(directory: Path) -> Callable[[], Callable[[str], Any]]:
    from indexer import Query, open_index, open_model

    def opened() -> Callable[[str], Any]:
        engine = open_index(directory, open_model(os.environ.get("FACTSHEETS_MODEL") or None))
        return lambda text: engine.search(Query(text))

    return opened


def _peer(name: str, directory: Path) -> Callable[[], Callable[[str], Any]]:
    from tests.benchmarks.peers import PEERS

    (peer,) = (one for one in PEERS if one.name == name)
    for package in peer.packages:
        __import__(package)
    return lambda: peer(directory).rank


def _memory() -> dict[str, int]:
    """Return the bytes of memory of this process: all that is resident, and with what is shared counted in parts."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    return {name: int(size.split()[0]) * 1024 for name, _, size in (line.partition(":") for line in lines)}


def main() -> None:
    """Measure what the command line asks for."""
    name, directory, *started = sys.argv[2:]
    measured = answer(name, Path(directory), float(*started)) if started else build(Path(name), Path(directory))
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
