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
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

from indexer import Query, open_index
from indexer.index.build import write_generation
from indexer.language.question_types import question_type
from indexer.model import AnswerBlock, Document, FactSheet, Provenance, SheetHeader
from indexer.search import rank
from indexer.sheets.identifiers import answer_ids, sheet_id

DATA = Path(os.environ.get("FACTSHEETS_DATA", "../shared"))


def sheets() -> list[FactSheet]:
    """Return MedQuAD's sheets with their answers; a stand-in until there is a reader of its format."""
    return [sheet for path in sorted(DATA.glob("medquad/*/*.xml")) if (sheet := _sheet(path))]


def _sheet(path: Path) -> FactSheet | None:
    root = ET.parse(path).getroot()
    title = root.findtext("Focus") or root.findtext("doctitle-focus") or ""
    source, url = root.attrib.get("source") or root.attrib["corpus"], root.attrib["url"]
    names = tuple(name.text or "" for name in root.iter("Synonym"))
    pairs = [pair for tag in ("QAPair", "pair") for pair in root.iter(tag) if _text(pair, "Answer")]
    if not pairs:
        return None
    header = SheetHeader(sheet_id(title, source, url, path.name) + path.stem, title, names, Provenance(source, url))
    ids = answer_ids(header.id, (_text(pair, "Question") for pair in pairs))
    return FactSheet(header, (), tuple(_document(id, pair, header) for id, pair in zip(ids, pairs, strict=True)))


def _document(id: str, pair: ET.Element, header: SheetHeader) -> Document:
    text, asked = _text(pair, "Answer"), _text(pair, "Question")
    return Document(
        id=id,
        question=asked,
        question_type=question_type(asked, [header.title, *header.also_known_as]),
        answer=text,
        blocks=(AnswerBlock("paragraph", 0, len(text)),),
        citations=(),
        last_updated=None,
        source_id=pair[0].attrib["qid"],
    )


def _text(pair: ET.Element, tag: str) -> str:
    return " ".join((pair.findtext(tag) or pair.findtext(tag.lower()) or "").split())


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
        started = time.perf_counter()
        print(write_generation(sheets(), Path(index)), f"{time.perf_counter() - started:.1f} s")
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
