"""Pictures of every page, to look at before a change of style is believed.

    python -m tests.browser.screenshots [DIR] [--index DIR]
    python -m tests.browser.screenshots --readme

Writes PNGs into DIR (default: a folder `factsheets-screenshots` among the temporary files of this machine): every kind
of page of `tests.browser.site`, the filters unfolded and the suggestions open; each on a desktop of 1000 pixels, on a
phone of 360, in the dark and as it is printed. Without --index it builds and serves the starter sheets. It takes about
half a minute. With --readme it takes the two that the README shows, cut below the first results.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from indexer import build_index
from tests.browser.site import KINDS, addresses, find_chromium, launch, open_suggestions, served
from tests.conftest import CORPUS


def _nothing(page: Page) -> None:
    pass


def _open_filters(page: Page) -> None:
    page.locator(".refine > summary").click()


def _choose_suggestion(page: Page) -> None:
    open_suggestions(page)
    page.keyboard.press("ArrowDown")


#: The name of the picture, the kind of page, and what is done on it before.
_PICTURES: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    *((kind, kind, _nothing) for kind in KINDS),
    ("filters open", "filtered", _open_filters),
    ("suggestions open", "start", _choose_suggestion),
)

#: How a page is looked at: the end of the name of the file, the width of the window, and what it is told of its reader.
_WAYS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("", 1000, {"media": "screen", "color_scheme": "light"}),
    ("-phone", 360, {"media": "screen", "color_scheme": "light"}),
    ("-dark", 1000, {"media": "screen", "color_scheme": "dark"}),
    ("-print", 700, {"media": "print", "color_scheme": "light"}),
)


#: What the README shows: the picture, the kind of page, how many results stand on it, and the width of the window.
_README = (("result", "result", 2, 1000), ("card-phone", "card", 1, 360))


@contextmanager
def _opened(index: Path | None = None) -> Iterator[tuple[Page, dict[str, str]]]:
    """Serve an index, or the starter sheets; yield a page of a browser there, and the path of each kind of page."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("There is no chromium, chromium-browser or google-chrome on the path.")
    with ExitStack() as stack:
        if index is None:
            index = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            build_index([CORPUS], index)
        browser = launch(stack.enter_context(sync_playwright()), chromium)
        stack.callback(browser.close)
        site = stack.enter_context(served(index))
        yield browser.new_page(base_url=site), addresses(index)


def take(directory: Path, index: Path | None = None) -> Iterator[Path]:
    """Write every picture into a directory, which is made when it is not there; yield the files."""
    directory.mkdir(parents=True, exist_ok=True)
    with _opened(index) as (page, paths):
        for name, kind, do in _PICTURES:
            page.emulate_media(media="screen")
            page.goto(paths[kind])
            do(page)
            for ending, width, told in _WAYS:
                page.set_viewport_size({"width": width, "height": 780})
                page.emulate_media(**told)
                file = directory / f"{name.replace(' ', '-')}{ending}.png"
                page.screenshot(path=file, full_page=True)
                yield file


def take_for_readme() -> Iterator[Path]:
    """Write the pictures that the README shows; yield the files."""
    with _opened() as (page, paths):
        for name, kind, results, width in _README:
            page.set_viewport_size({"width": width, "height": 780})
            page.goto(paths[kind])
            ends = page.locator(".results > li, footer.site")
            end = ends.nth(min(results, ends.count() - 1)).bounding_box()
            assert end is not None
            file = Path(__file__).with_name("screenshots") / f"{name}.png"
            page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": end["y"]})
            yield file


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take pictures of every page.")
    default = Path(tempfile.gettempdir(), "factsheets-screenshots")
    parser.add_argument("directory", metavar="DIR", nargs="?", type=Path, default=default)
    parser.add_argument("--index", metavar="DIR", type=Path, help="an index to take them of (default: starter sheets)")
    parser.add_argument("--readme", action="store_true", help="renew those that the README shows, and no others")
    given = parser.parse_args()
    for written in take_for_readme() if given.readme else take(given.directory, given.index):
        print(written)
