"""A site that stands below a path of another: whoever looks around in it never leaves it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from indexer.settings import Settings
from tests.browser.conftest import NewPage
from webui import create_app

SITE = "http://other.example/facts/here"


def test_suggestions_search_and_links_stay_below_the_path_of_the_site(new_page: NewPage, index: Path) -> None:
    client = create_app(Settings(index=index)).test_client()
    outside: list[str] = []

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if not route.request.url.startswith(f"{SITE}/"):
            outside.append(route.request.url)
            route.fulfill(status=404, body="This is another site.")
            return
        path = address.path.removeprefix(urlsplit(SITE).path)
        with client.get(path, base_url=SITE, query_string=address.query) as response:
            route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.data)

    page = new_page(java_script_enabled=True)
    page.route("**/*", answer)
    page.goto(f"{SITE}/")
    page.locator("#q").press_sequentially("moya")
    page.locator(".suggestion").first.click()
    expect(page).to_have_url(re.compile(f"^{SITE}/sheets/"))
    page.locator("#q").fill("how is hartnup treated")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{SITE}/?q=how+is+hartnup+treated")
    page.locator(".results a").first.click()
    expect(page).to_have_url(re.compile(f"^{SITE}/answers/"))
    for name in ("A to Z", "What is here"):
        page.get_by_role("navigation", name="Site").get_by_role("link", name=name).click()
        expect(page.locator("h1")).to_be_visible()
    assert outside == []
