"""Page readers: a file -> pages of blocks. A reader knows a format; it does not know what a question is."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.archives import is_archive, responses
from indexer.readers.finding import find_pages
from indexer.readers.formats import format_of
from indexer.readers.provenance import Folders, sidecars, with_sidecars
from indexer.settings import MAX_BLOCKS, MAX_PAGE_BYTES, MAX_SAVED_BYTES

__all__ = ["Folders", "find_pages", "page_digest", "page_stamp", "read_page", "read_pages"]

#: How old a change must be for a stamp, in nanoseconds. A file may change twice within one step of its clock; FAT's are
#: the longest, 2 s (https://learn.microsoft.com/en-us/windows/win32/sysinfo/file-times).
GRAIN = 2_000_000_000

#: How many bytes are asked for at once, for Python makes room for as many. MedQuAD's largest page has 60,000.
_CHUNK = 1 << 16


def read_pages(file: Path, root: Path) -> Iterator[Page | PageError]:
    """Yield the pages that a file holds, or why one of them is refused; their paths are relative to `root`.

    `root` is the folder that is built. Raises PageError for a file that is empty, too large or of too many blocks, in
    an encoding that cannot be told or of a format without a reader, and for bad front matter or a bad sidecar file.
    """
    path = file.relative_to(root).as_posix()
    try:
        if is_archive(file.name):
            yield from _archived(file, root, path)
            return
        content = _bytes(file, root)
        if (found := format_of(file.suffix, content)) is None:
            raise PageError(path, f"no reader for {file.suffix or 'files without a suffix'}")
        for page in found.read(content, path):
            yield _placed(page, file, root)
    except OSError as error:
        raise _unreadable(file, root, error) from error


def read_page(file: Path, root: Path, inside: str = "") -> Page:
    """Return the page that a file holds; `inside` says which of several. Raises PageError as `read_pages` does."""
    others: list[Page] = []
    for page in read_pages(file, root):
        if isinstance(page, PageError):
            if not inside:
                raise page
        elif page.inside == inside:
            return page
        else:
            others.append(page)
    path = file.relative_to(root).as_posix()
    if inside:
        raise PageError(path, f"there is no page {inside} in it")
    if len(others) == 1:
        return others[0]
    shown = ", ".join(f"{path}{other.inside}" for other in others[:3])
    raise PageError(
        path, f"it holds {len(others):,} pages; name one of them: {shown}{', ...' if len(others) > 3 else ''}"
    )


def _archived(file: Path, root: Path, path: str) -> Iterator[Page | PageError]:
    """Yield the pages of a web archive, and the reasons why others are refused."""
    empty = True
    for response in responses(file, path, MAX_SAVED_BYTES):
        empty = False
        name = f"{path}#{response.url}"
        try:
            found = format_of(response.suffix, response.content)
            if found is None or len(response.content) > found.max_bytes:
                raise PageError(name, "it is too large")
            for page in found.read(response.content, name):
                origin = replace(page.provenance, url=response.url + page.inside, retrieved=response.retrieved)
                yield _placed(replace(page, provenance=origin, inside=f"#{response.url}{page.inside}"), file, root)
        except PageError as error:
            error.inside = f"#{response.url}"
            yield error
    if empty:
        raise PageError(path, "no page in it: no HTML, PDF or text was answered with status 200")


def _placed(page: Page, file: Path, root: Path) -> Page:
    """Return a page with what its sidecars say. Raises PageError for too many blocks, or a bad sidecar."""
    if len(page.blocks) > MAX_BLOCKS:
        reason = f"{len(page.blocks):,} paragraphs, headings, items and rows; a page may have {MAX_BLOCKS:,}"
        raise PageError(page.path, reason)
    page = with_sidecars(page, file, root)
    if page.inside.startswith("#page=") and (url := page.provenance.url) and "#" not in url:
        page = replace(page, provenance=replace(page.provenance, url=url + page.inside))
    return page


def page_digest(file: Path, root: Path, folders: Folders | None = None) -> str:
    """Return a digest (hexadecimal) of all that a page is made of: the names and bytes of its file and sidecars.

    As long as it stays the same, reading the page again would give the same. Who asks for many pages at once gives the
    same `folders`, which saves a third of the time. Raises PageError for what cannot be read.
    """
    digest = blake2b(digest_size=16)
    try:
        beside = sidecars(file, root, folders.hold) if folders else sidecars(file, root)
        for part in (file, *map(Path, beside)):
            size = 0
            digest.update(f"{part.name}\0".encode())
            for content in _chunks(part, root):
                size += len(content)
                digest.update(content)
            digest.update(f"\0{size}\0".encode())
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
    """Return the content of a file, which is never larger than its format allows."""
    return b"".join(_chunks(file, root))


def _chunks(file: Path, root: Path) -> Iterator[bytes]:
    """Yield the content of a file, even while somebody writes to it never more than its format allows."""
    size = 0
    with file.open("rb") as opened:
        content = opened.read(_CHUNK)
        found = format_of(file.suffix, content)
        most = None if is_archive(file.name) else found.max_bytes if found else MAX_PAGE_BYTES
        while content:
            size += len(content)
            if most is not None and size > most:
                reason = f"{file.stat().st_size:,} bytes; a file of this format may have {most:,}"
                raise PageError(file.relative_to(root).as_posix(), reason)
            yield content
            content = opened.read(_CHUNK)


def _unreadable(file: Path, root: Path, error: OSError) -> PageError:
    reason = f"the file or a sidecar file beside it cannot be read: {error.strerror}"
    return PageError(file.relative_to(root).as_posix(), reason)
