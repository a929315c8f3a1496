"""Pages that a browser saved in one file: the page, its address, and the day when it was saved."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.readers import read_page
from indexer.readers.saved_pages import read_mhtml
from indexer.sheets.split import split_page

HEAD = """From: <Saved by a browser>
Snapshot-Content-Location: https://tea.example/facts?id=3
Subject: Tea
Date: Tue, 5 Mar 2024 10:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
	type="text/html";
	boundary="--edge--"

"""
PART = """----edge--
Content-Type: {type}
Content-Transfer-Encoding: quoted-printable
Content-Location: {address}

{text}
"""
PAGE = """<!DOCTYPE html><html><head><title>Tea - Leaf Society</title></head><body><h1>Tea</h1>
<h2>What is caf=C3=A9 tea?</h2><p>A leaf that people pour hot water on. See <a href=3D"https://tea.example/=
more">more</a>.</p></body></html>"""


def message(*parts: tuple[str, str, str]) -> bytes:
    body = "".join(PART.format(type=type_, address=address, text=text) for type_, address, text in parts)
    return f"{HEAD}{body}----edge----\n".replace("\n", "\r\n").encode()


PICTURE = ("image/png", "https://tea.example/leaf.png", "=89PNG")


def test_a_saved_page_is_read_with_its_address_and_day() -> None:
    data = message(PICTURE, ("text/html", "https://tea.example/facts?id=3", PAGE))
    (page,) = read_mhtml(data, "tea.mhtml")
    (document,) = split_page(page).documents
    assert (document.question, document.answer[:21]) == ("What is caf\u00e9 tea?", "A leaf that people po")
    assert [link.url for link in document.links] == ["https://tea.example/more"]
    assert (page.title, page.provenance.url) == ("Tea", "https://tea.example/facts?id=3")
    assert page.provenance.retrieved == "2024-03-05"


def test_the_page_is_the_first_and_frames_are_left_out() -> None:
    frame = ("text/html", "cid:frame-1@mhtml.example", "<h1>Buy tea</h1><h2>Why buy?</h2><p>It is cheap.</p>")
    (page,) = read_mhtml(message(("text/html", "https://tea.example/", PAGE), frame), "tea.mhtml")
    assert page.title == "Tea"
    assert not any("cheap" in block.text for block in page.blocks)


def test_the_encoding_of_a_part_is_that_which_it_declares() -> None:
    latin = PAGE.replace("=C3=A9", "=E9")
    (page,) = read_mhtml(message(("text/html; charset=iso-8859-1", "https://tea.example/", latin)), "tea.mht")
    assert "What is caf\u00e9 tea?" in [block.text for block in page.blocks]


@pytest.mark.parametrize(
    "data", [b"", message(PICTURE), HEAD.encode(), b"\0" * 50, b"Content-Type: multipart/related\n\n" + b"--a\n" * 9]
)
def test_a_message_without_a_page_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(PageError, match=r"^tea.mhtml: no HTML in it"):
        read_mhtml(data, "tea.mhtml")


SINGLE = b"""<!DOCTYPE html><html lang=en><!--
 Page saved with SingleFile
 url: https://tea.example/facts
 saved date: Tue Mar 05 2024 10:00:00 GMT+0000 (Coordinated Universal Time)
--><meta charset=utf-8><style>.a{background:url("data:image/png;base64,%s")}</style>
<h1>Tea</h1><img src=data:image/png;base64,%s><img alt="a leaf" src='data:image/svg+xml,%%3Csvg%%3E%%3C/svg%%3E'>
<h2>What is tea?</h2><p>A leaf that people pour hot water on. See data: 3,4.</p></html>"""


def test_a_page_with_its_pictures_inside_may_be_larger_than_a_page(tmp_path: Path) -> None:
    picture = b"A" * 3_000_000
    (tmp_path / "tea.html").write_bytes(SINGLE % (picture, picture))
    page = read_page(tmp_path / "tea.html", tmp_path)
    (document,) = split_page(page).documents
    assert (document.question, document.answer) == (
        "What is tea?",
        "A leaf that people pour hot water on. See data: 3,4.",
    )


def test_singlefile_says_where_a_page_came_from_and_when(tmp_path: Path) -> None:
    (tmp_path / "tea.html").write_bytes(SINGLE % (b"", b""))
    origin = read_page(tmp_path / "tea.html", tmp_path).provenance
    assert (origin.url, origin.retrieved) == ("https://tea.example/facts", "2024-03-05")


HEADERS = ("Content-Type", "Content-ID", "Content-Transfer-Encoding", "Content-Location", "Date", "MIME-Version")
VALUES = st.sampled_from(
    ["multipart/related; boundary=a", "text/html; charset=", "base64", "x-uuencode", "=?utf-8?q?=ff?="]
)


@given(st.lists(st.tuples(st.sampled_from(HEADERS), VALUES | st.text(max_size=20)), max_size=6), st.binary(max_size=99))
def test_whatever_a_message_holds_it_is_a_page_or_refused_by_name(headers: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers).encode("utf-8", "replace")
    with suppress(PageError):
        read_mhtml(head + b"\n--a\nContent-Type: text/html\n\n<p>" + body, "tea.mhtml")
