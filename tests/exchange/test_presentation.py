"""Results as bodies: segments that join to the text, references by the source's own numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from indexer import Query, SearchEngine
from indexer.exchange.bodies import Segment
from indexer.exchange.presentation import answer_body, search_body, segments
from indexer.model import AnswerBlock, Citation, Document, FactSheet, Provenance, Reference, SheetHeader

ENTRY = Reference(4, "Text.", None, {}, None)
#: Spans of at least one character, in any order; they may overlap.
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)).map(lambda s: (s[0], s[0] + s[1])), max_size=6)


@given(st.text(max_size=30), st.integers(0, 9), SPANS, SPANS)
def test_segments_join_to_the_text_whatever_is_marked(
    text: str, at: int, marks: list[tuple[int, int]], cited: list[tuple[int, int]]
) -> None:
    pieces = segments(text, at, marks, [Citation(4, first, last, ENTRY) for first, last in cited])
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        span = (at, at := at + len(piece.text))
        assert piece.text
        assert not piece.marked or span in marks
        assert piece.reference is None or (piece.reference == 4 and span in cited)


def test_segments_are_the_marks_the_markers_and_what_stands_between() -> None:
    citations = [Citation(7, 11, 14, None), Citation(4, 14, 17, ENTRY), Citation(4, 0, 3, ENTRY)]
    pieces = segments("a word.[7][4]", 4, [(6, 10), (2, 5), (16, 20)], citations)
    assert [astuple(piece)[:3] for piece in pieces] == [
        ("a ", False, None), ("word", True, None), (".", False, None), ("[7]", False, None), ("[4]", False, 4),
    ]  # fmt: skip


def test_each_printed_number_of_a_marker_leads_to_its_own_entry() -> None:
    entries = {number: Reference(number, "Text.", None, {}, None) for number in (1, 2, 3)}
    citations = [Citation(number, 5, 12, entries.get(number)) for number in (1, 2, 3, 9)]
    assert [(piece.text, piece.reference) for piece in segments("word [1-3,9].", 0, (), citations)] == [
        ("word [", None), ("1", 1), ("-", None), ("3", 3), (",", None), ("9", None), ("].", None),
    ]  # fmt: skip


def test_an_answer_leads_to_its_own_place_on_the_publishers_page() -> None:
    document = Document("a-1.2", "Q?", None, "Text.", (AnswerBlock("paragraph", 0, 5),), (), None, anchor="what is")
    urls = {None: None, "https://a.org/b": "https://a.org/b#what%20is", "https://a.org/b#c": "https://a.org/b#c"}
    for url, expected in urls.items():
        sheet = FactSheet(SheetHeader("a-1", "A", (), Provenance(url=url)), (), (document,))
        assert answer_body(sheet, document).source_url == expected


def test_a_paragraph_is_cut_where_a_shared_passage_begins_and_ends() -> None:
    text = "Own words. Shared words. Own again.\n\nShared too."
    blocks = (AnswerBlock("paragraph", 0, 35), AnswerBlock("list_item", 37, 48, 3))
    document = Document("a-1.2", "Q?", None, text, blocks, (), None, shared=((11, 24), (37, 48)))
    header = SheetHeader("a-1", "A", (), Provenance())
    found = answer_body(FactSheet(header, (), (document,)), document).answer.blocks
    assert [(one.kind, one.ordinal, one.shared, one.segments[0].text) for one in found] == [
        ("paragraph", None, False, "Own words."),
        ("paragraph", None, True, "Shared words."),
        ("paragraph", None, False, "Own again."),
        ("list_item", 3, True, "Shared too."),
    ]


def test_the_words_of_an_answer_that_are_marked_are_segments_of_its_blocks() -> None:
    text = "Rest helps. Tea is said to.[1]\n\nRest, too."
    blocks = (AnswerBlock("paragraph", 0, 30), AnswerBlock("list_item", 32, 42))
    document = Document("a-1.2", "Q?", None, text, blocks, (Citation(1, 27, 30, None),), None, shared=((0, 11),))
    sheet = FactSheet(SheetHeader("a-1", "A", (), Provenance()), (), (document,))
    found = answer_body(sheet, document, marks=[(12, 15), (32, 36)]).answer.blocks
    assert [[(one.text, one.marked) for one in block.segments] for block in found] == [
        [("Rest helps.", False)],
        [("Tea", True), (" is said to.", False), ("[1]", False)],
        [("Rest", True), (", too.", False)],
    ]


@pytest.mark.parametrize("question", ["", "is the treatment of moyamoya disease a tremor", "hands and fever", "1"])
def test_a_snippet_is_a_part_of_its_answer_with_its_markers_resolved(engine: SearchEngine, question: str) -> None:
    results = search_body(engine.search(Query(question, per_page=100))).results
    assert results
    for result in results:
        sheet, document = engine.answer(result.id) or pytest.fail(result.id)
        numbers = [entry.number for entry in result.references]
        assert numbers == sorted(
            {use.number for use in document.citations} & {entry.number for entry in sheet.references}
        )
        assert 1 <= len(result.snippets) <= 2
        for snippet in result.snippets:
            text = "".join(piece.text for piece in snippet.segments)
            assert text in document.answer
            assert snippet.cut_before != document.answer.startswith(text)
            assert snippet.cut_after != document.answer.endswith(text)
            cited = [piece for piece in snippet.segments if piece.reference is not None]
            assert all(piece.text.strip("[]()") == str(piece.reference) for piece in cited)
            assert {piece.reference for piece in cited} <= set(numbers)


def test_a_marker_without_an_entry_stays_in_the_text_without_a_reference(engine: SearchEngine) -> None:
    result = search_body(engine.search(Query("outlook for the hand with tremor", types=("outlook",)))).results[0]
    body = answer_body(*(engine.answer(result.id) or pytest.fail(result.id)))
    assert result.references == body.references == []
    for pieces in (result.snippets[0].segments, body.answer.blocks[0].segments):
        assert Segment("[7]", marked=False, reference=None) in pieces
