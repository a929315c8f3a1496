"""What each ingredient of the ranking gains: the measures without it, less those with it, on the same questions."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from indexer import Query, SearchEngine, build_index
from indexer.evaluate import Judgements, read_qrels, retrieve
from indexer.index import impacts, names
from indexer.index.generations import published
from indexer.index.snapshot import Snapshot
from indexer.search import rank, understand
from indexer.search.search import best
from indexer.search.spelling import Spelling
from tests.benchmarks.bench import JUDGED, MEDQUAD, Bench, table

COLUMNS = (
    ("known-answers", None, "success@1"),
    ("known-answers", "misspelt", "success@1"),
    ("known-answers", "long", "success@1"),
    ("known-answers", "content", "success@1"),
    ("natural", "named", "success@1"),
    ("natural", "described", "success@5"),
    ("consumer-questions", "original", "condensed nDCG@10"),
)

#: So many names of the collection are asked by themselves.
NAMES = 2_000

#: What is replaced, by the ingredient that is then left out.
LEFT_OUT: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "the subject": ((rank, "SUBJECT", 0.0),),
    "the kind of answer": ((rank, "KIND", 0.0),),
    "coverage": ((rank, "COVERAGE", 0.0),),
    "coverage sharp": ((rank, "SHARPNESS", 1),),
    "spelling": ((understand, "spelling", lambda *_: Spelling({}, [])),),
    "everyday words": ((understand, "lay_words", lambda _: []),),
    "framing words at half": ((understand, "FRAME", 1.0),),
}

#: What is built into the arrays, or read when an index is opened: an index is built for each.
BUILT: dict[str, tuple[tuple[Any, str, Any], ...]] = {
    "words as typed before other forms": ((impacts, "COVERED_BY_STEM", 1.0), (rank, "COVERED_BY_STEM", 1.0)),
    "fields weighed": ((impacts, "WEIGHT", dict.fromkeys(impacts.WEIGHT, 1.0)),),
    "lengths of fields": ((impacts, "LENGTH", dict.fromkeys(impacts.LENGTH, 0.0)),),
    "names without their endings": ((names, "_ENDINGS", ()),),
}


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    with SearchEngine(bench.index) as engine:
        everything = _Measured(bench, engine)
        rows = [["everything", *everything.values()]]
        for name, changes in LEFT_OUT.items():
            with _changed(changes):
                rows.append([f"without {name}", *_Measured(bench, engine).gains_on(everything)])
    for name, changes in BUILT.items():
        with _changed(changes):
            build_index([MEDQUAD], bench.work / "ingredient", force=True)
            with SearchEngine(bench.work / "ingredient") as engine:
                rows.append([f"without {name}", *_Measured(bench, engine).gains_on(everything)])
    yield "What changes when an ingredient is left out, with 95 % intervals (paired bootstrap):\n"
    yield from table(["", *(f"{kind or 'all'}, {measure}" for _, kind, measure in COLUMNS)], rows)
    yield ""
    told = _names_alone(bench.index)
    with _changed(((rank, "_is_name", lambda _: False),)):
        untold = _names_alone(bench.index)
    yield f"Of {NAMES:,} names typed alone have the answer to what it is first, where a sheet has one: {told:.3f}"
    yield f"Where answers of a sheet also differ by how often they say the name: {untold:.3f}"


def _names_alone(index: Path) -> float:
    """Return for how many names of sheets that say what it is the first answer says that."""
    snapshot = Snapshot(index, published(index))
    columns = snapshot.columns
    sheets = {first: [columns.type[number] for number in columns.sheet_of(first)] for first in columns.names}
    names = [name for first, kinds in sheets.items() if "information" in kinds for name, _ in columns.names[first]]
    drawn = random.Random(1).sample(names, NAMES)  # noqa: S311
    firsts = [snapshot.number(id) for name in drawn for id in best(snapshot, Query(name), 1)]
    snapshot.close()
    return sum(number is not None and columns.type[number] == "information" for number in firsts) / NAMES


class _Measured:
    """The rankings of all judged sets, as the engine ranks at this moment."""

    def __init__(self, bench: Bench, engine: SearchEngine) -> None:
        self._topics = {name: bench.questions(name) for name in dict.fromkeys(name for name, _, _ in COLUMNS)}
        self._runs = {name: retrieve(engine, topics) for name, topics in self._topics.items()}

    def values(self) -> list[str]:
        return [f"{score.value:.3f}" for score in self._scores(self)]

    def gains_on(self, other: "_Measured") -> list[str]:
        shown = []
        for score in self._scores(other):
            low, high = score.gain_interval or (0.0, 0.0)
            shown.append(f"{score.gain or 0.0:+.3f} [{low:+.3f}, {high:+.3f}]")
        return shown

    def _scores(self, other: "_Measured") -> Iterator[Any]:
        for name, kind, measure in COLUMNS:
            judgements = Judgements(self._topics[name], read_qrels(JUDGED / name / "qrels.txt"))
            classes = judgements.evaluate(self._runs[name], against=other._runs[name]).scores
            yield next(one.measures[measure] for one in classes if one.kind == kind)


@contextmanager
def _changed(changes: tuple[tuple[Any, str, Any], ...]) -> Iterator[None]:
    with ExitStack() as stack:
        for target, name, value in changes:
            stack.enter_context(patch.object(target, name, value))
        yield
