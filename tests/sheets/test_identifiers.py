"""Ids: what changes them, and above all what does not."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from indexer import read_sheet
from indexer.model import Document, FactSheet
from indexer.sheets.identifiers import answer_ids, lasting_ids, sheet_id, stable_part
from tests.conftest import PAGES
from tests.sheets.layout import ANSWERS, HOW, WHAT, WHY, saved_page

Split = Callable[[str], FactSheet]


def ids(sheet: FactSheet) -> dict[str, str]:
    return {document.question: document.id for document in sheet.documents}


def test_an_edit_elsewhere_on_the_page_changes_no_id(split: Split) -> None:
    before = ids(split(saved_page()))
    edited = {"Is it new?": "It is new here.", HOW: "All of this is other text.[1]", WHAT: ANSWERS[WHAT]}
    after = ids(split("New chrome\n\n" + saved_page(edited, date="Last updated: 2020", end="")))
    assert before.items() & after.items() == {(question, before[question]) for question in (WHAT, HOW)}


def test_another_folder_gives_the_same_ids(tmp_path: Path) -> None:
    shutil.copy(PAGES / "lakeside-tremor.txt", tmp_path)
    assert ids(read_sheet(tmp_path / "lakeside-tremor.txt")) == ids(read_sheet(PAGES / "lakeside-tremor.txt"))


def test_a_corrected_title_changes_the_slug_and_keeps_the_stable_part(split: Split) -> None:
    before, after = (split(saved_page(title=title)).documents[0].id for title in ("Teacup fever", "fever"))
    assert before != after
    assert stable_part(before) == stable_part(after)


def test_equal_questions_have_ids_of_their_own_and_spelling_details_do_not_count() -> None:
    first, second, other = answer_ids("s", [WHAT, WHAT, WHY])
    assert len({first, second, other}) == 3
    assert answer_ids("s", [f"  {WHAT.upper()} "]) == [first]


def asked(*answers: str, ids: Iterable[str] = ()) -> list[Document]:
    """Return answers to one question, with the hashes that they have."""
    questions = ids or [id.rpartition(".")[2] for id in answer_ids("s", [WHAT] * len(answers))]
    return [Document(f"s.{id}", WHAT, None, text, (), (), None) for id, text in zip(questions, answers, strict=True)]


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [
        ("a leaf", "of cups|a leaf", {"a leaf": 0}),
        ("a leaf|of cups", "of cups", {"of cups": 1}),
        ("a leaf|of cups", "of cups|a leaf", {"a leaf": 0, "of cups": 1}),
        ("a leaf of a bush|of cups", "of cups|new|a leaf of a tree", {"a leaf of a tree": 0, "of cups": 1}),
        ("a leaf|of cups", "of cups|new", {"of cups": 1, "new": 0}),
    ],
)
def test_equal_questions_keep_their_ids_wherever_others_are_written(
    before: str, now: str, kept: dict[str, int]
) -> None:
    earlier, later = asked(*before.split("|")), asked(*now.split("|"))
    lasting = lasting_ids(earlier, later)
    assert len(set(lasting)) == len(lasting)
    had = {document.id.removeprefix("s."): number for number, document in enumerate(earlier)}
    found = {document.answer: had.get(id) for document, id in zip(later, lasting, strict=True)}
    assert found == dict.fromkeys(found, None) | kept


def test_an_id_of_an_answer_that_is_gone_is_not_given_to_another() -> None:
    first, second = asked("a leaf", "of cups")
    (kept,) = lasting_ids([first, second], asked("of cups"))
    assert f"s.{kept}" == second.id
    others = lasting_ids(asked("of cups", ids=[kept]), asked("of cups", "new"))
    assert len({*others, kept}) == 2


@pytest.mark.parametrize("url", ["https://example.org/a", "HTTP://Example.ORG/a/", "http://example.org/a?#top"])
def test_addresses_of_one_page_give_one_id_wherever_the_file_lies(url: str) -> None:
    assert sheet_id("Tea", "S", url, "a.txt") == sheet_id("Tea", "S", "http://example.org/a", "b/c.txt")


def test_other_addresses_and_without_one_other_paths_give_other_ids() -> None:
    urls = [f"http://example.org/{page}" for page in ("a", "A", "b", "a?id=1")]
    found = [sheet_id("Tea", "S", url, path) for url, path in [*((url, "p") for url in urls), (None, "p"), (None, "q")]]
    assert len(set(found)) == 6


def test_an_id_is_plain_ascii_and_not_long_whatever_the_title_is() -> None:
    assert sheet_id("Guimarães' disease", "GARD", None, "p").rpartition("-")[0] == "gard-guimaraes-disease"
    assert len(sheet_id("very " * 50, None, None, "p")) <= 70
    assert sheet_id("病", None, None, "p") == stable_part(sheet_id("Tea", None, None, "p"))
