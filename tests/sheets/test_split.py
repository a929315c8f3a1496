"""From page to fact sheet: the founding page, golden pages compared whole, and what holds for every text."""

import json
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import read_sheet
from indexer.errors import PageError
from indexer.model import FactSheet
from indexer.readers.markdown import read_markdown
from indexer.readers.plain_text import read_plain_text
from indexer.sheets.split import split_page
from tests import golden
from tests.conftest import data

#: Lines that mean something to the splitter, to be mixed with any other.
LINES = [
    "What is Teacup fever?", "Who gets it?", "Overview", "Symptoms", "References", "  1. Ember. http://example.org/a.",
    "[2] Quill. Accessed 5/1/2013.", "Last updated: 5/1/2013", "Last updated: soon", "It is warm.[1] It is tea.[9]",
    "- a cup", "Other Names: CF; Cup fever", "Teacup fever", "", "?", "[1]", "x" * 130,
]  # fmt: skip


@pytest.mark.parametrize("name", golden.names())
def test_a_golden_page_is_read_exactly_as_its_expected_file_says(name: str) -> None:
    assert golden.read(name) == json.loads(golden.expected_file(name).read_text(encoding="utf-8"))


def test_the_founding_page_is_four_answers_with_their_dates_types_and_references() -> None:
    sheet = read_sheet(data("sample", "gard-multifocal-motor-neuropathy.txt"))
    name = "multifocal motor neuropathy"
    assert sheet.header.title == name.capitalize()
    assert [(one.question, one.question_type) for one in sheet.documents] == [
        (f"What is {name}?", "information"),
        (f"What are the signs and symptoms of {name}?", "symptoms"),
        (f"What causes {name}?", "causes"),
        (f"How might {name} be treated?", "treatment"),
    ]
    cited = [[use.number for use in one.citations] for one in sheet.documents]
    assert cited == [[1, 2], [1, 2, 1], [2, 3, 3, 2], [1, 1, 1]]
    assert [[entry.number for entry in one.references()] for one in sheet.documents] == [[1, 2], [1, 2], [2, 3], [1]]
    assert {one.last_updated for one in sheet.documents} == {"2013-05-01"}
    assert [(entry.number, entry.url, entry.accessed) for entry in sheet.references] == [
        (1, "http://www.ninds.nih.gov/disorders/multifocal_neuropathy/multifocal_neuropathy.htm", "2013-05-01"),
        (2, "http://www.ncbi.nlm.nih.gov/pubmed/?term=23623583", "2013-05-01"),
        (3, "http://labtestsonline.org/understanding/analytes/autoantibodies/", "2013-05-01"),
    ]
    assert sheet.references[1].identifiers == {"pmid": "23623583"}
    assert sheet.warnings == ()
    edges = [(one.answer.split()[:2], one.answer.split()[-2:]) for one in sheet.documents]
    assert edges == [
        (["Multifocal", "motor"], ["immunoglobulin", "therapy.[2]"]),
        (["Signs", "and"], ["differently", "involved/affected.[2][1]"]),
        (["Multifocal", "motor"], ["anti-GM1", "IgM.[2]"]),
        (["Treatment", "for"], ["many", "years.[1]"]),
    ]
    for chrome in ("javascript", "Disclaimer", "Print friendly", "Overview", "References", "Last updated", "?"):
        assert not any(chrome in one.answer for one in sheet.documents)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Tea is a leaf.", "no question and no title"),
        ("\ufeff", "no question and no title"),
        ("What is tea?", "no answer to any of its 1 questions"),
        ("What is tea?\n\nLast updated: 5/1/2013", "no answer to any of its 1 questions"),
    ],
)
def test_a_page_without_a_question_and_an_answer_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PageError, match=rf"page\.txt: {reason}"):
        split_page(read_plain_text(text, "page.txt"))


def test_text_above_the_first_question_answers_a_title_that_front_matter_gives() -> None:
    text = "---\ntitle: Tea\n---\n\nTea is a leaf that people pour water on.\n\n## Who has it?\n\nPeople do.\n"
    documents = split_page(read_markdown(text, "tea.md")).documents
    assert [document.question for document in documents] == ["Tea", "Who has it?"]


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=40)), max_size=30).map("\n".join))
def test_whatever_a_text_holds_its_sheet_holds_together(text: str) -> None:
    try:
        sheet = split_page(read_plain_text(text, "page.txt"))
    except PageError:
        return
    assert sheet.documents
    assert len({document.id for document in sheet.documents}) == len(sheet.documents)
    for document in sheet.documents:
        blocks = [document.answer[block.start : block.end] for block in document.blocks]
        assert "\n\n".join(blocks) == document.answer
        assert all(block == block.strip() != "" for block in blocks)
        for use in document.citations:
            assert int(document.answer[use.start + 1 : use.end - 1]) == use.number
            assert document.answer[use.start] + document.answer[use.end - 1] == "[]"
            assert use.reference is None or use.reference in sheet.references


@pytest.mark.parametrize(
    "piece",
    ["!", ".", "e.g. ", "[1]", "[1] ", "Tea is a leaf.\n", "accessed 1 ", "a;", "word " * 14 + "\n"],
)
def test_a_page_of_nothing_but_one_thing_comes_to_an_end(split: Callable[[str], FactSheet], piece: str) -> None:
    # Work that grows with the square of such a page would keep this test for minutes.
    many = piece * (200_000 // len(piece))
    page = f"Other names: {many[:1000]}\n\nWhat is zinc?\n\nA metal.[1] {many}\n\nReferences\n1. {many[:50_000]}\n"
    cites = piece.startswith(("[1", "\u00b9"))  # each marker repeats the 50,000 characters of its reference
    with pytest.raises(PageError, match="citations that repeat") if cites else nullcontext():
        assert split(page).documents


@pytest.mark.parametrize("markers", ["[1-999] ", "[1-999,1-999,1-999,1-999,1-999]", "(1-999) "])
def test_ranges_of_markers_do_not_multiply_a_page(split: Callable[[str], FactSheet], markers: str) -> None:
    entries = "".join(f"{number}. A work. https://example.org/{number}\n" for number in range(1, 1000))
    with pytest.raises(PageError, match="citations that repeat more than"):
        split(f"What is zinc?\n\nA metal.\n\nA {markers * 2_000}.\n\nReferences\n{entries}")
