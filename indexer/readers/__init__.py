"""Page readers: a file -> a Page of blocks. A reader knows a format; it does not know what a question is."""

import codecs
import unicodedata
from hashlib import blake2b
from pathlib import Path

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.finding import find_pages
from indexer.readers.formats import reader_of
from indexer.readers.provenance import sidecars, with_sidecars
from indexer.settings import MAX_PAGE_BYTES

__all__ = ["find_pages", "page_digest", "read_page"]

#: Zero-width characters and soft hyphens of saved web pages, which part words that look whole, and control characters.
_INVISIBLE = dict.fromkeys([*map(ord, "\u200b\u2060\ufeff\u00ad"), *range(9), *range(14, 32), *range(127, 160)])


def read_page(file: Path, root: Path) -> Page:
    """Return the page that a file holds; its path is relative to `root`, the folder that is built.

    Raises PageError for a file that is empty, binary, not UTF-8, too large, or of a format without a reader, and for
    bad front matter or a bad sidecar file.
    """
    path = file.relative_to(root).as_posix()
    try:
        content = _bytes(file, path)
        if (reader := reader_of(file.suffix, content)) is None:
            raise PageError(path, f"no reader for {file.suffix or 'files without a suffix'}")
        return with_sidecars(reader(_text(content, path), path), file, root)
    except OSError as error:
        raise PageError(path, f"it or what stands beside it cannot be read: {error.strerror}") from error


def page_digest(file: Path, root: Path) -> str:
    """Return a digest (hexadecimal) of all that a page is made of: its name and bytes, and those of its sidecars.

    As long as it stays the same, reading the page again would give the same. Raises PageError for what cannot be read.
    """
    path = file.relative_to(root).as_posix()
    digest = blake2b(digest_size=16)
    try:
        for part in [file, *sidecars(file, root)]:
            content = _bytes(part, path)
            digest.update(f"{part.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    except OSError as error:
        raise PageError(path, f"it or what stands beside it cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def _bytes(file: Path, path: str) -> bytes:
    """Return the content of a file, which is never larger than a page may be, even while somebody writes to it."""
    with file.open("rb") as opened:
        content = opened.read(MAX_PAGE_BYTES + 1)
    if len(content) > MAX_PAGE_BYTES:
        raise PageError(path, f"{file.stat().st_size:,} bytes; a page may have {MAX_PAGE_BYTES:,}")
    return content


def _text(data: bytes, path: str) -> str:
    """Return the text in Unicode's composed form (NFC), so that "é" is one character however it was saved."""
    if not data.strip():
        raise PageError(path, "the file is empty")
    if b"\0" in data:
        raise PageError(path, "a binary file, not text")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PageError(path, f"not UTF-8: byte 0x{data[error.start]:02x}", line) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE)
    return unicodedata.normalize("NFC", text)
