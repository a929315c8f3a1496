"""Markdown: front matter that is wrong names itself, and nothing that a reader sees is lost or changed."""

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.model import FactSheet
from indexer.readers.markdown import read_markdown
from indexer.sheets.split import split_page

LINES = [
    "# A",
    "## What is it?",
    "## Treatment",
    "Why so?",
    "Tea.[1]",
    "- a",
    "  3. b",
    "```",
    "| |",
    "|-|",
    "<p>b",
    "",
]


def sheet(text: str) -> FactSheet:
    return split_page(read_markdown(text, "page.md"))


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: Tea\nurl: a: b", "line 3: front matter: "),
        ("title: a\x07b", "front matter: "),
        ("- Tea", "`key: value` lines"),
        ("last_updated: 5/1/2013", "'5/1/2013' is not a date"),
        ("written: 2013-02-30", "day"),
        ("also_known_as: Cup, Saucer", "also_known_as must be a list of names"),
        ("also_known_as: [{Cup: Saucer}]", "also_known_as must be a list of names"),
        ("title: {Tea: Cup}", "title must be one text"),
        (f"menu: {'[' * 2000}", "front matter"),
        ("url: http://[bad", "front matter"),
    ],
)
def test_front_matter_that_is_not_what_it_should_be_is_refused(front: str, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        read_markdown(f"---\n{front}\n---\n\n## What is it?\n\nTea.\n", "page.md")
    assert reason in caught.value.reason


def test_an_empty_value_and_a_key_of_another_program_say_nothing() -> None:
    page = read_markdown("---\ntitle:\nurl: ''\nalso_known_as: []\ndraft: no\n---\nTea\n", "page.md")
    assert (page.title, page.also_known_as, page.provenance.url, page.last_updated) == (None, (), None, None)


def test_a_sub_heading_belongs_to_the_answer_unless_it_asks() -> None:
    documents = sheet(
        "# Tea\n\n## What is tea?\n\nA leaf.\n\n### In cups\n\nWet.\n\n### Is it hot?\n\nAt five.\n"
    ).documents
    assert [(one.question, one.answer) for one in documents] == [
        ("What is tea?", "A leaf.\n\nIn cups\n\nWet."),
        ("Is it hot?", "At five."),
    ]
    assert [block.kind for block in documents[0].blocks] == ["paragraph", "heading", "paragraph"]


@pytest.mark.parametrize(
    "marker", ["[1]", "[1](#ref1)", "[[1]](#ref1)", "**[1](http://example.org/one)**", "[1] Wet.\n\n[1]: http://a.org"]
)
def test_a_marker_is_a_marker_with_and_without_a_link(marker: str) -> None:
    text = marker if "\n" in marker else f"{marker} Wet."
    (document,) = sheet(f"## What is tea?\n\nA leaf.{text}\n").documents
    assert document.answer == "A leaf.[1] Wet."
    assert [(use.number, use.start, use.end) for use in document.citations] == [(1, 7, 10)]


@pytest.mark.parametrize(
    ("definition", "text"),
    [("[1]: http://example.org/one 'Cups.'", "Cups."), ("[1]: http://example.org/one", "example.org.")],
)
def test_a_definition_with_a_number_is_a_reference(definition: str, text: str) -> None:
    found = sheet(f"## What is tea?\n\nA leaf.[1]\n\n{definition}\n")
    assert [(one.number, one.text, one.url) for one in found.references] == [(1, text, "http://example.org/one")]
    assert found.documents[0].citations[0].reference == found.references[0]


def test_a_footnote_that_nobody_cites_is_said() -> None:
    found = sheet("## What is tea?\n\nA leaf.[^1]\n\n[^1]: Cups.\n[^2]: Saucers.\n")
    assert [one.text for one in found.references] == ["Cups."]
    assert "the footnote [^2] is never cited" in map(str, found.warnings)


def test_footnotes_keep_their_numbers_and_names_get_those_above() -> None:
    (document,) = sheet("## What is tea?\n\nA leaf.[^cup][^3][^cup]\n\n[^3]: Saucers.\n[^cup]: Cups.\n").documents
    assert document.answer == "A leaf.[4][3][4]"
    assert [one.text for one in document.references()] == ["Saucers.", "Cups."]


@pytest.mark.parametrize(
    ("written", "seen"),
    [("Seen in [2013](http://example.org/one).", "Seen in 2013."), ("Wet and <em>warm</em>.", "Wet and warm.")],
)
def test_an_answer_reads_as_the_rendered_page_does(written: str, seen: str) -> None:
    assert sheet(f"## What is tea?\n\n{written}\n").documents[0].answer == seen


def test_a_date_on_its_own_line_right_under_the_answer_dates_it() -> None:
    (document,) = sheet("## What is tea?\n\nA leaf.[1]\nLast updated: 5/1/2013\n").documents
    assert (document.answer, document.last_updated) == ("A leaf.[1]", "2013-05-01")


def test_every_block_says_its_line() -> None:
    assert [block.line for block in read_markdown("Tea\n\n| a |\n|---|\n| b |\n", "page.md").blocks] == [1, 3, 5]


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join))
@example("Tea is a leaf.\n\n```\n```")
def test_no_markdown_breaks_the_reader_or_the_splitter(text: str) -> None:
    with suppress(PageError):
        assert sheet(text).documents


# What means harm


def texts(text: str) -> list[str]:
    return [block.text for block in read_markdown(text, "page.md").blocks]


def test_text_in_quotes_and_lists_is_read_however_deep_or_the_page_is_refused() -> None:
    nested = [f"{'  ' * depth}- leaf {depth}" for depth in range(11)]
    assert texts("> " * 19 + "A leaf.") == ["A leaf."]
    assert texts("\n".join(nested[:9])) == [f"leaf {depth}" for depth in range(9)]
    for deep, line in (("> " * 20, 2), ("> " * 100_000, 2), ("- " * 100_000, 2), ("\n".join(nested), 11)):
        with pytest.raises(PageError) as caught:
            texts(f"\n{deep}A leaf.")
        assert str(caught.value) == f"page.md:{line}: quotes and lists nested more than 20 deep"


@pytest.mark.parametrize(
    ("many", "reason"),
    [
        *[
            (sign * 50_001, "lines and signs")
            for sign in ("[", "![", "[^", "^[", "[a](", "[a]: b\n", "**a", "|a", "`", "<")
        ],
        ("> a\n" * 50_001, "lines and signs"),
        ("- - - - - - - - a\n" * 10_000, "blocks"),
    ],
)
def test_a_page_of_more_signs_or_blocks_than_anybody_writes_is_refused(many: str, reason: str) -> None:
    assert texts(f"A leaf.\n\n{many[:100]}")[0] == "A leaf."
    with pytest.raises(PageError, match=f"more than 50,000 {reason}"):
        texts(many)


def test_each_of_thousands_of_footnotes_has_its_number() -> None:
    notes = read_markdown("".join(f"a[^{n}]\n\n[^{n}]: Note {n}.\n\n" for n in range(1, 5_001)), "page.md").blocks
    assert [block.ordinal for block in notes if block.kind == "list_item"] == [*range(1, 5_001)]


def test_comments_of_a_site_generator_that_nobody_ends_stay_text() -> None:
    front = "---\ntitle: Tea\n---\n"
    assert texts(front + "{% comment %} Leaf. {% comment %} Cup. {% endcomment %}Pot.") == ["{% comment %} Leaf. Pot."]
    assert texts(f"{front}A {'{% comment %}' * 20_000}") == [f"A {'{% comment %}' * 20_000}"]
