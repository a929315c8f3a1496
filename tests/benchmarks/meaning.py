"""What a model gains and costs: the same engine on the same index with it and without, question by question.

FACTSHEETS_MODEL names the model; `--index` an index that was built with it, or one is built now, on all processors.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import replace

from indexer import Query, SearchEngine, open_index, open_model
from indexer.evaluate import Evaluation, Judgements, Score, read_qrels, read_topics, retrieve
from indexer.meaning.model import Model
from tests.benchmarks.bench import JUDGED, MEDQUAD, Bench, percentile, set_aside, table
from tests.benchmarks.fresh import OURS, run_fresh
from tests.benchmarks.memory import QUESTIONS
from tests.benchmarks.quality import honesty

#: The measures that are told of each set.
TOLD = {
    "natural": ("success@1", "success@5"),
    "known-answers": ("success@1", "success@5"),
    "consumer-questions": ("condensed nDCG@10",),
}
WITHOUT, WITH = "words alone", "with meaning"


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    model = open_model(os.environ.get("FACTSHEETS_MODEL") or None)
    if model is None:
        raise SystemExit("FACTSHEETS_MODEL must name a model")
    index = bench.given or bench.work / "meaning"
    if not bench.given:
        done = run_fresh("build", str(index), str(MEDQUAD))
        yield f"Built with vectors: {done['documents']:,.0f} answers in {done['seconds'] / 60:.1f} minutes, "
        yield f"{done['processors'] / 60:.1f} of processors\n"
    with open_index(index) as words, open_index(index, model) as meaning:
        engines = {WITHOUT: words, WITH: meaning}
        for name, measures in TOLD.items():
            yield f"{name}: with the model, and what is gained (95 % intervals, paired bootstrap):\n"
            yield from _gains(bench, name, measures, engines)
        for name, engine in engines.items():
            yield f"{name}:\n"
            yield from honesty(replace(bench, given=index), engine)
        yield "One question, milliseconds; each is asked of both once, in turns:\n"
        yield from _times(bench, engines)
    yield f"A process after {QUESTIONS} questions, megabytes (PSS counts what processes share in parts):\n"
    yield from _memory(str(index.resolve()), model)


def _gains(bench: Bench, name: str, measures: tuple[str, ...], engines: dict[str, SearchEngine]) -> list[str]:
    topics = bench.questions(name)
    before, after = (retrieve(engine, topics) for engine in engines.values())
    found: Evaluation = Judgements(topics, read_qrels(JUDGED / name / "qrels.txt")).evaluate(after, against=before)
    rows = [
        [f"{of.kind or 'all'} ({of.topics:,})", *(_told(of.measures[one]) for one in measures)] for of in found.scores
    ]
    return table(["", *measures], rows)


def _told(score: Score) -> str:
    low, high = score.gain_interval or (0.0, 0.0)
    return f"{score.value:.3f} {score.gain or 0:+.3f} [{low:+.3f}, {high:+.3f}]"


def _times(bench: Bench, engines: dict[str, SearchEngine]) -> list[str]:
    taken: dict[str, list[float]] = {name: [] for name in engines}
    warming = [topic.text for topic in bench.questions("natural")]
    for engine in engines.values():
        engine.search(Query(warming[0]))
    set_aside()
    for number, topic in enumerate(bench.questions()):
        for name in sorted(engines, reverse=bool(number % 2)):
            engines[name].search(Query(warming[number % len(warming)]))
            started = time.perf_counter()
            engines[name].search(Query(topic.text))
            taken[name].append(time.perf_counter() - started)
    head = ["whole search", "p50", "p95", "p99"]
    return table(
        head, [[name, *(f"{percentile(one, p) * 1000:.1f}" for p in (0.5, 0.95, 0.99))] for name, one in taken.items()]
    )


def _memory(index: str, model: Model) -> list[str]:
    topics = read_topics(JUDGED / "known-answers" / "topics.tsv")
    questions = "\n".join(topic.text for topic in topics[:: len(topics) // QUESTIONS][:QUESTIONS])
    rows = []
    for name, used in ((WITHOUT, ""), (WITH, str(model.folder))):
        held = run_fresh("answer", OURS, index, str(time.time()), questions=questions, model=used)
        rows.append([name, *(f"{held[key] / 1e6:.0f}" for key in ("resident", "proportional", "own"))])
    return table(["", "RSS", "PSS", "of its own"], rows)
