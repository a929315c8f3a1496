"""Lines become blocks: where a paragraph ends, what is a list item, and which line only goes on."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.readers.plain_text import read_plain_text

LONG = (
    "A line that nobody would have wrapped by hand, for it is a good deal "
    + "longer and " * 6
    + "wider than those are."
)
PROSE = (
    "It was first seen in the year when all of the cups were counted, and there were few. Who counted? Nobody can say."
)


def texts(page: str) -> list[str]:
    return [block.text for block in read_plain_text(page, "page.txt").blocks]


def wrapped(*paragraphs: str) -> str:
    """Return paragraphs as an editor wraps them at 72 columns, which leaves addresses whole."""
    return "\n\n".join(textwrap.fill(text, 72, break_long_words=False, break_on_hyphens=False) for text in paragraphs)


def test_each_line_of_a_page_with_a_long_line_is_a_paragraph_without_runs_of_space() -> None:
    assert texts(f"{LONG}\nSigns include\u00a0 weakness.\n\n \u00a0\nWhy?\n") == [
        LONG,
        "Signs include weakness.",
        "Why?",
    ]


@pytest.mark.parametrize(
    ("line", "ordinal"),
    [("- tea", None), ("  * tea", None), ("\u2022\u00a0tea", None), ("  1. tea", 1), ("12) tea", 12), ("(3) tea", 3)],
)
def test_a_bullet_and_a_number_open_a_list_item_and_the_number_is_kept(line: str, ordinal: int | None) -> None:
    (_, item) = read_plain_text(f"{LONG}\n{line}", "page.txt").blocks
    assert (item.kind, item.text, item.ordinal, item.line) == ("list_item", "tea", ordinal, 2)


def test_the_label_of_a_reference_stays_in_its_text() -> None:
    (_, item) = read_plain_text(f"{LONG}\n[3] Tea.", "page.txt").blocks
    assert (item.kind, item.text, item.ordinal) == ("list_item", "[3] Tea.", 3)


@pytest.mark.parametrize("line", ["-40 degrees", "1.5 cups", "2013. A year", "[1], [2] and others", "*Tea*"])
def test_what_only_looks_like_a_bullet_or_a_number_is_a_paragraph(line: str) -> None:
    assert [block.kind for block in read_plain_text(f"{LONG}\n{line}", "page.txt").blocks] == ["paragraph"] * 2


def test_lines_that_an_editor_wrapped_are_joined() -> None:
    assert texts(wrapped(PROSE, PROSE)) == [PROSE, PROSE]


@pytest.mark.parametrize(
    "page",
    [
        "What is it?\n\nTea in a cup with a handle.[1]\nLast updated: 5/1/2013",
        "What is it?\nTea in a cup.\nWho has it?\nPeople do.",
    ],
)
def test_short_lines_that_nobody_wrapped_stay_apart(page: str) -> None:
    assert texts(page) == [line for line in page.split("\n") if line]


def test_lines_are_joined_when_an_address_is_wider_than_the_text() -> None:
    address = f"http://example.org/{'long/' * 12}"
    assert texts(wrapped(PROSE, address)) == [PROSE, address]


def test_a_number_that_was_wrapped_to_the_start_of_a_line_opens_no_item() -> None:
    above, below = "It was first seen in the year in which all the cups were counted, all", "45. Who counted? Nobody."
    assert texts(f"{above}\n{below}") == [f"{above} {below}"]


def test_an_indented_line_under_a_list_item_goes_on_with_it() -> None:
    page = f"{LONG}\n  1. Tea.\n     http://example.org/tea\n  2. Cups."
    assert texts(page) == [LONG, "Tea. http://example.org/tea", "Cups."]


@pytest.mark.parametrize(("line", "rank"), [("====", 1), ("-----------------", 2)])
def test_a_line_that_is_underlined_is_a_heading(line: str, rank: int) -> None:
    (title, below) = read_plain_text(f"Tea\n{line}\n\nTea is a leaf.", "page.txt").blocks
    assert (title.kind, title.text, title.level, below.kind) == ("heading", "Tea", rank, "paragraph")


@pytest.mark.parametrize("page", ["Tea\n\n====\n", "- Tea\n====\n", "Tea\n==\n", "Tea\n==== 5\n"])
def test_a_line_of_signs_elsewhere_makes_no_heading(page: str) -> None:
    assert "heading" not in {block.kind for block in read_plain_text(page, "page.txt").blocks}


def test_lines_on_top_under_other_names_are_kept_for_facets() -> None:
    page = read_plain_text("Title: Tea\nCategory: Drinks\nOther names: Cha; Char\n\nWhat is it?\n\nA leaf.", "page.txt")
    assert (page.title, page.front) == ("Tea", (("category", ("Drinks",)),))
    assert [block.text for block in page.blocks] == ["Other names: Cha; Char", "What is it?", "A leaf."]


@pytest.mark.parametrize("line", ["Note: tea is hot.", "Question: Is tea hot?"])
def test_a_sentence_below_the_lines_on_top_is_text(line: str) -> None:
    assert texts(f"Title: Tea\nSource: Us\n{line}\n") == [line]


@settings(deadline=None)
@given(st.text())
def test_the_words_of_any_text_are_in_its_blocks_in_order_and_no_others(text: str) -> None:
    remaining = iter(text.split())
    assert all(word in remaining for word in " ".join(texts(text)).split())
    assert all(block == " ".join(block.split()) != "" for block in texts(text))
