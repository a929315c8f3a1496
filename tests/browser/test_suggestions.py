"""Suggestions while somebody types, and the key that leads to the box: with keys, with a mouse, and as announced."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import CDPSession, Locator, Page, Route, expect

from tests.browser.conftest import NewPage

#: What the server may say; the pages behind the addresses need not be there.
REPLY: list[dict[str, str | None]] = [
    {"kind": "subject", "text": "Moss elbow", "url": "/sheets/moss-elbow", "subject": None},
    {"kind": "subject", "text": "Green elbow", "url": "/sheets/moss-elbow", "subject": "Moss elbow"},
    {"kind": "answer", "text": "What causes moss elbow?", "url": "/answers/moss-elbow.1", "subject": None},
]
TEXTS = [str(one["text"]) for one in REPLY]
HINT = "3 suggestions, use the up and down arrows"
ASKED = re.compile(r"/api/v1/suggest\?")


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The start page in a browser that runs scripts."""
    page = new_page(java_script_enabled=True)
    page.goto("/")
    return page


@pytest.fixture
def box(page: Page) -> Locator:
    """The box, with the focus in it."""
    box = page.get_by_role("combobox", name="Search fact sheets")
    box.focus()
    return box


@pytest.fixture
def opened(page: Page, box: Locator) -> Locator:
    """The box, with "mo" in it and the list of REPLY open."""
    reply(page)
    page.keyboard.type("mo")
    expect(options(page)).to_have_count(3)
    return box


def options(page: Page) -> Locator:
    """Return the suggestions that are shown."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def status(page: Page) -> Locator:
    """Return the element whose text a screen reader says."""
    return page.locator("body > [role=status]")


def reply(page: Page, suggestions: object = REPLY, code: int = 200) -> list[str]:
    """Have the server reply to every text alike; returns the list that fills with the texts that it is asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.extend(parse_qs(urlsplit(route.request.url).query)["q"])
        route.fulfill(status=code, json={"suggestions": suggestions})

    page.route(ASKED, answer)
    return asked


def held(page: Page, pattern: str) -> list[Route]:
    """Return the list that fills with the requests that get no reply until a test gives it."""
    waiting: list[Route] = []
    page.route(re.compile(pattern), lambda route: waiting.append(route))
    return waiting


def stop_the_clock(page: Page) -> None:
    """Load the start page in a world whose time passes only when a test says so."""
    page.clock.install(time=0)
    page.goto("/")
    page.clock.pause_at(3_600_000)
    page.locator("#q").focus()


# What is suggested


def test_what_is_typed_brings_names_and_then_questions_each_with_its_kind(page: Page, box: Locator) -> None:
    page.keyboard.type("moya")
    expect(options(page).first).to_have_accessible_name("Moyamoya disease condition")
    expect(options(page).filter(has_text="Moya-moya")).to_have_accessible_name(
        "Moya-moya disease another name for Moyamoya disease"
    )
    expect(options(page).filter(has_text="?").first).to_have_accessible_name(re.compile(r"\? answer$"))
    kinds = options(page).evaluate_all("all => all.map(one => one.dataset.kind)")
    assert kinds == sorted(kinds, reverse=True)
    assert set(kinds) == {"subject", "answer"}


def test_one_letter_brings_nothing_and_the_second_does(page: Page, box: Locator) -> None:
    asked = reply(page)
    stop_the_clock(page)
    page.keyboard.type("m")
    page.clock.run_for(1000)
    assert asked == []
    page.keyboard.type("o")
    page.clock.run_for(1000)
    expect(options(page)).to_have_count(3)
    assert asked == ["mo"]


def test_the_server_is_asked_once_for_a_word_that_is_typed_fast(page: Page, box: Locator) -> None:
    asked = reply(page)
    stop_the_clock(page)
    for letter in "moss elbow":
        page.keyboard.type(letter)
        page.clock.run_for(50)
    assert asked == []
    page.clock.run_for(150)
    expect(options(page)).to_have_count(3)
    assert asked == ["moss elbow"]


def test_a_text_that_was_asked_for_before_is_not_asked_for_again(page: Page, box: Locator) -> None:
    asked = reply(page)
    for key in ("m", "o", "s", "Backspace", "s"):
        page.keyboard.press(key)
        page.wait_for_timeout(200)
    expect(options(page)).to_have_count(3)
    assert asked == ["mo", "mos"]


def test_no_more_than_eight_are_shown(page: Page, box: Locator) -> None:
    reply(page, REPLY * 4)
    page.keyboard.type("mo")
    expect(options(page)).to_have_count(8)


def test_a_reply_that_comes_too_late_is_dropped(page: Page, box: Locator) -> None:
    reply(page)
    late = held(page, r"suggest\?q=mo$")
    with page.expect_request(ASKED):
        page.keyboard.type("mo")
    page.keyboard.type("s")
    expect(options(page)).to_have_text([re.compile(text) for text in map(re.escape, TEXTS)])
    late[0].fulfill(json={"suggestions": REPLY[:1]})
    page.wait_for_timeout(100)
    expect(options(page)).to_have_count(3)


def test_a_reply_does_not_change_the_list_once_somebody_moves_in_it(page: Page, box: Locator) -> None:
    reply(page)
    late = held(page, r"suggest\?q=mos$")
    page.keyboard.type("mo")
    expect(options(page)).to_have_count(3)
    with page.expect_request(ASKED):
        page.keyboard.type("s")
    page.keyboard.press("ArrowDown")
    late[0].fulfill(json={"suggestions": REPLY[2:]})
    page.wait_for_timeout(100)
    expect(options(page)).to_have_count(3)
    expect(box).to_have_value("Moss elbow")


def test_a_reply_does_not_open_the_list_after_somebody_has_left_the_box(page: Page, box: Locator) -> None:
    late = held(page, ASKED.pattern)
    with page.expect_request(ASKED):
        page.keyboard.type("mo")
    page.keyboard.press("Tab")
    late[0].fulfill(json={"suggestions": REPLY})
    page.wait_for_timeout(100)
    expect(options(page)).to_have_count(0)


@pytest.mark.parametrize("failure", ["no connection", "an error", "no JSON", "another JSON"])
def test_a_failure_is_silent_and_the_question_can_still_be_asked(page: Page, box: Locator, failure: str) -> None:
    failures: dict[str, Callable[[Route], None]] = {
        "no connection": lambda route: route.abort(),
        "an error": lambda route: route.fulfill(status=503, json={"title": "Service unavailable"}),
        "no JSON": lambda route: route.fulfill(body="<h1>Log in to this network</h1>"),
        "another JSON": lambda route: route.fulfill(json=[]),
    }
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    reply(page)
    page.route(re.compile(r"suggest\?q=mos$"), failures[failure])
    page.keyboard.type("mo")
    expect(options(page)).to_have_count(3)
    page.keyboard.type("s")
    expect(options(page)).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    page.wait_for_timeout(1000)
    expect(status(page)).to_have_text("")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=mos$"))
    assert errors == []


def test_hostile_suggestions_stay_text_and_lead_nowhere_else(page: Page, box: Locator) -> None:
    hostile = '<img src=x onerror="document.title = 1"> & {{7*7}}'
    here = {"kind": "subject", "text": hostile, "url": "/sheets/x", "subject": hostile}
    elsewhere = ["https://example.org/", "//example.org/", "\\\\example.org", "javascript:alert(1)", "data:text/html,x"]
    reply(page, [*(REPLY[0] | {"url": url} for url in elsewhere), here])
    title = page.title()
    page.keyboard.type("mo")
    expect(options(page)).to_have_count(1)
    expect(options(page)).to_have_text(f"{hostile} another name for {hostile}")
    expect(page.locator("#suggestions img")).to_have_count(0)
    assert page.title() == title


# By keyboard


def test_nothing_is_chosen_beforehand_and_enter_asks_what_was_typed(page: Page, opened: Locator) -> None:
    expect(page.locator("[aria-selected], [aria-activedescendant]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=mo$"))


def test_the_arrows_fill_the_box_and_lead_round_through_what_was_typed(page: Page, opened: Locator) -> None:
    for text in [*TEXTS, "mo", *TEXTS[:1]]:
        page.keyboard.press("ArrowDown")
        expect(opened).to_have_value(text)
    expect(opened).to_be_focused()
    for text in ["mo", *reversed(TEXTS), "mo"]:
        page.keyboard.press("ArrowUp")
        expect(opened).to_have_value(text)


def test_the_option_in_the_box_is_the_active_and_the_only_selected_one(page: Page, opened: Locator) -> None:
    for text in TEXTS:
        page.keyboard.press("ArrowDown")
        selected = page.locator("[aria-selected=true]")
        expect(selected).to_contain_text(text)
        expect(opened).to_have_attribute("aria-activedescendant", str(selected.get_attribute("id")))
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected], [aria-activedescendant]")).to_have_count(0)


@pytest.mark.parametrize("kind", ["subject", "answer"])
def test_one_enter_goes_to_the_suggestion_that_is_chosen(page: Page, box: Locator, kind: str) -> None:
    page.keyboard.type("moya")
    expect(options(page).first).to_contain_text("Moyamoya disease")
    wanted = page.locator(f".suggestion[data-kind={kind}]").first
    target = str(wanted.get_attribute("href"))
    text = wanted.locator(".suggestion-text").inner_text()
    for _ in range(8):
        if box.input_value() != text:
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(target) + "$"))


def test_a_suggestion_that_is_typed_on_counts_as_typed(page: Page, opened: Locator) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.type("s")
    expect(page.locator("[aria-selected], [aria-activedescendant]")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=Moss\+elbows$"))


def test_enter_asks_what_stands_in_the_box_and_never_an_older_choice(page: Page, opened: Locator) -> None:
    page.keyboard.press("ArrowDown")
    opened.evaluate("box => { box.value = 'tremor' }")  # as other programs fill it in, without a word
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=tremor$"))


def test_home_and_end_move_in_the_text_and_the_suggestion_then_counts_as_typed(page: Page, opened: Locator) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert opened.evaluate("box => box.selectionStart") == 0
    expect(page.locator("[aria-selected], [aria-activedescendant]")).to_have_count(0)
    page.keyboard.press("End")
    assert opened.evaluate("box => box.selectionStart") == len("Moss elbow")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=Moss\+elbow$"))


def test_escape_closes_and_brings_back_what_was_typed_and_a_second_one_clears(page: Page, opened: Locator) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(opened).to_have_attribute("aria-expanded", "false")
    expect(opened).to_have_value("mo")
    page.keyboard.press("Escape")
    expect(opened).to_have_value("")


def test_an_arrow_opens_the_list_again_with_nothing_chosen(page: Page, opened: Locator) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_count(3)
    expect(opened).to_have_value("mo")


def test_tab_leaves_and_closes_and_changes_nothing_in_the_box(page: Page, opened: Locator) -> None:
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    expect(options(page)).to_have_count(0)
    expect(opened).to_have_value("Moss elbow")


def test_keys_belong_to_an_input_method_while_it_composes(page: Page, box: Locator) -> None:
    reply(page)
    cdp: CDPSession = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": "mo", "selectionStart": 2, "selectionEnd": 2})
    expect(options(page)).to_have_count(3)  # keyboards of Android compose every word
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected], [aria-activedescendant]")).to_have_count(0)
    expect(box).to_have_value("mo")
    cdp.send("Input.insertText", {"text": "mo"})
    page.keyboard.press("ArrowDown")
    expect(box).to_have_value("Moss elbow")


def test_who_comes_back_finds_the_question_of_the_page_and_no_choice(page: Page, box: Locator) -> None:
    page.goto("/?q=moya")
    box.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sheets/"))
    page.go_back()
    expect(box).to_have_value("moya")
    expect(options(page)).to_have_count(0)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=moya$"))


def test_a_page_that_is_kept_for_going_back_keeps_what_was_typed_and_no_list(page: Page, opened: Locator) -> None:
    page.keyboard.press("ArrowDown")
    # The browser that tests drive keeps no pages; this is what one hears that is put away.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(opened).to_have_value("mo")
    expect(options(page)).to_have_count(0)


# By mouse and by touch


def test_a_click_goes_to_the_suggestion(page: Page, box: Locator) -> None:
    page.keyboard.type("moya")
    expect(options(page).first).to_contain_text("Moyamoya disease")  # no longer those of "mo"
    target = str(options(page).last.get_attribute("href"))
    options(page).last.click()
    expect(page).to_have_url(re.compile(re.escape(target) + "$"))


def test_a_click_with_control_opens_the_suggestion_beside_and_leaves_the_list(page: Page, box: Locator) -> None:
    page.keyboard.type("moya")
    expect(options(page).first).to_contain_text("Moyamoya disease")
    target = str(options(page).first.get_attribute("href"))
    with page.context.expect_page() as beside:
        options(page).first.click(modifiers=["Control"])
    expect(beside.value).to_have_url(re.compile(re.escape(target) + "$"))
    expect(box).to_be_focused()
    expect(options(page).first).to_be_visible()


def test_a_click_elsewhere_closes_the_list(page: Page, opened: Locator) -> None:
    page.locator("footer").click(position={"x": 1, "y": 1})
    expect(options(page)).to_have_count(0)
    expect(opened).to_have_value("mo")


def test_a_tap_goes_to_the_suggestion_and_the_button_of_a_phone_asks_what_was_typed(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=True, has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640})
    page.goto("/")
    page.locator("#q").tap()
    page.keyboard.type("moya")
    expect(options(page).first).to_contain_text("Moyamoya disease")
    target = str(options(page).first.get_attribute("href"))
    options(page).first.tap()
    expect(page).to_have_url(re.compile(re.escape(target) + "$"))
    page.goto("/")
    page.locator("#q").fill("moya")
    expect(options(page).first).to_be_visible()
    page.locator("#q").evaluate("box => box.form.requestSubmit()")  # "Go" on a phone presses no key
    expect(page).to_have_url(re.compile(r"\?q=moya$"))


# What is announced


def test_the_number_of_suggestions_is_said_after_a_pause_and_once(page: Page, box: Locator) -> None:
    reply(page)
    stop_the_clock(page)
    page.keyboard.type("mo")
    page.clock.run_for(150)
    expect(options(page)).to_have_count(3)
    page.clock.run_for(500)
    expect(status(page)).to_have_text("")
    page.clock.run_for(500)
    expect(status(page)).to_have_text(HINT)
    page.keyboard.press("ArrowDown")
    page.clock.run_for(5000)
    expect(status(page)).to_have_text("")


def test_the_same_number_is_said_again_for_another_text(page: Page, box: Locator) -> None:
    reply(page)
    page.keyboard.type("mo")
    expect(status(page)).to_have_text(HINT)
    page.keyboard.type("s")
    expect(status(page)).to_have_text("")
    expect(status(page)).to_have_text(HINT)


@pytest.mark.parametrize(
    ("suggestions", "said"), [([], "No suggestions"), (REPLY[:1], "1 suggestion, use the up and down arrows")]
)
def test_one_suggestion_and_none_are_said_as_such(page: Page, box: Locator, suggestions: object, said: str) -> None:
    reply(page, suggestions)
    page.keyboard.type("mo")
    expect(status(page)).to_have_text(said)


def test_nothing_is_said_of_suggestions_to_somebody_who_has_left_the_box(page: Page, box: Locator) -> None:
    reply(page)
    stop_the_clock(page)
    page.keyboard.type("mo")
    page.clock.run_for(150)
    expect(options(page)).to_have_count(3)
    page.keyboard.press("Tab")
    page.clock.run_for(5000)
    expect(status(page)).to_have_text("")


# The key that leads to the box


def test_a_slash_leads_to_the_box_and_selects_what_is_in_it(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=True)
    page.goto("/?q=tremor")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("1/2")
    expect(page.locator("#q")).to_have_value("1/2")


def test_other_keys_are_left_alone(page: Page) -> None:
    for key in ("Control+/", "Alt+/", "Meta+/", "a"):
        page.keyboard.press(key)
        expect(page.locator("#q")).not_to_be_focused()


def test_a_slash_in_a_field_is_a_slash(page: Page) -> None:
    for field in ("<textarea></textarea>", "<input>", "<p contenteditable>x</p>"):
        page.locator("main").evaluate("(main, field) => main.insertAdjacentHTML('afterbegin', field)", field)
        page.locator("main > :first-child").focus()
        page.keyboard.press("/")
        expect(page.locator("#q")).not_to_be_focused()


def test_the_slash_can_be_switched_off_which_is_remembered_and_on_again(page: Page, paths: dict[str, str]) -> None:
    switch = page.get_by_role("checkbox", name="Press / to go to the search box")
    expect(switch).to_be_checked()
    expect(page.locator("#q")).to_have_attribute("aria-keyshortcuts", "/")
    switch.uncheck()
    page.goto(paths["answer"])
    expect(switch).not_to_be_checked()
    expect(page.locator("#q[aria-keyshortcuts]")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    switch.check()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_the_slash_can_be_switched_off_where_nothing_may_be_remembered(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=True)
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError') }})"
    )
    page.goto("/")
    page.get_by_role("checkbox", name="Press / to go to the search box").uncheck()
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    assert errors == []


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_about_in_the_open_list(new_page: NewPage, scheme: str) -> None:
    page = new_page(java_script_enabled=True, color_scheme=scheme)
    page.goto("/")
    page.locator("#q").focus()
    page.keyboard.type("moya")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_be_visible()
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}})
    assert found.violations_count == 0, found.generate_report()


def test_the_open_list_fits_a_screen_of_320_pixels_and_lies_over_the_page(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=True, viewport={"width": 320, "height": 640})
    reply(page, [*REPLY, REPLY[0] | {"text": "w" * 200}])
    page.goto("/")
    before = page.locator("footer").bounding_box()
    page.locator("#q").focus()
    page.keyboard.type("mo")
    expect(options(page)).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("footer").bounding_box() == before
    boxes = "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right, box.height])"
    for left, right, height in options(page).evaluate_all(boxes):
        assert left >= 0
        assert right <= 320
        assert height >= 24


def test_without_scripts_there_is_a_box_and_nothing_of_all_this(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/")
    expect(page.get_by_role("searchbox", name="Search fact sheets")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.locator("[role=combobox], [role=listbox], [aria-keyshortcuts], .shortcut:visible")).to_have_count(0)
