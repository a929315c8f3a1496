"""Where sentences end, above all beside citation markers."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.language.sentences import sentence_spans, sentences_to_show
from indexer.model import AnswerBlock, Block, Document, Span
from indexer.sheets.citations import Scope, mark

TEXTS = st.one_of(st.text(), st.text(alphabet="aB1 .?!\"'()[]\n\u2019\u00e9"))


def sentences(text: str) -> list[str]:
    markers = [(use.start, use.end) for use in mark(Block("paragraph", text), Scope())[1]]
    return [text[start:end] for start, end in sentence_spans(text, markers)]


@pytest.mark.parametrize(
    "expected",
    [
        ["It is warm.[1]", "It is tea.[2][3]", "Is it?"],
        ["It is warm. [1] [2]", "It is tea."],
        ["It is warm [1].", "It is tea [2]!"],
        ["Signs, e.g. warmth, last approx. 3.5 hours.", "Dr. A. B. Quill saw it at St. Ember's.", "So what?"],
        ["\u201cIs it tea?\u201d", "(It is.)", "'Is it?'", '"Yes!"'],
        ["What...", "22q11.2 is a place.", "\u03b1 is a letter."],
        ["It was tea?! she said.", "Nobody knew."],
        ["No stop at the end"],
        ["It lacks vitamin C.[1]", "It is rare.[2]"],
        ["Is it hepatitis C?", "It is (e.g. by tea).", "It was tea. (so they say) and warm.", "Take 20 mg.", "5 days."],
        ["Cups are rare (cf. Ember) and cf. 3 of them.", "It was tea."],
        ["Ember et al. 2013 saw cup 2 in vol. 3 first.", "It was tea."],
    ],
)
def test_a_text_is_parted_where_its_sentences_end(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_a_marker_after_a_full_stop_belongs_to_the_sentence_before_it() -> None:
    assert sentences("It is warm.[1][2]Is it?[3] Yes") == ["It is warm.[1][2]", "Is it?[3]", "Yes"]


def test_a_marker_that_stands_apart_from_its_sentence_belongs_to_it_all_the_same() -> None:
    assert sentences("It is warm.  [1]\n[2] Is it? [3]") == ["It is warm.  [1]\n[2]", "Is it? [3]"]


@settings(deadline=None)
@given(TEXTS)
def test_sentences_are_in_order_trimmed_and_hold_every_character_that_is_no_space(text: str) -> None:
    markers = [(use.start, use.end) for use in mark(Block("paragraph", text), Scope())[1]]
    end = 0
    for start, stop in sentence_spans(text, markers):
        assert text[end:start].strip() == ""
        assert text[start:stop] == text[start:stop].strip() != ""
        assert not any(start < marker < stop < after for marker, after in markers)
        end = stop
    assert text[end:].strip() == ""


@pytest.mark.parametrize(
    ("answer", "shared", "expected"),
    [
        ("What is it? It is tea.[1] So?", "", ["It is tea.[1]", "So?"]),
        ("\u201cWhat is it?\u201d[1]\nIt is tea", "", ["It is tea"]),
        ("What is it?", "", ["What is it?"]),  # there is nothing else
        ("It is tea.\nWarm\nRash. Why?", "", ["It is tea.", "Warm", "Rash.", "Why?"]),
        ("It is warm. Nobody knew. It was tea.", "Nobody knew.", ["It is warm.", "It was tea."]),
        ("It is warm\nAll of it\nTea.", "warm\nAll of it\nT", ["It is", "ea."]),
    ],
)
def test_a_snippet_may_show_each_sentence_but_an_opening_question_and_what_many_sheets_have(
    answer: str, shared: str, expected: list[str]
) -> None:
    uses = mark(Block("paragraph", answer), Scope())[1]
    lines: list[Span] = [(one.start(), one.end()) for one in re.finditer(".+", answer)]
    blocks = tuple(AnswerBlock("paragraph", start, end) for start, end in lines)
    passages = ((answer.index(shared), answer.index(shared) + len(shared)),) if shared else ()
    document = Document("a.b", "Question?", None, answer, blocks, tuple(uses), None, shared=passages)
    assert [answer[start:end] for start, end in sentences_to_show(document)] == expected
