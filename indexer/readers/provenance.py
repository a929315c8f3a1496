"""What is known about a page beside its text: front matter, `NAME.meta.toml` beside it, `source.toml` of a folder."""

import os
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from indexer.errors import PageError
from indexer.model import Facets, Page, Provenance, partial_date

_TEXTS = ("title", "url", "source", "licence", "language", "dated")
_DATES = ("last_updated", "written", "retrieved")
KEYS = (*_TEXTS, *_DATES, "also_known_as", "day_first")
#: What `source.toml` may say of all pages of a folder.
FOLDER_KEYS = (*Provenance.__slots__, "language", "day_first")

#: A longer text is a description, not a value to filter by. Nobody reads more values of one sheet.
_LONGEST_VALUE, _MOST_VALUES = 100, 20

#: The characters of front matter or a sidecar. PyYAML takes 0.8 s for so many, tomllib seconds for one key of 25,000
#: dotted names, and the square for more. Front matter looked at has 1,414 at most.
LONGEST = 50_000


def checked(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a table that have a known key and a value. Raises ValueError for one of a wrong kind."""
    return {key: _value(key, table[key]) for key in KEYS if not _is_empty(table.get(key))}


def facets_of(table: Mapping[str, Any], known: Collection[str] = ()) -> dict[str, Facets]:
    """Return as "front" the short texts, and lists of them, under keys that only the site file may know."""
    facets = []
    for key, value in table.items():
        values = [" ".join(text.split()) for text in _texts(value)] if key not in known else []
        if kept := tuple(dict.fromkeys(text for text in values if 0 < len(text) <= _LONGEST_VALUE)):
            facets.append((key, kept))
    return {"front": tuple(facets)} if facets else {}


def _texts(value: object) -> list[str]:
    """Return a text, or the first texts of a list: YAML can make a list enormous."""
    values = value[:_MOST_VALUES] if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _is_empty(value: object) -> bool:
    return not value.strip() if isinstance(value, str) else value is None or value == [] or value == {}


def _value(key: str, value: object) -> object:
    """Return the value of a key as a page has it. What is no text is never written out: YAML can make it enormous."""
    if key == "also_known_as":
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValueError(f"{key} must be a list of names")
        return tuple(map(_text, value))
    if key == "day_first":
        if value not in (True, False, "true", "false"):
            raise ValueError(f"{key} must be true or false")
        return value in (True, "true")
    if key in _DATES and isinstance(value, str | date):  # TOML has dates, YAML is read as texts
        return partial_date(str(value))
    if not isinstance(value, str):
        raise ValueError(f"{key} must be one text")
    if key == "url":
        urlsplit(value)  # raises ValueError for one that is none, such as http://[bad
    return _text(value)


def _text(value: str) -> str:
    value.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
    return value


def described(page: Page, known: Mapping[str, Any]) -> Page:
    """Return a page with what is known of it put where the page itself says nothing."""
    keys = ("title", "last_updated", "dated", "written", "language")
    fields: dict[str, Any] = {key: getattr(page, key) or known.get(key) for key in keys}
    own = {key for key, _ in page.front}
    fields["front"] = page.front + tuple(facet for facet in known.get("front", ()) if facet[0] not in own)
    fields["day_first"] = known.get("day_first") if page.day_first is None else page.day_first
    origin: dict[str, Any] = {key: getattr(page.provenance, key) or known.get(key) for key in Provenance.__slots__}
    names = page.also_known_as or known.get("also_known_as", ())
    return replace(page, **fields, also_known_as=names, provenance=Provenance(**origin))


class Folders:
    """Knows which sidecar files there are, from lists of folders that are taken once: for one walk, not for longer."""

    def __init__(self) -> None:
        self._sidecars: dict[str, frozenset[str]] = {}

    def hold(self, folder: str, name: str) -> bool:
        """Return whether a folder has a sidecar of this name. Raises OSError where it cannot be looked into."""
        known = self._sidecars.get(folder)
        if known is None:
            names = (name for name in os.listdir(folder or ".") if name.endswith(".toml"))  # noqa: PTH208
            known = self._sidecars[folder] = frozenset(name for name in names if _is_file(folder, name))
        return name in known


def _is_file(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, name))  # noqa: PTH113, PTH118 - for each page: pathlib is slow


def sidecars(file: Path, root: Path, hold: Callable[[str, str], bool] = _is_file) -> list[str]:
    """Return the files that say something of a page, the nearest first.

    They are `NAME.meta.toml` or `NAME.SUFFIX.meta.toml`, then `source.toml` of the folder and of each folder above, up
    to `root`. Raises OSError where a folder cannot be looked into.
    """
    folder, name = os.path.split(file)
    found = [(folder, own) for own in (f"{file.stem}.meta.toml", f"{name}.meta.toml") if hold(folder, own)]
    for _ in range(len(file.parts) - len(root.parts)):
        if hold(folder, "source.toml"):
            found.append((folder, "source.toml"))
        folder = os.path.dirname(folder)  # noqa: PTH120
    return [os.path.join(*place) for place in found]  # noqa: PTH118


def with_sidecars(page: Page, file: Path, root: Path) -> Page:
    """Return a page with what its sidecars say, where the page says nothing. The nearest word counts.

    Raises PageError for a bad sidecar file.
    """
    for path in map(Path, sidecars(file, root)):
        page = described(page, _table(path, FOLDER_KEYS if path.name == "source.toml" else KEYS, root))
    return page


def _table(path: Path, allowed: tuple[str, ...], root: Path) -> dict[str, Any]:
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise ValueError("a link that leads out of the folder that is built")
        with path.open(encoding="utf-8-sig") as opened:
            text = opened.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise ValueError(f"more than {LONGEST:,} characters")
        table = tomllib.loads(text)
        facets = table.pop("facets", {})
        if not isinstance(facets, dict):
            raise ValueError("facets must be a table of names and texts")
        if unknown := sorted(table.keys() - allowed):
            raise ValueError(f"unknown key {unknown[0]!r}; known are {', '.join(allowed)}")
        return checked(table) | facets_of(facets)
    except ValueError as error:  # TOML's and UTF-8's errors are ValueErrors too
        raise PageError(path.relative_to(root).as_posix(), str(error)) from error
