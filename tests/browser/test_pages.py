"""What a reader meets. Scripts are off unless a test says otherwise: the pages have none and need none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Dialog, Locator, Page, expect

from indexer import Query, build_index, open_index
from tests.browser.conftest import NewPage
from tests.browser.site import QUESTION, served

#: A page of every kind; the `paths` fixture knows where each is.
KINDS = ("start", "result", "answer", "sheet", "zero results", "not found")

#: What somebody who means harm would write, in the box or in a sheet.
HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{7*7}}'

#: No screen has room for it.
LONG = "w" * 200

#: Nothing of this kind is in any page of this site.
FOREIGN = "script, img, iframe, object, embed, svg, [onerror], [onload], [onclick], a[href^='javascript:' i]"


def first_result(page: Page) -> Locator:
    """Return the result that stands first."""
    return page.locator(".results > li").first


def count(page: Page) -> int:
    """Return how many answers the page says there are."""
    return int(page.locator("h1.count").inner_text().split()[0].replace(",", ""))


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {target}")


def open_everything(page: Page) -> None:
    """Unfold what is folded, to look at that as well."""
    page.evaluate("document.querySelectorAll('details').forEach(element => { element.open = true })")


def background(page: Page) -> list[int]:
    """Return red, green and blue of the paper."""
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", color)[:3]]


# One question, from the box to the reference


def test_a_question_brings_the_answer_about_treatment_first_with_marked_words(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search fact sheets").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(first_result(page).get_by_role("heading")).to_have_text("How is multifocal motor neuropathy treated?")
    marked = first_result(page).locator(".snippet mark")
    expect(marked.first).to_be_visible()
    assert all(word.casefold().startswith("treat") for word in marked.all_inner_texts())


def test_a_result_shows_the_date_of_its_facts(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    expect(first_result(page).locator("time")).to_be_visible()
    expect(first_result(page).locator(".meta")).to_contain_text("Last updated 1 May 2013")


def test_a_marker_in_a_snippet_leads_to_its_reference_on_the_page_of_the_answer(
    page: Page, paths: dict[str, str]
) -> None:
    page.goto(paths["result"])
    first_result(page).locator(".snippet").get_by_text("[1]", exact=True).first.click()
    expect(page).to_have_url(re.compile(re.escape(paths["answer"]) + "#ref-1$"))
    expect(page.locator("#ref-1")).to_be_in_viewport()
    expect(page.locator("#ref-1")).to_contain_text("Genetic and Rare Diseases Information Center")


def test_the_question_stays_in_the_box(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    expect(page.locator("#q")).to_have_value(QUESTION)


def test_an_answer_leads_to_its_sheet_and_the_sheet_back_to_the_answer(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["answer"])
    page.locator(".crumb").get_by_role("link").click()
    expect(page).to_have_url(re.compile(re.escape(paths["sheet"]) + "$"))
    page.locator(".sheet section").get_by_role("link", name="How is multifocal motor neuropathy treated?").click()
    expect(page).to_have_url(re.compile(re.escape(paths["answer"]) + "$"))


def test_a_filter_narrows_the_results_and_its_removal_restores_them(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    before = count(page)
    page.get_by_text("Filter and sort").click()
    entry = page.locator(".refine li", has_text="Treatment")
    promised = int(entry.locator(".quiet").inner_text())
    entry.get_by_role("link").click()
    expect(page.locator(".filters")).to_contain_text("Treatment")
    assert count(page) == promised < before
    expect(first_result(page).locator(".crumb")).to_contain_text("Treatment")
    page.get_by_role("link", name="Remove filter").click()
    expect(page.locator(".filters")).to_have_count(0)
    assert count(page) == before


def test_the_next_page_goes_on_where_the_first_ended(page: Page, paths: dict[str, str]) -> None:
    page.goto(f"{paths['result']}&per_page=1")
    first = first_result(page).get_by_role("heading").inner_text()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".pages")).to_contain_text("Page 2 of")
    assert first_result(page).get_by_role("heading").inner_text() != first
    page.get_by_role("link", name="Previous page").click()
    expect(first_result(page).get_by_role("heading")).to_have_text(first)


# When there is nothing to show


def test_a_word_that_stands_nowhere_is_named_and_there_is_a_way_on(page: Page, paths: dict[str, str]) -> None:
    response = page.goto(paths["zero results"])
    assert response is not None
    assert response.status == 200
    expect(page.get_by_role("heading", level=1)).to_contain_text("No answers match")
    expect(page.locator(".nothing")).to_contain_text("xylophone")
    page.locator(".nothing").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Search fact sheets")).to_be_visible()


def test_parameters_that_make_no_sense_are_all_named_on_a_page(page: Page) -> None:
    response = page.goto("/?q=tremor&type=nonsense&page=0")
    assert response is not None
    assert response.status == 400
    problems = page.get_by_role("main").get_by_role("listitem")
    expect(problems).to_have_count(2)
    expect(problems.filter(has_text="type")).to_contain_text("must be one of")
    expect(problems.filter(has_text="page")).to_contain_text("whole number")


def test_an_answer_that_is_not_there_gives_a_page_with_a_way_on(page: Page, paths: dict[str, str]) -> None:
    response = page.goto(paths["not found"])
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    page.get_by_role("link", name="Go to the start page").click()
    expect(page.get_by_role("heading", name="Search fact sheets")).to_be_visible()


# The keyboard alone


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()


def test_the_keyboard_alone_asks_and_opens_the_answer(page: Page, paths: dict[str, str]) -> None:
    page.goto("/")
    tab_to(page, page.locator("#q"))
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    link = first_result(page).get_by_role("heading").get_by_role("link")
    expect(link).to_be_visible()
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(paths["answer"]) + "$"))


def test_folded_answers_open_by_keyboard(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    folded = first_result(page).locator(".folded")
    expect(folded.get_by_role("link").first).to_be_hidden()
    tab_to(page, folded.locator("summary"))
    page.keyboard.press("Enter")
    expect(folded.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(folded.get_by_role("link").first).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_is_outlined(new_page: NewPage, paths: dict[str, str], scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    page.goto(paths["result"])
    for target in (page.locator("#q"), first_result(page).get_by_role("heading").get_by_role("link")):
        tab_to(page, target)
        expect(target).to_have_css("outline-style", "solid")
        expect(target).to_have_css("outline-width", "3px")


# Every screen, and paper


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_or_scrolls_sideways_at_320_pixels(
    new_page: NewPage, paths: dict[str, str], kind: str
) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(paths[kind])
    open_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_one_very_long_word_does_not_scroll_sideways_at_320_pixels(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(f"/?{urlencode({'q': LONG, 'source': LONG})}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_no_line_begins_with_the_markers_of_the_line_before(new_page: NewPage, paths: dict[str, str]) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(paths["sheet"])
    markers = page.locator(".cites")
    expect(markers.first).to_be_visible()
    lefts: list[float] = page.evaluate(
        "[...document.querySelectorAll('.cites')]"
        ".map(one => one.getBoundingClientRect().left - one.parentElement.getBoundingClientRect().left)"
    )
    assert min(lefts) > 10


def test_the_paper_follows_the_color_scheme_of_the_reader(new_page: NewPage, paths: dict[str, str]) -> None:
    for scheme, fits in (("light", lambda part: part > 230), ("dark", lambda part: part < 50)):
        page = new_page(color_scheme=scheme)
        page.goto(paths["result"])
        assert all(map(fits, background(page))), scheme


@pytest.mark.parametrize("kind", ["result", "answer"])
def test_paper_shows_answers_dates_and_addresses_and_no_search_form(
    page: Page, paths: dict[str, str], kind: str
) -> None:
    page.goto(paths[kind])
    page.emulate_media(media="print")
    expect(page.locator(".search")).to_be_hidden()
    expect(page.locator("time").first).to_be_visible()
    links = page.locator(".references a")
    expect(links.first).to_contain_text("https://rarediseases.info.nih.gov/gard/11011")
    for link in links.all():
        expect(link).to_be_visible()


def test_paper_shows_what_is_folded_on_the_screen(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    other = first_result(page).locator(".folded").get_by_role("link").first
    expect(other).to_be_hidden()
    page.emulate_media(media="print")
    expect(other).to_be_visible()


def test_paper_shows_the_address_behind_the_name_of_the_source(page: Page, index: Path) -> None:
    with open_index(index) as engine:
        hits = engine.search(Query("paper lung")).hits
    found = next(hit for hit in hits if hit.header.provenance.url)
    page.goto(f"/answers/{found.document.id}")
    page.emulate_media(media="print")
    shown: str = page.locator(".meta a").evaluate("link => getComputedStyle(link, '::after').content")
    assert str(found.header.provenance.url) in shown


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [*KINDS, "filtered", "bad parameters"])
def test_axe_finds_nothing_to_complain_about(new_page: NewPage, paths: dict[str, str], kind: str, scheme: str) -> None:
    more = {"filtered": f"{paths['result']}&type=treatment&per_page=1", "bad parameters": "/?type=nonsense&page=0"}
    page = new_page(java_script_enabled=True, color_scheme=scheme)
    page.goto((paths | more)[kind])
    open_everything(page)
    # The size of targets is in WCAG 2.2 AA, but axe has to be asked.
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}})
    assert found.violations_count == 0, found.generate_report()


# Nothing comes in, nothing goes out


def test_no_request_leaves_the_site(new_page: NewPage, site: str, paths: dict[str, str]) -> None:
    page = new_page(java_script_enabled=True)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    for kind in KINDS:
        page.goto(paths[kind])
        open_everything(page)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert {urlsplit(url).path for url in asked} >= {"/", "/static/site.css", paths["answer"], paths["sheet"]}


def test_a_page_has_no_script_and_no_style_of_its_own(page: Page, paths: dict[str, str]) -> None:
    for kind in KINDS:
        page.goto(paths[kind])
        expect(page.locator(f"{FOREIGN}, style, [style]")).to_have_count(0)


def test_the_policy_stops_a_script_that_got_into_a_page(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=True)
    dialogs = recorded_dialogs(page)
    page.goto("/")
    stopped: str = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective))
            document.body.insertAdjacentHTML('beforeend', '<img src="/static/favicon.svg" onload="alert(1)">')
        })"""
    )
    assert stopped == "script-src-attr"
    assert dialogs == []


def recorded_dialogs(page: Page) -> list[str]:
    """Return the list that fills with the messages of dialogs: a script that ran would open one."""
    messages: list[str] = []

    def record(dialog: Dialog) -> None:
        messages.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", record)
    return messages


@pytest.fixture
def hostile_sheet(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A site whose only sheet means harm, wherever a sheet has text; yields its address and the paths of its pages."""
    literal = HOSTILE.replace("<", "\\<")  # Markdown then keeps it as text
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "hostile.md").write_text(
        f"""---
title: 'Harm {HOSTILE}'
also_known_as: ['Name {HOSTILE}']
last_updated: 2020-02-02
url: 'javascript:alert(3)'
source: 'Press {HOSTILE}'
licence: 'Licence {HOSTILE}'
---

## What is harm {literal}?

Harm is text that a browser runs {literal}.[1]

- An item of harm {literal}.[1]

| Cell {literal} | Other |
|---|---|
| Row {literal} | {LONG} |

## Is harm treated?

Harm has a treatment.[1]

## References

1. Author {literal}. [Their page](javascript:alert(4)). http://example.org/"onmouseover="alert(5). Accessed 2020-02-02.
""",
        encoding="utf-8",
    )
    build_index([tmp_path / "sheets"], tmp_path / "index")
    with open_index(tmp_path / "index") as engine:
        hit = engine.search(Query("what is harm")).hits[0]
    paths = {
        "start": "/",
        "result": "/?q=what+is+harm",
        "filtered": f"/?{urlencode({'q': 'harm', 'source': hit.header.provenance.source})}",
        "answer": f"/answers/{hit.document.id}",
        "sheet": f"/sheets/{hit.header.id}",
    }
    with served(tmp_path / "index") as address:
        yield address, paths


def test_a_hostile_sheet_is_shown_as_text_and_nothing_of_it_runs(
    new_page: NewPage, hostile_sheet: tuple[str, dict[str, str]]
) -> None:
    address, paths = hostile_sheet
    # Without the policy of the site, so that it is the escaping that is tested.
    page = new_page(java_script_enabled=True, bypass_csp=True, base_url=address)
    dialogs = recorded_dialogs(page)
    for kind, path in paths.items():
        page.goto(path)
        open_everything(page)
        expect(page.locator(FOREIGN)).to_have_count(0)
        expect(page.locator("[onmouseover]")).to_have_count(0)
        text = page.locator("body").inner_text()
        assert "49" not in text
        expected = {
            "start": [],
            "result": ["Harm", "What is harm", "Press", "Author"],
            "filtered": ["source: Press", "Harm"],
            "answer": ["Harm", "What is harm", "runs", "An item of harm", "Row", "Press", "Author"],
            "sheet": ["Harm", "Name", "Licence", "What is harm", "runs", "An item of harm", "Row", "Press", "Author"],
        }
        for before in expected[kind]:
            assert f"{before} {HOSTILE}" in text, kind
    assert dialogs == []


def test_a_hostile_sheet_does_not_scroll_sideways_at_320_pixels(
    new_page: NewPage, hostile_sheet: tuple[str, dict[str, str]]
) -> None:
    address, paths = hostile_sheet
    page = new_page(viewport={"width": 320, "height": 640}, base_url=address)
    for kind, path in paths.items():
        page.goto(path)
        open_everything(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, kind


def test_a_hostile_question_stays_text_in_the_box_and_on_the_page(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=True, bypass_csp=True)
    dialogs = recorded_dialogs(page)
    page.goto("/")
    page.locator("#q").fill(f"tremor {HOSTILE}")
    page.keyboard.press("Enter")
    expect(page.locator("h1.count")).to_contain_text(f"tremor {HOSTILE}")
    expect(page.locator("#q")).to_have_value(f"tremor {HOSTILE}")
    expect(page.locator(FOREIGN)).to_have_count(0)
    expect(page).to_have_title(re.compile(re.escape(f"tremor {HOSTILE}")))
    assert dialogs == []


def test_a_hostile_address_gives_a_page_that_shows_it_as_text(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=True, bypass_csp=True)
    dialogs = recorded_dialogs(page)
    page.goto("/answers/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    expect(page.locator(FOREIGN)).to_have_count(0)
    page.goto("/?page=%3Cscript%3Ealert(1)%3C/script%3E")
    expect(page.get_by_role("heading", level=1)).to_have_text("This cannot be searched")
    expect(page.locator(FOREIGN)).to_have_count(0)
    assert dialogs == []
