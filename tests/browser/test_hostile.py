"""Text that means harm, before a browser that would run it: without the policy, so that escaping is what is tested.

What is tried on every route of the application without a browser stands in tests/webui/test_hostile.py.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from indexer import Query, build_index, open_index
from tests.browser.site import open_everything, served

#: What somebody who means harm would write, in the box or in a sheet.
HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{7*7}}'

#: No screen has room for it.
LONG = "w" * 200

#: Nothing of this kind is in any page: a page has one script, by its address, its linked data, and the word-mark.
FOREIGN = (
    "script:not([type='module'][src^='/static/']):not([type='application/ld+json']), img:not(.wordmark img), iframe, "
    "object, embed, svg, style, base, meta[http-equiv], [style], [onerror], [onload], [onclick], [onmouseover], "
    "[onfocus], [href^='javascript:' i], [href^='data:' i], [href^='//']"
)

SHEET = """---
title: 'Harm {raw}'
also_known_as: ['Name {raw}']
last_updated: 2020-02-02
url: 'javascript:alert(3)'
source: 'Press {raw}'
licence: 'Licence {raw}'
---

## What is harm {text}?

Harm is text that a browser runs {text}.[1]

- An item of harm {text}.[1]

| Cell {text} | Other |
|---|---|
| Row {text} | {long} |

## Is harm treated?

Harm has a treatment.[1]

## References

1. Author {text}. [Page](javascript:alert(4)). http://example.org/"onmouseover="alert(5). Accessed 2020-02-02.
2. Nobody {text}. [Data](data:text/html,<script>alert(6)</script>) //evil.example/
"""

#: Where each text of the sheet is shown, by the word before it.
SHOWN = {
    "start": [],
    "result": ["Harm", "What is harm", "Press", "Author"],
    "card": ["Also called Name", "Harm", "Name", "What is harm", "Press"],
    "filtered": ["source: Press", "Harm"],
    "zero results": ["Without the filter source: Press"],
    "answer": ["Harm", "What is harm", "runs", "An item of harm", "Row", "Press", "Author", "Nobody"],
    "marked answer": ["Words of harm", "What is harm", "runs", "An item of harm", "Row"],
    "sheet": ["Harm", "Name", "Licence", "What is harm", "runs", "An item of harm", "Row", "Press", "Author"],
    "letter": ["Harm"],
    "other letter": ["Name", "see Harm"],
    "coverage": ["Press", "Licence"],
}


@dataclass
class Harm:
    """A site whose only sheet means harm, wherever a sheet has text: its address, and its pages by their kind."""

    address: str
    paths: dict[str, str]


@pytest.fixture(scope="module")
def harm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harm]:
    """The site of that sheet."""
    folder = tmp_path_factory.mktemp("harm")
    text = HOSTILE.replace("<", "\\<")  # Markdown then keeps it as text
    (folder / "hostile.md").write_text(SHEET.format(raw=HOSTILE, text=text, long=LONG), encoding="utf-8")
    build_index([folder], folder / ".index")
    with open_index(folder / ".index") as engine:
        hit = engine.search(Query("what is harm")).hits[0]
    source, answer = str(hit.header.provenance.source), f"/answers/{hit.document.id}"
    nothing = {"q": f'"zebra" Harm {HOSTILE}', "type": "outlook", "source": source}
    asked = {
        "result": {"q": "what is harm"},
        "card": {"q": hit.header.title},
        "filtered": {"q": "harm", "source": source},
        "zero results": nothing,
    }
    paths = {kind: f"/?{urlencode(given)}" for kind, given in asked.items()} | {
        "start": "/",
        "answer": answer,
        "marked answer": f"{answer}?{urlencode({'q': f'harm {HOSTILE}'})}",
        "sheet": f"/sheets/{hit.header.id}",
        "letter": "/a-to-z/h",
        "other letter": "/a-to-z/n",
        "coverage": "/coverage",
    }
    with served(folder / ".index") as address:
        yield Harm(address, paths)


@dataclass
class Visit:
    """A page with what ran or failed in it, and what the policy stopped since it was loaded."""

    page: Page
    heard: list[str]

    def stopped(self) -> list[str]:
        """Return the directives that stopped something."""
        found: list[str] = self.page.evaluate("stopped")
        return found


@contextmanager
def visit(browser: Browser, site: str, *, bypass_csp: bool) -> Iterator[Visit]:
    """Open a page of a browser that runs scripts."""
    context = browser.new_context(base_url=site, bypass_csp=bypass_csp)
    context.set_default_timeout(10_000)
    context.add_init_script(
        "window.stopped = []; addEventListener('securitypolicyviolation', one => stopped.push(one.effectiveDirective))"
    )
    page = context.new_page()
    yield Visit(page, listen(page))
    context.close()


@pytest.fixture(scope="module")
def without_policy(browser: Browser, site: str) -> Iterator[Visit]:
    """A page that no policy guards."""
    with visit(browser, site, bypass_csp=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def with_policy(browser: Browser, site: str) -> Iterator[Visit]:
    """A page that the policy of the site guards."""
    with visit(browser, site, bypass_csp=False) as opened:
        yield opened


@pytest.fixture
def unguarded(without_policy: Visit) -> Iterator[Page]:
    """The page that no policy guards; nothing may run or fail in it."""
    without_policy.heard.clear()
    yield without_policy.page
    assert without_policy.heard == []


def listen(page: Page) -> list[str]:
    """Return the list that fills with dialogs, which a script that ran would open, and with what scripts fail of."""
    heard: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


# Sheets


@pytest.mark.parametrize("kind", SHOWN)
def test_every_page_shows_a_hostile_sheet_as_text_and_nothing_of_it_runs(
    harm: Harm, unguarded: Page, kind: str
) -> None:
    unguarded.goto(harm.address + harm.paths[kind])
    open_everything(unguarded)
    expect(unguarded.locator(FOREIGN)).to_have_count(0)
    text = " ".join(unguarded.locator("body").inner_text().split())
    for before in SHOWN[kind]:
        assert f"{before} {HOSTILE}" in text


@pytest.mark.parametrize("kind", ["answer", "sheet"])
def test_linked_data_of_a_hostile_sheet_is_data_and_whole(harm: Harm, unguarded: Page, kind: str) -> None:
    unguarded.goto(harm.address + harm.paths[kind])
    script = unguarded.locator("script[type='application/ld+json']")
    data = json.loads(str(script.text_content()))
    assert (data["about"]["name"], data["sourceOrganization"]["name"]) == (f"Harm {HOSTILE}", f"Press {HOSTILE}")
    assert "isBasedOn" not in data


def test_names_and_questions_of_a_hostile_sheet_are_suggested_as_text(harm: Harm, unguarded: Page) -> None:
    unguarded.goto(harm.address)
    unguarded.locator("#q").press_sequentially("harm")
    options = unguarded.locator("#suggestions [role=option]")
    expect(options.first).to_contain_text(f"Harm {HOSTILE}")
    expect(unguarded.locator(FOREIGN)).to_have_count(0)
    unguarded.keyboard.press("ArrowDown")
    expect(unguarded.locator("#q")).to_have_value(f"Harm {HOSTILE}")
    options.first.click()
    expect(unguarded.locator("h1")).to_have_text(f"Harm {HOSTILE}")


def test_a_citation_of_a_hostile_sheet_is_kept_as_a_file_and_never_opened(
    harm: Harm, unguarded: Page, tmp_path: Path
) -> None:
    unguarded.goto(harm.address + harm.paths["answer"])
    links = unguarded.locator(".actions a[href*='/citation.']")
    expect(links).to_have_count(3)
    for link in links.all():
        with unguarded.expect_download() as waiting:
            link.click()
        name = waiting.value.suggested_filename
        assert re.fullmatch(r"[a-z0-9.-]+\.(ris|bib|json)", name)
        waiting.value.save_as(tmp_path / name)
        assert "What is harm" in (tmp_path / name).read_text(encoding="utf-8")


def test_what_is_copied_of_a_hostile_sheet_is_its_text(harm: Harm, unguarded: Page) -> None:
    unguarded.goto(harm.address + harm.paths["answer"])
    copied = str(unguarded.get_by_role("button", name="Copy citation").get_attribute("data-copy"))
    assert copied.startswith(f"“What is harm {HOSTILE}?”, from “Harm {HOSTILE}” (Press {HOSTILE}, ")
    expect(unguarded.locator(".citation")).to_have_text(copied)


@pytest.mark.parametrize("kind", SHOWN)
def test_a_hostile_sheet_does_not_scroll_sideways_at_320_pixels(harm: Harm, page: Page, kind: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(harm.address + harm.paths[kind])
    open_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


# Questions and addresses


@pytest.mark.parametrize("start", ["tremor", "xylophone"])
def test_a_hostile_question_stays_text_in_the_box_and_on_the_page(unguarded: Page, start: str) -> None:
    unguarded.goto("/")
    unguarded.locator("#q").fill(f"{start} {HOSTILE}")
    unguarded.keyboard.press("Enter")
    expect(unguarded.locator("#q")).to_have_value(f"{start} {HOSTILE}")
    expect(unguarded.locator(FOREIGN)).to_have_count(0)
    expect(unguarded).to_have_title(re.compile(re.escape(f"{start} {HOSTILE}"[:40])))


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/answers/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "Page not found"),
        ("/sheets/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "Page not found"),
        ("/a-to-z/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "Page not found"),
        ("/%3Cscript%3Ealert(1)%3C/script%3E", "Page not found"),
        ("/?page=%3Cscript%3Ealert(1)%3C/script%3E", "This cannot be searched"),
        ("/?type=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "This cannot be searched"),
        ("/a-to-z#%3Cimg%20src=x%20onerror=alert(1)%3E", "Conditions from A to Z"),
    ],
)
def test_a_hostile_address_gives_a_page_that_shows_it_as_text(unguarded: Page, path: str, heading: str) -> None:
    unguarded.goto(path)
    expect(unguarded.get_by_role("heading", level=1)).to_have_text(heading)
    expect(unguarded.locator(FOREIGN)).to_have_count(0)


# The policy, for what may get through nevertheless


@pytest.mark.parametrize(
    ("inserted", "stopped"),
    [
        ("<script>alert(1)</script>", "script-src-elem"),
        ("<img src='/nowhere' onerror='alert(1)'>", "script-src-attr"),
        ("<script src='https://evil.example/x.js'></script>", "script-src-elem"),
        ("<p style='color: red'>x</p>", "style-src-attr"),
        ("<style>p { color: red }</style>", "style-src-elem"),
        ("<img src='https://evil.example/x.png'>", "img-src"),
        ("<iframe src='/'></iframe>", "frame-src"),
        ("<base href='https://evil.example/'>", "base-uri"),
    ],
)
def test_the_policy_stops_what_got_into_a_page(with_policy: Visit, inserted: str, stopped: str) -> None:
    page = with_policy.page
    original = page.request.get("/coverage")
    body = original.text().replace("<main", f"{inserted}<main")
    page.route("**/coverage", lambda route: route.fulfill(status=200, headers=original.headers, body=body))
    page.goto("/coverage")
    page.unroute("**/coverage")
    expect(page.locator("h1")).to_have_text("What is here")
    assert with_policy.stopped()[:1] == [stopped]
    assert with_policy.heard == []


def test_nothing_of_the_pages_themselves_is_stopped_by_the_policy(with_policy: Visit, paths: dict[str, str]) -> None:
    page, linked = with_policy.page, set()
    for kind, path in paths.items():
        page.goto(path)
        open_everything(page)
        assert with_policy.stopped() == [], kind
        linked |= {kind} if page.locator("script[type='application/ld+json']").count() else set()
    assert linked == {"answer", "marked answer", "sheet"}
    assert with_policy.heard == []
