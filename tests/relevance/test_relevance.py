"""The relevance gate: the first answers to ten judged questions are no worse than they were."""

import tomllib
from pathlib import Path

from indexer.evaluate import read_qrels, read_topics
from tests.relevance import gate

AGAIN = "python -m tests.relevance --pin"


def test_no_measure_is_below_its_floor() -> None:
    pinned = tomllib.loads(gate.FLOORS.read_text(encoding="utf-8"))
    assert pinned["digest"] == gate.digest(), f"sheets or judgements changed since the floors were pinned: {AGAIN}"
    assert list(pinned["floors"]) == list(gate.GATED)
    assert gate.below(gate.measured(), pinned["floors"]) == []


def test_every_question_is_judged_and_has_one_best_answer_or_none_that_is_covered() -> None:
    qrels = read_qrels(gate.HERE / "qrels.txt")
    topics = read_topics(gate.HERE / "topics.tsv")
    assert [topic.id for topic in topics] == list(qrels)
    for topic in topics:
        best = [grade for grade in qrels[topic.id].values() if grade == 2]
        assert len(best) == (topic.kind != "not covered"), topic


def test_a_floor_falls_only_when_it_is_let(tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"

    def pinned() -> object:
        return tomllib.loads(floors.read_text(encoding="utf-8"))["floors"]

    assert gate.pin({"MRR@10": 0.66667, "nDCG@10": 0.5}, floors) == []
    assert pinned() == {"MRR@10": 0.666, "nDCG@10": 0.5}  # rounded down: the value itself passes
    assert gate.pin({"MRR@10": 0.9, "nDCG@10": 0.4}, floors) == ["nDCG@10: 0.4000, floor 0.5"]
    assert pinned() == {"MRR@10": 0.666, "nDCG@10": 0.5}
    gate.pin({"MRR@10": 0.9, "nDCG@10": 0.4}, floors, lower=True)
    assert pinned() == {"MRR@10": 0.9, "nDCG@10": 0.4}
