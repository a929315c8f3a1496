"""Where a page came from, when the page itself does not know: `NAME.meta.toml` beside it, `source.toml` in a folder."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.errors import PageError
from indexer.model import Page, Provenance, partial_date

_TEXTS = ("title", "url", "source", "licence")


def with_provenance(page: Page, file: Path, root: Path) -> Page:
    """Return a page with what is known of its origin and, where it shows none itself, its names.

    The nearest word counts: the page's own, then `NAME.meta.toml` or `NAME.SUFFIX.meta.toml` beside it, then
    `source.toml` of its folder and of each folder above, up to `root`. Raises PageError for a bad sidecar file.
    """
    beside = [file.with_suffix(".meta.toml"), file.with_name(f"{file.name}.meta.toml")]
    folders = [folder / "source.toml" for folder in file.parents if folder.is_relative_to(root)]
    known: dict[str, Any] = {}
    for path in [*beside, *folders]:
        table = _table(path, root) if path.is_file() else {}
        if path in folders:  # a folder has no title
            table = {key: value for key, value in table.items() if key not in ("title", "also_known_as")}
        known = {**table, **known}
    own = page.provenance
    return replace(
        page,
        title=page.title or known.get("title"),
        also_known_as=page.also_known_as or tuple(known.get("also_known_as", ())),
        provenance=Provenance(
            own.url or known.get("url"),
            own.source or known.get("source"),
            own.retrieved or known.get("retrieved"),
            own.licence or known.get("licence"),
        ),
    )


def _table(path: Path, root: Path) -> dict[str, Any]:
    """Return the checked contents of one sidecar file; a date may stand with or without quotes."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for key, value in table.items():
            if key == "retrieved":
                table[key] = partial_date(str(value))
            elif key == "also_known_as":
                if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
                    raise ValueError("also_known_as must be a list of names")
            elif key not in _TEXTS:
                raise ValueError(f"unknown key {key!r}; known are {', '.join(_TEXTS)}, retrieved, also_known_as")
            elif not isinstance(value, str):
                raise ValueError(f"{key} must be a text")
    except ValueError as error:  # TOML's and UTF-8's errors are ValueErrors too
        raise PageError(path.relative_to(root).as_posix(), str(error)) from error
    return table
