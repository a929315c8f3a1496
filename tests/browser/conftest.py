"""A browser, and the site that it looks at. Without Chromium these tests are skipped, but never in CI.

A new page costs as much as two visits, so that tests share one page without scripts and one with; a page without
scripts remembers nothing, and before each test both are as wide, as light and as still as any.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from indexer import build_index
from tests.browser.site import addresses, find_chromium, launch, served, shelf
from tests.conftest import CORPUS, PAGES

#: Returns a page of a context of its own; takes what `Browser.new_context` takes.
NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that the system has."""
    chromium = find_chromium()
    if chromium is None:
        reason = "there is no chromium, chromium-browser or google-chrome on the path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = launch(playwright, chromium)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the starter corpus, the fixture pages and the shelf."""
    directory = tmp_path_factory.mktemp("site")
    (directory / "shelf").mkdir()
    for number, sheet in enumerate(shelf()):
        (directory / "shelf" / f"{number}.md").write_text(sheet.page(), encoding="utf-8")
    build_index([CORPUS, PAGES, directory / "shelf"], directory / "index")
    return directory / "index"


@pytest.fixture(scope="session")
def site(index: Path, browser: Browser) -> Iterator[str]:
    """The address of the site over the shared index; it outlives no browser, so it stops with no visitor."""
    with served(index) as address:
        yield address


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """The address of a site that has no index."""
    with served(tmp_path_factory.mktemp("nothing")) as address:
        yield address


@pytest.fixture(scope="session")
def paths(index: Path, empty_site: str) -> dict[str, str]:
    """The path of a page of every kind, and the address of one that has nothing to search."""
    return addresses(index) | {"no index": f"{empty_site}/"}


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[NewPage]:
    """A function that opens a page, without scripts when nothing is said; closed after the test."""
    contexts: list[BrowserContext] = []

    def open_page(*, java_script_enabled: bool = False, base_url: str = site, **settings: object) -> Page:
        given: dict[str, object] = {"java_script_enabled": java_script_enabled, "base_url": base_url, **settings}
        contexts.append(browser.new_context(**given))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def shared_pages(browser: Browser, site: str) -> Iterator[dict[bool, Page]]:
    """A page of a browser that runs scripts, and one of a browser that runs none."""
    contexts = {scripts: browser.new_context(java_script_enabled=scripts, base_url=site) for scripts in (False, True)}
    yield {scripts: context.new_page() for scripts, context in contexts.items()}
    for context in contexts.values():
        context.close()


def _fresh(page: Page) -> Page:
    page.set_default_timeout(10_000)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(media="screen", color_scheme="light", forced_colors="none", reduced_motion="no-preference")
    return page


@pytest.fixture
def page(shared_pages: dict[bool, Page]) -> Page:
    """A page of a browser that runs no scripts."""
    return _fresh(shared_pages[False])


@pytest.fixture
def live_page(shared_pages: dict[bool, Page]) -> Page:
    """A page of a browser that runs scripts."""
    return _fresh(shared_pages[True])
