"""Buttons that copy: with the browser's interface, without it, and where nothing may be copied at all."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage

#: As on a site without TLS that is not this machine.
NO_INTERFACE = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
REFUSED = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
NO_COMMAND = "document.execCommand = () => false"


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page in a browser that runs scripts and lets them use the clipboard."""
    return new_page(java_script_enabled=True, permissions=["clipboard-read", "clipboard-write"])


def button_on(page: Page, path: str) -> Locator:
    """Return the button that copies the citation of the answer at a path; it keeps its place whatever it says."""
    page.goto(path)
    button = page.get_by_role("button", name="Copy citation")
    expect(button).to_have_count(1)
    return page.locator("button.copy").first


def clipboard(page: Page) -> str:
    """Return what has been copied, read by a page on which nothing has been taken away."""
    other = page.context.new_page()
    other.goto("/healthz/live")
    text: str = other.evaluate("navigator.clipboard.readText()")
    other.close()
    return text


@pytest.mark.parametrize("world", ["", NO_INTERFACE, REFUSED], ids=["with it", "without the interface", "refused"])
def test_a_click_copies_the_citation_and_the_button_says_so_for_a_while(
    page: Page, paths: dict[str, str], world: str
) -> None:
    page.add_init_script(world)
    page.clock.install(time=0)
    button = button_on(page, paths["answer"])
    page.clock.pause_at(3_600_000)
    citation = button.get_attribute("data-copy")
    assert citation
    button.click()
    expect(button).to_have_text("Copied")
    page.clock.run_for(150)
    expect(page.locator("body > [role=status]")).to_have_text("Copied")
    page.clock.run_for(2000)
    expect(button).to_have_text("Copy citation")
    expect(page.locator("body > [role=status]")).to_have_text("")
    expect(page.locator("textarea")).to_have_count(0)
    assert clipboard(page) == citation


@pytest.mark.parametrize("world", ["", NO_INTERFACE])
def test_the_keyboard_copies_and_the_focus_stays_on_the_button(page: Page, paths: dict[str, str], world: str) -> None:
    page.add_init_script(world)
    button = button_on(page, paths["answer"])
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()


def test_a_second_click_is_confirmed_for_as_long_as_the_first(page: Page, paths: dict[str, str]) -> None:
    page.add_init_script(NO_INTERFACE)  # copying by command is done when the click is; the clock may go on at once
    page.clock.install(time=0)
    button = button_on(page, paths["answer"])
    page.clock.pause_at(3_600_000)
    button.click()
    expect(button).to_have_text("Copied")
    page.clock.run_for(1500)
    button.click()
    page.clock.run_for(1500)
    expect(button).to_have_text("Copied")
    page.clock.run_for(1500)
    expect(button).to_have_text("Copy citation")


def test_where_nothing_may_be_copied_the_text_is_selected_for_the_reader(page: Page, paths: dict[str, str]) -> None:
    page.add_init_script(f"{NO_INTERFACE}; {NO_COMMAND}")
    button = button_on(page, paths["answer"])
    citation = button.get_attribute("data-copy")
    button.click()
    expect(button).to_have_text("Press Ctrl+C")
    expect(page.locator("body > [role=status]")).to_have_text("Press Ctrl+C")
    field = page.get_by_role("textbox", name="Text to copy")
    expect(field).to_be_focused()
    assert page.evaluate("getSelection().toString()") == citation
    page.keyboard.press("Control+c")
    assert clipboard(page) == citation
    page.keyboard.press("Tab")
    expect(field).to_have_count(0)
    expect(button).to_have_text("Copy citation")


def test_every_result_has_a_citation_of_its_own_to_copy(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    buttons = page.locator(".results").get_by_role("button", name="Copy citation")
    texts = buttons.evaluate_all("all => all.map(one => one.dataset.copy)")
    assert len(set(texts)) == len(texts) == page.locator(".results > li").count()
    buttons.last.click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    assert clipboard(page) == texts[-1]


def test_without_scripts_there_are_no_buttons_that_copy(new_page: NewPage, paths: dict[str, str]) -> None:
    page = new_page()
    page.goto(paths["answer"])
    expect(page.locator(".copy")).not_to_have_count(0)
    expect(page.locator(".copy:visible")).to_have_count(0)
