"""How often the first answer is the right one, on the judged questions over MedQuAD.

    python -m tests.benchmarks.ranking [--every N] [--index DIR] [--type-weight W]

Needs the collection and the judgements in the folder that FACTSHEETS_DATA names (default ../shared). Prints
success@1 and success@5 for each class of question; `--every 4` asks every fourth, `--index` keeps the index there.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from indexer import Query, build_index, open_index
from indexer.search import rank

DATA = Path(os.environ.get("FACTSHEETS_DATA", "../shared"))


def _judged(name: str) -> tuple[list[tuple[str, str, str]], dict[str, set[str]]]:
    topics = [tuple(line.split("\t")) for line in (DATA / "relevance" / name / "topics.tsv").read_text().splitlines()]
    right: dict[str, set[str]] = defaultdict(set)
    for line in (DATA / "relevance" / name / "qrels.txt").read_text().splitlines():
        topic, _, document, grade = line.split()
        if int(grade) >= (1 if topic.startswith("D") else 2):  # D: described, where any answer about it is right
            right[topic].add(document)
    return topics, right  # type: ignore[return-value]


def main() -> None:
    """Build an index, ask every question, and print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--every", type=int, default=1)
    arguments.add_argument("--index")
    arguments.add_argument("--type-weight", type=float, default=rank.TYPE_WEIGHT)
    options = arguments.parse_args()
    rank.TYPE_WEIGHT = options.type_weight
    index = options.index or tempfile.mkdtemp()
    if not (Path(index) / "CURRENT").exists():
        report = build_index([DATA / "medquad"], index)
        print(f"{report.documents} answers, {len(report.refused)} pages refused, {report.seconds:.1f} s")
    with open_index(index) as engine:
        for name in ("known-answers", "natural"):
            topics, right = _judged(name)
            firsts: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
            seconds = []
            for topic, kind, text in topics[:: options.every]:
                started = time.perf_counter()
                hits = engine.search(Query(text, per_page=5)).hits
                seconds.append(time.perf_counter() - started)
                found = [f"{hit.header.provenance.source}/{hit.document.source_id}" in right[topic] for hit in hits]
                firsts[kind].append((any(found[:1]), any(found)))
            for kind, scores in firsts.items():
                at_1, at_5 = (sum(score[k] for score in scores) / len(scores) for k in (0, 1))
                print(f"{name:15} {kind:12} n={len(scores):4}  success@1 {at_1:.2f}  success@5 {at_5:.2f}")
            print(f"{name:15} p50 {statistics.median(seconds) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
