"""Real pages of agencies, each with what a careful reader finds in it. The data's README describes `gold/NAME.json`."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from indexer import FactSheet, read_sheet
from indexer.errors import PageError
from indexer.language.analysis import fold
from indexer.model import Document
from tests.conftest import data

NAMES = (
    "fedramp-faqs", "nci-pdq-vitamin-c-patient", "nci-stress-fact-sheet", "nist-password-expiration",
    "va-decision-reviews-faq", "va-depression",
)  # fmt: skip
#: Of the questions of all pages, how many must be read right; and how many of one page may not be.
SHARE, MOST_MISSES = 0.95, 1


@cache
def gold(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data("pages", "gold", f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def sheet(name: str) -> FactSheet:
    return read_sheet(data("pages", gold(name)["file"]))


def words(text: str) -> str:
    """Return the words of a text alone: gold files differ from pages in quotes and white space."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def spoken(document: Document) -> str:
    """Return the words of an answer without its markers."""
    text = document.answer
    for start, end in sorted({(use.start, use.end) for use in document.citations}, reverse=True):
        text = text[:start] + text[end:]
    return words(text)


def faults(document: Document, wanted: dict[str, Any]) -> Iterator[str]:
    """Yield what is not as it should be in an answer."""
    answer, last = spoken(document), wanted.get("alternative_last_words", [])
    ends = [wanted["answer_last_words"], *([last] if isinstance(last, str) else last)]
    if not answer.startswith(words(wanted["answer_first_words"])):
        yield f"begins {answer[:60]!r}"
    if not answer.endswith(tuple(map(words, ends))):
        yield f"ends {answer[-60:]!r}"
    if {use.number for use in document.citations} != set(wanted["cited_reference_numbers"]):
        yield f"cites {[use.number for use in document.citations]}"
    if document.last_updated != wanted["last_updated"]:
        yield f"dated {document.last_updated}"


def missed(name: str) -> list[str]:
    """Return the questions of a page that are not read as they should be, each with the reason; optional ones aside."""
    waiting = list(sheet(name).documents)
    misses = []
    for wanted in gold(name)["questions"]:
        asked = [document for document in waiting if words(document.question) == words(wanted["question"])]
        waiting = [document for document in waiting if document not in asked[:1]]  # a page may ask the same twice
        wrong = list(faults(asked[0], wanted)) if asked else ["not found"]
        if wrong and not wanted.get("optional"):
            misses.append(f"{wanted['question']}: {', '.join(wrong)}")
    return misses


@pytest.mark.parametrize("name", NAMES)
def test_at_most_one_question_of_a_page_is_missed(name: str) -> None:
    assert len(missed(name)) <= MOST_MISSES, missed(name)


def test_nearly_all_questions_of_all_pages_are_read_right() -> None:
    wanted = sum(not question.get("optional") for name in NAMES for question in gold(name)["questions"])
    misses = [miss for name in NAMES for miss in missed(name)]
    assert len(misses) <= (1 - SHARE) * wanted, misses


@pytest.mark.parametrize("name", NAMES)
def test_the_references_of_a_page_are_read(name: str) -> None:
    listed, found = gold(name)["references"], {entry.number: entry for entry in sheet(name).references}
    for wanted in listed:
        entry = found[wanted["number"]]
        assert words(entry.text).startswith(words(wanted["text_start"]))
        assert entry.url == wanted["url"]
    assert len(found) == len(listed) or not gold(name).get("references_complete", True)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_page_is_an_answer_twice(name: str) -> None:
    answers = [document.answer for document in sheet(name).documents]
    assert len(set(answers)) == len(answers)


def test_a_page_without_a_question_is_refused() -> None:
    assert gold("nih-health-information")["questions"] == []
    with pytest.raises(PageError, match="no question was found"):
        sheet("nih-health-information")
