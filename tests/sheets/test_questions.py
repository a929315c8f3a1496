"""What opens a question and what belongs to its answer, on pages in the layout of the founding page."""

from collections.abc import Callable

import pytest

from indexer.model import FactSheet
from tests.sheets.layout import ANSWERS, CHROME, ENTRIES, HOW, WHAT, WHY, saved_page

Split = Callable[[str], FactSheet]


def answers(sheet: FactSheet) -> list[tuple[str, str]]:
    return [(document.question, document.answer) for document in sheet.documents]


@pytest.mark.parametrize(
    "contents",
    [
        [],
        [WHAT, WHY, HOW],
        [WHAT.upper(), f"- {WHY}", f"- {HOW}"],
        [WHAT, WHY, HOW, "References", "Select a question to read its answer"],
        [WHAT, WHY, "Can it be cured?"],
        [WHAT, WHY, "Can it be cured?", "Select a question to read its answer"],
        ["What is this fever?", WHY, HOW],
        [WHAT, "For families", WHY, "For doctors", HOW],
    ],
)  # fmt: skip
def test_contents_and_chrome_are_in_no_answer_and_no_answer_is_lost(split: Split, contents: list[str]) -> None:
    assert answers(split(saved_page(contents=contents))) == list(ANSWERS.items())


@pytest.mark.parametrize(
    "below",
    [
        [],
        ["Expand all"],
        ["References"],
        ["Select the question to read its answer"],
    ],
)
def test_a_page_of_one_question_lists_it_once_and_has_one_answer(split: Split, below: list[str]) -> None:
    page = saved_page({WHAT: ANSWERS[WHAT]}, contents=[WHAT, *below])
    assert answers(split(page)) == [(WHAT, ANSWERS[WHAT])]


@pytest.mark.parametrize("line", ["Have a question?", "?"])
def test_a_question_of_the_site_above_the_contents_is_none_of_the_page(split: Split, line: str) -> None:
    sheet = split(f"{line}\n\n{saved_page()}")
    assert answers(sheet) == list(ANSWERS.items())
    assert sheet.header.title == "Teacup fever"


@pytest.mark.parametrize(
    "footer",
    [
        "Back to top\n\nContact the archive by post, and be patient.\n",
        "Was this page helpful?\nYes\nNo\n",
        "Do you want to know more?\n\nWrite a letter to the archive.\n",
        "  * Home\n  * Contact the archive\n",
    ],
)
def test_what_stands_below_the_references_is_no_answer_and_no_reference(split: Split, footer: str) -> None:
    sheet = split(saved_page(end=f"References\n{ENTRIES}\n{footer}"))
    assert answers(sheet) == list(ANSWERS.items())
    assert [entry.number for entry in sheet.references] == [1, 2]


@pytest.mark.parametrize("label", ["Symptoms", "Treatment", "Living With", "Find a Specialist"])
def test_the_name_of_a_section_above_a_question_is_in_no_answer(split: Split, label: str) -> None:
    page = saved_page().replace(f"\n{HOW}\n\nSome", f"\n{label}\n\n{HOW}\n\nSome")
    assert answers(split(page)) == list(ANSWERS.items())


def test_the_name_of_a_section_with_a_sentence_below_it_is_a_question(split: Split) -> None:
    sheet = split(saved_page({WHAT: ANSWERS[WHAT], "Treatment:": "Put the cup down, slowly."}, contents=[]))
    assert [(one.question, one.question_type) for one in sheet.documents][1:] == [("Treatment:", "treatment")]


@pytest.mark.parametrize(
    "answer",
    [
        "Is it warm? Yes.[1] Is it tea? Nobody knows, and who would ask?",
        "Two paragraphs stand here.[1]\n\nThis is the second one, with 3.5 cups.",
        "It shows as follows:\n\n- warm hands,\n- cold tea.\n\n1. Put it down.\n2. Wait.",
        "Ask your doctor:\n\n- What is it?\n- Will it end?\n\nThen wait.[2]",
        "- warm hands\n- cold tea",
        "Unknown",
        "Few people ask this.[1]\n\nWhy should they?\n\nThe tea is good, and so is the cup.[2]",
    ],
)
def test_an_answer_is_whole(split: Split, answer: str) -> None:
    sheet = split(saved_page({WHAT: ANSWERS[WHAT], WHY: answer, HOW: ANSWERS[HOW]}))
    assert [document.question for document in sheet.documents] == [WHAT, WHY, HOW]
    document = sheet.documents[1]
    lines = [line.removeprefix("- ").removeprefix("1. ").removeprefix("2. ") for line in answer.split("\n") if line]
    assert [document.answer[block.start : block.end] for block in document.blocks] == lines
    assert [block.ordinal for block in document.blocks if block.ordinal] == ([1, 2] if "1. " in answer else [])
    assert document.last_updated == "2013-05-01"


@pytest.mark.parametrize("contents", [[], [WHAT, HOW, HOW]])
def test_the_same_question_twice_keeps_both_answers(split: Split, contents: list[str]) -> None:
    pairs = [(WHAT, "A warmth of the hand.[1]"), (HOW, "With tea and time.[1]"), (HOW, "With cups.[2]")]
    sheet = split(saved_page(pairs, contents=contents))
    assert answers(sheet) == pairs
    assert len({document.id for document in sheet.documents}) == 3


def test_a_first_question_asked_twice_keeps_both_dated_answers(split: Split) -> None:
    pairs = [(WHAT, "A warmth of the hand."), (WHAT, "An invented one.")]
    assert answers(split(saved_page(pairs, contents=[]))) == pairs


def test_numbered_questions_of_a_text_open_their_answers(split: Split) -> None:
    page = "Tea\n\n1. What is it?\n\nA leaf.\n\n2. Who has it?\n\nPeople do.\n"
    assert answers(split(page)) == [("What is it?", "A leaf."), ("Who has it?", "People do.")]


def test_a_list_of_questions_in_an_answer_opens_nothing(split: Split) -> None:
    page = "Tea\n\nWhat to ask?\n\nAsk these:\n1. What is it?\n2. Who has it?\nThen drink it.\n"
    assert [question for question, _ in answers(split(page))] == ["What to ask?"]


def test_a_question_whose_answer_is_missing_is_warned_of_and_is_no_document(split: Split) -> None:
    sheet = split(saved_page().replace(f"{ANSWERS[WHY]}\nLast updated: 5/1/2013\n", ""))
    assert [document.question for document in sheet.documents] == [WHAT, HOW]
    assert any("no answer" in warning.text and WHY in warning.text for warning in sheet.warnings)


def test_an_unanswered_question_beside_one_that_is_asked_twice_is_no_table_of_contents(split: Split) -> None:
    twice = f"{HOW}\n\nWith tea and time.\n\n{HOW}\n\nWith cups, if you must.\n"
    sheet = split(f"{CHROME}{WHAT}\n\n{ANSWERS[WHAT]}\n\n{WHY}\n\n{twice}")
    assert [document.question for document in sheet.documents] == [WHAT, HOW, HOW]


def test_a_question_without_its_question_mark_takes_no_other_answer_with_it(split: Split) -> None:
    page = saved_page({WHAT: ANSWERS[WHAT], WHY.rstrip("?"): ANSWERS[WHY], HOW: ANSWERS[HOW]})
    assert {(WHAT, ANSWERS[WHAT]), (HOW, ANSWERS[HOW])} <= set(answers(split(page)))
