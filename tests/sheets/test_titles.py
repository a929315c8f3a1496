"""What a page is about, and its other names."""

from collections.abc import Callable

import pytest

from indexer.model import Block, FactSheet
from indexer.sheets.titles import find_other_names, find_title
from tests.sheets.layout import ANSWERS, WHAT, saved_page

QUESTIONS = ["What is Teacup disease?", "Who gets Teacup disease?", "How is Teacup disease treated?"]
BRIEF = ["What is Teacup disease?", "Who gets the disease?", "How is this disease treated?"]


def lines(*texts: str) -> list[Block]:
    return [Block("paragraph", text, number) for number, text in enumerate(texts, start=1)]


@pytest.mark.parametrize(
    ("preamble", "questions", "title"),
    [
        ("Diseases|Teacup disease|Overview", QUESTIONS, "Teacup disease"),
        ("Teacup disease - The archive|TEACUP'S DISEASES", QUESTIONS, "TEACUP'S DISEASES"),
        ("Teacup|Teacup disease", QUESTIONS, "Teacup disease"),
        ("Teacup disease", [*QUESTIONS, "Who can help?"], "Teacup disease"),
        ("Search|...|Overview", QUESTIONS, None),
        ("Diseases|Teacup disease", BRIEF, "Teacup disease"),
        ("Diseases|Teacup disease (TD)", QUESTIONS, "Teacup disease (TD)"),
        ("Symptoms|Porphyry", ["Symptoms of porphyry?"], "Porphyry"),
        ("Hot drinks", ["Who has it?"], "Hot drinks"),
        ("Hot drinks|They are drunk from cups.", ["Who has it?"], "Hot drinks"),
        ("Home|Hot drinks", ["Who has it?"], None),
        ("They are drunk from cups.", ["Who has it?"], None),
    ],
)  # fmt: skip
def test_the_line_that_the_questions_share_is_the_title(preamble: str, questions: list[str], title: str | None) -> None:
    assert find_title(lines(*preamble.split("|")), questions) == title


def test_the_first_heading_is_the_title_whatever_the_questions_share() -> None:
    preamble = [Block("heading", "Tea", 1, level=1), *lines("Teacup disease"), Block("heading", "Cups", 3, level=1)]
    assert find_title(preamble, QUESTIONS) == "Tea"


def test_a_page_without_a_title_is_named_after_its_file_with_a_warning(split: Callable[[str], FactSheet]) -> None:
    sheet = split(saved_page(title=""))
    assert (sheet.header.title, sheet.documents[0].answer) == ("page", ANSWERS[WHAT])
    assert any("no title found" in warning.text for warning in sheet.warnings)


@pytest.mark.parametrize(
    ("preamble", "names"),
    [
        ("Tea|Other Names: Cup fever; Fever, cup; CF", ("Cup fever", "Fever, cup", "CF")),
        ("Also known as: Cup fever, CF.", ("Cup fever", "CF")),
        ("Other names for this condition:|Cup fever; CF;", ("Cup fever", "CF")),
        ("Synonyms:", ()),
        ("Other names are not known|Cup fever", ()),
    ],
)
def test_other_names_stand_behind_their_label_or_below_it(preamble: str, names: tuple[str, ...]) -> None:
    assert find_other_names(lines(*preamble.split("|"))) == names


def test_other_names_in_a_list_are_all_found() -> None:
    items = [Block("list_item", name, number) for number, name in enumerate(["Cup fever", "Fever, cup"], start=2)]
    assert find_other_names([*lines("Other Names:"), *items, *lines("Overview")]) == ("Cup fever", "Fever, cup")
