"""Topics, judgements and rankings in TREC format -> how good a ranking is, overall and by class of question.

    topics       id TAB text, or id TAB class TAB text
    judgements   topic 0 document grade                (qrels; grade 0 is wrong, more is better)
    ranking      topic Q0 document rank score tag      (a run; the score orders it, as in trec_eval)

A document is named SOURCE/source_id if its publisher has an id for it, or else by the answer's id. A topic id may occur
once for each of several classes, which share its judgements; in a ranking it is named `id/class`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer import Query, SearchEngine
from indexer.errors import FactSheetError, JudgementError
from indexer.model import Hit

#: Measures with their names in ir_measures. Condensed: unjudged documents are removed before the cut (Sakai,
#: Alternatives to Bpref, SIGIR 2007).
MEASURES = {
    "success@1": "Success@1",
    "success@5": "Success@5",
    "MRR@10": "RR@10",
    "nDCG@10": "nDCG@10",
    "condensed nDCG@10": "nDCG(judged_only=True)@10",
    "judged@10": "Judged@10",
}

#: How many documents to retrieve, so that ten are left after removing the unjudged ones.
DEPTH = 100

#: Resamples of the bootstrap, and its seed. Percentiles need 1,000 or more (Efron & Tibshirani, An
#: Introduction to the Bootstrap, 1993); with 10,000, five seeds moved the ends by less than .006 (209 topics).
RESAMPLES, SEED = 10_000, 1
Interval = tuple[float, float]
Qrels = dict[str, dict[str, int]]
Run = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A question. `id` is its name in a ranking, `judged_as` its name in the judgements."""

    id: str
    judged_as: str
    kind: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """A mean over topics with its 95 % interval. `gain` is the difference from the other ranking, if there is one."""

    value: float
    interval: Interval
    gain: float | None = None
    gain_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures over one class of topics; over all topics if `kind` is None."""

    kind: str | None
    topics: int
    measures: dict[str, Score]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a ranking is. `unjudged` topics have no right document, and are left out of the means."""

    topics: int
    unjudged: int
    scores: tuple[Scores, ...]


def read_topics(path: Path) -> list[Topic]:
    """Return the questions in a file, in order. Raises JudgementError."""
    rows: dict[tuple[str, str | None], str] = {}
    for number, line in _lines(path):
        id, *kind, text = map(str.strip, line.split("\t")) if line.count("\t") in (1, 2) else ("", "")
        if not (id and text) or re.search(r"\s", id):
            raise JudgementError(
                path, "a topic is an id, an optional class, and the question, separated by tabs", number
            )
        key = (id, kind[0] or None if kind else None)
        if key in rows:
            raise JudgementError(path, f"topic {id} occurs twice", number)
        rows[key] = text
    classes = Counter(id for id, _ in rows)
    names = {(id, kind): _word(f"{id}/{kind}") if classes[id] > 1 else id for id, kind in rows}
    return [Topic(names[id, kind], id, kind, text) for (id, kind), text in rows.items()]


def read_qrels(path: Path) -> Qrels:
    """Return the grade of each judged document of each topic. Raises JudgementError."""
    qrels: Qrels = {}
    for number, line in _lines(path):
        topic, _, document, grade = fields if len(fields := line.split()) == 4 else [""] * 4
        if not re.fullmatch("[0-9]{1,3}", grade):
            raise JudgementError(path, "a judgement is topic, 0, document, grade (a whole number from 0)", number)
        if document in qrels.setdefault(topic, {}):
            raise JudgementError(path, f"{document} is judged twice for topic {topic}", number)
        qrels[topic][document] = int(grade)
    return qrels


def read_run(path: Path) -> Run:
    """Return the documents of each topic, best first, equal scores in trec_eval's order. Raises JudgementError."""
    scores: dict[str, list[tuple[float, str]]] = {}
    for number, line in _lines(path):
        topic, _, document, _, score, _ = fields if len(fields := line.split()) == 6 else [""] * 6
        if not re.fullmatch(r"-?(\d+(\.\d+)?|\.\d+)(e[-+]?\d+)?", score, re.ASCII | re.IGNORECASE):
            raise JudgementError(path, "a line of a ranking is topic, Q0, document, rank, score, tag", number)
        scores.setdefault(topic, []).append((float(score), document))
    return {id: list(dict.fromkeys(name for _, name in sorted(rows, reverse=True))) for id, rows in scores.items()}


def write_run(run: Run, path: Path) -> None:
    """Write a ranking. Scores decrease from the first document, so that there are no ties for a reader to reorder."""
    rows = ((id, name, rank) for id, names in run.items() for rank, name in enumerate(names, start=1))
    lines = (f"{id} Q0 {name} {rank} {DEPTH + 1 - rank} factsheets\n" for id, name, rank in rows)
    path.write_text("".join(lines), encoding="utf-8")


def retrieve(engine: SearchEngine, topics: Sequence[Topic], progress: Callable[[int, int], None] | None = None) -> Run:
    """Return the results for each topic, best first and each name once. `progress` gets (done, total)."""
    run: Run = {}
    for done, topic in enumerate(topics, start=1):
        hits = engine.search(Query(topic.text, per_page=DEPTH)).hits
        run[topic.id] = list(dict.fromkeys(map(document_name, hits)))
        if progress is not None:
            progress(done, len(topics))
    return run


def document_name(hit: Hit) -> str:
    """Return the name of a document in judgements and rankings, without spaces."""
    source, source_id = hit.header.provenance.source, hit.document.source_id
    return _word(f"{source}/{source_id}") if source and source_id else hit.document.id


class Judgements:
    """Topics with the documents that are right for them: those with a grade of at least `relevant`.

    Without `relevant`, those with the topic's highest grade. Raises FactSheetError if no topic has a right document, or
    if the extra with the measures is not installed.
    """

    def __init__(self, topics: Sequence[Topic], qrels: Qrels, relevant: int | None = None) -> None:
        try:
            from ir_measures import RR, Judged, Success, evaluator, nDCG
        except ModuleNotFoundError as error:
            raise FactSheetError("the measures need an extra: pip install 'factsheets[evaluate]'") from error
        self.topics = topics
        given = {topic.id: qrels.get(topic.judged_as, {}) for topic in topics}
        least = {id: relevant or max([1, *judged.values()]) for id, judged in given.items()}
        grades = {id: judged for id, judged in given.items() if max(judged.values(), default=0) >= least[id]}
        self._judged = [topic for topic in topics if topic.id in grades]
        if not self._judged:
            raise FactSheetError("no topic has a document that is judged right")
        right = {id: {name: int(grade >= least[id]) for name, grade in judged.items()} for id, judged in grades.items()}
        # As objects, because ir-measures parses names with a feature that Python 3.12 deprecates and 3.14 removes.
        self._evaluators = [
            evaluator([Success @ 1, Success @ 5, RR @ 10], right),
            evaluator([nDCG @ 10, nDCG(judged_only=True) @ 10, Judged @ 10], grades),
        ]

    def evaluate(self, run: Run, against: Run | None = None) -> Evaluation:
        """Return how good a ranking is, and its gain over another. A topic without documents scores 0."""
        if against is not None and not any(topic.id in against for topic in self._judged):
            raise FactSheetError("the other ranking has none of the judged topics")
        values, scores = self._values(run), []
        gains = None if against is None else values - self._values(against)
        for kind in [None, *dict.fromkeys(topic.kind for topic in self._judged if topic.kind)]:
            rows = [row for row, topic in enumerate(self._judged) if kind in (None, topic.kind)]
            own = _means(values[rows])
            gained = [()] * len(own) if gains is None else _means(gains[rows])
            measures = {name: Score(*own[at], *gained[at]) for at, name in enumerate(MEASURES)}
            scores.append(Scores(kind, len(rows), measures))
        return Evaluation(len(self.topics), len(self.topics) - len(self._judged), tuple(scores))

    def _values(self, run: Run) -> Any:
        """Return an array with a row for each judged topic and a column for each measure."""
        ranked = {topic.id: run[topic.id][:DEPTH] for topic in self._judged if run.get(topic.id)}
        scored = {id: {name: float(DEPTH - rank) for rank, name in enumerate(names)} for id, names in ranked.items()}
        metrics = [metric for evaluator in self._evaluators for metric in evaluator.iter_calc(scored)]
        values = {(metric.query_id, str(metric.measure)): metric.value for metric in metrics}
        return np.array([[values[topic.id, name] for name in MEASURES.values()] for topic in self._judged])


def _means(rows: Any) -> list[tuple[float, Interval]]:
    """Return the mean and the bootstrap interval of each column. Differences by topic give the paired interval."""
    random, count = np.random.default_rng(SEED), len(rows)
    draws = (np.bincount(random.integers(count, size=count), minlength=count) for _ in range(RESAMPLES))
    ends = np.quantile([draw @ rows / count for draw in draws], (0.025, 0.975), axis=0)
    return [(mean, (low, high)) for mean, low, high in zip(rows.mean(axis=0).tolist(), *ends.tolist(), strict=True)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Return the non-empty lines with their numbers, from 1."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise JudgementError(path, "not UTF-8") from error
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _word(name: str) -> str:
    """Return a name without spaces, which separate the columns in TREC format."""
    return "_".join(name.split())
