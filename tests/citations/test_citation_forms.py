"""Citations as the world writes them: each page stands for one form, or for what only looks like one.

`pages/NAME` is what a publisher would print, `expected/STEM.toml` what a careful person finds in it:

    form                  what the page stands for
    [[questions]]         in reading order:
      question            as printed
      cites               the numbers of its markers in reading order, ranges expanded, each marker's own
      without_entry       those of them that have no entry (default: none)
      resolves            where numbers restart: number -> how the text of its entry begins
      first_words, last_words   how the answer begins and ends, its markers left out (default: not said)
      keeps               what looks like a marker and stays in the answer as it is
    [[references]]        in reading order: number, text_start, url (default: it has none), identifiers

The pages are invented, and so is all that they cite.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from indexer import FactSheet, read_sheet
from indexer.model import Citation, Document

HERE = Path(__file__).parent
PAGES = sorted((HERE / "pages").iterdir())
Expected = dict[str, Any]

_NUMBERS = r"\d{1,3}(?:\s*[,;\-\u2013]\s*\d{1,3})*"
#: How a marker stands in an answer: [1], [1,3], (1-4), or two ends with a dash between their brackets, [1]-[3].
MARKER = re.compile(rf"\[{_NUMBERS}\]|\({_NUMBERS}\)|\[\d{{1,3}}\][-\u2013]\[\d{{1,3}}\]")
#: Leads back from a footnote to its marker: belongs to no entry.
BACKLINK = re.compile(r"^[\^\u2191]|[\u21a9\ufe0e]|Back to text")

each_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


@cache
def expected(page: Path) -> Expected:
    return tomllib.loads((HERE / "expected" / f"{page.stem}.toml").read_text(encoding="utf-8"))


@cache
def read(page: Path) -> FactSheet:
    return read_sheet(page)


def answers(page: Path) -> Iterator[tuple[Document, Expected]]:
    """Yield each expected question with the document that answers it; fails when there is none."""
    documents = {document.question: document for document in read(page).documents}
    for question in expected(page)["questions"]:
        assert question["question"] in documents, f"not found as a question; found: {list(documents)}"
        yield documents[question["question"]], question


def markers(document: Document) -> Iterator[tuple[str, list[Citation]]]:
    """Yield each marker of an answer as it is printed there, with the citations that it stands for."""
    for (start, end), group in groupby(document.citations, key=lambda citation: (citation.start, citation.end)):
        yield document.answer[start:end], list(group)


def numbers_in(marker: str) -> list[int]:
    """Return the numbers that a marker names, its ranges expanded."""
    ranges = [part.split("-") for part in re.split("[,;]", re.sub(r"[\[\]()\s]", "", marker.replace("\u2013", "-")))]
    return [number for ends in ranges for number in range(int(ends[0]), int(ends[-1]) + 1)]


def without_markers(document: Document) -> str:
    """Return the words of an answer on one line, as a person would read them aloud."""
    text = document.answer
    for start, end in sorted({(citation.start, citation.end) for citation in document.citations}, reverse=True):
        text = text[:start] + text[end:]
    return re.sub(r"\s+(?=[.,;:])", "", " ".join(text.split()))


def test_there_are_enough_pages_and_each_has_its_expectations() -> None:
    assert len(PAGES) >= 15
    assert sorted(file.stem for file in (HERE / "expected").iterdir()) == sorted(page.stem for page in PAGES)
    assert {page.suffix for page in PAGES} == {".html", ".md", ".txt"}


@each_page
def test_expectations_agree_with_themselves(page: Path) -> None:
    known = {"question", "cites", "without_entry", "resolves", "first_words", "last_words", "keeps"}
    entries = [entry["number"] for entry in expected(page)["references"]]
    for question in expected(page)["questions"]:
        orphans, resolves = question.get("without_entry", []), question.get("resolves", {})
        assert not question.keys() - known
        assert set(question["cites"]) - set(orphans) <= set(entries)
        assert set(map(int, resolves)) <= set(question["cites"])
        assert len(set(entries)) == len(entries) or resolves or not question["cites"], "numbers restart: say which"


@each_page
def test_every_question_is_found_and_nothing_else_is_one(page: Path) -> None:
    found = [document.question for document in read(page).documents]
    assert found == [question["question"] for question in expected(page)["questions"]]


@each_page
def test_every_marker_is_found_and_nothing_else_is_one(page: Path) -> None:
    for document, question in answers(page):
        found = [citation.number for citation in document.citations]
        assert found == question["cites"], f"{[text for text, _ in markers(document)]} in {document.answer!r}"


@each_page
def test_the_span_of_a_citation_holds_its_marker(page: Path) -> None:
    for document, _ in answers(page):
        for text, citations in markers(document):
            assert MARKER.fullmatch(text), f"{text!r} is no marker; in {document.answer!r}"
            assert [citation.number for citation in citations] == numbers_in(text), f"in {document.answer!r}"


@each_page
def test_a_marker_leads_to_the_entry_that_is_meant_or_to_none(page: Path) -> None:
    for document, question in answers(page):
        orphans, resolves = question.get("without_entry", []), question.get("resolves", {})
        for citation in document.citations:
            number, entry, start = citation.number, citation.reference, resolves.get(str(citation.number), "")
            assert (entry is None) == (number in orphans), f"[{number}] of {document.question!r} leads to {entry}"
            if entry is not None:
                assert (entry.number, entry.text[: len(start)]) == (number, start), f"in {document.question!r}"


@each_page
def test_the_list_of_references_is_read(page: Path) -> None:
    listed, found = expected(page)["references"], read(page).references
    assert [entry.number for entry in found] == [entry["number"] for entry in listed], [entry.text for entry in found]
    for entry, wanted in zip(found, listed, strict=True):
        start = wanted["text_start"]
        assert (entry.text[: len(start)], entry.url) == (start, wanted.get("url")), entry.text
        assert entry.identifiers.items() >= wanted.get("identifiers", {}).items(), entry.text
        assert not BACKLINK.search(entry.text), entry.text


@each_page
def test_an_answer_begins_and_ends_where_it_should(page: Path) -> None:
    for document, question in answers(page):
        words, first, last = without_markers(document), question.get("first_words", ""), question.get("last_words", "")
        assert words[: len(first)] == first, f"{document.question!r} begins otherwise: {words!r}"
        assert words[len(words) - len(last) :] == last, f"{document.question!r} ends otherwise: {words!r}"


@each_page
def test_no_entry_is_part_of_an_answer(page: Path) -> None:
    starts = [entry["text_start"] for entry in expected(page)["references"]]
    for document, _ in answers(page):
        assert not [start for start in starts if start in document.answer], document.answer
        assert not BACKLINK.search(document.answer), document.answer


@each_page
def test_what_only_looks_like_a_marker_stays_as_it_is(page: Path) -> None:
    for document, question in answers(page):
        words = without_markers(document)
        assert not [text for text in question.get("keeps", []) if text not in words], words
        assert not re.search(r"\[\^|\[\[|\]\]|</?su[bp]", document.answer), document.answer
