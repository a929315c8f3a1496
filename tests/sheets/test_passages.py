"""Passages that many sheets share: found word for word, long and on many sheets; never the whole of an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.model import AnswerBlock, Citation, Document, FactSheet, Provenance, SheetHeader
from indexer.sheets.passages import (
    SHARED_PART,
    SHARED_SHEETS,
    SHARED_WORDS,
    blanked,
    sentence_keys,
    shared_keys,
    with_shared_passages,
)

FIRST = "The table tells how often each sign was seen in people with the illness that this page is about."
SECOND = "A frequency of five in five means that in one study all five people were found to have had that sign."
NOTE = f"{FIRST} {SECOND}"
SHORT = "Treatment is symptomatic and supportive."


def document(*blocks: str, citations: tuple[Citation, ...] = ()) -> Document:
    """Return an answer of some paragraphs."""
    spans, start = [], 0
    for text in blocks:
        spans.append(AnswerBlock("paragraph", start, start + len(text)))
        start += len(text) + 2
    return Document("sheet.answer", "Question?", None, "\n\n".join(blocks), tuple(spans), citations, None)


def sheet(*documents: Document) -> FactSheet:
    return FactSheet(SheetHeader("sheet", "Title", (), Provenance()), (), documents)


def shared_in(answer: Document, *others: str, sheets: int = SHARED_SHEETS) -> list[str]:
    """Return the shared passages of an answer when some texts stand on so many sheets."""
    keys = shared_keys([sentence_keys(sheet(document(*others)))] * sheets)
    return [answer.answer[start:end] for start, end in with_shared_passages(answer, keys).shared]


def test_the_note_of_these_tests_is_as_long_as_a_passage_must_be_and_its_sentences_are_not() -> None:
    assert max(len(FIRST.split()), len(SECOND.split())) < SHARED_WORDS <= len(NOTE.split())


def test_a_passage_is_found_between_sentences_of_the_page_itself() -> None:
    answer = document(f"Oak fever has signs. {NOTE} Fever is one.")
    assert shared_in(answer, NOTE) == [NOTE]


def test_case_accents_space_and_markers_make_no_difference() -> None:
    text = f"Signs. {FIRST.upper()}[1]  {SECOND.replace('found', 'foünd')}"
    at = text.index("[1]")
    assert shared_in(document(text, citations=(Citation(1, at, at + 3, None),)), NOTE) == [text[7:]]


def test_a_passage_may_go_over_blocks() -> None:
    assert shared_in(document("Signs.", FIRST, SECOND, "More."), FIRST, SECOND) == [f"{FIRST}\n\n{SECOND}"]


@pytest.mark.parametrize("text", [SHORT, FIRST, f"{FIRST} Only here. {SECOND}"])
def test_a_few_words_that_many_sheets_share_are_an_answer(text: str) -> None:
    assert shared_in(document(f"Oak fever is rare. {text}"), NOTE, SHORT) == []


def test_an_answer_that_is_shared_as_a_whole_is_the_answer() -> None:
    assert shared_in(document(NOTE), NOTE) == []
    assert shared_in(document(FIRST, SECOND), FIRST, SECOND) == []


def test_a_marker_after_the_last_word_belongs_to_the_passage_and_is_no_text_of_its_own() -> None:
    for before, passages in (("Signs. ", [f"{NOTE}[1][2]"]), ("", [])):
        at = len(before + NOTE)
        citations = (Citation(1, at, at + 3, None), Citation(2, at + 3, at + 6, None))
        assert shared_in(document(f"{before}{NOTE}[1][2]", citations=citations), NOTE) == passages


def test_sheets_are_counted_once_each_and_must_be_many_and_a_part_of_all() -> None:
    twice = sentence_keys(sheet(document(NOTE), document(NOTE)))
    assert len(twice) == 2 * 8
    assert not shared_keys([twice] * (SHARED_SHEETS - 1))
    assert shared_keys([twice] * SHARED_SHEETS)
    many = round(SHARED_SHEETS / SHARED_PART)
    assert shared_keys([twice] * SHARED_SHEETS + [b""] * (many - SHARED_SHEETS))
    assert not shared_keys([twice] * SHARED_SHEETS + [b""] * (many - SHARED_SHEETS + 100))


@given(st.text(max_size=40), st.lists(st.integers(0, 40), max_size=8))
def test_blanks_keep_every_offset(text: str, edges: list[int]) -> None:
    places = sorted({min(edge, len(text)) for edge in edges})
    spans = list(zip(places[::2], places[1::2], strict=False))
    result = blanked(text, spans)
    assert len(result) == len(text)
    for place, char in enumerate(result):
        assert char == (" " if any(start <= place < end for start, end in spans) else text[place])


def test_marking_changes_nothing_but_the_marks() -> None:
    answer = document(f"Signs. {NOTE}")
    marked = with_shared_passages(answer, shared_keys([sentence_keys(sheet(answer))] * SHARED_SHEETS))
    assert marked == answer  # all of it is shared
    marked = with_shared_passages(answer, shared_keys([sentence_keys(sheet(document(NOTE)))] * SHARED_SHEETS))
    assert marked.shared
    assert replace(marked, shared=()) == answer


@pytest.mark.parametrize(("words", "is_shared"), [(32, False), (33, True)])
def test_a_passage_has_thirty_three_words_at_least(words: int, is_shared: bool) -> None:
    text = " ".join(["Tea", *["leaf"] * (words - 2), "ends."])
    assert shared_in(document(f"Oak fever has signs. {text}"), text) == ([text] if is_shared else [])
