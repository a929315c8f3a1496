"""Page readers: a file -> a Page of blocks. A reader knows a format; it does not know what a question is."""

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.decoding import decode
from indexer.readers.finding import find_pages
from indexer.readers.formats import reader_of
from indexer.readers.provenance import Folders, sidecars, with_sidecars
from indexer.settings import MAX_PAGE_BYTES

__all__ = ["Folders", "find_pages", "page_digest", "read_page"]


def read_page(file: Path, root: Path) -> Page:
    """Return the page that a file holds; its path is relative to `root`, the folder that is built.

    Raises PageError for a file that is empty, binary, too large, in an encoding that cannot be told or of a format
    without a reader, and for bad front matter or a bad sidecar file.
    """
    path = file.relative_to(root).as_posix()
    try:
        content = _bytes(file, root)
        if (reader := reader_of(file.suffix, content)) is None:
            raise PageError(path, f"no reader for {file.suffix or 'files without a suffix'}")
        text, warnings = decode(content, path)
        page = reader(text, path)
        return with_sidecars(replace(page, warnings=(*warnings, *page.warnings)), file, root)
    except OSError as error:
        raise _unreadable(file, root, error) from error


def page_digest(file: Path, root: Path, folders: Folders | None = None) -> str:
    """Return a digest (hexadecimal) of all that a page is made of: the names and bytes of its file and sidecars.

    As long as it stays the same, reading the page again would give the same. Who asks for many pages at once gives the
    same `folders`, which saves a third of the time. Raises PageError for what cannot be read.
    """
    digest = blake2b(digest_size=16)
    try:
        for part in [file, *sidecars(file, root, *([folders.hold] if folders else []))]:
            content = _bytes(part, root)
            digest.update(f"{part.name}\0{len(content)}\0".encode())
            digest.update(content)
    except OSError as error:
        raise _unreadable(file, root, error) from error
    return digest.hexdigest()


def _bytes(file: Path, root: Path) -> bytes:
    """Return the content of a file, which is never larger than a page may be, even while somebody writes to it."""
    with file.open("rb") as opened:
        content = opened.read(MAX_PAGE_BYTES + 1)
    if len(content) > MAX_PAGE_BYTES:
        reason = f"{file.stat().st_size:,} bytes; a page may have {MAX_PAGE_BYTES:,}"
        raise PageError(file.relative_to(root).as_posix(), reason)
    return content


def _unreadable(file: Path, root: Path, error: OSError) -> PageError:
    reason = f"it or what stands beside it cannot be read: {error.strerror}"
    return PageError(file.relative_to(root).as_posix(), reason)
