"""Pages that a browser saved in one file: MHTML, and HTML with its pictures inside (as SingleFile writes it)."""

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.decoding import decode
from indexer.readers.html import read_html

_HTML = ("text/html", "application/xhtml+xml")
#: Pictures, fonts and styles in the address itself. Nothing of them is read.
_INLINED = re.compile(rb"""(?<=[\s"'(=])data:[\w.+-]*/[\w.+-]*(?:;[\w.+=-]+)*,[^\s"')>]*""", re.IGNORECASE)


def read_mhtml(data: bytes, path: str) -> list[Page]:
    """Return the page of an MHTML file (RFC 2557). Raises PageError for one that holds no HTML."""
    message = email.message_from_bytes(data, EmailMessage, policy=email.policy.default)
    part = next(
        (part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None
    )
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes):
        raise PageError(path, "no HTML in it")
    charset = part.get_content_charset()
    if charset and not content.lstrip().startswith(b"<?xml"):
        content = f'<?xml version="1.0" encoding="{charset}"?>\n'.encode("ascii", "replace") + content
    text, warnings = decode(without_inlined(content), path)
    page = read_html(text.split("\n", 1)[1] if text.startswith("<?xml") else text, path)
    url = page.provenance.url or next(
        filter(None, (message["Snapshot-Content-Location"], part["Content-Location"])), None
    )
    known = str(url) if url and str(url).startswith(("http://", "https://")) else None
    return [replace(page, provenance=replace(page.provenance, url=known), warnings=(*warnings, *page.warnings))]


def without_inlined(data: bytes) -> bytes:
    """Return HTML without the files that are inlined in it.

    >>> without_inlined(b'<img src="data:image/png;base64,AAAA"> <p>data: 3,4')
    b'<img src=""> <p>data: 3,4'
    """
    return _INLINED.sub(b"", data)
