"""Pictures of every kind of page, to look at before a change of style is believed.

    python -m tests.browser.screenshots [DIR]

Builds the starter sheets in a temporary directory, serves them, and writes PNGs into DIR (default: a folder
`factsheets-screenshots` among the temporary files of this machine).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import sync_playwright

from indexer import build_index
from tests.browser.site import addresses, find_chromium, launch, served
from tests.conftest import CORPUS


class Picture(NamedTuple):
    """One picture: the page, and how it is looked at."""

    kind: str
    width: int = 1000
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"

    @property
    def name(self) -> str:
        """What is not the usual way of looking stands in the name of the file."""
        ways = [self.kind.replace(" ", "-"), *([f"{self.width}px"] if self.width != 1000 else [])]
        return "-".join([*ways, *({self.scheme, self.media} - {"light", "screen"})])


PICTURES = (
    *map(Picture, ("start", "result", "answer", "sheet", "zero results", "not found")),
    Picture("result", scheme="dark"),
    Picture("answer", scheme="dark"),
    Picture("result", width=360),
    Picture("result", width=700, media="print"),
)


def take(directory: Path) -> list[Path]:
    """Write every picture into a directory, which is made when it is not there; return the files."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("There is no chromium, chromium-browser or google-chrome on the path.")
    directory.mkdir(parents=True, exist_ok=True)
    files = []
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        index = Path(temporary)
        build_index([CORPUS], index)
        paths = addresses(index)
        browser = launch(playwright, chromium)
        with served(index) as site:
            for picture in PICTURES:
                size = {"width": picture.width, "height": 780}
                page = browser.new_page(base_url=site, viewport=size, java_script_enabled=False)  # type: ignore[arg-type]
                page.emulate_media(color_scheme=picture.scheme, media=picture.media)
                page.goto(paths[picture.kind])
                files.append(directory / f"{picture.name}.png")
                page.screenshot(path=files[-1], full_page=True)
                page.close()
        browser.close()
    return files


if __name__ == "__main__":
    default = Path(tempfile.gettempdir(), "factsheets-screenshots")
    for file in take(Path(sys.argv[1]) if len(sys.argv) > 1 else default):
        print(file)
