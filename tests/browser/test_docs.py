"""The examples in JavaScript on the page for programs, as modules on the site's own origin."""

from urllib.parse import urlsplit

from playwright.sync_api import Page


def test_the_programs_in_javascript_print_what_the_page_says(live_page: Page) -> None:
    printed: list[str] = []
    # A browser logs as an error that an answer was a 400, too.
    live_page.on("console", lambda message: printed.append(message.text) if message.type == "log" else None)
    live_page.goto("/api/v1/docs")
    programs, prints = (live_page.locator(f"pre.{kind}").all_text_contents() for kind in ("javascript", "printed"))
    assert len(programs) == len(prints) == 2
    modules = {f"/example-{number}.mjs": program for number, program in enumerate(programs)}
    live_page.route(
        "**/example-*.mjs",
        lambda route: route.fulfill(content_type="text/javascript", body=modules[urlsplit(route.request.url).path]),
    )
    for address in modules:
        live_page.evaluate("address => import(address).then(() => null)", address)
    live_page.unroute_all()
    assert "\n".join(printed) == "\n".join(prints)
