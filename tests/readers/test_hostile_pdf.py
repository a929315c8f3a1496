"""PDF files that no program writes: each is a page or refused by name, within the bounds of its process."""

import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.readers.isolated import MAX_SECONDS, read_isolated
from tests.readers.raw_pdfs import CATALOG, PAGE, PAGES, pdf, stream, text

LINES = ("Tea", "What is tea?", "A leaf that people pour hot water on.", "How is it kept?", "In a pot with a lid.")
TEXT = text(*LINES)
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 600 700] /Resources << /XObject << /X 6 0 R >> >>"
IMAGE = b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8"


def pages(kids: bytes, count: int) -> dict[int, bytes]:
    return {2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)}


def catalog(about: bytes) -> bytes:
    return CATALOG.replace(b"/Catalog", b"/Catalog " + about)


READ = {
    "bytes before its head": b"junk\n" * 50 + pdf(TEXT),
    "two billion pages": pdf(TEXT, {2: PAGES.replace(b"/Count 1", b"/Count 2000000000")}),
    "fewer pages than none": pdf(TEXT, {2: PAGES.replace(b"/Count 1", b"/Count -5")}),
    "a page of a thousand kilometres": pdf(TEXT, {3: PAGE.replace(b"612 792", b"1000000000 1000000000")}),
    "a page without a size": pdf(TEXT, {3: PAGE.replace(b"612 792", b"0 0")}),
    "a page with impossible corners": pdf(TEXT, {3: PAGE.replace(b"612 792", b"1e400 -5")}),
    "arrays 200,000 deep": pdf(TEXT, {7: b"[" * 200_000 + b"]" * 200_000}, b"/Info 7 0 R"),
    "states saved 100,000 deep": pdf(b"q " * 100_000 + TEXT),
    "a form that draws itself": pdf(TEXT + b" /X Do", {6: stream(b"/X Do", FORM)}),
    "bookmarks in a circle": pdf(
        TEXT,
        {
            1: catalog(b"/Outlines 8 0 R"),
            8: b"<< /First 9 0 R /Last 9 0 R /Count 1 >>",
            9: b"<< /Title (a) /Parent 8 0 R /Next 9 0 R /Dest [3 0 R /Fit] >>",
        },
    ),
    "tags in a circle": pdf(
        TEXT,
        {
            1: catalog(b"/MarkInfo << /Marked true >> /StructTreeRoot 8 0 R"),
            8: b"<< /Type /StructTreeRoot /K 9 0 R /ParentTree << /Nums [0 [9 0 R]] >> >>",
            9: b"<< /Type /StructElem /S /H1 /P 9 0 R /Pg 3 0 R /K [0 9 0 R] >>",
            3: PAGE[:-2] + b"/StructParents 0 >>",
        },
    ),
    "an earlier table of itself": pdf(TEXT, trailer=b"/Prev 9"),
    "a script that opens a window": pdf(TEXT, {1: catalog(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")}),
    "the unseen text of a scan that was read": pdf(text(*LINES, mode=3)),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_a_file_with_something_odd_in_it_is_read(data: bytes) -> None:
    (page,) = read_isolated("pdf", data, "tea.pdf")
    assert "In a pot with a lid." in " ".join(block.text for block in page.blocks)


def test_what_cannot_be_read_of_a_page_is_reported_with_its_number() -> None:
    turned = b" BT /F 11 Tf 0 1 -1 0 300 300 Tm (Turn me around) Tj ET"
    scan = PAGE.replace(b"4 0 R", b"8 0 R")
    others = pages(b"3 0 R 7 0 R", 2) | {6: stream(b"\0" * 100, IMAGE), 7: scan, 8: stream(b"/X Do")}
    (page,) = read_isolated("pdf", pdf(TEXT + turned, others), "tea.pdf")
    assert tuple(map(str, page.warnings)) == (
        "page 1: left out, 3 words that run up or down the page",
        "page 2: a picture without text: run OCR (for example `ocrmypdf`) to have it read",
    )


REFUSED = {
    "nothing but a head": (b"%PDF-1.7\n", "a damaged PDF"),
    "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "a damaged PDF"),
    "half a file": (pdf(TEXT)[:300], "a damaged PDF"),
    "pages in a circle": (pdf(TEXT, pages(b"2 0 R 3 0 R", 2)), "page 2 is damaged"),
    "no pages": (pdf(TEXT, pages(b"", 0)), "a damaged PDF"),
    "100,000 pages": (pdf(TEXT, pages(b"3 0 R " * 100_000, 100_000)), "100,000 pages; a PDF may have"),
    "an unknown lock": (pdf(TEXT, {9: b"<< /Filter /Other /V 9 >>"}, b"/Encrypt 9 0 R"), "a damaged PDF"),
    "drawings only": (pdf(b"0 0 10 10 re f"), "no text"),
    "letters too small to see": (pdf(TEXT.replace(b"/F 11 Tf", b"/F 0.000001 Tf")), "no text"),
    "a picture only": (pdf(b"q 600 0 0 700 0 0 cm /X Do Q", {6: stream(b"\0" * 100, IMAGE)}), "it is a scan; run OCR"),
    "100 MB of spaces": (
        pdf(b"", {4: stream(zlib.compress(b" " * 100_000_000, 9), b"/Filter /FlateDecode")}),
        "no text",
    ),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_file_without_a_page_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        read_isolated("pdf", data, "tea.pdf")
    assert str(caught.value).startswith("tea.pdf: ")
    assert reason in caught.value.reason


def _fan() -> bytes:
    """Return a file in which each form draws the next ten times."""
    about = b"/Type /XObject /Subtype /Form /BBox [0 0 600 700] /Resources << /XObject << /A %d 0 R >> >>"
    forms = {number: stream(b"/A Do " * 10, about % (number + 1)) for number in range(10, 18)}
    return pdf(TEXT + b" /X Do", {6: stream(b"/A Do " * 10, about % 10), **forms, 18: stream(TEXT, FORM)})


ENDLESS = {
    "forms that draw a billion words": _fan(),
    "four million words at one place": pdf(b"BT /F 8 Tf 72 720 Td " + b"(a b c d e f g h i j) Tj " * 400_000 + b" ET"),
    "40,000 words all over a page": pdf(
        b"BT /F 8 Tf "
        + b"".join(b"1 0 0 1 %d %d Tm (word) Tj " % (n * 7_919 % 600, n * 104_729 % 790) for n in range(40_000))
        + b" ET"
    ),
    "half a million boxes": pdf(TEXT + b"10 10 5 5 re S " * 500_000),
    "a bomb in a bomb": pdf(
        b"",
        {
            4: stream(
                zlib.compress(zlib.compress(b"(" + b"a" * 400_000_000 + b") Tj", 9), 9),
                b"/Filter [/FlateDecode /FlateDecode]",
            )
        },
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("data", ENDLESS.values(), ids=ENDLESS)
def test_a_file_without_end_is_given_up_within_the_bounds_and_the_next_is_read(data: bytes) -> None:
    started = time.monotonic()
    with suppress(PageError):
        read_isolated("pdf", data, "tea.pdf")
    assert time.monotonic() - started < 5 * MAX_SECONDS
    assert read_isolated("pdf", pdf(TEXT), "tea.pdf")


SOUND = pdf(TEXT)


@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=12)), min_size=1, max_size=5))
def test_a_file_with_some_bytes_changed_is_a_page_or_refused_by_name(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(SOUND)
    for start, other in changes:
        data[start : start + len(other)] = other
    reason = ""
    try:
        assert read_isolated("pdf", bytes(data), "tea.pdf")
    except PageError as error:
        reason = str(error)
    assert not reason or reason.startswith("tea.pdf: ")
