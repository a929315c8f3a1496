"""Pages that a browser saved in one file: MHTML, and HTML with its pictures inside, as SingleFile writes it."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from indexer.errors import PageError
from indexer.model import Page, PageWarning, PartialDate, partial_date
from indexer.readers.decoding import decode, tidied
from indexer.readers.html import read_html

_HTML = ("text/html", "application/xhtml+xml")
#: Pictures, fonts and styles in the address itself. Nothing of them is read.
_INLINED = re.compile(rb"""(?<=[\s"'(=])data:[\w.+-]*/[\w.+-]*(?:;[\w.+=-]+)*,[^\s"')>]*""", re.IGNORECASE)
#: The comment that SingleFile writes at the top of a page.
_SINGLE_FILE = re.compile(
    r"<!--\s+Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n]{0,80}?)(?:\(|\n|-->)"
)


def read_mhtml(data: bytes, path: str) -> list[Page]:
    """Return the page of an MHTML file (RFC 2557), in a list, with its address and the day on which it was saved.

    Raises PageError for a file that holds no HTML, and as the HTML reader does.
    """
    message = message_from_bytes(data)
    parts = [part for part in message.walk() if part.get_content_type() in _HTML]
    start = message.get_param("start")
    root = next((part for part in parts if start and part.get("Content-ID") == start), None) or next(iter(parts), None)
    if root is None:
        raise PageError(path, "no HTML in it")
    text, warnings = _text(root, path)
    address = message.get("Snapshot-Content-Location") or root.get("Content-Location")
    page = _saved(read_html(text, path), str(address or ""), str(message.get("Date", "")))
    return [replace(page, warnings=(*warnings, *page.warnings))]


def read_saved_html(text: str, path: str) -> Page:
    """Return the page of an HTML text; SingleFile says where and when it saved a page."""
    page, said = read_html(text, path), _SINGLE_FILE.search(text[:4096])
    # "Tue Mar 05 2024 10:00:00 GMT+0000", as JavaScript writes a date; Python reads "Mar 05 2024 10:00:00".
    return _saved(page, said[1], said[2].partition("GMT")[0]) if said else page


def without_inlined(data: bytes) -> bytes:
    """Return HTML without the files that are inlined in it.

    >>> without_inlined(b'<img src="data:image/png;base64,AAAA"> <p>data: 3,4')
    b'<img src=""> <p>data: 3,4'
    """
    return _INLINED.sub(b"", data)


def _text(part: Message, path: str) -> tuple[str, tuple[PageWarning, ...]]:
    """Return the text of a part in the encoding that it declares, or else in that of its content."""
    payload = part.get_payload(decode=True)
    data = without_inlined(payload if isinstance(payload, bytes) else b"")
    try:
        return tidied(data.decode(part.get_content_charset() or "")), ()
    except (LookupError, ValueError):
        return decode(data, path)


def _saved(page: Page, address: str, date: str) -> Page:
    """Return a page with where and when it was saved, where it does not say it itself."""
    origin = page.provenance
    url = address if address.startswith(("http://", "https://")) else None
    return replace(page, provenance=replace(origin, url=origin.url or url, retrieved=origin.retrieved or _day(date)))


def _day(date: str) -> PartialDate | None:
    try:
        return partial_date(parsedate_to_datetime(date).date().isoformat())
    except (TypeError, ValueError):
        return None
