"""Web archives (.warc, .warc.gz, .wacz): each page that was answered with status 200 is a page of its own.

WARC is ISO 28500; a WACZ is a ZIP file of WARCs (https://specs.webrecorder.net/wacz/1.1.1/). `wget --warc-file`,
Browsertrix and Heritrix write them. A page keeps its own address and the day on which it was retrieved.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import urldefrag, urlsplit

from indexer.errors import PageError
from indexer.model import PartialDate, partial_date

SUFFIXES = (".warc", ".warc.gz", ".wacz", ".wet", ".wet.gz")
#: What is read of an archive, by its media type, and the suffix of its format.
TYPES = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt"}
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


class Response(NamedTuple):
    """A page of an archive: its address, the suffix of its format, its content, the day of its retrieval."""

    url: str
    suffix: str
    content: bytes
    retrieved: PartialDate | None


def is_archive(name: str) -> bool:
    """Return whether a file of this name is a web archive."""
    return name.lower().endswith(SUFFIXES)


def responses(file: Path, path: str, most_bytes: int) -> Iterator[Response]:
    """Yield the pages of an archive in the order of their records; of one address the last, of equal content the first.

    Responses of more than `most_bytes` are cut there. Raises PageError for a damaged archive, or without warcio.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise PageError(path, "web archives need: pip install 'factsheets[archives]'") from error
    try:
        latest: dict[str, tuple[str, int]] = {}
        for place, record in enumerate(_records(file, ArchiveIterator)):
            if found := _page_of(record):
                latest[found[0]] = max(latest.get(found[0], ("", -1)), (found[2], place))
        seen: set[bytes] = set()
        for place, record in enumerate(_records(file, ArchiveIterator)):
            found = _page_of(record)
            if found is None or latest.get(found[0], ("", -1))[1] != place:
                continue
            content = _in_utf8(_content(record, most_bytes), found[3])
            digest = blake2b(content, digest_size=16).digest()
            if digest not in seen:
                seen.add(digest)
                yield Response(found[0], found[1], content, _day(found[2]))
    except (ArchiveLoadFailed, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise PageError(path, f"a damaged web archive: {error}") from error


def _records(file: Path, iterator: Any) -> Iterator[Any]:
    with ExitStack() as opened:
        streams: list[IO[bytes]] = []
        if file.name.lower().endswith(".wacz"):
            parts = opened.enter_context(zipfile.ZipFile(file))
            names = [name for name in parts.namelist() if is_archive(name)]
            streams = [opened.enter_context(parts.open(name)) for name in names]
        else:
            streams = [opened.enter_context(file.open("rb"))]
        for stream in streams:
            yield from iterator(stream)


def _content(record: Any, most_bytes: int) -> bytes:
    """Return the content of a record, or one byte more than `most_bytes`. Raises EOFError if the record is cut off."""
    content: bytes = record.content_stream().read(most_bytes + 1)
    while len(content) <= most_bytes and record.raw_stream.read(1 << 16):
        pass  # what follows the content, such as the end of its chunks
    if len(content) <= most_bytes and record.raw_stream.limit > 0:
        raise EOFError(f"it ends within {record.rec_headers.get_header('WARC-Target-URI')}")
    return content


def _in_utf8(content: bytes, charset: str | None) -> bytes:
    """Return a text that the server sent in another encoding as UTF-8, with its mark: the server's word comes first.

    Source: HTML standard, 13.2.3.2, determining the character encoding.
    """
    try:
        return content if charset is None else b"\xef\xbb\xbf" + content.decode(charset).encode()
    except (LookupError, ValueError):  # the text is not what the server said: the readers look for themselves
        return content


def _day(time: str) -> PartialDate | None:
    try:
        return partial_date(time[:10])
    except ValueError:
        return None


def _page_of(record: Any) -> tuple[str, str, str, str | None] | None:
    """Return the address of a record, the suffix of its format, its time and its encoding; None if it is no page."""
    headers = record.rec_headers
    url = urldefrag(headers.get_header("WARC-Target-URI") or "").url.strip("<>")
    if record.rec_type == "conversion":  # the text of a page (WET)
        media = headers.get_header("Content-Type") or ""
    elif record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
        media = record.http_headers.get_header("Content-Type") or ""
    else:
        return None
    suffix = TYPES.get(media.partition(";")[0].strip().lower())
    charset = _CHARSET.search(media) if suffix in (".html", ".txt") else None
    parts = urlsplit(url)
    if suffix is None or parts.scheme not in ("http", "https") or parts.path == "/robots.txt":
        return None
    return url, suffix, headers.get_header("WARC-Date") or "", charset[1] if charset else None
