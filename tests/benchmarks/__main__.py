"""Measure quality, speed and memory beside other engines, on the same documents and questions, in one run.

    python -m tests.benchmarks [build|update|query|pages|endpoint|memory|growth|quality|whole|ingredients|meaning|
                                soak|cluster ...]
                               [--every N] [--repeat N] [--minutes N] [--index DIR] [--work DIR] [--markdown FILE]
                               [--cluster URL]

Needs the extra `benchmarks`, and MedQuAD with the judged questions in the folder that FACTSHEETS_DATA names (default
../shared). When nothing is named, all is measured but `soak`, `meaning` (needs a model), `cluster` (OpenSearch).
Prints Markdown. Trust ratios, not milliseconds.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import (
    building,
    cluster,
    endpoint,
    growth,
    ingredients,
    meaning,
    memory,
    pages,
    quality,
    query,
    soak,
    whole,
)
from tests.benchmarks.bench import Bench

MEASUREMENTS: dict[str, Callable[[Bench], Iterator[str]]] = {
    "build": building.measure,  # first, while this process is small: it is copied for every worker
    "update": building.measure_updates,
    "query": query.measure,
    "pages": pages.measure,
    "endpoint": endpoint.measure,
    "memory": memory.measure,
    "growth": growth.measure,
    "quality": quality.measure,
    "whole": whole.measure,
    "ingredients": ingredients.measure,
    "meaning": meaning.measure,
    "soak": soak.measure,
    "cluster": cluster.measure,
}


def main() -> None:
    """Run the measurements that are named, and print or write what they say."""
    arguments = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    arguments.add_argument("what", nargs="*", choices=["all", *MEASUREMENTS], default="all")
    arguments.add_argument("--every", type=int, default=1, help="take one of N questions, and of N pages to build")
    arguments.add_argument("--repeat", type=int, default=3, help="how often builds and starts are repeated")
    arguments.add_argument("--index", type=Path, help="an index of MedQuAD that is there already")
    arguments.add_argument("--work", type=Path, help="a folder in which the other engines' indexes stay")
    arguments.add_argument("--markdown", type=Path, help="a file to write the tables to as well")
    arguments.add_argument("--minutes", type=int, default=15, help="how long `soak` takes")
    arguments.add_argument("--cluster", default="", help="the hosts of an OpenSearch cluster, for `cluster`")
    options = arguments.parse_args()
    chosen = MEASUREMENTS.keys() - {"meaning", "soak", "cluster"} if "all" in options.what else options.what
    with tempfile.TemporaryDirectory() as aside:
        work = options.work or Path(aside)
        work.mkdir(parents=True, exist_ok=True)
        bench = Bench(options.every, options.repeat, work.resolve(), options.index, options.minutes, options.cluster)
        lines = []
        for name in filter(chosen.__contains__, MEASUREMENTS):
            for line in MEASUREMENTS[name](bench):
                print(line, flush=True)
                lines.append(line)
    if options.markdown:
        options.markdown.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
