"""What a block reads like by its words and links alone."""

import pytest

from indexer.model import Block, Link
from indexer.sheets.wording import (
    LONGEST_QUESTION,
    asks,
    is_link,
    is_navigation,
    is_number,
    is_numbered,
    is_question,
    leads_away,
    opens_as_question,
    says_something,
    unlabelled_answer,
    unlabelled_question,
)


def line(text: str, *links: tuple[str, str]) -> Block:
    """Return a paragraph with links, each given by its words and where it leads."""
    starts = [(text.index(words), words, url) for words, url in links]
    return Block("paragraph", text, links=tuple(Link(start, start + len(words), url) for start, words, url in starts))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Is it tea?", True),
        ("“Is it tea?”", True),
        ("Is it tea? (Yes.)", True),
        ("Is it tea?[1][2]", True),
        ("Is it tea?¹²", True),
        ("Is it tea?*", True),
        ("?", True),
        ("It is tea.", False),
        ("Is it tea", False),
        ("Is it tea? Yes.", False),
        ("", False),
        ("Was this page helpful?", False),
        ("Did you find what you need?", False),
        ("Is there anything wrong with this page?", False),
        ("How can we improve this site?", False),
        ("Was this of use?", False),
    ],
)
def test_a_text_asks_when_it_ends_in_a_question_mark_and_is_no_survey(text: str, found: bool) -> None:
    assert asks(text) is found


@pytest.mark.parametrize(
    "text",
    ["What is the content of tea?", "What is the site of the injury?", "Did you inherit it?", "Is this site safe?"],
)
def test_a_question_of_the_subject_that_sounds_like_a_survey_is_a_question(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Is it tea?", True),
        (f"Is it{' very' * (LONGEST_QUESTION - 3)} hot?", True),
        (f"Is it{' very' * (LONGEST_QUESTION - 2)} hot?", False),
        ("It is tea. Is it hot?", False),
        ("What is tea, e.g. green tea?", True),
    ],
)
def test_a_question_is_one_sentence_of_bounded_length(text: str, found: bool) -> None:
    assert is_question(line(text)) is found


def test_a_row_of_a_table_is_no_question() -> None:
    assert not is_question(Block("table_row", "Is it tea?"))


@pytest.mark.parametrize(
    ("block", "anywhere", "in_sentences"),
    [
        (line("Contact us"), False, False),
        (line("Yes"), False, False),
        (line("Yes."), True, True),
        (line("Take care!"), True, True),
        (line("As follows:"), True, True),
        (line("It is tea [1]"), True, True),
        (line("A leaf of a bush"), True, False),
        (Block("list_item", "Tea"), True, True),
        (Block("table_row", "a | b"), True, True),
    ],
)
def test_what_says_something_and_what_is_a_word_of_a_menu(block: Block, anywhere: bool, in_sentences: bool) -> None:
    assert says_something(block) is anywhere
    assert says_something(block, in_sentences=in_sentences) is (in_sentences or anywhere)
    assert says_something(block, in_sentences=True) is in_sentences


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (line("Home", ("Home", "/")), True),
        (line("Home | Up", ("Home", "/"), ("Up", "/up")), True),
        (line("» Home [1]", ("Home", "/")), True),
        (line("See Home", ("Home", "/")), False),
        (line("Home page", ("Home", "/")), False),
        (line("Home or Up", ("Home", "/"), ("Up", "/up")), False),
        (line("Home"), False),
    ],
)
def test_a_line_is_a_link_when_nothing_but_signs_stands_around_its_links(block: Block, found: bool) -> None:
    assert is_link(block) is found


@pytest.mark.parametrize(
    ("url", "found"),
    [("/cups", True), ("https://example.org/", True), ("#cups", False), ("javascript:open()", False)],
)
def test_a_link_leads_away_unless_it_leads_to_a_place_on_the_page_or_opens_one(url: str, found: bool) -> None:
    assert leads_away(line("Cups", ("Cups", url))) is found


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (line("Back to top", ("Back to top", "#top")), True),
        (line("Up | Down", ("Up", "#a"), ("Down", "#b")), True),
        (line("[edit]", ("edit", "/edit")), True),
        (line("© 2013 Lakeside"), True),
        (line("Copyright 2013 Lakeside"), True),
        (line("Copyright © 2013"), True),
        (line("(c) 2013 Lakeside"), True),
        (line("All rights reserved."), True),
        (line("Next review due: May 2015"), True),
        (line("Next page", ("Next page", "/2")), False),
        (line("Copyright law is old, and tea is older."), False),
        (line("Next review your results with a doctor."), False),
        (line("See below.", ("below", "#b")), False),
        (Block("list_item", "Cups", links=(Link(0, 4, "#cups"),)), True),
    ],
)
def test_a_line_is_navigation_when_it_is_only_about_the_page(block: Block, found: bool) -> None:
    assert is_navigation(block) is found


@pytest.mark.parametrize("text", ["1. Cups", "1.2. Cups", "(3) Cups", "4) Cups", "5: Cups", "Q: Cups", "Q1. Cups"])
def test_a_line_that_begins_with_its_number_is_numbered(text: str) -> None:
    assert is_numbered(line(text))
    assert unlabelled_question(line(text)).text == "Cups"
    assert opens_as_question(line(text)) is text.startswith("Q")


@pytest.mark.parametrize("text", ["2013 was hot", "1.", "Quite hot", "Q fever is rare", "(a) Cups", "1.Cups"])
def test_a_line_that_begins_with_another_number_or_word_is_not(text: str) -> None:
    assert not is_numbered(line(text))
    assert unlabelled_question(line(text)).text == text


@pytest.mark.parametrize(("text", "found"), [("1.", True), ("(2)", True), ("1.2.", True), ("1. Cups", False)])
def test_a_line_of_a_number_alone_belongs_to_what_stands_beside_it(text: str, found: bool) -> None:
    assert is_number(line(text)) is found


@pytest.mark.parametrize(
    ("text", "left"),
    [("A: Tea.", "Tea."), ("Answer: Tea.", "Tea."), ("A2. Tea.", "Tea."), ("A leaf.", "A leaf."), ("A: ", "A: ")],
)
def test_an_answer_loses_its_label(text: str, left: str) -> None:
    assert unlabelled_answer(line(text)).text == left


def test_links_move_with_the_text_when_a_label_goes() -> None:
    block = unlabelled_answer(line("A: See cups.", ("cups", "/cups")))
    assert [(block.text[link.start : link.end], link.url) for link in block.links] == [("cups", "/cups")]


def test_a_link_that_was_in_the_label_goes_with_it() -> None:
    block = unlabelled_question(line("1. What is tea?", ("1.", "#q1")))
    assert (block.text, block.links) == ("What is tea?", ())


def test_a_link_over_label_and_text_keeps_the_words_that_are_left() -> None:
    block = unlabelled_question(line("1. What is tea?", ("1. What is tea?", "#q1")))
    assert [(link.start, link.end) for link in block.links] == [(0, len("What is tea?"))]


@pytest.mark.parametrize("marker", ["[1]", " [1][2]", "¹", "[^1]"])
def test_a_question_loses_its_markers(marker: str) -> None:
    assert unlabelled_question(line(f"What is tea?{marker}")).text == "What is tea?"


def test_a_question_of_markers_alone_is_left_as_it_is() -> None:
    assert unlabelled_question(line("[1]")).text == "[1]"
