"""Whatever blocks a page has, its sheet holds together; and every block is an answer, a reference, or named."""

from contextlib import suppress
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.language.sentences import sentence_spans
from indexer.model import Block, Link, Page
from indexer.sheets.citations import Scope, mark
from indexer.sheets.passages import sentence_keys
from indexer.sheets.split import split_page

TEXTS = [
    "Why?", "What is tea?", "Overview", "Treatment", "References", "Sources:", "A leaf.[1]", "A leaf [1, 2-4].",
    "A cup\u00b9", "[1] Ember. https://a.example/", "1. Ember, 2013.", "Last updated: 5/1/2013", "May 2013",
    "Other names:", "Related pages", "Q: Why?", "A: It is.", "1.", "\u00a9 2013 Tea", "Was this helpful?", "Home",
    "A long line of words that says something here.", "a | b", "(1,2)", "[1-999]", "\u00b2\u207b", "?", "]",
    "10\u2076",
]  # fmt: skip


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Make a block as readers do, in any place."""
    text = draw(st.sampled_from(TEXTS) | st.text(min_size=1, max_size=20).map(str.strip).filter(bool))
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    urls = st.sampled_from(["#a", "#b", "https://a.example/", "page.html", "javascript:x", "http://[bad", ""])
    links = [Link(start, end, draw(urls)) for start, end in pairwise(edges) if start < end][::2]
    return Block(
        draw(st.sampled_from(["heading", "question", "paragraph", "list_item", "table_row"])),
        text,
        draw(st.integers(0, 99)),
        draw(st.integers(0, 8)),
        draw(st.none() | st.integers(0, 999)),
        tuple(links),
        tuple(draw(st.lists(st.sampled_from("ab"), max_size=2))),
        tuple(draw(st.lists(st.integers(0, 3), max_size=3))),
    )


@given(st.lists(blocks(), max_size=20), st.none() | st.sampled_from(TEXTS))
def test_whatever_blocks_a_page_has_its_sheet_holds_together(some: list[Block], title: str | None) -> None:
    try:
        sheet = split_page(Page("page.txt", tuple(some), title=title))
    except PageError:  # no question, or none with an answer
        return
    assert len({document.id for document in sheet.documents}) == len(sheet.documents)
    assert sentence_keys(sheet) is not None
    for document in sheet.documents:
        assert document.answer
        assert "\n\n".join(document.answer[block.start : block.end] for block in document.blocks) == document.answer
        spans = [(use.start, use.end) for use in document.citations]
        assert spans == sorted(spans)
        assert all(document.answer[start] in "[(" and document.answer[end - 1] in "])" for start, end in spans)
        for start, end in sentence_spans(document.answer, spans):
            assert document.answer[start:end].strip()


@given(st.lists(blocks(), max_size=20))
def test_no_text_is_in_two_answers_and_none_is_made_up(some: list[Block]) -> None:
    numbered = [Block(one.kind, f"{one.text} x{place}x", one.line, one.level) for place, one in enumerate(some)]
    with suppress(PageError):
        sheet = split_page(Page("page.txt", tuple(numbered)))
        answers = "\n".join(document.answer for document in sheet.documents)
        for place in range(len(some)):
            assert answers.count(f"x{place}x") <= 1


@given(blocks())
def test_a_text_with_its_markers_shown_keeps_every_other_letter(block: Block) -> None:
    text, citations = mark(block, Scope())
    shown = {(use.start, use.end) for use in citations}
    inside = {place for start, end in shown for place in range(start, end)}
    left = [char for place, char in enumerate(text) if place not in inside]
    rest = iter(block.text)
    assert all(char in rest for char in left)
