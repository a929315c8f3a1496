"""How often the page shows the whole first answer, and how often that answer is right: on both halves of the questions.

The condition (`indexer/search/passages.py`) was chosen on the first half alone.
"""

from collections.abc import Iterator

from indexer import Query, open_index
from indexer.evaluate import read_qrels
from tests.benchmarks.bench import JUDGED, Bench, table

_HEAD = ["questions", "half", "class", "asked", "shown", "right", "share right"]


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report. An answer is right if it has the highest grade; on honesty none is."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    with open_index(bench.index) as engine:
        for name in ("known-answers", "natural", "honesty"):
            judged = read_qrels(JUDGED / name / "qrels.txt") if name != "honesty" else {}
            lines = (JUDGED / name / "topics.tsv").read_text("utf-8").splitlines()[:: bench.every]
            for id, kind, text, *_ in (line.split("\t") for line in lines):
                answer = engine.search(Query(text, group="subject", per_page=1, answer=True)).answer
                half = "chosen on" if int(id[1:]) // 2 % 2 == 0 else "other"
                row = rows.setdefault((name, half, kind), [0, 0, 0])
                row[0] += 1
                if answer:
                    document = f"{answer.header.provenance.source}/{answer.document.source_id}"
                    row[1] += 1
                    row[2] += judged.get(id, {}).get(document) == 2
                    if name == "honesty":
                        yield f"Shown although nothing answers: {text!r}: {answer.document.question!r}\n"
    yield "Whole answers:\n"
    yield from table(_HEAD, [[*key, *map(str, row), f"{row[2] / max(row[1], 1):.3f}"] for key, row in rows.items()])
