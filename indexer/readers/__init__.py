"""Page readers: a file -> a Page of blocks. A reader knows a format; it does not know what a question is."""

import os
import time
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.decoding import decode
from indexer.readers.finding import find_pages
from indexer.readers.formats import reader_of
from indexer.readers.provenance import Folders, sidecars, with_sidecars
from indexer.settings import MAX_BLOCKS, MAX_PAGE_BYTES

__all__ = ["Folders", "find_pages", "page_digest", "page_stamp", "read_page"]

#: How old a change must be for a stamp, in nanoseconds. A file may change twice within one step of its clock; FAT's are
#: the longest, 2 s (https://learn.microsoft.com/en-us/windows/win32/sysinfo/file-times).
GRAIN = 2_000_000_000

#: How many bytes are asked for at once, for Python makes room for as many. MedQuAD's largest page has 60,000.
_CHUNK = 1 << 16


def read_page(file: Path, root: Path) -> Page:
    """Return the page that a file holds; its path is relative to `root`, the folder that is built.

    Raises PageError for a file that is empty, binary, too large or of too many blocks, in an encoding that cannot be
    told or of a format without a reader, and for bad front matter or a bad sidecar file.
    """
    path = file.relative_to(root).as_posix()
    try:
        content = _bytes(file, root)
        if (reader := reader_of(file.suffix, content)) is None:
            raise PageError(path, f"no reader for {file.suffix or 'files without a suffix'}")
        text, warnings = decode(content, path)
        page = reader(text, path)
        if len(page.blocks) > MAX_BLOCKS:
            reason = f"{len(page.blocks):,} paragraphs, headings, items and rows; a page may have {MAX_BLOCKS:,}"
            raise PageError(path, reason)
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
        beside = sidecars(file, root, folders.hold) if folders else sidecars(file, root)
        for part in (file, *map(Path, beside)):
            content = _bytes(part, root)
            digest.update(f"{part.name}\0{len(content)}\0".encode())
            digest.update(content)
    except OSError as error:
        raise _unreadable(file, root, error) from error
    return digest.hexdigest()


def page_stamp(file: Path, root: Path, folders: Folders) -> str:
    """Return what the file system says of a page's file and sidecars: times of change, sizes, inodes.

    As long as it stays the same, so does the digest: whatever is done to a file sets the time of its change, and nobody
    can set that back. Only within one step of the clock may it change and look as before. So there is no stamp ("")
    for what changed just now, as git trusts no such entry in its index (https://git-scm.com/docs/racy-git), and none
    for what cannot be looked at.
    """
    now = time.time_ns()  # before looking: what changes afterwards is then later than any stamp that is trusted
    try:
        parts = [os.stat(part) for part in (str(file), *sidecars(file, root, folders.hold))]  # noqa: PTH116
    except OSError:
        return ""
    if any(max(part.st_mtime_ns, part.st_ctime_ns) > now - GRAIN for part in parts):
        return ""
    return " ".join(f"{part.st_mtime_ns}-{part.st_ctime_ns}-{part.st_size}-{part.st_ino}" for part in parts)


def _bytes(file: Path, root: Path) -> bytes:
    """Return the content of a file, which is never larger than a page may be, even while somebody writes to it."""
    content = b""
    with file.open("rb") as opened:
        while len(content) <= MAX_PAGE_BYTES and (more := opened.read(_CHUNK)):
            content += more
    if len(content) > MAX_PAGE_BYTES:
        reason = f"{file.stat().st_size:,} bytes; a page may have {MAX_PAGE_BYTES:,}"
        raise PageError(file.relative_to(root).as_posix(), reason)
    return content


def _unreadable(file: Path, root: Path, error: OSError) -> PageError:
    reason = f"the file or a sidecar file beside it cannot be read: {error.strerror}"
    return PageError(file.relative_to(root).as_posix(), reason)
