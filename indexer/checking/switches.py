"""Which rules are switched off, and for what reason: on the command line for all pages, or in a `check.toml`.

    [off]                              # for every page of its folder, and of the folders in it
    missing-date = "the publisher gives none"

    [off."leaflets/wet-elbow.md"]      # for one page
    one-line-answer = "more is not known"

It is separate from `source.toml` and front matter: switching off a rule does not change a page.
"""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from indexer.checking.rules import RULES

#: The file that says what is off. A build skips it, as it does every `.toml` that is no page.
FILE_NAME = "check.toml"


class Switches:
    """Knows which rules are off for a page. `faults` lists what could not be used of its files: file, line, reason."""

    def __init__(self, off: Mapping[str, str]) -> None:
        self.faults: list[tuple[Path, int, str]] = []
        self._everywhere = off
        self._folders: dict[Path, dict[str, Mapping[str, str]]] = {}

    def of(self, file: Path, root: Path) -> Mapping[str, str]:
        """Return the rules that are off for a page below `root`, with their reasons. The nearest reason counts."""
        off = dict(self._everywhere)
        for folder in reversed(file.parents[: len(file.parts) - len(root.parts)]):
            tables = self._of_folder(folder)
            for page in ("", file.relative_to(folder).as_posix()):
                off |= tables.get(page, {})
        return off

    def _of_folder(self, folder: Path) -> Mapping[str, Mapping[str, str]]:
        """Return what is off in a folder: the reasons by rule, of a page by its name, of all pages by ""."""
        if folder not in self._folders:
            self._folders[folder] = {}
            path = folder / FILE_NAME
            if path.is_file():
                self._read(path)
        return self._folders[folder]

    def _read(self, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8-sig")
            table = tomllib.loads(text)
        except (OSError, ValueError) as error:  # TOML's and UTF-8's errors are ValueErrors
            self.faults.append((path, 0, str(error)))
            return
        lines = text.split("\n")
        for key, fault in self._take(path.parent, table):
            line = next((number for number, line in enumerate(lines, start=1) if key in line.partition("=")[0]), 0)
            self.faults.append((path, line, fault))

    def _take(self, folder: Path, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Take over what is off, and yield what cannot be used: its key, and what is wrong with it."""
        off = table.get("off", {})
        for key in table:
            if key != "off":
                yield key, f"unknown key {key!r}; known is [off]"
        if not isinstance(off, dict):
            yield "off", "[off] must be a table of rules with their reasons"
            return
        pages = {key: value for key, value in off.items() if isinstance(value, dict)}
        for page, rules in (("", {key: off[key] for key in off if key not in pages}), *pages.items()):
            if not (folder / page).exists():
                yield page, f"there is no page {page!r} here"
            faults = {rule: fault for rule, reason in rules.items() if (fault := fault_of(rule, reason))}
            yield from faults.items()
            self._folders[folder][page] = {rule: reason for rule, reason in rules.items() if rule not in faults}


def fault_of(rule: str, reason: object) -> str | None:
    """Return why a rule cannot be switched off with this reason, or None where it can."""
    if rule not in RULES:
        near = get_close_matches(rule, RULES, n=1)
        return f"unknown rule {rule!r}" + (f"; did you mean {near[0]}?" if near else "")
    if not isinstance(reason, str) or not reason.strip():
        return f"{rule} is switched off without a reason"
    return None
