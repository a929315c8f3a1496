"""Pages that are broken or mean harm: each is a named entry of the report, within bounds, and the rest is built."""

import json
import os
import subprocess
import sys
import tempfile
import tracemalloc
from pathlib import Path

import pytest

from indexer import Query, build_index, open_index
from indexer.errors import PageError
from indexer.readers import page_digest, read_page
from indexer.settings import MAX_BLOCKS, MAX_PAGE_BYTES
from tests.readers.test_medquad import BOMB, SHEET

GOOD = "What is frost itch?\n\nFrost itch is a harmless condition of the skin that comes with the first cold.\n"
DEEP_HTML = "<!DOCTYPE html><h2>What is deep?</h2>" + "<div>" * 10_000 + "<p>A tree of ten thousand elements.</p>"
#: Builds a folder as a user without any rights (root may read all), and prints what the report says of each page. It
#: builds once before, so that everything is loaded: Python itself may lie where only root may read.
BUILD_AS_NOBODY = """
import json, os, sys, tempfile
from pathlib import Path
from indexer import build_index
build_index([sys.argv[1] + "/good.txt"], tempfile.mkdtemp(dir=sys.argv[2]))
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
report = build_index([sys.argv[1]], sys.argv[2] + "/index")
print(json.dumps([report.documents, {Path(name).name: reason for name, reason in report.refused.items()}]))
"""


def large(path: Path) -> Path:
    """Make a page of 50 MB that takes no room on the disk."""
    path.write_text(GOOD, encoding="utf-8")
    os.truncate(path, 50_000_000)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    return folder


def test_every_bad_page_is_a_named_entry_and_the_rest_is_built(folder: Path, tmp_path: Path) -> None:
    large(folder / "large.txt")
    (folder / "bomb.xml").write_text(BOMB + "]><Document>&i;</Document>", encoding="utf-8")
    (folder / "cut.xml").write_text(SHEET[: SHEET.index("</QAPairs>")], encoding="utf-8")
    (folder / "feed.xml").write_text("<rss/>", encoding="utf-8")
    (folder / "mixed.txt").write_bytes(f"{GOOD}Café".encode() + b" caf\xe9")
    (folder / "really.txt").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    (folder / "sub").mkdir()
    (folder / "sub" / "round").symlink_to(folder)
    (folder / "broken.md").symlink_to("nowhere.md")
    (folder / "secret.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.txt")
    report = build_index([folder], tmp_path / "index")
    reasons = {Path(path).name: reason for path, reason in report.refused.items()}
    assert reasons == {
        "large.txt": "50,000,000 bytes; a file of this format may have 2,000,000",
        "bomb.xml": "XML with a document type or entities of its own is not read",
        "cut.xml": "line 16: not well-formed XML: Premature end of data in tag QAPairs line 7",
        "feed.xml": "XML of an unknown kind: <rss>",
        "mixed.txt": "line 4: not UTF-8: byte 0xe9; its encoding is unknown",
        "really.txt": "a damaged PDF: Failed to load document (PDFium: Data format error).",
        "round": "a link in a circle: it leads to a folder that it lies in",
        "broken.md": "it cannot be looked at: No such file or directory",
        "secret.txt": "a link that leads out of the folder that is built",
        "pipe.txt": "neither a file nor a folder, but a device, a pipe or a socket",
    }
    assert report.documents == 1
    with open_index(tmp_path / "index") as engine:
        assert engine.search(Query("frost itch")).total == 1


def test_a_page_of_50_mb_is_refused_without_reading_it(tmp_path: Path) -> None:
    page = large(tmp_path / "large.txt")
    for task in (read_page, page_digest):
        tracemalloc.start()
        try:
            with pytest.raises(PageError, match="50,000,000 bytes"):
                task(page, tmp_path)
            assert tracemalloc.get_traced_memory()[1] < 3 * MAX_PAGE_BYTES
        finally:
            tracemalloc.stop()


def test_a_page_of_more_blocks_than_anybody_writes_is_refused(folder: Path) -> None:
    (folder / "many.txt").write_text(f"{GOOD}\n{'a' * 100}\n" + "a\n" * MAX_BLOCKS, encoding="utf-8")
    with pytest.raises(PageError, match="50,002 paragraphs, headings, items and rows; a page may have 50,000"):
        read_page(folder / "many.txt", folder)


def test_html_that_is_nested_ten_thousand_deep_is_read_or_refused_and_no_crash(folder: Path, tmp_path: Path) -> None:
    (folder / "deep.html").write_text(DEEP_HTML, encoding="utf-8")
    report = build_index([folder], tmp_path / "index")
    assert report.documents + len(report.refused) == 2


def test_a_page_that_this_user_may_not_read_is_named_and_the_rest_is_built() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        top = Path(name)
        for made, mode in ((top, 0o755), (top / "pages", 0o755), (top / "pages" / "locked", 0), (top / "out", 0o777)):
            made.mkdir(exist_ok=True)
            made.chmod(mode)
        for page in ("good.txt", "closed.txt"):
            (top / "pages" / page).write_text(GOOD, encoding="utf-8")
        (top / "pages" / "closed.txt").chmod(0)
        command = [sys.executable, "-c", BUILD_AS_NOBODY, str(top / "pages"), str(top / "out")]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == [
        1,
        {
            "closed.txt": "the file or a sidecar file beside it cannot be read: Permission denied",
            "locked": "it cannot be looked at: Permission denied",
        },
    ]


#: Pages as large as they may be, of one thing; each took minutes, or gigabytes, or could.
BOMBS = {
    "letters.txt": "a\n",
    "words.txt": "a ",
    "markers.txt": "[1-999] ",
    "raised.txt": "\u00b9\u207b",
    "joined.txt": "\ufdfa",
    "nul.txt": "\0",
    "questions.txt": "Why is it?\n\nA leaf.\n\n",
    "dates.txt": "Last updated: May 1, 2013\n",
    "stops.txt": "! ",
    "lists.txt": "References\n\n[1] https://a.example/\n\n",
    "one-line.txt": "?",
    "quotes.md": "> ",
    "lists.md": "- ",
    "brackets.md": "[",
    "pictures.md": "![",
    "notes.md": "[^1]: a\n\n",
    "stars.md": "**a",
    "ticks.md": "`",
    "cells.md": "|a",
    "entities.md": "&#x0;",
    "lazy.md": f"{'> ' * 19}a\n" + "a\n" * 9_000,
    "links.md": "[a](b) ",
    "headings.md": "# a\n",
    "comments.md": "{% comment %}",
    "front.md": "---\na: ",
    "markup.md": "<p>a\n\n",
    "deep.html": "<div>",
    "open.html": "<p><b>",
    "text.html": "<p>a",
    "cells.html": "<td>a",
    "comments.html": "<!--",
    "scripts.html": "<script>",
    "entities.html": "&CounterClockwiseContourIntegral;",
    "attributes.html": "a=b ",
    "drawings.html": "<svg><g/>",
    "questions.html": "<h2>Why?</h2>A leaf.",
    "links.html": "<a href=#a>1</a>",
    "parts.html": "<details><summary>Why?</summary>A leaf.</details>",
    "raised.html": "<sup>1</sup>",
    "mixed.html": "<b><p>a</b>",
    "deep.xml": "<a>",
    "items.xml": "  - a",
    "stops.xml": ".   A",
    "pairs.xml": "</Answer></QAPair><QAPair><Question>a?</Question><Answer>b",
}
AROUND = {
    ".txt": ("What is tea?\n\nA leaf.\n\n", ""),
    ".md": ("", "\n\n## What is tea?\n\nA leaf.\n"),
    ".html": ("<!doctype html><h2>What is tea?</h2><p>A leaf.", ""),
    ".xml": ("<Document><QAPairs><QAPair><Question>a?</Question><Answer>", "</Answer></QAPair></QAPairs></Document>"),
}
#: Reads and splits a page with so many bytes of memory and seconds of the processor; that it is refused is as good.
READ_WITHIN = """
import resource, sys
from pathlib import Path
from indexer.errors import PageError
from indexer.readers import read_page
from indexer.sheets.passages import sentence_keys
from indexer.sheets.split import split_page
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[3]),) * 2)
try:
    sentence_keys(split_page(read_page(Path(sys.argv[1]), Path(sys.argv[1]).parent)))
except PageError as error:
    print(error.reason)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_utime)
"""
MEMORY, SECONDS = 2_000_000_000, 120


@pytest.mark.long
@pytest.mark.parametrize("name", BOMBS)
def test_a_page_of_any_one_thing_is_read_or_refused_within_the_bounds(tmp_path: Path, name: str) -> None:
    before, behind = AROUND[Path(name).suffix]
    room = MAX_PAGE_BYTES - len((before + behind).encode())
    page = tmp_path / name
    page.write_text(before + BOMBS[name] * (room // len(BOMBS[name].encode())) + behind, encoding="utf-8")
    command = [sys.executable, "-c", READ_WITHIN, str(page), str(MEMORY), str(SECONDS)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, (run.returncode, run.stderr)


@pytest.mark.parametrize("codec", ["windows-1252", "utf-16", "utf-16-be"])
def test_a_page_in_another_encoding_is_built_without_a_broken_letter(folder: Path, tmp_path: Path, codec: str) -> None:
    text = (
        "What is brass chill?\n\nA fever of welders: “it is gone in a day,” says Dr. Müller of the clinic in Orléans.\n"
    )
    (folder / "brass.txt").write_bytes(text.encode(codec))
    report = build_index([folder], tmp_path / "index")
    assert (report.documents, report.refused) == (2, {})
    assert any("read as" in warning for warning in report.warnings) == (codec != "utf-16")
    with open_index(tmp_path / "index") as engine:
        (hit,) = engine.search(Query("brass chill")).hits
    assert hit.document.answer == text.split("\n\n")[1].strip()
