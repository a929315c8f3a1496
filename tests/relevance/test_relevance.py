"""The relevance gate: the first answers to judged questions are no worse than they were."""

import tomllib
from pathlib import Path

from indexer import Query, SearchEngine
from indexer.evaluate import read_qrels, read_topics
from indexer.language.analysis import fold
from tests.relevance import gate

AGAIN = "python -m tests.relevance --pin"


def test_no_measure_is_below_its_floor() -> None:
    pinned = tomllib.loads(gate.FLOORS.read_text(encoding="utf-8"))
    assert pinned["digest"] == gate.digest(), f"sheets or judgements changed since the floors were pinned: {AGAIN}"
    assert list(pinned["floors"]) == list(gate.GATED)
    assert gate.below(gate.measured(), pinned["floors"]) == []


def test_every_question_is_judged_and_has_one_best_answer_for_each_condition_or_none_that_is_covered() -> None:
    qrels = read_qrels(gate.HERE / "qrels.txt")
    topics = read_topics(gate.HERE / "topics.tsv")
    assert [topic.id for topic in topics] == list(qrels)
    for topic in topics:
        best = [_sheet(id) for id, grade in qrels[topic.id].items() if grade == 2]
        assert (best == []) == (topic.kind == "not covered"), topic
        assert len(best) == len(set(best)) <= (2 if topic.kind == "two names" else 1), topic


def test_every_judgement_is_of_an_answer_that_the_sheets_have(starter: SearchEngine) -> None:
    judged = {id for grades in read_qrels(gate.HERE / "qrels.txt").values() for id in grades}
    assert sorted(id for id in judged if starter.answer(id) is None) == []


def _sheet(id: str) -> str:
    """Return the part of an answer's id that names its sheet."""
    return id.rpartition(".")[0]


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


def test_every_name_alone_has_first_what_it_is(starter: SearchEngine) -> None:
    names = [entry.name for entries in starter.a_to_z().values() for entry in entries]
    firsts = {name: starter.search(Query(name)).hits[0] for name in names}
    assert len(names) > 100
    assert [name for name, hit in firsts.items() if hit.document.question_type != "information"] == []
    own = {name: map(fold, (hit.header.title, *hit.header.also_known_as)) for name, hit in firsts.items()}
    assert [name for name in names if fold(name) not in own[name]] == []
