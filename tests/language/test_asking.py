"""The kind of answer that a question asks for, and the words that say so."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.analysis import terms
from indexer.language.asking import read_asking, read_weights
from indexer.language.question_types import question_types

NAME = terms("Zinc fever")
WORDS = st.sampled_from(
    ["what", "is", "treat", "hereditari", "diagnos", "how", "the", "my", "cure", "zinc", "1", "in", "_", "*"]
)
QUESTIONS = st.lists(st.tuples(WORDS | st.text(min_size=1), st.booleans()), max_size=300)


def split(question: str) -> tuple[list[str], list[bool]]:
    """The terms of a question, and which of them belong to the name."""
    words = terms(question)
    starts = [place for place in range(len(words)) if words[place : place + len(NAME)] == NAME]
    return words, [any(start <= place < start + len(NAME) for start in starts) for place in range(len(words))]


def kind(question: str) -> str:
    asked, _ = read_asking(*split(question))
    return max(asked, key=asked.__getitem__)


def words_that_ask(question: str) -> list[str]:
    words, named = split(question)
    return [word for word, asks in zip(words, read_asking(words, named)[1], strict=True) if asks]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Zinc fever", "information"),
        ("What is zinc fever?", "information"),
        ("What are the symptoms of zinc fever?", "symptoms"),
        ("what does zinc fever look like", "symptoms"),
        ("What causes zinc fever?", "causes"),
        ("Why do welders get zinc fever?", "causes"),
        ("Is zinc fever inherited?", "inheritance"),
        ("zinc fever, dominant or recessive?", "inheritance"),
        ("How is zinc fever diagnosed?", "exams and tests"),
        ("Is genetic testing available for zinc fever?", "exams and tests"),
        ("How is zinc fever treated?", "treatment"),
        ("what can be done about zinc fever", "treatment"),
        ("Can zinc fever be prevented?", "prevention"),
        ("how do I keep from getting zinc fever", "prevention"),
        ("What is the outlook for people with zinc fever?", "outlook"),
        ("will my son get better from zinc fever", "outlook"),
        ("How many people have zinc fever?", "frequency"),
        ("zinc fever prevalence", "frequency"),
        ("What genes are related to zinc fever?", "genetic changes"),
        ("Who is at risk of zinc fever?", "susceptibility"),
        ("Who gets zinc fever?", "susceptibility"),
        ("What are the complications of zinc fever?", "complications"),
        ("What should I eat with zinc fever?", "considerations"),
        ("What research is being done on zinc fever?", "research"),
        ("What are the stages of zinc fever?", "stages"),
        ("support groups for families with zinc fever", "support groups"),
    ],
)
def test_a_question_asks_for_a_kind_of_answer(question: str, expected: str) -> None:
    assert kind(question) == expected


def test_a_diagnosis_that_is_only_told_of_does_not_ask_for_tests() -> None:
    assert kind("My sister was diagnosed with zinc fever. Is it hereditary?") == "inheritance"


@given(QUESTIONS)
def test_probabilities_are_those_of_every_kind_sum_to_one_and_are_never_certain(words: list[tuple[str, bool]]) -> None:
    asked, _ = read_asking([word for word, _ in words], [named for _, named in words])
    assert list(asked) == [entry.id for entry in question_types()]
    assert sum(asked.values()) == pytest.approx(1)
    assert all(0 < probability < 1 for probability in asked.values())


@given(QUESTIONS, st.text(min_size=1))
def test_it_does_not_matter_which_words_a_name_is_made_of(words: list[tuple[str, bool]], other: str) -> None:
    named = [is_named for _, is_named in words]
    question, renamed = [word for word, _ in words], [other if is_named else word for word, is_named in words]
    assert read_asking(question, named) == read_asking(renamed, named)


@given(QUESTIONS)
def test_words_of_a_name_never_ask(words: list[tuple[str, bool]]) -> None:
    named = [is_named for _, is_named in words]
    _, asks = read_asking([word for word, _ in words], named)
    assert len(asks) == len(named)
    assert not any(ask and is_named for ask, is_named in zip(asks, named, strict=True))


def test_the_words_that_ask_are_those_that_tell_the_kind() -> None:
    assert words_that_ask("zinc fever treatment") == ["treat"]
    assert "hereditari" in words_that_ask("my sister has zinc fever is it hereditary")
    assert words_that_ask("zinc fever welding galvanised pipes") == []


def test_weights_add_up_phrase_by_phrase_and_a_phrase_counts_once() -> None:
    weights = read_weights("# a comment\n*\toutlook 0.5\ncure\ttreatment 2.0\toutlook -1.0\nno cure\tresearch 1.0\n")
    once = weights.read(["no", "cure"], [False, False])[0]
    assert once == weights.read(["no", "cure", "no", "cure"], [False] * 4)[0]
    assert once["treatment"] / once["research"] == pytest.approx(2.718281828)
    assert once["treatment"] / once["outlook"] == pytest.approx(2.718281828**2.5)
    assert weights.asking == {("cure",), ("no", "cure")}


@pytest.mark.parametrize(
    "line",
    [
        "cure",
        "cure\t",
        "\ttreatment 1.0",
        "cure\ttreatment",
        "cure\ttreatment much",
        "cure\ttreatment nan",
        "cure\ttreatment 1.0\ttreatment 2.0",
        "cure\tcooking 1.0",
        "a b c d\ttreatment 1.0",
        "a  b\ttreatment 1.0",
        "heal\ttreatment 1.0",
    ],
)
def test_a_malformed_line_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(ValueError, match=r"asking\.tsv, line 3: "):
        read_weights(f"# a comment\nheal\ttreatment 1.0\n{line}\n")


def test_every_kind_of_the_vocabulary_has_weights_that_a_question_can_ask_for_it_with() -> None:
    lines = resources.files("indexer.language").joinpath("asking.tsv").read_text(encoding="utf-8")
    weights = read_weights(lines)
    asked_for = {weights.kinds[kind] for found in weights.phrases.values() for kind, weight in found if weight > 0}
    assert asked_for >= {kind.id for kind in question_types()}, "run python -m tests.relevance.asking for a new kind"
