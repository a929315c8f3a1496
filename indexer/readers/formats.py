"""Which reader reads a file: its suffix says, but what opens as an HTML document is one, whatever its name."""

import re
from collections.abc import Callable

from indexer.model import Page
from indexer.readers.html import read_html
from indexer.readers.markdown import read_markdown
from indexer.readers.medquad import read_medquad
from indexer.readers.plain_text import read_plain_text

Reader = Callable[[str, str], Page]

#: The one table of readers: a file name's suffix, and the function that makes a Page of its text and path.
READERS: dict[str, Reader] = {
    ".txt": read_plain_text,
    ".text": read_plain_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".xml": read_medquad,
}

#: How much of a file is looked at. Browsers look at 1,445 bytes (WHATWG, MIME Sniffing); a comment may be longer.
HEAD_BYTES = 4096
#: How an HTML document opens, after an XML declaration and comments. What a group took it never gives back, so that
#: a file of a thousand comments is no puzzle.
_HTML = re.compile(
    rb"(?>\s|<\?xml[^>]*>|<!--(?>.*?-->))*+<(?:!doctype\s+html|html|head|body)(?=[\s>])", re.IGNORECASE | re.DOTALL
)


def reader_of(suffix: str, head: bytes) -> Reader | None:
    """Return the reader for a file with this suffix and these first bytes, None when there is none.

    Pages that a program saved are seldom named as what they are: `fact-sheet.aspx?id=3`, `page.php`, `page.txt`.
    """
    return read_html if looks_like_html(head[:HEAD_BYTES]) else READERS.get(suffix.lower())


def looks_like_html(head: bytes) -> bool:
    """Return whether a file with these first bytes is an HTML document, in whatever encoding.

    >>> looks_like_html(b"<!-- saved --><!DOCTYPE html>"), looks_like_html(b"<p align=center># Markdown")
    (True, False)
    """
    # The opening is ASCII: without the mark at its start and the zero bytes of UTF-16 and UTF-32 it reads the same.
    return _HTML.match(head.lstrip(b"\xef\xbb\xbf\xfe\xff\0").replace(b"\0", b"")) is not None
