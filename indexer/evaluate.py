"""Topics, judgements and rankings in TREC's files -> how good a ranking is, in all and by class of question.

    topics       id TAB text, or id TAB class TAB text
    judgements   topic 0 document grade                (qrels; grade 0 is wrong, more is better)
    ranking      topic Q0 document rank score tag      (a run; the score orders it, as in trec_eval)

A document is named SOURCE/source_id where its publisher has an id for it, else by the answer's id. A topic id that
stands in the file once for each of several classes shares its judgements; in a ranking it is named `id/class`.
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

#: Measures with their names in ir_measures: by which documents are right, or by their grades. Condensed: unjudged
#: documents are dropped before the cut (Sakai, Alternatives to Bpref, SIGIR 2007).
MEASURES = {
    "success@1": "Success@1",
    "success@5": "Success@5",
    "MRR@10": "RR@10",
    "nDCG@10": "nDCG@10",
    "condensed nDCG@10": "nDCG(judged_only=True)@10",
    "judged@10": "Judged@10",
}

#: How many documents are asked for, so that ten are left when the unjudged ones are dropped.
DEPTH = 100

#: Resamples of a bootstrap, and the seed of its draws. Percentiles want 1,000 or more (Efron & Tibshirani, An
#: Introduction to the Bootstrap, 1993); with 10,000, five seeds moved the ends by less than .006 (209 topics).
RESAMPLES, SEED = 10_000, 1
Interval = tuple[float, float]
Qrels = dict[str, dict[str, int]]
Run = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A question to ask. `id` is its name in a ranking, `judged_as` in the judgements."""

    id: str
    judged_as: str
    kind: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """A mean over topics with its 95 % interval; `gain`: on the other ranking, if there is one."""

    value: float
    interval: Interval
    gain: float | None = None
    gain_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures over one class of topics; `kind` None: over all of them."""

    kind: str | None
    topics: int
    measures: dict[str, Score]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a ranking is. `unjudged` topics have no document that is right, and stand in no mean."""

    topics: int
    unjudged: int
    scores: tuple[Scores, ...]


def read_topics(path: Path) -> list[Topic]:
    """Return the questions of a file in its order. Raises JudgementError."""
    rows: dict[tuple[str, str | None], str] = {}
    for number, line in _lines(path):
        id, *kind, text = map(str.strip, line.split("\t")) if line.count("\t") in (1, 2) else ("", "")
        if not (id and text) or re.search(r"\s", id):
            raise JudgementError(path, "a topic is an id, a class or none, and the question, tabs between", number)
        key = (id, kind[0] or None if kind else None)
        if key in rows:
            raise JudgementError(path, f"topic {id} stands here twice", number)
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
    return {id: list(dict.fromkeys(name for _, name in sorted(one, reverse=True))) for id, one in scores.items()}


def write_run(run: Run, path: Path) -> None:
    """Write a ranking. Scores count down from the first document, so that no reader sees ties and orders them anew."""
    rows = ((id, name, rank) for id, names in run.items() for rank, name in enumerate(names, start=1))
    lines = (f"{id} Q0 {name} {rank} {DEPTH + 1 - rank} factsheets\n" for id, name, rank in rows)
    path.write_text("".join(lines), encoding="utf-8")


def retrieve(engine: SearchEngine, topics: Sequence[Topic], progress: Callable[[int, int], None] | None = None) -> Run:
    """Return what the engine finds for each topic, best first and each name once; `progress` is told (done, all)."""
    run: Run = {}
    for done, topic in enumerate(topics, start=1):
        hits = engine.search(Query(topic.text, per_page=DEPTH)).hits
        run[topic.id] = list(dict.fromkeys(map(document_name, hits)))
        if progress is not None:
            progress(done, len(topics))
    return run


def document_name(hit: Hit) -> str:
    """Return the name of a document in judgements and rankings: one word."""
    source, source_id = hit.header.provenance.source, hit.document.source_id
    return _word(f"{source}/{source_id}") if source and source_id else hit.document.id


class Judgements:
    """Topics with what is right for them: the documents with the grade `relevant` or more.

    Without `relevant`, those with the topic's highest grade: the best that there is. Raises FactSheetError when there
    are none for any topic, or when the extra with the measures is not installed.
    """

    def __init__(self, topics: Sequence[Topic], qrels: Qrels, relevant: int | None = None) -> None:
        try:
            from ir_measures import RR, Judged, Success, evaluator, nDCG
        except ModuleNotFoundError as error:
            raise FactSheetError("the measures come with an extra: pip install 'factsheets[evaluate]'") from error
        self.topics = topics
        given = {topic.id: qrels.get(topic.judged_as, {}) for topic in topics}
        least = {id: relevant or max([1, *grades.values()]) for id, grades in given.items()}
        grades = {id: one for id, one in given.items() if max(one.values(), default=0) >= least[id]}
        self._judged = [topic for topic in topics if topic.id in grades]
        if not self._judged:
            raise FactSheetError("no topic has a document that is judged right")
        right = {id: {name: int(grade >= least[id]) for name, grade in one.items()} for id, one in grades.items()}
        # As objects: to read their names, ir-measures uses what Python 3.12 warns of and 3.14 has no more.
        self._evaluators = [
            evaluator([Success @ 1, Success @ 5, RR @ 10], right),
            evaluator([nDCG @ 10, nDCG(judged_only=True) @ 10, Judged @ 10], grades),
        ]

    def evaluate(self, run: Run, against: Run | None = None) -> Evaluation:
        """Return how good a ranking is, and what it gains on another; a topic without documents has 0 throughout."""
        if against is not None and not any(topic.id in against for topic in self._judged):
            raise FactSheetError("the other ranking has none of the topics that are judged")
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
        found = {topic.id: run[topic.id][:DEPTH] for topic in self._judged if run.get(topic.id)}
        scored = {id: {name: float(DEPTH - place) for place, name in enumerate(one)} for id, one in found.items()}
        metrics = [one for evaluator in self._evaluators for one in evaluator.iter_calc(scored)]
        values = {(one.query_id, str(one.measure)): one.value for one in metrics}
        return np.array([[values[topic.id, name] for name in MEASURES.values()] for topic in self._judged])


def _means(rows: Any) -> list[tuple[float, Interval]]:
    """Return each column's mean with its bootstrap interval; of differences, topic by topic, it is the paired one."""
    random, count = np.random.default_rng(SEED), len(rows)
    draws = (np.bincount(random.integers(count, size=count), minlength=count) for _ in range(RESAMPLES))
    ends = np.quantile([draw @ rows / count for draw in draws], (0.025, 0.975), axis=0)
    return [(mean, (low, high)) for mean, low, high in zip(rows.mean(axis=0).tolist(), *ends.tolist(), strict=True)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Return the lines that are not empty with their numbers, from 1."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise JudgementError(path, "not UTF-8") from error
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _word(name: str) -> str:
    """Return a name without the spaces that part the columns of TREC's files."""
    return "_".join(name.split())
