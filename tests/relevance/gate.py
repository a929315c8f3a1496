"""Judged questions about the starter sheets, and the floors below which no measure may fall.

Grade 2: the answer that was asked for; 1: another answer about that condition, or one of another sheet that helps.
`topics.tsv` words its questions otherwise than the sheets do: most were written from the names alone, before the
answers were read. They were judged by reading, before the first ranking was looked at.
"""

import hashlib
import math
import tempfile
import tomllib
from argparse import ArgumentParser
from pathlib import Path

from indexer import build_index, open_index
from indexer.evaluate import Judgements, read_qrels, read_topics, retrieve
from tests.conftest import CORPUS

HERE = Path(__file__).parent
FLOORS = HERE / "floors.toml"

#: Every measure but judged@10, which says how complete the judgements are.
GATED = ("success@1", "success@5", "MRR@10", "nDCG@10", "condensed nDCG@10")


def measured() -> dict[str, float]:
    """Return the measures over all topics, from an index of the starter sheets alone."""
    judgements = Judgements(read_topics(HERE / "topics.tsv"), read_qrels(HERE / "qrels.txt"))
    with tempfile.TemporaryDirectory() as directory:
        build_index([CORPUS], directory)
        with open_index(directory) as engine:
            run = retrieve(engine, judgements.topics)
    scores = judgements.evaluate(run).scores[0].measures
    return {name: scores[name].value for name in GATED}


def digest() -> str:
    """Return a digest of everything that the measures depend on, but the program."""
    sheets = sorted(path for path in CORPUS.iterdir() if path.name != "README.md")
    parts = (hashlib.sha256(path.read_bytes()).digest() for path in (HERE / "topics.tsv", HERE / "qrels.txt", *sheets))
    return hashlib.sha256(b"".join(parts)).hexdigest()


def below(values: dict[str, float], floors: dict[str, float]) -> list[str]:
    """Return the measures that are below their floors, with both figures."""
    return [f"{name}: {values[name]:.4f}, floor {floor}" for name, floor in floors.items() if values[name] < floor]


def pin(values: dict[str, float], floors: Path = FLOORS, lower: bool = False) -> list[str]:
    """Write the values as floors, and return the measures that fall: without `lower`, nothing is written then."""
    old = tomllib.loads(floors.read_text(encoding="utf-8"))["floors"] if floors.exists() else {}
    fallen = below(values, old)
    if not fallen or lower:
        lines = [f'"{name}" = {math.floor(value * 1000) / 1000}' for name, value in values.items()]
        header = "# Written by `python -m tests.relevance --pin`; `--lower` lets floors fall."
        floors.write_text("\n".join([header, f'digest = "{digest()}"', "", "[floors]", *lines, ""]), encoding="utf-8")
    return fallen


def main() -> None:
    """Show the measures, and pin them on request; exit code 1: a floor would fall."""
    parser = ArgumentParser(prog="python -m tests.relevance", description=__doc__)
    parser.add_argument("--pin", action="store_true", help="make what is measured now the floors")
    parser.add_argument("--lower", action="store_true", help="with --pin: floors may fall")
    options = parser.parse_args()
    values = measured()
    for name, value in values.items():
        print(f"{name:<20}{value:.4f}")
    if options.pin and (fallen := pin(values, lower=options.lower)):
        print("\n".join(["Floors fell:" if options.lower else "Not pinned without --lower:", *fallen]))
        raise SystemExit(0 if options.lower else 1)
