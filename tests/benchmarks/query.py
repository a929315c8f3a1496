"""How long one question takes: each is asked of every engine once, unseen, the engines in an order drawn anew.

Right before it the engine is asked a question of another set, untimed: what the engine before it left in the
processor's caches is no part of an answer.
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.benchmarks.bench import Bench, Ours, percentile, ratio, set_aside, table
from tests.benchmarks.peers import PEERS, Whoosh

RANKING, WHOLE = "**Factsheets**, ranking", "**Factsheets**, whole search"
HIGHLIGHTED = "plain Whoosh with its highlighter"
Ask = Callable[[str], Any]


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    engines = _engines(bench)
    warming = [topic.text for topic in bench.questions("natural")]
    asked = [topic.text for topic in bench.questions()]
    times = interleaved(engines, warming, asked)
    yield f"Time for one of {len(asked):,} questions over {len(bench.answers):,} answers, milliseconds:\n"
    yield from table(
        ["engine", "p50", "p95", "p50 / tantivy", "p95 / tantivy", f"p50 / {HIGHLIGHTED}"],
        [
            [
                name,
                *(f"{percentile(taken.values(), part) * 1000:.2f}" for part in (0.5, 0.95)),
                _ratio(taken, times["tantivy"], 0.5),
                _ratio(taken, times["tantivy"], 0.95),
                _ratio(taken, times[HIGHLIGHTED], 0.5),
            ]
            for name, taken in times.items()
        ],
    )


def interleaved(engines: list[dict[str, Ask]], warming: list[str], asked: list[str]) -> dict[str, dict[str, float]]:
    """Return the seconds that each call took for each question that it was asked.

    An engine with several calls gets each question in one of them, in turn: the others would have seen it.
    """
    times: dict[str, dict[str, float]] = {name: {} for calls in engines for name in calls}
    for text in warming[:20]:
        for calls in engines:
            for ask in calls.values():
                ask(text)
    set_aside()
    order = random.Random(0)  # noqa: S311
    for number, text in enumerate(dict.fromkeys(asked)):
        chosen = [list(calls.items())[number % len(calls)] for calls in engines]
        for name, ask in order.sample(chosen, len(chosen)):
            ask(warming[number % len(warming)])
            started = time.perf_counter()
            ask(text)
            times[name][text] = time.perf_counter() - started
    return times


def _engines(bench: Bench) -> list[dict[str, Ask]]:
    """Return the calls of each engine by the names of their rows."""
    ours = Ours(bench.index)
    calls: list[dict[str, Ask]] = [({RANKING: ours.ranking} if ours.rank else {}) | {WHOLE: ours.search}]
    for kind in PEERS:
        peer = kind(bench.directory(kind))
        more: dict[str, Ask] = {HIGHLIGHTED: peer.search} if isinstance(peer, Whoosh) else {}
        calls.append({kind.name: peer.rank} | more)
    return calls


def _ratio(taken: dict[str, float], other: dict[str, float], part: float) -> str:
    """Return a ratio over the questions that both calls were asked."""
    both = taken.keys() & other.keys()
    return ratio([taken[text] for text in both], [other[text] for text in both], part)
