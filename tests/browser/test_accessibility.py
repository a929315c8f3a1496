"""For everybody: what axe-core finds, what a screen reader hears in which order, and the keyboard alone."""

import re
from collections.abc import Mapping
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import KINDS, QUESTION, open_everything, open_suggestions

TREATED = "How is multifocal motor neuropathy treated?"

#: The size of targets is in WCAG 2.2 AA, but axe has to be asked.
_EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
#: The rules whose answer another width or other colours can change: the others read the same page again.
_LOOKS = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]}

#: What stands at the beginning and at the end of every page.
_HEAD = ["link: Skip to the content", "link: Factsheets", "link: A to Z", "link: What is here", "link: How to ask"]
_BOX = ["combobox: Search fact sheets", "button: Search"]
_FOOT = ["checkbox: Press / to go to the search box"]


def assert_axe_finds_nothing(page: Page, rules: Mapping[str, object] = _EVERYTHING) -> None:
    """Fail with axe's own report where it finds something."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules})
    assert found.violations_count == 0, found.generate_report()


def tab_stops(page: Page) -> list[str]:
    """Press Tab until the last stop; return role and name of each as a screen reader gets them, its state in brackets.

    Links to one reference that follow one another are one stop here.
    """
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    stops: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        asked = {"objectId": focused, "fetchRelatives": False}
        node = session.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
        name = node.get("name", {}).get("value", "").strip()
        if stops and name in ("", "Skip to the content"):  # the page itself, or round again
            session.detach()
            return [stop for stop, before in zip(stops, ["", *stops], strict=False) if stop != before]
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        folded = {True: " (open)", False: " (folded)"}.get(states.get("expanded", ""), "")
        role = {"DisclosureTriangle": "summary"}.get(node["role"]["value"], node["role"]["value"])
        stops.append(f"{role}: {name}{folded if role == 'summary' else ''}")
    raise AssertionError("Tab does not come to an end")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {target}")


# What a program can find


@pytest.mark.parametrize("kind", [*KINDS, "no index"])
def test_axe_finds_nothing_in_the_light_on_a_desktop_or_in_the_dark_on_a_phone(
    live_page: Page, paths: dict[str, str], kind: str
) -> None:
    live_page.goto(paths[kind])
    open_everything(live_page)
    assert_axe_finds_nothing(live_page)
    live_page.set_viewport_size({"width": 320, "height": 640})
    live_page.emulate_media(color_scheme="dark")
    assert_axe_finds_nothing(live_page, _LOOKS)


def test_axe_finds_nothing_in_the_open_suggestions_on_a_phone(live_page: Page) -> None:
    live_page.set_viewport_size({"width": 320, "height": 640})
    live_page.goto("/")
    open_suggestions(live_page)
    live_page.keyboard.press("ArrowDown")
    assert_axe_finds_nothing(live_page)


@pytest.mark.parametrize("kind", [*KINDS, "no index"])
def test_a_page_has_one_first_heading_no_level_left_out_and_a_title_of_its_own(
    page: Page, paths: dict[str, str], kind: str
) -> None:
    page.goto(paths[kind])
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.title().endswith("Factsheets")
    assert kind == "start" or page.title() != "Factsheets"


# What a screen reader hears


def test_the_start_page_is_heard_as_a_search_with_ways_in(live_page: Page) -> None:
    live_page.goto("/")
    expect(live_page.locator("body")).to_match_aria_snapshot(
        f"""
        - link "Skip to the content"
        - banner:
          - link "Factsheets"
          - navigation "Site":
            - link "A to Z"
            - link "What is here"
            - link "How to ask"
        - main:
          - search:
            - heading "Search fact sheets" [level=1]
            - combobox "Search fact sheets"
            - button "Search"
          - paragraph: For example
          - list:
            - listitem:
              - link "{QUESTION}"
          - heading "By kind of answer" [level=2]
          - list:
            - listitem:
              - link "Treatment"
              - text: /\\d+/
          - heading "By name" [level=2]
          - navigation "A to Z":
            - list:
              - listitem:
                - link "C"
              - listitem: D
              - listitem:
                - link "E"
          - paragraph:
            - link /\\d+ answers about \\d+ conditions/
        - contentinfo:
          - paragraph: Information from fact sheets, not medical advice.
          - paragraph
          - paragraph:
            - checkbox "Press / to go to the search box" [checked]
        - status
        """
    )


def test_a_page_of_results_is_heard_from_how_it_was_read_to_the_last_page(
    live_page: Page, paths: dict[str, str]
) -> None:
    live_page.goto(f"{paths['result']}&per_page=2&likely=0")
    expect(live_page.locator("main")).to_match_aria_snapshot(
        f"""
        - main:
          - search:
            - combobox "Search fact sheets": {QUESTION}
            - button "Search"
          - paragraph:
            - text: Showing Treatment of Multifocal motor neuropathy first.
            - link "Search exactly what I typed"
          - heading /6 answers about Multifocal motor neuropathy, page 1 of \\d+/ [level=1]
          - group: Filter and sort
          - list:
            - listitem:
              - article "{TREATED}":
                - paragraph: Multifocal motor neuropathy Treatment
                - heading "{TREATED}" [level=2]:
                  - link "{TREATED}"
                - paragraph:
                  - mark: Treatment
                  - text: /varies/
                  - link /^Reference 1/
                - paragraph:
                  - text: Last updated
                  - time: 1 May 2013
                  - text: /years ago\\) Source. Factsheets starter corpus/
                  - button "Copy citation"
                - paragraph:
                  - text: "Also answered:"
                  - link /^Overview/
                  - text: ","
                  - link /^Symptoms/
                  - text: ","
                  - link /^Causes/
                  - text: ","
                  - link /^Inheritance/
                  - text: ","
                  - link /^Outlook/
                  - text: /Not covered. Diagnosis/
                - group:
                  - text: 3 references
                  - list:
                    - listitem:
                      - text: /Genetic and Rare Diseases Information Center/
                      - link /^https/
                - group: 5 more answers about Multifocal motor neuropathy
            - listitem:
              - article
          - navigation "Pages of results":
            - list:
              - listitem:
                - link "Page 1"
              - listitem:
                - link "Page 2"
            - link "Next page"
        """
    )
    expect(live_page.locator(".meta .copy").first).to_have_accessible_description(TREATED)


def test_an_answer_is_heard_from_where_it_stands_to_what_is_similar(live_page: Page, paths: dict[str, str]) -> None:
    live_page.goto(paths["marked answer"])
    expect(live_page.locator("main")).to_match_aria_snapshot(
        f"""
        - main:
          - search
          - navigation "Breadcrumb":
            - link "A to Z"
            - link "Multifocal motor neuropathy"
            - text: Treatment
          - heading "{TREATED}" [level=1]
          - paragraph:
            - text: Last updated
            - time: 1 May 2013
          - paragraph:
            - text: Words of {QUESTION} are marked.
            - link "Remove the marks"
          - paragraph:
            - mark: Treatment
            - text: /varies/
            - link /^Reference 1/
          - heading "References for this answer" [level=2]
          - list:
            - listitem:
              - text: /Genetic and Rare Diseases Information Center/
              - link /^https/
              - link "Back to text, use 1 of reference 1"
            - listitem:
              - link /^http/
              - link "Back to text, use 1 of reference 2"
            - listitem:
              - link /^http/
              - link "Back to text, use 1 of reference 4"
          - group: All 6 references of the fact sheet
          - region "Cite this answer":
            - heading "Cite this answer" [level=2]
            - paragraph: /retrieved/
            - paragraph:
              - button "Copy citation"
              - button "Copy link"
              - link /^RIS/
          - navigation "This fact sheet on Multifocal motor neuropathy":
            - heading [level=2]
            - list:
              - listitem:
                - link "What is multifocal motor neuropathy?"
              - listitem: "{TREATED}"
              - listitem: "Diagnosis: not covered on this fact sheet"
            - paragraph:
              - link "Read the whole fact sheet"
          - navigation "Similar answers":
            - heading "Similar answers" [level=2]
            - list
        """
    )


def test_a_marker_leads_a_screen_reader_to_the_reference_and_back(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["answer"])
    tab_to(page, page.locator(".text .cite").nth(2))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # from where the page was led to, so that reading goes on there
    expect(page.locator("#ref-2").get_by_role("link").first).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Back to text, use 1 of reference 2"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".text .cite").nth(3)).to_be_focused()


# The keyboard alone


def test_tab_leads_through_the_start_page_in_its_order(live_page: Page) -> None:
    live_page.goto("/")
    stops = tab_stops(live_page)
    assert stops[:8] == [*_HEAD, *_BOX, f"link: {QUESTION}"]
    kinds, letters = stops.index("link: Overview"), stops.index("link: B")
    assert stops[kinds + 1] == "link: Treatment"  # the kinds with most answers first
    assert kinds < letters
    assert re.match(r"link: \d+ answers about \d+ conditions", stops[-2])
    assert stops[-1:] == _FOOT


def test_tab_leads_through_a_page_of_results_in_its_order(live_page: Page, paths: dict[str, str]) -> None:
    live_page.goto(f"{paths['result']}&type=treatment&per_page=1&answer=0&likely=0")
    conditions = live_page.locator("h1.count").inner_text().partition(" about ")[2].split()[0]
    stops = tab_stops(live_page)
    page = [re.sub("(Reference \\d+).*", "\\1", stop) for stop in stops]
    assert page == [
        *_HEAD,
        *_BOX,
        "link: Search exactly what I typed",
        "link: Remove filter type: Treatment",
        "summary: Filter and sort (1 on) (folded)",
        f"link: {TREATED}",
        *(f"link: Reference {number}" for number in (1, 2, 1, 2, 1, 2)),
        "button: Copy citation",
        *(
            f"link: {kind} (Multifocal motor neuropathy)"
            for kind in ("Overview", "Symptoms", "Causes", "Inheritance", "Outlook")
        ),
        "summary: 3 references (open)",
        "link: https://rarediseases.info.nih.gov/gard/11011/multifocal-motor-neuropathy",
        "link: http://www.ninds.nih.gov/disorders/multifocal_neuropathy/multifocal_neuropathy.htm",
        "link: https://rarediseases.info.nih.gov/gard/11011/multifocal-motor-neuropathy",
        *("link: Page 1", "link: Page 2", f"link: Page {conditions}", "link: Next page"),
        *_FOOT,
    ]


def test_tab_leads_through_an_answer_in_its_order(live_page: Page, paths: dict[str, str]) -> None:
    live_page.goto(paths["marked answer"])
    stops = tab_stops(live_page)
    order = [
        *(*_HEAD, *_BOX),
        *("link: A to Z", "link: Multifocal motor neuropathy", "link: Remove the marks"),
        *("link: Back to text, use 1 of reference 1", "link: Back to text, use 5 of reference 2"),
        "link: Back to text, use 3 of reference 4",
        "summary: All 6 references of the fact sheet (folded)",
        *("button: Copy citation", "button: Copy link"),
        *("link: RIS, for EndNote and Zotero", "link: BibTeX, for LaTeX", "link: CSL-JSON, for Zotero and Pandoc"),
        *("link: JSON", "link: What is multifocal motor neuropathy?", "link: Read the whole fact sheet"),
        *_FOOT,
    ]
    assert [stop for stop in stops if stop in order] == order


@pytest.mark.parametrize("kind", ["start", "filtered", "page 2", "marked answer", "sheet", "letter"])
def test_every_stop_of_the_keyboard_is_seen_and_outlined(page: Page, paths: dict[str, str], kind: str) -> None:
    page.set_viewport_size({"width": 1000, "height": 400})
    page.goto(paths[kind])
    open_everything(page)
    stops = page.locator("a:visible, button:visible, input:visible, summary:visible")
    for _ in range(stops.count()):
        page.keyboard.press("Tab")
        fault = page.evaluate(
            """() => {
                const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one)
                const inside = box.top >= -1 && box.bottom <= innerHeight + 1 && box.width > 0 && box.height > 0
                const ringed = style.outlineStyle === 'solid' && style.outlineWidth === '3px'
                one.dataset.stop = ''
                return inside && ringed ? '' : one.outerHTML
            }"""
        )
        assert fault == ""
    expect(page.locator("[data-stop]")).to_have_count(stops.count())


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
    link = page.locator(".results h2").first.get_by_role("link")
    expect(link).to_have_text(TREATED)
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(paths["marked answer"]) + "$"))


def test_the_keyboard_alone_unfolds_the_filters_and_filters(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    tab_to(page, page.locator(".refine > summary"))
    page.keyboard.press("Enter")
    choice = page.locator(".choices").get_by_role("link", name="Treatment")
    tab_to(page, choice)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove filter type: Treatment")).to_be_visible()


def test_folded_answers_open_by_keyboard(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    folded = page.locator(".folded").first
    expect(folded.get_by_role("link").first).to_be_hidden()
    tab_to(page, folded.locator("summary"))
    page.keyboard.press("Enter")
    expect(folded.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(folded.get_by_role("link").first).to_be_focused()


# Without scripts


def test_without_scripts_nothing_promises_what_only_a_script_can_do(page: Page, paths: dict[str, str]) -> None:
    for kind in ("start", "result", "answer"):
        page.goto(paths[kind])
        expect(page.get_by_role("searchbox", name="Search fact sheets")).to_have_count(1)
        expect(page.locator("[role=combobox], [role=listbox], [aria-keyshortcuts]")).to_have_count(0)
        expect(page.get_by_role("checkbox")).to_have_count(0)
        expect(page.get_by_role("button")).to_have_text(["Search"])
