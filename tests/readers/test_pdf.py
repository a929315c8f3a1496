"""PDF files: which words are headings, how columns are read, what is left out, and how many sheets there are."""

from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from indexer import build_index, open_index, read_sheet
from indexer.errors import PageError
from indexer.model import FactSheet, Page
from indexer.readers import isolated
from indexer.readers.isolated import read_isolated
from indexer.readers.pdf import read_pdf
from indexer.sheets.split import split_page
from tests.readers.pdfs import ENGLISH, HEIGHT, SPANISH, Look, Writer, handbook

LOOKS = {
    "larger headings in two columns": Look(),
    "bold headings of the size of the text": Look(heading=10),
    "blue headings": Look(heading=10, bold=False, blue=True),
    "headings that look like the text": Look(heading=10, bold=False),
    "one column": Look(columns=1),
    "three columns": Look(columns=3, body=8, heading=9),
    "a title little larger than the text": Look(title=14, heading=10),
    "a page number for a footer": Look(footer="Page {}"),
    "bookmarks": Look(box=False, bookmarks=True),
}


def sheet_of(data: bytes) -> FactSheet:
    (page,) = read_pdf(data, "leaf.pdf")
    return split_page(page)


def answers(sheet: FactSheet) -> list[tuple[str, str]]:
    return [(document.question, " ".join(document.answer.split())) for document in sheet.documents]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_file_of_many_sheets_in_two_languages_gives_each_sheet_with_its_answers(look: Look) -> None:
    data, titles = handbook(12, look)
    sheets = [split_page(page) for page in read_pdf(data, "handbook.pdf")]
    assert [sheet.header.title for sheet in sheets] == titles
    for number, sheet in enumerate(sheets):
        title, asked = titles[number], SPANISH if number % 2 else ENGLISH
        assert answers(sheet) == [
            (heading.format(title), " ".join([answer.format(title), *[answer.format("It")] * (number % 7)]))
            for heading, answer in asked.items()
        ]


def test_each_sheet_of_a_file_names_its_page_its_other_names_and_keeps_its_id_when_pages_come_before_it() -> None:
    sheets = [split_page(page) for page in read_pdf(handbook(8, Look())[0], "handbook.pdf")]
    later = [split_page(page) for page in read_pdf(handbook(8, Look(), first=2)[0], "handbook.pdf")]
    assert read_pdf(handbook(8, Look())[0], "handbook.pdf")[0].inside == "#page=1"
    assert sheets[0].header.also_known_as == ("Cupleafaain",)
    assert {sheet.header.id for sheet in later} == {sheet.header.id for sheet in sheets[2:]}


def written(*lines: tuple[str, float, bool], columns: int = 1) -> bytes:
    """Return a file with lines of some size, bold or not."""
    writer = Writer(Look(columns=columns, box=False, footer=""))
    writer.begin_page()
    for text, size, bold in lines:
        writer.line(text, size, bold=bold)
    return writer.saved()


LEAF = [
    ("Tea is the leaf of a bush that grows on the hills behind the town, and people", 10, False),
    ("have poured hot water on it for as long as any of them can re-", 10, False),
    ("member, which is longer than the well-", 10, False),
    ("known shop has been there.", 10, False),
]


def test_words_that_are_divided_at_the_end_of_a_line_are_joined_and_compounds_are_not() -> None:
    sheet = sheet_of(written(("Tea", 20, True), ("What is tea?", 12, True), *LEAF))
    assert sheet.header.title == "Tea"
    assert "can remember, which is longer than the well-known shop" in answers(sheet)[0][1]


def test_a_question_in_bold_at_the_start_of_a_paragraph_is_a_question() -> None:
    writer = Writer(Look(columns=1, box=False, footer=""))
    writer.begin_page()
    writer.line("Tea", 20, bold=True)
    writer.line("What is tea?", 10, bold=True)
    writer.line("It is the leaf of a bush that grows on the hills.", 10)
    writer.line("Why is it warm?", 10, bold=True)
    writer.line("Because the water was hot, and the cup has a lid.", 10)
    sheet = sheet_of(writer.saved())
    assert [document.question for document in sheet.documents] == ["What is tea?", "Why is it warm?"]


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Hilltea (hil-TEE-uh)", "Hilltea"),
        ("Moruva (mo-roo-va)", "Moruva"),
        ("Lung leaf (non-small cell)", "Lung leaf (non-small cell)"),
        ("Leaf test (DNA-based)", "Leaf test (DNA-based)"),
        ("Tea (a leaf)", "Tea (a leaf)"),
    ],
)
def test_how_a_title_is_spoken_is_left_out_and_other_words_in_brackets_are_not(printed: str, title: str) -> None:
    assert sheet_of(written((printed, 20, True), ("What is it?", 12, True), *LEAF)).header.title == title


def test_rows_of_a_table_are_read_from_left_to_right() -> None:
    writer = Writer(Look(columns=1, box=False, footer=""))
    writer.begin_page()
    writer.line("Tea", 20, bold=True)
    writer.line("How much do I take?", 12, bold=True)
    for number in range(6):
        writer.line(f"Cup {number}", 10)
        writer.space(-12.5)
        writer.line(f"{number} spoons", 10, x=300)
    assert "Cup 2 | 2 spoons" in answers(sheet_of(writer.saved()))[0][1]


def test_numbered_and_bulleted_lines_are_items_of_a_list() -> None:
    lines = [("1. Warm the cup.", 10, False), ("2. Pour the water.", 10, False), ("\u2022 Keep the lid.", 10, False)]
    (page,) = read_pdf(written(("Tea", 20, True), ("How is it made?", 12, True), *lines), "leaf.pdf")
    assert [(block.kind, block.ordinal, block.text) for block in page.blocks[2:]] == [
        ("list_item", 1, "Warm the cup."),
        ("list_item", 2, "Pour the water."),
        ("list_item", None, "Keep the lid."),
    ]


def test_links_keep_their_addresses_and_a_raised_number_is_a_marker(tmp_path: Path) -> None:
    file = tmp_path / "leaf.pdf"
    canvas = Canvas(str(file))
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(60, 700, "What is tea?")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 660, "Tea is the leaf of a bush.")
    canvas.setFont("Helvetica", 6)
    canvas.drawString(60 + canvas.stringWidth("Tea is the leaf of a bush.", "Helvetica", 11), 665, "1")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 640, "See the hill for more of it.")
    canvas.linkURL("https://hill.example/", (60, 636, 200, 652))
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(60, 600, "References")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 580, "1. Leaf A. Of Bushes. Hill Press, 2012.")
    canvas.save()
    sheet = read_sheet(file)
    document = sheet.documents[0]
    assert [citation.number for citation in document.citations] == [1]
    assert document.references()[0].text.startswith("Leaf A. Of Bushes")
    assert {link.url for link in document.links} == {"https://hill.example/"}


def test_a_scan_is_refused_with_what_to_do(tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "scan.png"
    Image.new("RGB", (40, 40)).save(picture)
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.drawImage(str(picture), 0, 0, 500, HEIGHT)
    canvas.save()
    with pytest.raises(PageError, match="it is a scan; run OCR"):
        read_sheet(tmp_path / "scan.pdf")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n", "a damaged PDF"),
        (b"%PDF-1.7\n" + b"\0" * 5_000, "a damaged PDF"),
        (handbook(1, Look())[0][:900], "a damaged PDF"),
        (b"", "a damaged PDF"),
    ],
)
def test_a_damaged_file_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(PageError, match=f"leaf.pdf: {reason}"):
        read_pdf(data, "leaf.pdf")


def test_an_encrypted_file_is_refused_by_name(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "leaf.pdf"), encrypt=StandardEncryption("secret"))
    canvas.drawString(60, 700, "What is tea?")
    canvas.save()
    with pytest.raises(PageError, match="protected by a password"):
        read_sheet(tmp_path / "leaf.pdf")


def test_a_file_that_takes_too_much_is_refused_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = handbook(1, Look())[0]
    monkeypatch.setattr(isolated, "_reader", None)
    assert read_isolated("pdf", data, "leaf.pdf")
    reader = isolated._reader
    assert reader is not None
    reader._process.kill()  # as the system does where a bound is passed
    with pytest.raises(PageError, match=r"leaf.pdf: it takes more than \d+ seconds or \d GB"):
        read_isolated("pdf", data, "leaf.pdf")
    assert isinstance(read_isolated("pdf", data, "leaf.pdf")[0], Page)


def test_sheets_of_a_file_are_built_kept_and_read_by_their_place(tmp_path: Path) -> None:
    pages, index = tmp_path / "pages", tmp_path / "index"
    pages.mkdir()
    data, titles = handbook(6, Look())
    (pages / "handbook.pdf").write_bytes(data)
    (pages / "handbook.meta.toml").write_text('url = "https://hill.example/handbook.pdf"\n')
    first = build_index([pages], index)
    assert (first.pages, first.new, first.documents) == (6, 6, 30)
    assert build_index([pages], index).unchanged == 6
    with open_index(index) as engine:
        sheet = engine.sheets(0, 1)[0][0]
        assert sheet.title == titles[0]
        found = engine.sheet(sheet.id)
        assert found
        assert found.header.provenance.url == "https://hill.example/handbook.pdf#page=1"
    assert read_sheet(f"{pages / 'handbook.pdf'}#page=3").header.title == titles[2]
    with pytest.raises(PageError, match=r"it holds 6 pages; name one of them: handbook.pdf#page=1, "):
        read_sheet(pages / "handbook.pdf")
    (pages / "handbook.pdf").write_bytes(handbook(6, Look(), changed=3)[0])
    report = build_index([pages], index)
    assert (report.changed, report.unchanged, report.removed) == (1, 5, 0)
