"""Every screen, and paper: narrow, enlarged, dark, of few colours, still; and what a printer prints."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from indexer import Query, open_index
from tests.browser.site import KINDS, open_everything, open_suggestions

#: What is cut off at a side of the window, where no box of its own scrolls it; and text that lies upon other text.
_LOST = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const seen = [], lost = []
    while (texts.nextNode()) {
        const node = texts.currentNode, parent = node.parentElement
        if (!node.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue
        if (parent.closest('.visually-hidden, .skip, script')) continue
        const range = document.createRange()
        range.selectNodeContents(node)
        for (const box of range.getClientRects()) {
            if (!parent.closest('.table') && (box.left < -0.5 || box.right > innerWidth + 0.5))
                lost.push(['cut off', node.data.trim()])
            seen.push([box, node])
        }
    }
    const cut = [...document.querySelectorAll('main :not(input)')].filter(one => {
        const {overflowX, overflowY} = getComputedStyle(one)
        return [overflowX, overflowY].some(way => way === 'hidden' || way === 'clip')
            && one.checkVisibility() && !one.matches('.visually-hidden')
            && (one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight)
    })
    lost.push(...cut.map(one => ['cut off', one.textContent]))
    seen.sort(([one], [other]) => one.top - other.top)
    seen.forEach(([box, node], place) => {
        for (const [other, text] of seen.slice(place + 1)) {
            if (other.top >= box.bottom - 1) break
            const across = Math.min(box.right, other.right) - Math.max(box.left, other.left)
            const down = Math.min(box.bottom, other.bottom) - other.top
            // Boxes of lines are higher than their letters; so much of them may overlap with nothing to be seen of it.
            if (across > 1 && down > Math.min(box.height, other.height) / 3)
                lost.push(['overlaps', node.data.trim(), text.data.trim()])
        }
    })
    return lost
}"""

NARROW: ViewportSize = {"width": 320, "height": 640}


def assert_nothing_is_lost(page: Page) -> None:
    """Fail where text is cut off or lies upon other text, or the page scrolls sideways."""
    assert page.evaluate(_LOST) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def background(page: Page) -> list[int]:
    """Return red, green and blue of the paper."""
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", color)[:3]]


def style(locator: Locator, *names: str) -> tuple[str, ...]:
    """Return what an element looks like."""
    found: list[str] = locator.first.evaluate(
        "(element, names) => names.map(name => getComputedStyle(element).getPropertyValue(name))", list(names)
    )
    return tuple(found)


def ground(locator: Locator) -> str:
    """Return the colour that is seen behind an element: its own, or that of what it stands on."""
    found: str = locator.first.evaluate(
        """element => {
            while (/, 0\\)$/.test(getComputedStyle(element).backgroundColor)) element = element.parentElement
            return getComputedStyle(element).backgroundColor
        }"""
    )
    return found


def visible(page: Page, selector: str) -> list[str]:
    """Return the texts of the elements that are shown."""
    return [element.inner_text() for element in page.locator(selector).all() if element.is_visible()]


# Narrow screens and large letters


@pytest.mark.parametrize("kind", [*KINDS, "no index"])
def test_nothing_is_cut_off_or_overlaps_on_a_narrow_screen_or_at_400_percent(
    page: Page, paths: dict[str, str], kind: str
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(paths[kind])
    open_everything(page)
    assert_nothing_is_lost(page)
    page.set_viewport_size({"width": 1280 // 4, "height": 1024 // 4})
    assert_nothing_is_lost(page)
    # Nothing stays in the way of a reader who scrolls on a screen of so few lines.
    stuck = "[...document.querySelectorAll('*')].filter(one => /fixed|sticky/.test(getComputedStyle(one).position))"
    assert page.evaluate(f"{stuck}.length") == 0


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_or_overlaps_with_letters_of_twice_the_size(
    page: Page, paths: dict[str, str], kind: str
) -> None:
    page.goto(paths[kind])
    open_everything(page)
    before = float(style(page.locator("#q"), "font-size")[0].removesuffix("px"))
    settings = page.context.new_cdp_session(page)
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    try:
        assert float(style(page.locator("#q"), "font-size")[0].removesuffix("px")) == pytest.approx(before * 2)
        for width, height in ((1280, 1024), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            assert_nothing_is_lost(page)
            box = page.locator("#q").bounding_box()
            assert box is not None
            assert box["width"] > 6 * before * 2  # there is still room for a word
    finally:
        settings.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        settings.detach()


def test_one_very_long_word_does_not_scroll_sideways_at_320_pixels(page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"/?q={'w' * 200}&source={'w' * 200}")
    assert_nothing_is_lost(page)


def test_no_line_begins_with_the_markers_of_the_line_before(page: Page, paths: dict[str, str]) -> None:
    page.set_viewport_size(NARROW)
    page.goto(paths["sheet"])
    markers = page.locator(".cites")
    expect(markers.first).to_be_visible()
    lefts: list[float] = page.evaluate(
        "[...document.querySelectorAll('.cites')]"
        ".map(one => one.getBoundingClientRect().left - one.parentElement.getBoundingClientRect().left)"
    )
    assert min(lefts) > 10


def test_the_suggestions_stay_on_a_screen_of_320_by_256_pixels(live_page: Page) -> None:
    live_page.set_viewport_size({"width": 320, "height": 256})
    live_page.goto("/")
    open_suggestions(live_page)
    for _ in range(live_page.locator(".suggestion").count()):
        live_page.keyboard.press("ArrowDown")
        expect(live_page.locator("[aria-selected=true]")).to_be_in_viewport(ratio=0.9)
    assert live_page.evaluate("document.documentElement.scrollWidth") == 320


# Colours, or few of them, and no movement


def test_the_paper_follows_the_color_scheme_of_the_reader(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    page.emulate_media(color_scheme="light")
    assert min(background(page)) > 230
    page.emulate_media(color_scheme="dark")
    assert max(background(page)) < 50


@pytest.mark.parametrize(("kind", "chosen"), [("letter", ".letters"), ("page 2", ".pages")])
def test_with_few_colours_the_current_letter_and_page_stand_on_another_ground(
    page: Page, paths: dict[str, str], kind: str, chosen: str
) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(paths[kind])
    assert ground(page.locator(f"{chosen} [aria-current]")) != ground(page.locator(f"{chosen} a:not([aria-current])"))


def test_with_few_colours_marked_words_have_a_line_under_them(page: Page, paths: dict[str, str]) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(paths["marked answer"])
    width, look, color = style(page.locator("mark"), *(f"border-bottom-{what}" for what in ("width", "style", "color")))
    assert (width, look) == ("2px", "solid")
    assert color != ground(page.locator(".text p"))


def test_with_few_colours_only_letters_that_lead_somewhere_have_an_edge(page: Page, paths: dict[str, str]) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(paths["letter"])
    assert style(page.locator(".letters a"), "border-top-style") == ("solid",)
    assert style(page.locator(".letters span"), "border-top-style") == ("none",)


def test_with_few_colours_the_chosen_suggestion_is_told_apart(live_page: Page) -> None:
    live_page.emulate_media(forced_colors="active")
    live_page.goto("/")
    open_suggestions(live_page)
    live_page.keyboard.press("ArrowDown")
    chosen = live_page.locator(".suggestion[aria-selected=true]")
    others = live_page.locator(".suggestion:not([aria-selected])")
    expect(chosen).to_have_count(1)
    for part in ("", ".suggestion-text", ".suggestion-note"):
        one, other = (of.locator(part) if part else of for of in (chosen, others))
        assert style(one, "color") != style(other, "color")
    assert ground(chosen) != ground(others)


def test_with_few_colours_controls_have_edges_and_what_has_the_focus_is_outlined(
    page: Page, paths: dict[str, str]
) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(paths["filtered"])
    paper = style(page.locator("body"), "background-color")
    for control in (page.locator("#q"), page.get_by_role("button", name="Search"), page.locator(".filters a")):
        width, look, color = style(control, "border-top-width", "border-top-style", "border-top-color")
        assert (width != "0px", look) == (True, "solid")
        assert (color,) != paper
        control.first.focus()
        look, color = style(control, "outline-style", "outline-color")
        assert look == "solid"
        assert (color,) != paper


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves(live_page: Page, paths: dict[str, str], motion: str) -> None:
    live_page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    for kind in ("start", "filtered", "marked answer"):
        live_page.goto(paths[kind])
        open_everything(live_page)
        open_suggestions(live_page)
        live_page.keyboard.press("ArrowDown")
        expect(live_page.locator("[aria-selected]")).to_be_visible()
        moving = live_page.evaluate(
            """() => [...document.querySelectorAll('*')].filter(one => {
                const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(one)
                return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto'
            }).length + document.getAnimations().length"""
        )
        assert moving == 0


# Paper


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "start"])
def test_paper_has_no_forms_no_navigation_and_nothing_folded(page: Page, paths: dict[str, str], kind: str) -> None:
    page.goto(paths[kind])
    page.emulate_media(media="print")
    assert visible(page, "form, input, button, nav, .filters, .pages, .refine, .back, .skip") == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    folded = page.locator("main details:not(.refine, .refine details)").locator("li, p")
    assert len(visible(page, "main details:not(.refine, .refine details) :is(li, p)")) == folded.count()


def test_paper_shows_what_is_folded_on_the_screen(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    other = page.locator(".results > li").first.locator(".folded").get_by_role("link").first
    expect(other).to_be_hidden()
    page.emulate_media(media="print")
    expect(other).to_be_visible()


@pytest.mark.parametrize("kind", ["result", "answer", "sheet"])
def test_paper_shows_dates_and_the_addresses_of_references(page: Page, paths: dict[str, str], kind: str) -> None:
    page.goto(paths[kind])
    page.emulate_media(media="print")
    expect(page.locator("time").first).to_be_visible()
    links = page.locator(".references a[rel=external]")
    expect(links.first).to_contain_text("https://rarediseases.info.nih.gov/gard/11011")
    for link in links.all():
        expect(link).to_be_visible()
        assert link.inner_text() == link.get_attribute("href")


def test_paper_says_how_to_cite_an_answer_and_where_it_stands(page: Page, site: str, paths: dict[str, str]) -> None:
    page.goto(paths["marked answer"])
    page.emulate_media(media="print")
    expect(page.locator(".citation")).to_be_visible()
    expect(page.locator(".citation")).to_contain_text(site + paths["answer"])
    assert visible(page, ".copy, .actions, .marked") == []


def test_paper_shows_the_address_behind_the_name_of_the_source(page: Page, index: Path) -> None:
    with open_index(index) as engine:
        hits = engine.search(Query("paper lung")).hits
    found = next(hit for hit in hits if hit.header.provenance.url)
    page.goto(f"/answers/{found.document.id}")
    page.emulate_media(media="print")
    shown: str = page.locator(".meta a").evaluate("link => getComputedStyle(link, '::after').content")
    assert str(found.header.provenance.url) in shown


def test_paper_is_white_and_marks_with_a_line_whatever_the_screen_was(page: Page, paths: dict[str, str]) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(paths["marked answer"])
    assert background(page) == [255, 255, 255]
    color, line, width = style(page.locator("mark"), "color", "border-bottom-color", "border-bottom-width")
    assert (color, line, width) == ("rgb(0, 0, 0)", "rgb(0, 0, 0)", "2px")
