"""What a worker holds in memory after 200 questions, and how soon a fresh process has its first answer."""

import time
from collections.abc import Iterator

from indexer.evaluate import read_topics
from tests.benchmarks.bench import JUDGED, Bench, median, table
from tests.benchmarks.fresh import OURS, run_fresh
from tests.benchmarks.peers import PEERS

QUESTIONS = 200


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    topics = read_topics(JUDGED / "known-answers" / "topics.tsv")
    questions = "\n".join(topic.text for topic in topics[:: len(topics) // QUESTIONS][:QUESTIONS])
    places = {OURS: bench.index} | {peer.name: bench.directory(peer) for peer in PEERS}
    rows = []
    for name, directory in places.items():
        runs = [
            run_fresh("answer", name, str(directory.resolve()), str(time.time()), questions=questions)
            for _ in range(bench.repeat)
        ]
        values = {key: median([run[key] for run in runs]) for key in runs[0]}
        seconds = [f"{values[key]:.2f}" for key in ("imports", "first answer", "process")]
        megabytes = [f"{values[key] / 1e6:.0f}" for key in ("imported", "resident", "proportional")]
        rows.append(["**Factsheets**, whole search" if name == OURS else name, *seconds, *megabytes])
    yield f"A fresh process: seconds to its first answer, and megabytes after {QUESTIONS} questions:\n"
    head = ["engine", "imports", "open to first answer", "whole process", "RSS, imported only", "RSS", "PSS"]
    yield from table(head, rows)
