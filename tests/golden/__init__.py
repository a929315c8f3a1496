"""Pages and what must be read in them: `pages/NAME` -> `expected/NAME.json`.

`python -m tests.golden` writes the expected files anew. Read the difference: they say what is right, not what is.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.json import decode, encode

from indexer import read_sheet
from indexer.exchange.presentation import read_body

PAGES = Path(__file__).parent / "pages"
EXPECTED = Path(__file__).parent / "expected"


def names() -> list[str]:
    """Return the file names of all golden pages."""
    return sorted(file.name for file in PAGES.iterdir() if file.suffix != ".toml")


def read(name: str) -> dict[str, Any]:
    """Return the body of one golden page as it is read now, in the types of JSON."""
    body: dict[str, Any] = decode(encode(read_body(read_sheet(PAGES / name))))
    return body


def expected_file(name: str) -> Path:
    """Return where the body that is right for a golden page stands."""
    return EXPECTED / f"{Path(name).stem}.json"


def dumped(body: Mapping[str, Any]) -> str:
    """Return a body as it is kept: one line for each value, so that a difference can be read."""
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"
