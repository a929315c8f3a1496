"""The site file, factsheets.toml: TOML -> Settings. A mistake is reported with its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypedDict

import msgspec

from indexer.errors import SiteFileError
from indexer.settings import Settings, SiteLink, SourceName, UrgentNotice
from indexer.site import PinnedAnswer, Site, SiteFacet, SiteKind, SiteSynonym

#: The name of a site file beside its sheets.
SITE_FILE = "factsheets.toml"


@dataclass(frozen=True, slots=True)
class _Synonyms:
    """A [[synonyms]] table: `words` also search for `means`, or each of `same` for all the others."""

    words: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    same: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.words) != bool(self.means) or bool(self.words) == bool(self.same):
            raise ValueError("needs `words` and `means`, or `same` alone")

    def rules(self) -> list[SiteSynonym]:
        """Return the synonyms, one for each direction."""
        if self.same:
            return [SiteSynonym(word, tuple(other for other in self.same if other != word)) for word in self.same]
        return [SiteSynonym(word, self.means) for word in self.words]


class _SynonymTables(TypedDict, total=False):
    synonyms: tuple[_Synonyms, ...]


#: The keys at the top of the file. Whoever looks for a site file already knows the index.
_SETTINGS = {setting.name for setting in fields(Settings)} - {"index", "site"}
_ENGINE = {setting.name for setting in fields(Site)}
#: The lists of tables.
_TABLES: dict[str, type] = {
    "header_links": SiteLink,
    "footer_links": SiteLink,
    "sources": SourceName,
    "urgent": UrgentNotice,
    "kinds": SiteKind,
    "synonyms": _Synonyms,
    "pinned": PinnedAnswer,
    "facets": SiteFacet,
}


def read_site_file(file: Path) -> Settings:
    """Return the settings in a site file. Raises SiteFileError with the line of a mistake."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise SiteFileError(file, "not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        position = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        reason = str(error)[: position.start()] if position else str(error)
        raise SiteFileError(file, f"not TOML: {reason}", int(position[1]) if position else None) from error
    try:
        return _settings(table, file.parent)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        path, key = re.findall(r"\w+", place), message.partition(" ")[0]
        name = ".".join(part for part in path if not part.isdigit())
        line = _line_of(text, [*path, key] if key in _known_keys(path) else path)
        raise SiteFileError(file, f"{name}: {message}" if name else message, line) from error


def find_site_file(*folders: Path) -> Path | None:
    """Return the site file in the first of some folders that has one, or None."""
    return next((folder / SITE_FILE for folder in folders if (folder / SITE_FILE).is_file()), None)


def remember_site_file(index: Path | str, file: Path | None) -> None:
    """Write down in an index directory which site file it was built with, so that it is served with the same file.

    An index in a cluster does not remember it, because other machines serve it.
    """
    if isinstance(index, str):
        return
    note = index / "SITE"
    if file:
        note.write_text(f"{file.resolve()}\n", encoding="utf-8")
    else:
        note.unlink(missing_ok=True)


def remembered_site_file(index: Path | str) -> Path | None:
    """Return the site file that an index was built with, or None if there was none or it has gone."""
    if isinstance(index, str):
        return None
    note = index / "SITE"
    file = Path(note.read_text(encoding="utf-8").strip()) if note.is_file() else None
    return file if file and file.is_file() else None


def _settings(table: Mapping[str, Any], folder: Path) -> Settings:
    _refuse_unknown(table, [])
    for name in _TABLES:
        for number, entry in enumerate(table[name] if isinstance(table.get(name), list) else ()):
            if isinstance(entry, dict):
                _refuse_unknown(entry, [name, str(number)])
    engine = {key: value for key, value in table.items() if key in _ENGINE}
    synonyms = msgspec.convert({"synonyms": engine.pop("synonyms", ())}, _SynonymTables)["synonyms"]
    site = replace(msgspec.convert(engine, Site), synonyms=tuple(rule for entry in synonyms for rule in entry.rules()))
    page = {key: value for key, value in table.items() if key in _SETTINGS}
    settings = msgspec.convert(page, Settings, dec_hook=lambda shape, value: shape(value))
    return replace(settings, site=site, logo=settings.logo and folder / settings.logo)


def _known_keys(path: list[str]) -> set[str]:
    """Return the keys that a table may have: the top of the file for an empty path."""
    return {key.name for key in fields(_TABLES[path[0]])} if path and path[0] in _TABLES else _SETTINGS | _ENGINE


def _refuse_unknown(table: Mapping[str, Any], path: list[str]) -> None:
    known = _known_keys(path)
    for key in sorted(table.keys() - known):
        near = get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
        raise msgspec.ValidationError(f"unknown; {hint} - at `${'.'.join(['', *path, key])}`")


def _line_of(text: str, path: list[str]) -> int | None:
    """Return the line of a value in TOML text, or of the nearest table or key around it; None for an empty path.

    `path` has keys and, after the key of a list of tables, the number of the table, from 0: ["kinds", "2", "label"].
    """
    lines, start, nearest = text.split("\n"), 0, None
    for key, following in zip(path, [*path[1:], ""], strict=True):
        heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[?\s*{key}\s*\]", line)]
        keys = (number for number in range(start, len(lines)) if re.match(rf"\s*[\"']?{key}[\"']?\s*=", lines[number]))
        if following.isdigit() and int(following) < len(heads):
            nearest = start = heads[int(following)]
        elif not key.isdigit():
            nearest = next(keys, next(iter(heads), nearest) if nearest is None else nearest)
    return None if nearest is None else nearest + 1
