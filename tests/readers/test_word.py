"""Word files: what is a heading, what is kept, and what is refused."""

import io
import zipfile

import pytest

from indexer.errors import PageError
from indexer.model import FactSheet
from indexer.readers import word
from indexer.readers.word import read_word
from indexer.sheets.split import split_page
from tests.readers.docx_files import paragraph, run, table, word_file

LEAF = "A leaf that people pour hot water on, and then they wait four minutes for it."
POT = "In a pot, with the lid closed, on a shelf that is dry and far away from the soap."
NOTE = '<w:r><w:footnoteReference w:id="1"/></w:r>'


def read(data: bytes) -> FactSheet:
    (page,) = read_word(data, "tea.docx")
    return split_page(page)


def answers(data: bytes) -> list[tuple[str, str]]:
    return [(document.question, document.answer) for document in read(data).documents]


BODY = [("What is tea?", LEAF), ("How is it kept?", POT)]


@pytest.mark.parametrize("style", ["heading 1", "heading 2"])
def test_headings_by_style_open_answers(style: str) -> None:
    parts = [part for asked, told in BODY for part in (paragraph(asked, style), paragraph(told))]
    sheet = read(word_file(paragraph("Tea", "Title"), *parts))
    assert sheet.header.title == "Tea"
    assert [(document.question, document.answer) for document in sheet.documents] == BODY


@pytest.mark.parametrize("headings", [["Uses", "Storage"], ["What is tea?", "How is it kept?"]])
def test_bold_lines_are_headings_in_a_file_without_styles(headings: list[str]) -> None:
    told = (LEAF, POT)
    parts = [part for at in (0, 1) for part in (paragraph(headings[at], bold=True), paragraph(told[at]))]
    found = read(word_file(paragraph("Tea", bold=True, size=18), *parts))
    assert found.header.title == "Tea"
    assert [(document.question, document.answer) for document in found.documents] == list(
        zip(headings, told, strict=True)
    )


def test_larger_lines_are_headings_in_a_file_without_styles_and_the_largest_is_its_title() -> None:
    parts = [part for asked, told in BODY for part in (paragraph(asked, size=14), paragraph(told))]
    sheet = read(word_file(paragraph("All about tea", size=20), *parts))
    assert sheet.header.title == "All about tea"
    assert [(document.question, document.answer) for document in sheet.documents] == BODY


def test_a_title_and_a_date_from_the_properties_are_used_only_where_the_page_shows_none() -> None:
    parts = [paragraph("What is tea?", bold=True), paragraph(LEAF)]
    about = {"title": "Tea for all", "modified": "2024-03-05T10:00:00Z"}
    named = read(word_file(*parts, **about))
    assert (named.header.title, named.documents[0].last_updated) == ("Tea for all", "2024-03-05")
    dated = read(word_file(paragraph("Tea", "Title"), *parts, paragraph("Last updated: May 2, 2021"), **about))
    assert (dated.header.title, dated.documents[0].last_updated) == ("Tea", "2021-05-02")


def test_a_table_of_contents_is_left_out() -> None:
    contents = [paragraph("What is tea?\t1", "toc 1"), paragraph("How is it kept?\t2", "toc 1")]
    parts = [part for asked, told in BODY for part in (paragraph(asked, "heading 1"), paragraph(told))]
    assert answers(word_file(paragraph("Tea", "Title"), *contents, *parts)) == BODY


def test_numbered_items_and_tables_and_links_are_kept() -> None:
    link = f'<w:p>{run("See ")}<w:hyperlink r:id="link-1">{run("the shop")}</w:hyperlink>{run(".")}</w:p>'
    steps = [paragraph("Warm the pot", item=True), paragraph("Pour the water", item=True)]
    data = word_file(
        *(paragraph("Tea", "Title"), paragraph("How is it made?", "heading 1"), *steps),
        *(table(["Leaf", "Minutes"], ["Green", "Two"]), link),
        links=["https://shop.example/tea"],
    )
    (document,) = read(data).documents
    assert [(block.kind, block.ordinal) for block in document.blocks[:2]] == [("list_item", 1), ("list_item", 2)]
    assert any(block.kind == "table_row" for block in document.blocks)
    assert [link.url for link in document.links] == ["https://shop.example/tea"]


def test_a_footnote_is_a_reference_of_the_answer_that_cites_it() -> None:
    cited = f"<w:p>{run(LEAF)}{NOTE}</w:p>"
    note = "Leaf Society. The big book of leaves. 2019. https://leaf.example/book"
    sheet = read(word_file(paragraph("Tea", "Title"), paragraph("What is tea?", "heading 1"), cited, notes=[note]))
    (document,) = sheet.documents
    assert [(use.number, use.reference and use.reference.url) for use in document.citations] == [
        (1, "https://leaf.example/book")
    ]
    assert document.references()[0].text.startswith("Leaf Society. The big book of leaves")
    assert "\u2191" not in document.references()[0].text


def test_raised_numbers_are_markers() -> None:
    cited = f"<w:p>{run(LEAF)}{run('1', raised=True)}</w:p>"
    entry = paragraph("Leaf Society. The big book of leaves. 2019.", item=True)
    parts = (paragraph("What is tea?", "heading 1"), cited, paragraph("References", "heading 1"), entry)
    (document,) = read(word_file(paragraph("Tea", "Title"), *parts)).documents
    assert [use.number for use in document.citations] == [1]
    assert document.references()[0].text == "Leaf Society. The big book of leaves. 2019."


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in {*old.namelist(), name}:
            new.writestr(part, content if part == name else old.read(part))
    return file.getvalue()


SOUND = word_file(paragraph("What is tea?", "heading 1"), paragraph(LEAF))
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "c">]><w:document xmlns:w="a"/>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\3\4 and no more", "a damaged Word file"),
        (SOUND[: len(SOUND) // 2], "a damaged Word file"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "protected by a password, or in the format of Word 97"),
        (repacked(SOUND, "word/document.xml", b"<w:document"), "a damaged Word file"),
        (repacked(SOUND, "word/document.xml", b"<a>" * 3_000 + b"</a>" * 3_000), "a damaged Word file"),
        (repacked(SOUND, "word/styles.xml", ENTITIES), "word/styles.xml has a document type"),
        (repacked(SOUND, "word/document.xml", ENTITIES.decode().encode("utf-16")), "has a document type"),
        (repacked(SOUND, "word/document.xml", b" " * (word.MAX_XML_BYTES + 1)), "bytes of text and styles"),
    ],
)
def test_a_damaged_or_hostile_file_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        read_word(data, "tea.docx")
    assert str(caught.value).startswith("tea.docx: ")
    assert reason in caught.value.reason
