"""The starter sheets: as many and as long as was promised, every fact cited and dated, and nothing copied.

What they say was held against their sources by people; here is what a program can hold.
"""

import re
from collections.abc import Iterator
from statistics import median

import pytest
from click.testing import CliRunner
from lxml import etree

from indexer import FactSheet, read_sheet
from indexer.checking.reading_grade import reading_grade
from indexer.cli import main
from indexer.model import Document, Reference
from tests.conftest import CORPUS, data

FILES = [path for path in sorted(CORPUS.glob("*.md")) if path.name != "README.md"]
SHEETS = {path.name: read_sheet(path) for path in FILES}
README = (CORPUS / "README.md").read_text(encoding="utf-8")
#: How a reference says that its page was read in MedQuAD; the others are those of the sample page.
COPIED = "As copied in MedQuAD, 2019."
#: So many words in a row are no accident. Markers are no words.
RUN = 8

every_sheet = pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without its markers."""
    return re.findall(r"[a-z0-9]+", re.sub(r"\[\d+\]", " ", text).lower())


def runs(text: str) -> Iterator[str]:
    """Yield every so many words of a text in a row."""
    said = words(text)
    for start in range(len(said) - RUN + 1):
        yield " ".join(said[start : start + RUN])


def plain(text: str) -> str:
    """Return a text in lower case without letters such as "é", which some pages lost on their way into MedQuAD."""
    return text.encode("ascii", "ignore").decode().lower().strip()


def cited(sheet: FactSheet) -> Iterator[tuple[Document, Reference]]:
    """Yield each answer with each of the references that it cites."""
    for document in sheet.documents:
        for reference in document.references():
            yield document, reference


# Shape


def test_there_are_thirty_sheets_and_150_answers_or_more_as_their_readme_says() -> None:
    answers = sum(len(sheet.documents) for sheet in SHEETS.values())
    assert len(SHEETS) >= 30
    assert answers >= 150
    assert f"Thirty sheets with {answers} answers" in README


@every_sheet
def test_a_sheet_answers_four_to_eight_questions_of_known_kinds(sheet: FactSheet) -> None:
    assert 4 <= len(sheet.documents) <= 8
    assert [one.question for one in sheet.documents if not (one.question.endswith("?") and one.question_type)] == []


@every_sheet
def test_an_answer_has_40_to_180_words(sheet: FactSheet) -> None:
    lengths = {one.question: len(words(one.answer)) for one in sheet.documents}
    assert {question: length for question, length in lengths.items() if not 40 <= length <= 180} == {}


def test_half_of_the_sheets_can_be_read_after_eleven_years_of_school() -> None:
    names = {name: (sheet.header.title, *sheet.header.also_known_as) for name, sheet in SHEETS.items()}
    grades = [reading_grade(sheet.documents, names[name]) for name, sheet in SHEETS.items()]
    known = [grade for grade in grades if grade is not None]
    assert len(known) == len(SHEETS)
    assert median(known) <= 11
    assert f"{median(known):.1f} in the median, {max(known):.1f} at most" in README


def test_check_has_nothing_to_say_about_them() -> None:
    checked = CliRunner().invoke(main, ["check", str(CORPUS)])
    assert checked.exit_code == 0, checked.output


# Citations and dates


@every_sheet
def test_every_paragraph_and_every_list_item_has_a_marker(sheet: FactSheet) -> None:
    without = []
    for document in sheet.documents:
        markers = [citation.start for citation in document.citations if citation.reference]
        for block, following in zip(document.blocks, [*document.blocks[1:], None], strict=True):
            text = document.answer[block.start : block.end]
            opens_a_list = text.endswith(":") and following is not None and following.kind == "list_item"
            if not opens_a_list and not any(block.start <= start < block.end for start in markers):
                without.append(text)
    assert without == []


@every_sheet
def test_the_date_of_an_answer_is_that_of_its_oldest_facts_beside_the_date_of_writing(sheet: FactSheet) -> None:
    assert sheet.header.written is not None
    assert len(sheet.header.written) == len("2026-11-23")
    old = {document.id for document, reference in cited(sheet) if COPIED not in reference.text}
    dates = {document.question: document.last_updated for document in sheet.documents}
    assert dates == {one.question: "2013-05-01" if one.id in old else "2019" for one in sheet.documents}


# Sources


@pytest.fixture(scope="module")
def sources() -> list[str]:
    """The answers of MedQuAD and the sample page: all that facts may come from."""
    files = sorted(data("medquad").glob("*/*.xml"))
    answers = [one.text for file in files for one in etree.parse(file).iter("Answer", "answer") if one.text]
    assert len(answers) > 16_000  # four files have tags in lower case
    return [*answers, *(page.read_text(encoding="utf-8") for page in data("sample").glob("*.txt"))]


@pytest.fixture(scope="module")
def pages() -> set[tuple[str, str]]:
    """The addresses of MedQuAD's pages, each with what the page is about."""
    roots = [etree.parse(file).getroot() for file in sorted(data("medquad").glob("*/*.xml"))]
    return {(root.get("url", ""), plain(root.findtext("Focus") or "")) for root in roots}


def test_no_answer_has_eight_words_in_a_row_of_any_source(sources: list[str]) -> None:
    ours = {
        run: f"{name}: {document.question}"
        for name, sheet in SHEETS.items()
        for document in sheet.documents
        for text in (document.question, *(document.answer[block.start : block.end] for block in document.blocks))
        for run in runs(text)
    }
    assert {f"{ours[run]}: {run}" for source in sources for run in runs(source) if run in ours} == set()


@every_sheet
def test_every_reference_is_a_page_of_medquad_under_its_title_or_of_the_sample(
    sheet: FactSheet, pages: set[tuple[str, str]], sources: list[str]
) -> None:
    for reference in sheet.references:
        subjects = [subject for url, subject in pages if url == reference.url]
        if COPIED in reference.text:
            assert [subject for subject in subjects if subject in plain(reference.text)], reference
        else:
            assert reference.url
            assert subjects or any(reference.url in source for source in sources), reference
