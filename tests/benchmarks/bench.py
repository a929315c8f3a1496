"""What every measurement shares: the collection, the questions, and the engines over the same documents."""

import gc
import hashlib
import os
import random
import shutil
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer import Query, build_index, open_index
from indexer.evaluate import Topic, read_topics
from indexer.index.generations import published
from indexer.index.schema import fields_of
from indexer.index.snapshot import Snapshot
from tests.benchmarks.peers import WEIGHTS, Answer, Peer

DATA = Path(os.environ.get("FACTSHEETS_DATA", "../shared"))
MEDQUAD, JUDGED = DATA / "medquad", DATA / "relevance"

#: A quick look asks so many questions of a set all the same, where it has them.
LEAST_QUESTIONS = 50


@dataclass(frozen=True)
class Bench:
    """What was asked for on the command line. `every` takes one of so many questions, and of so many pages to build."""

    every: int
    repeat: int
    work: Path
    given: Path | None
    minutes: int = 15
    cluster: str = ""

    @cached_property
    def index(self) -> Path:
        """Our index of all pages: the given one, or one that is built now."""
        if self.given is None:
            build_index([MEDQUAD], self.work / "index")
        return self.given or self.work / "index"

    @cached_property
    def answers(self) -> list[Answer]:
        """All answers of our index: the documents of every engine."""
        return answers_of(self.index)

    def questions(self, name: str = "known-answers") -> list[Topic]:
        """Return the questions of a judged set that are asked in this run, drawn from all and in their order."""
        topics = read_topics(JUDGED / name / "topics.tsv")
        count = min(len(topics), max(LEAST_QUESTIONS, len(topics) // self.every))
        drawn = random.Random(0).sample(range(len(topics)), count)  # noqa: S311
        return [topics[number] for number in sorted(drawn)]

    def directory(self, peer: type[Peer]) -> Path:
        """Return where a peer's index of these answers lies; it is built when it is not there."""
        digest = hashlib.sha256(repr(self.answers).encode()).hexdigest()[:8]
        directory = self.work / digest / peer.name
        return directory if directory.exists() else built(peer, self.answers, directory)


def answers_of(index: Path) -> list[Answer]:
    """Return the answers of an index with the text that it searches: without markers and shared passages."""
    snapshot = Snapshot(index, published(index))
    records = [snapshot.record(number) for number in snapshot.everything]
    snapshot.close()
    answers = []
    for record in records:
        header, document, fields = record.header, record.document, fields_of(record)
        judged_as = f"{header.provenance.source}/{document.source_id}"
        texts = {name: str(fields[name]) for name in WEIGHTS}
        names = (header.title, *header.also_known_as)
        answers.append(Answer(document.id, judged_as, header.id, names, texts))
    return answers


def built(peer: type[Peer], answers: Sequence[Answer], directory: Path) -> Path:
    """Build a peer from nothing into a directory, and return it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    peer.build(answers, directory)
    return directory


class Ours:
    """Our engine with the two calls that are timed."""

    def __init__(self, index: Path) -> None:
        self.engine = open_index(index)
        #: Question to ids, the question understood, nothing presented; None where the engine has no such call.
        self.rank: Any = getattr(self.engine, "rank", None)

    def ranking(self, text: str) -> Any:
        return self.rank(Query(text))

    def search(self, text: str) -> Any:
        return self.engine.search(Query(text))


def set_aside() -> None:
    """Take what the measuring holds out of the collector's sight, so that no engine's time goes into it."""
    gc.collect()
    gc.freeze()


def percentile(values: Iterable[float], part: float) -> float:
    """Return the value that a part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def ratio(ours: Sequence[float], theirs: Sequence[float], part: float = 0.5) -> str:
    """Return how often ours holds theirs at a percentile, as text."""
    if not (ours and theirs):
        return "-"
    value = percentile(ours, part) / percentile(theirs, part)
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table with its first column to the left."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]
