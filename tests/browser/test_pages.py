"""What a reader meets, in a browser without scripts: the pages need none but for suggestions and for copying."""

import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.site import KINDS, QUESTION, open_everything

NAME = "Multifocal motor neuropathy"
TREATED = "How is multifocal motor neuropathy treated?"


def results(page: Page) -> Locator:
    """Return the results of a page."""
    return page.locator(".results > li")


def first_result(page: Page) -> Locator:
    """Return the result that stands first."""
    return results(page).first


def count(page: Page) -> int:
    """Return how many answers the page says there are."""
    shown = [page.locator("h1.count"), *page.locator(".rest", has_text="other answer").all()]
    return sum(int(line.inner_text().split()[0].replace(",", "")) for line in shown)


def expect_count(page: Page, number: int) -> None:
    """Wait until the page says that there are so many answers."""
    for _ in range(50):
        if count(page) == number:
            return
        page.wait_for_timeout(100)
    assert count(page) == number


def at(path: str) -> re.Pattern[str]:
    """Return what matches the address that a path has on a site."""
    return re.compile(f"^http://[^/]+{re.escape(path)}$")


# One question, from the box to the reference


def test_a_question_brings_the_answer_about_treatment_first_with_marked_words(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search fact sheets").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(first_result(page).get_by_role("heading")).to_have_text(TREATED)
    marked = first_result(page).locator(".text mark")
    expect(marked.first).to_be_visible()
    assert all(word.casefold().startswith("treat") for word in marked.all_inner_texts())


def test_a_result_shows_the_date_of_its_facts_and_their_age(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    expect(first_result(page).locator("time")).to_be_visible()
    expect(first_result(page).locator(".meta")).to_contain_text(
        re.compile(r"Last updated 1 May 2013 \(\d+ years ago\)")
    )


def test_a_marker_in_a_snippet_leads_to_its_reference_on_the_page_of_the_answer(
    page: Page, paths: dict[str, str]
) -> None:
    page.goto(paths["result"])
    first_result(page).locator(".text").first.get_by_text("[1]", exact=True).first.click()
    expect(page).to_have_url(at(paths["marked answer"] + "#ref-1"))
    expect(page.locator("#ref-1")).to_be_in_viewport()
    expect(page.locator("#ref-1")).to_contain_text("Genetic and Rare Diseases Information Center")


def test_the_question_stays_in_the_box(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    expect(page.locator("#q")).to_have_value(QUESTION)


def test_an_example_and_a_kind_of_answer_lead_to_their_answers(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=QUESTION).click()
    expect(first_result(page).get_by_role("heading")).to_have_text(TREATED)
    page.goto("/")
    entry = page.locator(".kinds li", has_text="Treatment")
    promised = int(entry.locator(".quiet").inner_text())
    entry.get_by_role("link").click()
    expect_count(page, promised)
    assert all(crumb.endswith("Treatment") for crumb in results(page).locator(".crumb").all_inner_texts())


# How a question was read


def test_what_else_was_searched_is_said_and_one_link_searches_exactly_what_was_typed(page: Page) -> None:
    page.goto("/?q=treatmnt+of+hartnup")
    read = page.locator(".read-as")
    expect(read).to_contain_text("Showing Treatment of Hartnup disease first. Also searched treatment for treatmnt.")
    before = count(page)
    page.get_by_role("link", name="Search exactly what I typed").click()
    expect(read).to_have_text(re.compile("^Searched exactly what was typed."))
    expect(page.locator("#q")).to_have_value("treatmnt of hartnup")
    expect(first_result(page)).to_contain_text("Does not mention: treatmnt")
    page.get_by_role("link", name="Let the search read the question").click()
    expect_count(page, before)


def test_a_word_as_near_to_two_names_offers_both(page: Page) -> None:
    page.goto("/?q=hyprcandelic+wax")
    mean = page.locator(".mean")
    expect(mean).to_have_text("Did you mean Hypercandelic ague or Hypocandelic ague?")
    mean.get_by_role("link", name="Hypocandelic ague").click()
    expect(page.locator(".card").get_by_role("heading", level=2)).to_have_text("Hypocandelic ague")


def test_a_kind_of_answer_that_the_sheet_of_a_condition_does_not_have_is_said(page: Page) -> None:
    page.goto("/?q=moyamoya+diagnosis&likely=0")
    expect(page.locator(".notice")).to_contain_text(
        "No section here on Diagnosis of Moyamoya disease. It may be mentioned below."
    )
    expect(first_result(page).locator(".crumb")).to_contain_text("Moyamoya disease")
    expect(page.locator(".apart")).to_have_text("About other conditions")


def test_a_result_says_which_other_name_matched_and_which_words_it_does_not_mention(page: Page) -> None:
    page.goto("/?q=MMN+zebra")
    expect(first_result(page)).to_contain_text(f"Matched MMN, another name for {NAME}.")
    expect(first_result(page).locator("s")).to_have_text("zebra")


# A name alone


def test_an_exact_name_has_a_card_of_links_and_of_what_is_not_covered(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["card"])
    card = page.get_by_role("region", name=NAME)
    expect(card).to_contain_text("Also called MMN; MMNCB")
    expect(card.locator(".text")).to_be_visible()
    links = card.locator(".grid a")
    expect(links).to_have_text(["Overview", "Symptoms", "Causes", "Inheritance", "Treatment", "Outlook"])
    missing = card.locator(".absent")
    expect(missing).to_have_text("Not covered here: Diagnosis.")
    expect(missing.get_by_role("link")).to_have_count(0)
    grey = missing.evaluate("one => getComputedStyle(one).color")
    assert grey not in [link.evaluate("one => getComputedStyle(one).color") for link in links.all()]
    links.filter(has_text="Treatment").click()
    expect(page).to_have_url(at(paths["answer"]))
    page.goto(paths["card"])
    card.get_by_role("heading").get_by_role("link").click()
    expect(page).to_have_url(at(paths["sheet"]))


def test_the_card_of_a_condition_with_two_sheets_names_both_sources(page: Page) -> None:
    page.goto("/?q=quill+wrist")
    card = page.locator(".card")
    expect(card.locator(".sheets a")).to_have_text(["Ash Archive", "Oak Archive"])
    expect(card.locator(".absent")).not_to_contain_text("Causes")


@pytest.mark.parametrize("text", ["quill wrist pain", "wrist"])
def test_a_question_that_is_more_or_less_than_a_name_has_no_card(page: Page, text: str) -> None:
    page.goto(f"/?{urlencode({'q': text})}")
    assert count(page)
    expect(page.locator(".card")).to_have_count(0)


# What narrows, orders and parts the results


@pytest.mark.parametrize(
    ("facet", "value", "shown", "filter_"),
    [
        ("type", "Treatment", ".crumb", "type: Treatment"),
        ("updated", "2013", "time", "updated: 2013"),
        ("source", "Factsheets starter corpus", ".meta", "source: Factsheets starter corpus"),
    ],
)
def test_a_filter_narrows_the_results_and_its_removal_restores_them(
    page: Page, paths: dict[str, str], facet: str, value: str, shown: str, filter_: str
) -> None:
    page.goto(paths["result"])
    before = count(page)
    page.get_by_text("Filter and sort").click()
    entry = page.locator(f"section[aria-labelledby=facet-{facet}] li", has_text=value)
    promised = int(entry.locator(".quiet").inner_text())
    entry.get_by_role("link").click()
    expect_count(page, promised)
    assert promised < before
    assert all(value in text for text in results(page).locator(shown).all_inner_texts())
    expect(page.get_by_text("Filter and sort (1 on)")).to_be_visible()
    chosen = page.locator(".choices [aria-current]", has_text=value)
    expect(chosen).to_have_count(1)
    page.get_by_role("link", name=f"Remove filter {filter_}").click()
    expect(page.locator(".filters")).to_have_count(0)
    expect_count(page, before)


def test_two_filters_narrow_together_travel_with_the_next_question_and_go_at_once(page: Page) -> None:
    page.goto(f"/?{urlencode({'q': QUESTION, 'type': 'treatment', 'updated_from': '2013', 'updated_to': '2013'})}")
    narrow = count(page)
    assert narrow > 0
    page.locator("#q").fill("whispering kettle disease")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#q")).to_have_value("whispering kettle disease")
    expect(page.locator(".filters li")).to_have_count(3)
    page.locator("#q").fill(QUESTION)
    page.keyboard.press("Enter")
    expect_count(page, narrow)
    page.get_by_role("link", name="Remove all filters").click()
    expect(page.locator(".filters")).to_have_count(0)
    assert count(page) > narrow


@pytest.mark.parametrize(("order", "key"), [("Newest first", "date"), ("A to Z", "name")])
def test_results_stand_in_the_order_that_is_chosen(page: Page, order: str, key: str) -> None:
    page.goto("/?q=disease+ague&per_page=100")
    page.get_by_text("Filter and sort").click()
    page.locator(".choices").get_by_role("link", name=order).click()
    page.get_by_text("Filter and sort").click()
    expect(page.locator(".choices [aria-current]")).to_have_text(order)
    names = [re.split(" \u203a ", text)[0] for text in results(page).locator(".crumb").all_inner_texts()]
    dates = results(page).locator("time").evaluate_all("all => all.map(one => one.dateTime)")
    assert len(names) > 3
    if key == "name":
        assert names == sorted(names, key=str.casefold)
    else:
        assert [date[:4] for date in dates] == sorted((date[:4] for date in dates), reverse=True)


def test_the_next_page_goes_on_where_the_first_ended_and_numbers_lead_anywhere(
    page: Page, paths: dict[str, str]
) -> None:
    page.goto(f"{paths['result']}&per_page=1&likely=0")
    pages = page.get_by_role("navigation", name="Pages of results")
    heading = first_result(page).get_by_role("heading", level=2)
    first = heading.inner_text()
    last = page.locator("h1.count").inner_text().split()[-1]
    expect(pages.get_by_role("link", name="Previous page")).to_have_count(0)
    pages.get_by_role("link", name="Next page").click()
    expect(pages.locator("[aria-current=page]")).to_have_text("2")
    expect(page.locator("h1.count")).to_contain_text(f"page 2 of {last}")
    expect(page).to_have_title(re.compile(f"page 2 of {last}"))
    expect(page.locator("ol.results")).to_have_attribute("start", "2")
    expect(heading).not_to_have_text(first)
    expect(pages.get_by_role("listitem")).to_have_text(["1", "2", "3", "…", last])
    pages.get_by_role("link", name=f"Page {last}").click()
    expect(pages.get_by_role("link", name="Next page")).to_have_count(0)
    pages.get_by_role("link", name="Page 1", exact=True).click()
    expect(heading).to_have_text(first)


def test_a_page_after_the_last_is_the_first(page: Page, paths: dict[str, str]) -> None:
    page.goto(f"{paths['result']}&page=99")
    expect(page).to_have_url(at(paths["result"]))


def test_the_other_answers_about_a_condition_are_folded_under_the_best(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["result"])
    folded = first_result(page).locator(".folded")
    links = folded.get_by_role("link")
    expect(links.first).to_be_hidden()
    folded.locator("summary").click()
    expect(links.first).to_be_visible()
    expect(folded.locator("summary")).to_have_text(f"{links.count()} more answers about {NAME}")
    assert TREATED not in links.all_inner_texts()
    links.first.click()
    expect(page.locator(".crumb")).to_contain_text(NAME)


# When there is nothing to show


def test_a_word_that_stands_nowhere_is_named_and_there_are_ways_on(page: Page, paths: dict[str, str]) -> None:
    response = page.goto(paths["zero results"])
    assert response is not None
    assert response.status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text("No answers match xylophone")
    expect(page.get_by_role("region", name="What happened")).to_contain_text("xylophone: not found in any answer")
    for way, heading in (("A to Z", "Conditions from A to Z"), ("what this collection covers", "What is here")):
        page.goto(paths["zero results"])
        page.get_by_role("region", name="Other ways").get_by_role("link", name=way).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_each_word_of_a_question_that_finds_nothing_leads_to_what_it_finds_alone(page: Page) -> None:
    page.goto("/?q=%22sunlight+kettle%22")
    happened = page.get_by_role("region", name="What happened")
    entry = happened.get_by_role("listitem").filter(has=page.get_by_text("kettle", exact=True))
    promised = int(entry.get_by_role("link").inner_text().split()[0])
    entry.get_by_role("link").click()
    assert promised > 0
    expect_count(page, promised)


def test_the_names_nearest_to_one_that_finds_nothing_are_offered(page: Page) -> None:
    page.goto("/?q=hyprcandelik&exact=1")  # else its sound decides
    near = page.get_by_role("region", name="Did you mean")
    expect(near.get_by_role("link")).to_have_text(["Hypercandelic ague", "Hypocandelic ague"])
    near.get_by_role("link").first.click()
    expect(first_result(page).locator(".crumb")).to_contain_text("Hypercandelic ague")


def test_what_would_be_found_without_a_filter_is_one_link_away(page: Page) -> None:
    page.goto("/?q=kettle&updated_from=1990&updated_to=1991")
    expect(page.get_by_role("heading", level=1)).to_have_text("No answers match kettle")
    without = page.get_by_role("listitem").filter(has_text="Without the filter updated")
    promised = int(without.get_by_role("link").inner_text().split()[0])
    without.get_by_role("link").click()
    expect(page.locator(".filters")).to_have_count(0)
    assert promised > 0
    expect_count(page, promised)


def test_parameters_that_make_no_sense_are_all_named_on_a_page(page: Page, paths: dict[str, str]) -> None:
    response = page.goto(paths["bad parameters"])
    assert response is not None
    assert response.status == 400
    problems = page.get_by_role("main").get_by_role("listitem")
    expect(problems).to_have_count(2)
    expect(problems.filter(has_text="type")).to_contain_text("must be one of")
    expect(problems.filter(has_text="page")).to_contain_text("whole number")


def test_an_answer_that_is_not_there_gives_a_page_with_ways_on(page: Page, paths: dict[str, str]) -> None:
    response = page.goto(paths["not found"])
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    page.locator(".error").get_by_role("link", name="A to Z").click()
    expect(page.get_by_role("heading", name="Conditions from A to Z")).to_be_visible()
    page.goto(paths["not found"])
    page.get_by_role("link", name="Go to the start page").click()
    expect(page.get_by_role("heading", name="Search fact sheets")).to_be_visible()


def test_a_site_without_an_index_says_so_in_words(page: Page, paths: dict[str, str]) -> None:
    response = page.goto(paths["no index"])
    assert response is not None
    assert response.status == 503
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing to search yet")
    expect(page.locator(".error")).to_contain_text("cannot be searched at the moment")


# Lists of what is here


def test_the_a_to_z_leads_from_a_letter_to_a_name_to_its_sheet(page: Page, paths: dict[str, str]) -> None:
    page.goto("/")
    page.get_by_role("link", name="M", exact=True).click()
    expect(page).to_have_url(at("/a-to-z/m"))
    expect(page.locator(".letters [aria-current=page]")).to_have_text("M")
    page.get_by_role("link", name=NAME, exact=True).last.click()
    expect(page).to_have_url(at(paths["sheet"]))


def test_another_name_says_under_which_it_is_found(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["letter"])
    entry = page.get_by_role("listitem").filter(has_text="MMNCB")
    expect(entry).to_have_text(f"MMNCB, see {NAME}")
    entry.get_by_role("link").click()
    expect(page).to_have_url(at(paths["sheet"]))


def test_a_name_that_two_sheets_have_leads_to_both(page: Page) -> None:
    page.goto("/a-to-z/q")
    page.get_by_role("link", name="Quill wrist", exact=True).last.click()
    expect(page.locator(".card .sheets a")).to_have_count(2)


def test_a_letter_without_names_is_text_and_its_page_says_so(page: Page) -> None:
    page.goto("/a-to-z")
    expect(page.locator(".letters").get_by_text("X", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="X", exact=True)).to_have_count(0)
    page.goto("/a-to-z/x")
    expect(page.locator("main")).to_contain_text("There are currently no conditions listed under X.")


def test_a_letter_with_many_names_has_a_heading_for_each_beginning(page: Page) -> None:
    page.goto("/a-to-z/q")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Qa", "Qe", "Qi", "Qo", "Qu"])


def test_what_is_here_counts_sources_kinds_and_years_and_each_leads_to_its_answers(page: Page) -> None:
    page.goto("/coverage")
    row = page.get_by_role("row").filter(has_text="Ash Archive")
    expect(row.get_by_role("cell")).to_have_text(["3", "6", "2014 to April 2015", "not given", "not given"])
    for link, promised in (
        (row.get_by_role("link"), 6),
        (page.locator(".kinds li", has_text="Treatment").get_by_role("link"), None),
        (page.locator(".kinds li", has_text="2021").get_by_role("link"), None),
    ):
        page.goto("/coverage")
        shown = promised or int(link.locator("xpath=..").locator(".quiet").inner_text())
        link.click()
        expect_count(page, shown)


# An answer and its sheet


def test_an_answer_leads_to_its_sheet_and_the_sheet_back_to_the_answer(page: Page, paths: dict[str, str]) -> None:
    page.goto(paths["answer"])
    page.locator(".crumb").get_by_role("link", name=NAME).click()
    expect(page).to_have_url(at(paths["sheet"]))
    page.locator(".sheet section").get_by_role("link", name=TREATED).click()
    expect(page).to_have_url(at(paths["answer"]))


def test_the_words_of_a_question_are_marked_on_the_page_of_an_answer_until_one_removes_them(
    page: Page, paths: dict[str, str]
) -> None:
    page.goto(paths["result"])
    first_result(page).get_by_role("heading").get_by_role("link").click()
    expect(page).to_have_url(at(paths["marked answer"]))
    expect(page.locator(".text mark").first).to_be_visible()
    expect(page.locator("#q")).to_have_value(QUESTION)
    page.get_by_role("link", name="Remove the marks").click()
    expect(page).to_have_url(at(paths["answer"]))
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_role("link", name="Remove the marks")).to_have_count(0)


def test_a_marker_leads_to_its_reference_and_the_reference_back_to_that_place(
    page: Page, paths: dict[str, str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(paths["answer"])
    markers = page.locator(".text .cite", has_text="[1]")
    for place in (0, markers.count() - 1):
        markers.nth(place).click()
        expect(page.locator("li:target")).to_be_in_viewport()
        expect(page.locator("li:target")).to_have_attribute("value", "1")
        page.locator("li:target .back a").nth(place).click()
        expect(page.locator(".cite:target")).to_be_in_viewport()
        assert page.locator(":target").get_attribute("id") == markers.nth(place).get_attribute("id")


def test_the_references_of_the_whole_sheet_are_folded_under_those_of_the_answer(
    page: Page, paths: dict[str, str]
) -> None:
    page.goto(paths["answer"])
    every = page.locator(".all-references")
    expect(every.locator("summary")).to_have_text("All 6 references of the fact sheet")
    expect(every.get_by_text("Autoantibodies. LabTestsOnline")).to_be_hidden()
    every.locator("summary").click()
    expect(every.get_by_text("Autoantibodies. LabTestsOnline")).to_be_visible()


@pytest.mark.parametrize(
    ("label", "ending", "begins"), [("RIS", "ris", "TY  -"), ("BibTeX", "bib", "@"), ("CSL", "json", "[")]
)
def test_a_citation_is_a_file_to_keep(page: Page, paths: dict[str, str], label: str, ending: str, begins: str) -> None:
    page.goto(paths["answer"])
    with page.expect_download() as download:
        page.locator(".cite-this").get_by_role("link", name=label).click()
    assert download.value.suggested_filename == f"{paths['answer'].removeprefix('/answers/')}.{ending}"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert paths["answer"] in text


def test_the_permanent_link_of_an_answer_is_in_its_citation_and_in_no_question(
    page: Page, site: str, paths: dict[str, str]
) -> None:
    page.goto(paths["marked answer"])
    expect(page.locator("link[rel=canonical]")).to_have_attribute("href", site + paths["answer"])
    expect(page.locator(".citation")).to_contain_text(site + paths["answer"] + " (retrieved ")
    response = page.goto(site + paths["answer"])
    assert response is not None
    assert (response.status, response.request.redirected_from) == (200, None)


def test_an_answer_names_the_others_of_its_sheet_what_is_not_covered_and_similar_answers(
    page: Page, paths: dict[str, str]
) -> None:
    page.goto(paths["answer"])
    sheet = page.get_by_role("navigation", name=f"This fact sheet on {NAME}")
    expect(sheet.locator("[aria-current=page]")).to_have_text(TREATED)
    expect(sheet.locator(".absent")).to_have_text(["Diagnosis: not covered on this fact sheet"])
    sheet.get_by_role("link", name="Read the whole fact sheet").click()
    expect(page).to_have_url(at(paths["sheet"]))
    page.goto(paths["answer"])
    similar = page.get_by_role("navigation", name="Similar answers").get_by_role("link")
    question, _, condition = similar.first.inner_text().partition(" (")  # where the question does not name it
    similar.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.locator(".crumb")).to_contain_text(condition.removesuffix(")"))


def test_the_contents_of_a_sheet_lead_to_its_questions_in_their_order(page: Page, paths: dict[str, str]) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(paths["sheet"])
    links = page.get_by_role("navigation", name="Questions on this fact sheet").get_by_role("link")
    assert links.all_inner_texts() == page.locator(".sheet section h2").all_inner_texts()
    links.last.click()
    last = f"What is the outlook for people with {NAME[0].lower()}{NAME[1:]}?"
    expect(page.locator("section:target").get_by_role("heading", name=last)).to_be_in_viewport()


def test_words_that_many_sheets_share_are_folded(page: Page) -> None:
    page.goto("/?q=lamp+chill+7")
    first_result(page).get_by_role("heading").get_by_role("link").click()
    expect(page.locator(".text")).to_contain_text("Lamp chill 7 comes after 7 lamps.")
    note = page.get_by_text("This note stands on every sheet of this archive.")
    expect(note).to_be_hidden()
    page.get_by_text("Text that many sheets here have in common").click()
    expect(note).to_be_visible()


# Nothing comes in, nothing goes out


def test_no_request_leaves_the_site(new_page: NewPage, site: str, paths: dict[str, str]) -> None:
    page = new_page(java_script_enabled=True)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    for kind in KINDS:
        page.goto(paths[kind])
        open_everything(page)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    seen = {re.sub("^/static/[0-9a-f]+/", "", urlsplit(url).path) for url in asked}
    assert seen >= {"/", "site.css", "site.js", "wordmark.svg", paths["answer"], paths["sheet"]}


def test_a_page_has_one_script_and_no_style_of_its_own(page: Page, paths: dict[str, str]) -> None:
    for path in paths.values():
        page.goto(path)
        expect(page.locator("script:not([type='application/ld+json'])")).to_have_count(1)
        expect(page.locator("head > script[type=module][src^='/static/']:empty")).to_have_count(1)
        expect(page.locator("style, [style], link[rel=stylesheet]:not([href^='/static/'])")).to_have_count(0)
