"""Contrast as WCAG 2.2 computes it, of everything on every page in every state, over what really lies behind it.

Text has 4.5:1 (1.4.3), what is greyed and what is disabled too. What tells a control or its state apart has 3:1 with
what surrounds it (1.4.11): the edges named below, and the ring around what has the focus.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import KINDS, open_everything, open_suggestions

#: Returns what has too little contrast, each with its ratio. Takes the selectors of edges with their properties.
_FAULTS = """edges => {
    const channels = color => color.match(/[\\d.]+/g).map(Number)
    const clear = color => (channels(color)[3] ?? 1) === 0
    function luminance(color) {
        const [red, green, blue] = channels(color).slice(0, 3).map(channel => channel / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    function ratio(one, other) {
        const [dark, light] = [luminance(one), luminance(other)].sort((low, high) => low - high)
        return (light + 0.05) / (dark + 0.05)
    }
    function behind(element) {
        while (clear(getComputedStyle(element).backgroundColor)) element = element.parentElement
        return getComputedStyle(element).backgroundColor
    }
    const faults = []
    function check(element, what, color, ground, least) {
        const found = ratio(color, ground)
        if (found < least) faults.push(
            `${found.toFixed(2)} ${what} ${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`)
    }
    const shown = [...document.body.querySelectorAll('*')].filter(one => one.checkVisibility())
    for (const element of shown) {
        const {opacity, color, backgroundColor, backgroundImage, outlineStyle, outlineColor} = getComputedStyle(element)
        const parts = [color, backgroundColor, outlineColor].map(color => channels(color)[3] ?? 1)
        // The formula knows only plain colours; where there are others it would have to look at pixels.
        if (opacity !== '1' || backgroundImage !== 'none' || parts.some(alpha => alpha > 0 && alpha < 1))
            faults.push(`not plain: ${element.tagName}.${element.className}`)
        const written = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
        if ((written || element.matches('input, textarea')) && !element.matches('.visually-hidden'))
            check(element, 'text', color, behind(element), 4.5)
        if (outlineStyle !== 'none') check(element, 'outline', outlineColor, behind(element.parentElement), 3)
    }
    for (const [selector, property] of edges) for (const element of document.querySelectorAll(selector)) {
        const color = getComputedStyle(element).getPropertyValue(property)
        check(element, property, color, behind(element.parentElement), 3)
    }
    return faults
}"""


def _chosen(page: Page) -> None:
    open_suggestions(page)
    page.keyboard.press("ArrowDown")


def _refused(page: Page) -> None:
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="Copy citation").click()


#: The name of a look, its page, what is done there, and what must be seen in it, or the test is of nothing.
_LOOKS: dict[str, tuple[str, Callable[[Page], None], tuple[str, ...]]] = {
    **{kind: (kind, open_everything, ()) for kind in (*KINDS, "no index")},
    "start": (
        "start",
        open_everything,
        ("#q", ".box button", ".letters a", ".letters span", ".examples a", ".shortcut label", ".skip"),
    ),
    "suggestions": (
        "start",
        _chosen,
        (".suggestions", "[aria-selected=true]", ".suggestion:not([aria-selected]) .suggestion-note"),
    ),
    "result": (
        "result",
        open_everything,
        ("mark", ".cite", ".absent", ".meta .copy", "summary", ".references .quiet"),
    ),
    "card": ("card", open_everything, (".card .names", ".card a", ".card .absent")),
    "filtered": ("filtered", open_everything, (".filters a", ".choices a[aria-current]", ".choices .quiet")),
    "page 2": ("page 2", open_everything, (".cut", ".pages a[aria-current]", ".pages a:not([aria-current])")),
    "letter": ("letter", open_everything, (".letters a[aria-current]", ".letters span", ".names-list a")),
    "not covered": ("/?q=moyamoya+diagnosis", open_everything, (".notice", ".notice b")),
    "did you mean": ("/?q=hyprcandelic+wax", open_everything, (".mean a",)),
    "answer": ("answer", open_everything, (".back a", ".actions .copy", "span[aria-current=page]", "li.absent")),
    "a reference": ("answer#ref-1", open_everything, ("li:target .back a", "li:target a[rel=external]")),
    "a marker": ("answer#use-1-1", open_everything, (".cite:target",)),
    "not copied": ("answer", _refused, (".copy-text",)),
    "shared words": ("/a-to-z/q", open_everything, (".names-list h2",)),
    "sheet": ("sheet", open_everything, (".sheet .absent", ".origin dt", ".sheet section h2 a")),
    "coverage": ("coverage", open_everything, ("dt code", "td", "th a")),
}

#: What tells a control, a mark or a state apart, beside the words in it.
_EDGES = (
    ("#q", "border-top-color"),
    (".box button", "background-color"),
    (".suggestions", "border-top-color"),
    ("[aria-selected=true]", "border-left-color"),
    ("mark", "border-bottom-color"),
    (".notice", "border-left-color"),
    (".filters a", "border-top-color"),
    (".actions .copy", "border-top-color"),
    (".copy-text", "border-top-color"),
    (".letters a[aria-current]", "background-color"),
    (".pages a[aria-current]", "background-color"),
)


#: Marks the first of those that can be pointed at or pressed and stand alike in the tree: it looks like the others.
_MARK_FIRST = """() => {
    const path = one => one ? `${path(one.parentElement)}>${one.tagName}.${one.className}${one.ariaCurrent}` : ''
    const pressed = [...document.querySelectorAll('a, button, input, summary, textarea')]
    for (const first of new Map(pressed.reverse().map(one => [path(one), one])).values()) first.dataset.first = ''
}"""


@contextmanager
def _forced(page: Page, states: list[str]) -> Iterator[None]:
    """Have what can be pointed at or pressed be in some states at once."""
    session = page.context.new_cdp_session(page)
    if states:
        page.evaluate(_MARK_FIRST)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-first]"})
        for node in found["nodeIds"]:
            session.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": states})
    yield
    session.detach()


@pytest.mark.parametrize("look", _LOOKS)
def test_text_edges_and_focus_have_contrast_in_every_state(live_page: Page, paths: dict[str, str], look: str) -> None:
    kind, do, must_be_seen = _LOOKS[look]
    path, _, fragment = kind.partition("#")
    live_page.goto(paths.get(path, path) + (fragment and f"#{fragment}"))
    do(live_page)
    for selector in must_be_seen:
        expect(live_page.locator(selector).first).to_be_visible()
    for states in ([], ["hover", "active"], ["focus", "focus-visible"]):
        with _forced(live_page, states):
            for scheme in ("light", "dark"):
                live_page.emulate_media(color_scheme=scheme)
                assert live_page.evaluate(_FAULTS, _EDGES) == [], (states, scheme)


def test_every_edge_is_seen_in_some_look() -> None:
    seen = {selector for _, _, selectors in _LOOKS.values() for selector in selectors}
    assert {selector for selector, _ in _EDGES} <= seen


def test_a_forced_state_is_seen_and_a_fault_in_it_is_found(live_page: Page, paths: dict[str, str]) -> None:
    live_page.goto(paths["start"])
    with _forced(live_page, ["hover"]):
        assert live_page.evaluate(_FAULTS, _EDGES) == []
        live_page.evaluate(
            "document.styleSheets[0].insertRule('.box button:hover, .letters span { color: #888 }', "
            "document.styleSheets[0].cssRules.length)"
        )
        found = live_page.evaluate(_FAULTS, _EDGES)
    assert {fault.split()[2].split(".")[0] for fault in found} == {"BUTTON", "SPAN"}
