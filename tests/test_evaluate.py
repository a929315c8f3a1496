"""Evaluation: TREC's files in and out, measures as counted by hand, intervals, and the command."""

import json
import sys
from math import log2
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from indexer import Query, build_index, open_index
from indexer.cli import main
from indexer.errors import FactSheetError, JudgementError
from indexer.evaluate import (
    Judgements,
    Run,
    Topic,
    read_qrels,
    read_run,
    read_topics,
    retrieve,
    write_run,
)
from tests.conftest import CORPUS, data

TOPICS = [Topic("a", "a", "named", "?"), Topic("b", "b", "named", "?"), Topic("c", "c", "described", "?")]
QRELS = {"a": {"x": 2, "y": 1, "z": 0}, "b": {"x": 1}, "c": {"w": 3}}
RUN = {"a": ["unknown", "y", "x"], "b": ["x"]}


def evaluated(run: Run, against: Run | None = None, kind: str | None = None, relevant: int | None = None) -> Any:
    """Return the scores of one class by measure."""
    scores = Judgements(TOPICS, QRELS, relevant).evaluate(run, against).scores
    return next(one.measures for one in scores if one.kind == kind)


def file(folder: Path, content: str | bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_measures_are_what_they_are_by_hand() -> None:
    ideal = 2 + 1 / log2(3)  # x first, y second
    a = {
        "success@1": 0,
        "success@5": 1,
        "MRR@10": 1 / 3,
        "nDCG@10": (1 / log2(3) + 2 / log2(4)) / ideal,
        "condensed nDCG@10": (1 + 2 / log2(3)) / ideal,  # "unknown" is dropped, the others move up
        "judged@10": 2 / 3,
    }
    for name, score in evaluated(RUN, kind="named").items():  # b has 1 throughout
        assert score.value == pytest.approx((a[name] + 1) / 2), name
    for name, score in evaluated(RUN).items():  # c is not in the ranking and has 0 throughout
        assert score.value == pytest.approx((a[name] + 1) / 3), name


def test_right_is_the_highest_grade_of_the_topic_or_the_grade_that_is_asked_for() -> None:
    run = {"a": ["y", "x"], "b": ["x"], "c": ["w"]}
    assert evaluated(run)["success@1"].value == pytest.approx(2 / 3)
    assert evaluated(run, relevant=1)["success@1"].value == 1


def test_documents_beyond_ten_count_for_condensed_ndcg_alone() -> None:
    run = {"b": [f"unjudged {n}" for n in range(99)] + ["x"]}
    scores = evaluated(run)
    assert {name for name, score in scores.items() if score.value} == {"condensed nDCG@10"}
    assert not any(score.value for score in evaluated({"b": ["unjudged", *run["b"]]}).values())  # x is the 101st


def test_a_topic_without_a_right_document_is_counted_and_stands_in_no_mean() -> None:
    topics = [*TOPICS, Topic("d", "d", "named", "?"), Topic("e", "e", "named", "?")]
    judgements = Judgements(topics, QRELS | {"d": {"x": 0}})
    evaluation = judgements.evaluate(RUN)
    assert (evaluation.topics, evaluation.unjudged) == (5, 2)
    assert [(one.kind, one.topics) for one in evaluation.scores] == [(None, 3), ("named", 2), ("described", 1)]
    assert evaluation.scores == Judgements(TOPICS, QRELS).evaluate(RUN).scores
    with pytest.raises(FactSheetError, match="no topic has a document that is judged right"):
        Judgements(topics[3:], QRELS)


def test_what_is_gained_on_another_ranking_is_paired_by_topic() -> None:
    topics = [Topic(f"{n}", f"{n}", None, "?") for n in range(40)]
    judgements = Judgements(topics, {topic.id: {"x": 1} for topic in topics})
    mine = {topic.id: ["x"] if n % 2 else ["y"] for n, topic in enumerate(topics)}
    shifted = {topic.id: ["y", *mine[topic.id]] for topic in topics}
    score = judgements.evaluate(mine, against=shifted).scores[0].measures["MRR@10"]
    assert (score.value, score.gain) == (0.5, 0.25)
    low, high = score.interval
    # 20 of 40 by chance: the standard error is .079, and 95 % are within 1.96 of them (90 % within 1.64: .13).
    assert (high - low) / 2 == pytest.approx(1.96 * (0.25 / 40) ** 0.5, rel=0.06)
    low, high = score.gain_interval or (0, 0)
    assert 0.15 < low < 0.25 < high < 0.35  # half as wide: a gain of 0 or .5, topic by topic
    first, second = {topic.id: ["x"] for topic in topics}, {topic.id: ["y", "x"] for topic in topics}
    always = judgements.evaluate(first, against=second).scores[0].measures["success@1"]
    assert (always.gain, always.gain_interval) == (1, (1, 1))  # nothing is left to chance
    with pytest.raises(FactSheetError, match="none of the judged topics"):
        judgements.evaluate(mine, against={"other": ["x"]})


documents = st.lists(st.sampled_from(["x", "y", "z", "w", "v"]), unique=True)
runs = st.fixed_dictionaries({"a": documents, "b": documents}, optional={"c": documents})


@given(runs, runs)
def test_gains_turn_round_with_the_rankings_and_a_ranking_gains_nothing_on_itself(one: Run, other: Run) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.evaluate.RESAMPLES", 50)
        there, back, itself = evaluated(one, other), evaluated(other, one), evaluated(one, one)
    for name, score in there.items():
        low, high = score.gain_interval
        assert back[name].gain == pytest.approx(-score.gain)
        assert back[name].gain_interval == pytest.approx((-high, -low))
        assert 0 <= score.interval[0] <= score.interval[1] <= 1
        assert (itself[name].gain, itself[name].gain_interval) == (0, (0, 0))


@given(runs)
def test_a_ranking_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, run: Run) -> None:
    path = tmp_path_factory.mktemp("run") / "run"
    write_run(run, path)
    assert read_run(path) == {topic: names for topic, names in run.items() if names}


def test_a_ranking_is_ordered_by_score_and_ties_as_in_trec_eval(tmp_path: Path) -> None:
    lines = [
        "a Q0 low 1 1e-3 t",
        "a Q0 tie-a 2 5 t",
        "a Q0 high 3 7.5 t",
        "a\tQ0\ttie-b\t4\t5.0\tt\r",
        "b Q0 x 1 -2 t",
        "a Q0 high 5 0 t",
    ]
    assert read_run(file(tmp_path, "\n".join(lines))) == {"a": ["high", "tie-b", "tie-a", "low"], "b": ["x"]}


def test_topics_have_two_columns_or_three_and_classes_may_share_an_id(tmp_path: Path) -> None:
    lines = "\ufeff1\twhat is it?\r\n\n2\tlong one\twhat \u2028 now\n2\tsummary\tnow\n3\t\tno class\n"
    assert read_topics(file(tmp_path, lines)) == [
        Topic("1", "1", None, "what is it?"),
        Topic("2/long_one", "2", "long one", "what \u2028 now"),
        Topic("2/summary", "2", "summary", "now"),
        Topic("3", "3", None, "no class"),
    ]


@pytest.mark.parametrize(
    ("read", "content", "says"),
    [
        (read_topics, "1\tfine\n\n2 no tab\n", ":3: a topic is an id"),
        (read_topics, "1\ta\tb\tc\n", ":1: a topic is an id"),
        (read_topics, "1\tclass\t \n", ":1: a topic is an id"),
        (read_topics, "1 2\tquestion\n", ":1: a topic is an id"),
        (read_topics, "1\tfirst\n1\tsecond\n", ":2: topic 1 occurs twice"),
        (read_topics, b"1\tcaf\xe9\n", ": not UTF-8"),
        (read_qrels, "1 0 x 1\n1 0 y\n", ":2: a judgement is"),
        (read_qrels, "1 0 x 1.5\n", ":1: a judgement is"),
        (read_qrels, "1 0 x -1\n", ":1: a judgement is"),
        (read_qrels, "1 0 x ²\n", ":1: a judgement is"),
        (read_qrels, "1 0 x 1\n1 0 x 2\n", ":2: x is judged twice for topic 1"),
        (read_run, "1 Q0 x 1 2.5\n", ":1: a line of a ranking is"),
        (read_run, "1 Q0 x 1 nan t\n", ":1: a line of a ranking is"),
    ],
)
def test_a_malformed_line_is_an_error_with_file_and_line(
    tmp_path: Path, read: Any, content: str | bytes, says: str
) -> None:
    path = file(tmp_path, content)
    with pytest.raises(JudgementError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}{says}")


SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<Document id="{0}" source="Oak Institute" url="https://example.org/{0}"><Focus>Zinc fever {0}</Focus>
<QAPairs><QAPair pid="1">
<Question qid="7-1" qtype="treatment">How is zinc fever treated ?</Question><Answer>Rest {0} times.</Answer>
</QAPair></QAPairs></Document>"""


def test_a_document_is_named_by_its_source_and_the_best_of_repeats_is_kept(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        file(tmp_path / "in", SHEET.format(number), f"{number}.xml")
    own = "# Zinc fever\n\n## How is zinc fever treated?\n\nWith rest.\n"
    file(tmp_path / "in", own, "own.md")
    build_index([tmp_path / "in"], tmp_path / "index")
    told: list[tuple[int, int]] = []
    with open_index(tmp_path / "index") as engine:
        topics = [Topic("1", "1", None, "zinc fever"), Topic("2", "2", None, "zzzz")]
        run = retrieve(engine, topics, lambda *done: told.append(done))
        (answer,) = (hit.document.id for hit in engine.search(Query("zinc")).hits if hit.document.source_id is None)
    assert sorted(run["1"]) == ["Oak_Institute/7-1", answer]
    assert run["2"] == []
    assert told == [(1, 2), (2, 2)]


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(FactSheetError, match=r"pip install 'factsheets\[evaluate\]'"):
        Judgements(TOPICS, QRELS)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `factsheets evaluate` on the starter sheets in a folder with two topics, one of them judged."""
    monkeypatch.chdir(tmp_path)
    build_index([CORPUS], tmp_path / ".index")
    with open_index(".index") as engine:
        best = engine.search(Query("how is Hartnup disease treated")).hits[0].document.id
    file(tmp_path, "1\tname\thow is Hartnup disease treated\n2\tother\twhat is moyamoya disease\n", "topics")
    file(tmp_path, f"1 0 {best} 1\n", "qrels")
    file(tmp_path, f"1 Q0 wrong 1 2 t\n1 Q0 {best} 2 1 t\n", "other")

    def run(*args: str) -> Result:
        return CliRunner().invoke(main, ["evaluate", *(args or ("topics", "qrels"))])

    return run


def test_the_command_prints_a_table_in_all_and_by_class(command: Any) -> None:
    result = command()
    assert (result.exit_code, result.stderr) == (0, "")
    header, everything, interval, named, _, unjudged = result.stdout.splitlines()
    assert header.split() == ["success@1", "success@5", "MRR@10", "nDCG@10", "condensed", "nDCG@10", "judged@10"]
    assert everything.split()[:5] == ["all", "(1)", "1.000", "1.000", "1.000"]
    assert interval.split()[:3] == ["95", "%", "1.000-1.000"]
    assert named.split()[:3] == ["name", "(1)", "1.000"]
    assert unjudged == "1 of 2 topics have no document that is judged right, and are left out"


def test_the_command_writes_a_ranking_and_shows_what_is_gained_on_another(command: Any) -> None:
    lines = command("topics", "qrels", "--run", "run", "--against", "other").stdout.splitlines()
    assert lines[3].split()[:4] == ["gain", "+1.000", "+0.000", "+0.500"]
    assert lines[4].split()[:4] == ["95", "%", "+1.000", "+1.000"]
    run = read_run(Path("run"))
    assert list(run) == ["1", "2"]
    body = json.loads(command("topics", "qrels", "--against", "run", "--json").stdout)
    score = body["scores"][0]["measures"]["success@1"]
    assert (body["topics"], body["unjudged"], body["scores"][0]["kind"]) == (2, 1, None)
    assert score == {"value": 1.0, "interval": [1.0, 1.0], "gain": 0.0, "gain_interval": [0.0, 0.0]}


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("qrels", "topics"), 3, "qrels:1: a topic is"),
        (("topics", "qrels", "--index", "none"), 3, "no index"),
        (("topics", "qrels", "--against", "qrels"), 3, "qrels:1: a line of a ranking is"),
        (("topics", "qrels", "--relevant", "0"), 2, "0 is not in the range"),
        (("topics", "qrels", "--relevant", "3"), 3, "no topic has a document that is judged right"),
        (("topics", "absent"), 2, "does not exist"),
    ],
)
def test_what_cannot_be_measured_is_said(command: Any, args: tuple[str, ...], code: int, says: str) -> None:
    result = command(*args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


@pytest.mark.parametrize(
    ("name", "topics", "unjudged"), [("known-answers", 2000, 0), ("natural", 299, 0), ("consumer-questions", 104, 34)]
)
def test_the_files_of_the_judged_sets_are_read_whole(name: str, topics: int, unjudged: int) -> None:
    folder = data("relevance", name)
    read = read_topics(folder / "topics.tsv")
    assert len({topic.id for topic in read}) == topics
    judgements = Judgements(read, read_qrels(folder / "qrels.txt"))
    assert judgements.evaluate({}).unjudged == unjudged
