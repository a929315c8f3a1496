"""A browser, and the site that it looks at. Without Chromium these tests are skipped, but never in CI."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import addresses, find_chromium, launch, served

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
def site(index: Path, browser: Browser) -> Iterator[str]:
    """The address of the site over the shared index; it outlives no browser, so it stops with no visitor."""
    with served(index) as address:
        yield address


@pytest.fixture(scope="session")
def paths(index: Path) -> dict[str, str]:
    """The path of a page of every kind."""
    return addresses(index)


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


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of a browser that runs no scripts."""
    return new_page()
