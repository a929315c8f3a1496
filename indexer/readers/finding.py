"""The walk: which files are meant as pages. Every real file is met once, and each skipped file has a reason."""

import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.errors import PageError
from indexer.model import Found
from indexer.readers.archives import is_archive
from indexer.readers.formats import FORMATS, HEAD_BYTES, format_of

_SPECIAL = "neither a file nor a folder, but a device, a pipe or a socket"
_NO_TEXT = "its name is not UTF-8; give it another"


def find_pages(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield what lies at some paths, each real file once, in an order that depends on names only.

    A file that is named is always meant as a page. In a folder, hidden files and folders are not looked at. Files about
    other files (README, licence, sidecars), formats without a reader and the parts of a saved page are skipped; what
    cannot be a page, or cannot be looked at, is refused. Raises PageError for a path that is not there.
    """
    seen: set[str] = set()
    for path in paths:
        try:
            str(path).encode()
            real = _real(path)
        except UnicodeEncodeError as error:
            raise PageError(ascii(str(path)), _NO_TEXT) from error
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            raise PageError(str(path), "no such file or folder" if missing else f"{error.strerror}") from error
        if path.is_dir():
            yield from _Walk(path, real, seen)
        elif real not in seen:
            seen.add(real)
            yield Found(path, path.parent, refused=None if path.is_file() else _SPECIAL)


class _Walk:
    """A folder and everything below it. Nothing recurses: a tree may be deeper than a call stack.

    Links wait until the end, so that a file is found under its own name wherever it has one, and are followed only to
    what lies inside: a folder that somebody hands over must not bring other files of this machine into the index.
    """

    def __init__(self, root: Path, real_root: str, seen: set[str]) -> None:
        self._root, self._real_root, self._seen = root, real_root, seen
        #: Paths, the places where they really are, and whether these are known to be files. The next one comes last.
        self._waiting = [(root, real_root, False)]
        self._links: deque[Path] = deque()

    def __iter__(self) -> Iterator[Found]:
        while self._waiting or self._links:
            path, real, is_file = self._waiting.pop() if self._waiting else (self._links.popleft(), None, False)
            try:
                path.name.encode()
                found = self._visit(path, real or self._target(path), is_file)
            except PageError as error:
                found = Found(path, self._root, refused=error.reason)
            except OSError as error:
                found = Found(path, self._root, refused=f"it cannot be looked at: {error.strerror}")
            except UnicodeEncodeError:
                shown = path.with_name(os.fsencode(path.name).decode("utf-8", "backslashreplace"))
                found = Found(shown, self._root, refused=_NO_TEXT)
            if found:
                yield found

    def _visit(self, path: Path, real: str, is_file: bool) -> Found | None:
        """Return the entry of a file. Puts off links and the contents of folders; None also for what was met before."""
        mode = stat.S_IFREG if is_file else os.lstat(real).st_mode
        if stat.S_ISLNK(mode):
            self._links.append(path)
        elif real not in self._seen:
            self._seen.add(real)
            if stat.S_ISREG(mode):
                return Found(path, self._root, skipped=_why_skipped(path))
            if not stat.S_ISDIR(mode):
                raise PageError(str(path), _SPECIAL)
            if path != self._root and _is_part_of_a_page(path):
                return Found(path, self._root, skipped="the parts of a saved page")
            with os.scandir(real) as entries:
                shown = [entry for entry in entries if not entry.name.startswith(".")]
            shown.sort(key=lambda entry: entry.name, reverse=True)
            self._waiting += [(path / entry.name, entry.path, entry.is_file(follow_symlinks=False)) for entry in shown]
        return None

    def _target(self, link: Path) -> str:
        """Return the place that a link leads to. Raises OSError, or PageError when it must not be followed."""
        target = _real(link)
        if not Path(target).is_relative_to(self._real_root):
            raise PageError(str(link), "a link that leads out of the folder that is built")
        if Path(_real(link.parent)).is_relative_to(target):
            raise PageError(str(link), "a link in a circle: it leads to a folder that it lies in")
        return target


def _real(path: Path) -> str:
    """Return where a path really is. Raises OSError, where `Path.resolve` may raise RuntimeError."""
    return os.path.realpath(path, strict=True)


def _why_skipped(file: Path) -> str | None:
    if file.stem.upper() in ("README", "LICENSE", "LICENCE") or file.suffix == ".toml":
        return "describes other files"
    if file.suffix.lower() in FORMATS or is_archive(file.name):
        return None
    with file.open("rb") as opened:
        known = format_of(file.suffix, opened.read(HEAD_BYTES))
    return None if known else f"no reader for {file.suffix or 'files without a suffix'}"


def _is_part_of_a_page(folder: Path) -> bool:
    """Return whether a browser made this folder, with frames and pictures, when it saved `NAME.html` beside it."""
    name, parts = folder.name[: -len("_files")], folder.name.endswith("_files")
    return parts and any(folder.with_name(name + suffix).exists() for suffix in (".html", ".htm"))
