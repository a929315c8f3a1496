"""Page readers: a file -> a Page of blocks. A reader knows a format; it does not know what a question is."""

import codecs
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.markdown import read_markdown
from indexer.readers.plain_text import read_plain_text
from indexer.readers.provenance import with_sidecars
from indexer.settings import MAX_PAGE_BYTES

#: The one table of readers: a file name's suffix, and the function that makes a Page of its text and path.
READERS = {".txt": read_plain_text, ".text": read_plain_text, ".md": read_markdown, ".markdown": read_markdown}

#: Zero-width characters and soft hyphens of saved web pages, which part words that look whole, and control characters.
_INVISIBLE = dict.fromkeys([*map(ord, "\u200b\u2060\ufeff\u00ad"), *range(9), *range(14, 32), *range(127, 160)])


def read_page(file: Path, root: Path) -> Page:
    """Return the page that a file holds; its path is relative to `root`, the folder that is built.

    Raises PageError for a file that is empty, binary, not UTF-8, too large, or of a format without a reader, and for
    bad front matter or a bad sidecar file.
    """
    path = file.relative_to(root).as_posix()
    if (reader := READERS.get(file.suffix.lower())) is None:
        raise PageError(path, f"no reader for {file.suffix or 'files without a suffix'}")
    try:
        if (size := file.stat().st_size) > MAX_PAGE_BYTES:
            raise PageError(path, f"{size:,} bytes; a page may have {MAX_PAGE_BYTES:,}")
        return with_sidecars(reader(_text(file.read_bytes(), path), path), file, root)
    except OSError as error:
        raise PageError(path, f"it or what stands beside it cannot be read: {error.strerror}") from error


def find_pages(paths: Iterable[Path]) -> Iterator[tuple[Path, Path, str | None]]:
    """Yield (file, root, why it is no page or None) for each file, in order, each once.

    A file that is named is always meant as a page; in a folder, README and sidecar files and formats without a
    reader are not, and hidden files and folders are not looked at. Raises PageError for a path that is not there.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise PageError(str(path), "no such file or folder")
        for file in _files(path) if path.is_dir() else [path]:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield (file, path, _why_no_page(file)) if path.is_dir() else (file, path.parent, None)


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


def _why_no_page(file: Path) -> str | None:
    if file.stem.upper() == "README" or file.suffix == ".toml":
        return "tells about other files"
    return None if file.suffix.lower() in READERS else f"no reader for {file.suffix or 'files without a suffix'}"


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
