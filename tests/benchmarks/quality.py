"""How often the first answer is the right one: every engine on the same judged questions, by class, and honesty."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from indexer import Query, SearchEngine, question_types
from indexer.evaluate import DEPTH, Judgements, Run, Score, read_qrels, retrieve
from indexer.language.analysis import fold, terms
from tests.benchmarks.bench import JUDGED, Bench, Ours, table
from tests.benchmarks.peers import PEERS, Answer, Fts5, Peer

OURS = "**Factsheets**"
#: The columns of each table: judged set, class of question (None: all), measure.
COLUMNS = (
    [("known-answers", kind, "success@1") for kind in (None, "name", "other name", "misspelt", "long", "name only")]
    + [("known-answers", "content", "success@1")],
    [("natural", kind, measure) for kind in ("named", "described") for measure in ("success@1", "success@5")]
    + [
        ("consumer-questions", kind, measure)
        for kind in ("original", "summary")
        for measure in ("condensed nDCG@10", "judged@10")
    ],
)

Scores = dict[tuple[str, str | None, str], Score]


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    ours = Ours(bench.index)
    asked = _rankings(bench, ours.engine)
    scores: dict[str, Scores] = defaultdict(dict)
    for name in ("known-answers", "natural", "consumer-questions"):
        topics = bench.questions(name)
        judgements = Judgements(topics, read_qrels(JUDGED / name / "qrels.txt"))
        mine = retrieve(ours.engine, topics)
        runs = {OURS: mine} | {row: {one.id: rank(one.text) for one in topics} for row, rank in asked.items()}
        for row, run in runs.items():
            scores[row] |= _scores(name, judgements, mine, run)
    for columns in COLUMNS:
        names = [f"{kind or 'all'}, {measure}" for _, kind, measure in columns]
        yield from table(["", *names], [[row, *(_value(of.get(one)) for one in columns)] for row, of in scores.items()])
        yield "Factsheets less each of the others, with 95 % intervals (paired bootstrap):\n"
        gains = [[row, *(_gain(of.get(one)) for one in columns)] for row, of in scores.items() if row != OURS]
        yield from table(["", *names], gains)
    yield from honesty(bench, ours.engine)


def _scores(name: str, judgements: Judgements, mine: Run, run: Run) -> Scores:
    """Return what ours has and what it gains on a run, by column."""
    classes = judgements.evaluate(mine, against=run).scores
    return {(name, of.kind, measure): score for of in classes for measure, score in of.measures.items()}


def _value(score: Score | None) -> str:
    """Return the value of the run that ours was compared with."""
    return "-" if score is None else f"{score.value - (score.gain or 0):.2f}"


def _gain(score: Score | None) -> str:
    if score is None or score.gain is None or score.gain_interval is None:
        return "-"
    low, high = score.gain_interval
    return f"{score.gain:+.2f} [{low:+.2f}, {high:+.2f}]"


def _rankings(bench: Bench, engine: SearchEngine) -> dict[str, Callable[[str], list[str]]]:
    """Return for each row of the table how a question becomes the names of documents, best first."""
    opened = {kind.name: kind(bench.directory(kind)) for kind in PEERS}

    def ranking(peer: Peer, reads: Callable[[str], str]) -> Callable[[str], list[str]]:
        def rank(text: str) -> list[str]:
            hits = peer.numbers(peer.rank(reads(text), DEPTH))
            return list(dict.fromkeys(bench.answers[number].judged_as for number in hits))

        return rank

    rows = {name: ranking(peer, str) for name, peer in opened.items()}
    rows[f"{Fts5.name}, question understood by us"] = ranking(opened[Fts5.name], lambda text: understood(engine, text))
    return rows


def understood(engine: SearchEngine, text: str) -> str:
    """Return a question with all that we understood of it as words: names, kind of answer, corrections, synonyms.

    An engine that is given them differs from ours in the ranking alone.
    """
    found = engine.search(Query(text, per_page=1)).understood
    labels = {one.id: one.label for one in question_types()}
    names = [focus.name for focus in getattr(found, "focus", ())]
    used = [getattr(one, "used", one) for what in ("corrected", "synonyms") for one in getattr(found, what, None) or ()]
    return " ".join([text, *names, labels.get(found.type or "", ""), *map(str, used)])


def honesty(bench: Bench, engine: SearchEngine) -> Iterator[str]:
    """Yield the lines on questions whose answer is not here, not of that kind, or belongs to one of two names."""
    lines = (JUDGED / "honesty" / "topics.tsv").read_text("utf-8").splitlines()[:: bench.every]
    sheets = _Names(bench.answers)
    asked: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for _, kind, text, expected in (line.split("\t") for line in lines):
        found = engine.search(Query(text, per_page=1)).understood
        asked[kind] += 1
        wrong[kind] += sheets.confidently_wrong(kind, text, expected, found)
    yield "Confidently wrong, of the questions that have no answer here (other engines always claim one):\n"
    rows = [[kind, str(asked[kind]), f"{wrong[kind] / asked[kind]:.3f}"] for kind in asked]
    yield from table(
        ["class", "questions", OURS], [*rows, ["all", f"{asked.total()}", f"{wrong.total() / asked.total():.3f}"]]
    )


class _Names:
    """Which sheets have which names, and what it means to be wrong about them (relevance/README.md of the data)."""

    def __init__(self, answers: list[Answer]) -> None:
        self._sheets: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, tuple[str, ...]] = {}
        for answer in answers:
            self._names[answer.sheet_id] = answer.names
            for name in answer.names:
                self._sheets[fold(name)].add(answer.sheet_id)

    def confidently_wrong(self, kind: str, text: str, expected: str, found: Any) -> bool:
        """Return whether a question was understood as what it cannot be, and nothing says so."""
        foci = [_sheet_ids(focus) for focus in getattr(found, "focus", ())]
        if kind == "not covered":
            right = self._sheets[fold(expected)]
            return getattr(found, "covered", None) is not False or not all(focus & right for focus in foci)
        if kind == "absent":
            return not all(any(self._stands_in(text, sheet) for sheet in focus) for focus in foci)
        one, other = (self._sheets[fold(name)] for name in expected.split("|"))
        offered = [*foci, *map(_sheet_ids, getattr(found, "alternatives", ()))]
        one_taken, other_taken = (any(focus & side for focus in foci) for side in (one, other))
        one_offered, other_offered = (any(ids & side for ids in offered) for side in (one, other))
        return (one_taken and not other_offered) or (other_taken and not one_offered)

    def _stands_in(self, text: str, sheet: str) -> bool:
        words = f" {' '.join(terms(text))} "
        return any(f" {' '.join(terms(name))} " in words for name in self._names.get(sheet, ()))


def _sheet_ids(claim: Any) -> set[str]:
    """Return the sheets that a focus or an alternative means."""
    return set(getattr(claim, "sheet_ids", None) or [claim.sheet_id])
