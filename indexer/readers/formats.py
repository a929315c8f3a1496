"""Which reader reads a file: its suffix says, but what opens as an HTML document or a PDF is one, whatever its name."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.decoding import decode
from indexer.readers.isolated import read_isolated
from indexer.readers.markdown import read_markdown
from indexer.readers.medquad import read_medquad
from indexer.readers.plain_text import read_plain_text
from indexer.readers.saved_pages import read_mhtml, read_saved_html, without_inlined
from indexer.settings import MAX_PAGE_BYTES, MAX_SAVED_BYTES

#: Makes the pages of a file's content; the path is for errors and for links of a page to itself.
Reader = Callable[[bytes, str], list[Page]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: the function that reads it, and how large it may be, in bytes."""

    read: Reader
    max_bytes: int = MAX_PAGE_BYTES


def _of_text(read: Callable[[str, str], Page], data: bytes, path: str) -> list[Page]:
    """Return the page of a text file in whatever encoding."""
    text, warnings = decode(data, path)
    page = read(text, path)
    return [replace(page, warnings=(*warnings, *page.warnings))]


def _html(data: bytes, path: str) -> list[Page]:
    """Return the page of an HTML file, which may have its pictures inside."""
    content = without_inlined(data) if len(data) > MAX_PAGE_BYTES or b"data:" in data else data
    if len(content) > MAX_PAGE_BYTES:
        raise PageError(path, f"{len(content):,} bytes of HTML; a page may have {MAX_PAGE_BYTES:,}")
    return _of_text(read_saved_html, content, path)


TEXT = Format(partial(_of_text, read_plain_text))
MARKDOWN = Format(partial(_of_text, read_markdown))
HTML = Format(_html, MAX_SAVED_BYTES)
MEDQUAD = Format(partial(_of_text, read_medquad))
MHTML = Format(read_mhtml, MAX_SAVED_BYTES)
PDF = Format(partial(read_isolated, "pdf"), MAX_SAVED_BYTES)
WORD = Format(partial(read_isolated, "docx"), MAX_SAVED_BYTES)

#: The one table of formats, by the suffix of a file's name. Web archives, which hold many files, are in archives.py.
FORMATS: dict[str, Format] = {
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".xml": MEDQUAD,
    ".mhtml": MHTML,
    ".mht": MHTML,
    ".pdf": PDF,
    ".docx": WORD,
}

#: How much of a file is looked at. Browsers look at 1,445 bytes (WHATWG, MIME Sniffing); a comment may be longer.
HEAD_BYTES = 4096
#: How an HTML document opens, after an XML declaration and comments. What a group took it never gives back, so that
#: a file of a thousand comments is no puzzle.
_HTML = re.compile(
    rb"(?>\s|<\?xml[^>]*>|<!--(?>.*?-->))*+<(?:!doctype\s+html|html|head|body)(?=[\s>])", re.IGNORECASE | re.DOTALL
)


def format_of(suffix: str, head: bytes) -> Format | None:
    """Return the format of a file with this suffix and these first bytes, None when nothing reads it.

    Pages that a program saved are seldom named as what they are: `fact-sheet.aspx?id=3`, `page.php`, `page.txt`.
    """
    if looks_like_html(head[:HEAD_BYTES]):
        return HTML
    return PDF if head.startswith(b"%PDF-") else FORMATS.get(suffix.lower())


def looks_like_html(head: bytes) -> bool:
    """Return whether a file with these first bytes is an HTML document, in whatever encoding.

    >>> looks_like_html(b"<!-- saved --><!DOCTYPE html>"), looks_like_html(b"<p align=center># Markdown")
    (True, False)
    """
    # The opening is ASCII: without the mark at its start and the zero bytes of UTF-16 and UTF-32 it reads the same.
    return _HTML.match(head.lstrip(b"\xef\xbb\xbf\xfe\xff\0").replace(b"\0", b"")) is not None
