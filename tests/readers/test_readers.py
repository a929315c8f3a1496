"""From bytes to a page: what is refused and why."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import PageError
from indexer.readers import read_page
from indexer.readers.formats import FORMATS, MEDQUAD, TEXT, Format
from tests import golden
from tests.conftest import PAGES


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("page.txt", b"", "the file is empty"),
        ("page.txt", b" \r\n\t\n", "the file is empty"),
        ("page.md", b"What is it?\n\0\n", "binary"),
        ("page.txt", b"one\r\ntwo\r\nthree \xff\r\n", "line 3: not UTF-8: byte 0xff"),
        ("page.txt", b"\xef\xbb\xbfno\n\xff", "line 2: not UTF-8: byte 0xff"),
        ("page.rtf", b"What is it?", "no reader for .rtf"),
        ("page", b"What is it?", "no reader for files without a suffix"),
        ("page.txt", b"x" * 101, "101 bytes; a file of this format may have 100"),
    ],
)
def test_a_file_that_is_no_page_is_refused_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, reason: str
) -> None:
    monkeypatch.setitem(FORMATS, ".txt", replace(TEXT, max_bytes=100))
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PageError) as caught:
        read_page(tmp_path / name, tmp_path)
    assert str(caught.value).startswith(f"{name}:")
    assert reason in caught.value.reason


def test_a_file_that_is_gone_when_it_is_read_is_refused_and_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="cannot be read"):
        read_page(tmp_path / "gone.txt", tmp_path)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_byte_order_mark_and_the_line_ends_of_other_systems_change_nothing(tmp_path: Path, newline: str) -> None:
    original = PAGES / "lakeside-tremor.txt"
    copy = tmp_path / original.name
    copy.write_bytes(b"\xef\xbb\xbf" + original.read_text(encoding="utf-8").replace("\n", newline).encode())
    assert read_page(copy, tmp_path) == read_page(original, PAGES)


@pytest.mark.parametrize("invisible", ["\u200b", "\ufeff", "\u00ad"])
def test_invisible_characters_of_saved_web_pages_are_left_out(tmp_path: Path, invisible: str) -> None:
    (tmp_path / "page.txt").write_text(f"What is tea?{invisible}\n\nA lea{invisible}f.\n", encoding="utf-8")
    assert [block.text for block in read_page(tmp_path / "page.txt", tmp_path).blocks] == ["What is tea?", "A leaf."]


def test_text_is_read_in_its_composed_form(tmp_path: Path) -> None:
    (tmp_path / "page.TXT").write_text(unicodedata.normalize("NFD", "Guimarães"), encoding="utf-8")
    assert [block.text for block in read_page(tmp_path / "page.TXT", tmp_path).blocks] == ["Guimarães"]


@pytest.mark.parametrize("read", [format for format in dict.fromkeys(FORMATS.values()) if format is not MEDQUAD])
def test_every_format_has_a_golden_page(read: Format) -> None:
    suffixes = {suffix for suffix, other in FORMATS.items() if other is read}
    assert suffixes & {Path(name).suffix for name in golden.names()}  # real files test those of MedQuAD
