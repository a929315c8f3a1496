"""The page of results: card, sections, folds, filters, pages, and what it offers when nothing was found."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer import build_index, question_types
from tests.webui.reading import client_of, get_page, result_pages
from webui.wording import page_numbers

LABELS = {entry.id: entry.label for entry in question_types()}

#: Searches that find nothing, each for a reason of its own.
EMPTY = [
    "q=zebra",
    "q=hartnpu&exact=1",
    'q="zebra+tremor"&source=nobody',
    "q=tremor+-tremor&type=treatment&type=causes",
    "q=hartnup&updated_from=1990&updated_to=1991",
    "q=moyamoya&type=exams+and+tests&source=factsheets+starter+corpus",
    "type=exams+and+tests&subject=Moyamoya+disease",
    "q=type:frequency+hartnup+treat*+harntup~",
    "q=shaking+-shaking&exact=1",
]


# The card of a condition


@pytest.mark.parametrize("question", ["zinc fever", "Zinc chills", "zinc  FEVER?"])
def test_a_name_alone_has_a_card_with_every_question_of_every_sheet_and_what_none_answers(
    library: FlaskClient, question: str
) -> None:
    card = get_page(library, f"/?q={question}").one("section", class_="card")
    assert card.one("h2").words == "Zinc fever"
    assert card.one("p", class_="names").words == "Also called Brass founder's ague; Zinc chills"
    assert [sheet.words for sheet in card.one("p", class_="sheets").all("a")] == ["Alpha Institute", "Beta Press"]
    kinds = card.one("ul", class_="grid").all("a", class_="kind")
    assert [kind.words for kind in kinds] == ["Overview", "Causes", "Inheritance", "Treatment"]
    (both,) = (entry for entry in card.one("ul", class_="grid").all("li") if entry.all("span", class_="quiet"))
    assert both.words.startswith("Overview Alpha Institute")
    assert "; also Beta Press" in both.words
    for kind in kinds:
        assert kind.words in get_page(library, kind["href"]).one("nav", class_="crumb").words
    assert not card.all("p", class_="absent")


def test_a_card_says_what_no_sheet_answers_and_leads_to_the_only_sheet_by_its_name(client: FlaskClient) -> None:
    card = get_page(client, "/?q=lakeside+tremor").one("section", class_="card")
    assert card.one("p", class_="absent").words == "Not covered here: Symptoms, Causes, Treatment."
    assert not card.all("h3")
    assert get_page(client, card.one("h2").links["Lakeside tremor"]).one("h1").words == "Lakeside tremor"


@pytest.mark.parametrize(
    "search",
    ["q=how+is+zinc+fever+treated", "q=zinc+fever&sort=title", "q=zinc+fever&exact=1", "q=zinc+fever&source=Beta+Press",
     "q=zinc+fever&per_page=1&page=2", "q=brass+founder's+ague", "q=zinc", "q=zebra"],
)  # fmt: skip
def test_whoever_asks_for_more_than_a_name_gets_no_card(library: FlaskClient, search: str) -> None:
    assert not get_page(library, f"/?{search}").all("section", class_="card")


# A result, and what stands beside it


def test_a_result_leads_to_the_other_questions_of_its_sheet_and_says_what_that_does_not_answer(
    client: FlaskClient,
) -> None:
    (page, body), *_ = result_pages(client, "/?q=tremor&group=none&per_page=100")
    for article, result in zip(page.all("article"), body["results"], strict=True):
        said = article.one("p", class_="others")
        first_of_kind = {other["type"]: other["url"] for other in reversed(result["others"])}
        assert [link["href"] for link in said.all("a")] == list(
            dict.fromkeys(first_of_kind[other["type"]] for other in result["others"])
        )
        kinds = {f"{LABELS[type]} ({result['subject']['name']})" for type in first_of_kind}
        assert set(said.links) == kinds
        absent = ", ".join(LABELS[type] for type in result["not_covered"])
        assert said.one("span", class_="absent").words == f"Not covered: {absent}."


def test_a_sheet_that_answers_everything_that_is_usual_is_not_said_to_lack_anything(client: FlaskClient) -> None:
    (article,) = get_page(client, "/?q=treatment&subject=hartnup+disease").all("article")
    assert "Also answered" in article.words
    assert "Not covered" not in article.words


def test_folded_answers_name_their_source_where_it_is_another(library: FlaskClient) -> None:
    (page, body), *_ = result_pages(library, "/?q=how+is+zinc+fever+treated")
    result, folded = body["results"][0], page.one("details", class_="folded")
    assert folded.one("summary").words == "4 more answers about Zinc fever"
    expected = [
        f"{other['question']} {other['source']}" if other["source"] != result["source"] else other["question"]
        for other in result["folded"]
    ]
    assert [entry.words for entry in folded.all("li")] == expected
    assert {other["source"] for other in result["folded"]} == {"Alpha Institute", "Beta Press"}


@pytest.mark.parametrize("more", ["", "&group=none", "&sort=newest&group=none", "&sort=title"])
@pytest.mark.parametrize("question", ["how is zinc fever treated", "is mara ache treated with soup", "elbow", "chill"])
def test_what_stands_below_about_other_conditions_is_about_no_condition_that_was_named(
    library: FlaskClient, question: str, more: str
) -> None:
    for page, body in result_pages(library, f"/?q={question}&per_page=20{more}"):
        focus = body["query"]["understood"]["focus"]
        named = [result["sheet_id"] in {id for one in focus for id in one["sheet_ids"]} for result in body["results"]]
        entries = [entry for entry in page.one("ol", class_="results").elements if entry.all("article")]
        apart = [bool(entry.all("h2", class_="apart")) for entry in entries]
        last = max((place for place, flag in enumerate(named) if flag), default=len(named))
        assert apart == [place == last + 1 for place in range(len(named))]


def test_the_references_of_the_first_answer_are_open_and_of_the_others_folded(client: FlaskClient) -> None:
    for page, body in result_pages(client, "/?q=treatment&per_page=2"):
        folds = page.all("details", class_="cited")
        assert len(folds) == sum(bool(result["references"]) for result in body["results"])
        assert ["open" in fold for fold in folds] == [body["page"] == 1 and not n for n in range(len(folds))]


def test_markers_of_a_snippet_lead_to_the_references_of_the_answer_with_its_words_still_marked(
    client: FlaskClient,
) -> None:
    page = get_page(client, "/?q=how+is+hartnup+treated&likely=0")
    markers = {marker["href"] for marker in page.all("a", class_="cite")}
    assert len(markers) > 2
    for address in markers:
        path, _, place = address.partition("#")
        assert path.endswith("?q=how+is+hartnup+treated")
        assert get_page(client, path).one("li", id=place)


# Filters and order


def test_each_filter_leads_to_as_many_answers_as_it_says_and_back(client: FlaskClient) -> None:
    page = get_page(client, "/?q=disease+tremor")
    choices = [entry.words.rpartition(" ") for entry in page.one("details", class_="refine").all("li")]
    counted = [(label, int(count)) for label, _, count in choices if count.isdigit()]
    assert len(counted) > 5
    for label, count in counted:
        chosen = get_page(client, page.links[label])
        assert chosen.count == count
        (remove,) = (address for words, address in chosen.links.items() if "Remove" in words and label in words)
        assert remove == "/?q=disease+tremor"


def test_filters_travel_with_the_search_box(client: FlaskClient) -> None:
    given = "type=causes&subject=B&source=C&updated_from=2013&updated_to=2014&sort=title"
    hidden = get_page(client, f"/?q=a&{given}").all("input", type="hidden")
    assert "&".join(f"{field['name']}={field['value']}" for field in hidden) == given


def test_a_year_is_switched_on_and_off_and_another_takes_its_place(library: FlaskClient) -> None:
    page = get_page(library, "/?q=zinc+fever")
    for year, count in (("2019", 2), ("2015", 1), ("2013", 2)):
        page = get_page(library, page.links[year])
        assert page.count == count
        assert [link.words for link in page.all("a", aria_current="true")] == [year, "Relevance"]
        assert page.links[f"Remove filter updated: {year} \u00d7"] == page.links[year] == "/?q=zinc+fever"


def test_a_kind_and_a_source_are_added_and_taken_away_one_by_one_or_all_at_once(library: FlaskClient) -> None:
    page = get_page(library, "/?q=zinc+fever&sort=newest")
    for label in ("Treatment", "Overview", "Beta Press"):
        page = get_page(library, page.links[label])
    assert (page.one("summary").words, page.count) == ("Filter and sort (3 on)", 2)
    without = {words: get_page(library, address).count for words, address in page.links.items() if "Remove" in words}
    assert without == {
        "Remove filter type: Treatment \u00d7": 1,
        "Remove filter type: Overview \u00d7": 1,
        "Remove filter source: Beta Press \u00d7": 4,
        "Remove all filters": 6,
    }
    assert page.links["Remove all filters"] == "/?q=zinc+fever&sort=newest"


def test_one_filter_has_no_link_to_remove_all(library: FlaskClient) -> None:
    assert "Remove all filters" not in get_page(library, "/?q=zinc+fever&type=treatment").words


def test_the_order_that_is_chosen_is_marked_and_filters_stay_on(library: FlaskClient) -> None:
    page = get_page(library, "/?q=zinc+fever&source=Beta+Press")
    for label, sort in (("Newest first", "newest"), ("A to Z", "title"), ("Relevance", "relevance")):
        order = page.one("section", aria_labelledby="order")
        page = get_page(library, order.links[label])
        (chosen,) = page.one("section", aria_labelledby="order").all("a", aria_current="true")
        assert chosen.words == label
        assert page.count == 3
        assert [field["value"] for field in page.all("input", name="sort")] == ([] if sort == "relevance" else [sort])


# Pages


def test_numbered_pages_lead_through_all_results_and_the_one_that_is_shown_is_marked(library: FlaskClient) -> None:
    shown = [*result_pages(library, "/?q=elbow&per_page=5")]
    assert len(shown) == 13
    for number, (page, body) in enumerate(shown, start=1):
        pages = page.one("nav", class_="pages")
        (current,) = pages.all("a", aria_current="page")
        assert (current.words, current["aria-label"]) == (str(number), f"Page {number}")
        texts = ["…" if one is None else str(one) for one in page_numbers(number, 13)]
        assert [entry.words for entry in pages.all("li")] == texts
        for link in pages.one("ol").all("a"):
            assert get_page(library, link["href"]).one("title").words.startswith(f"elbow (page {link.words} of 13)")
        assert page.one("ol", class_="results")["start"] == str(5 * number - 4)
        assert [*pages.links][:: len(pages.links) - 1] == [
            "Previous page" if number > 1 else "1",
            "Next page" if number < 13 else "13",
        ]
        assert body["page"] == number


def test_one_page_has_no_numbers(client: FlaskClient) -> None:
    assert not get_page(client, "/?q=hartnup").all("nav", class_="pages")


# Nothing was found


@pytest.mark.parametrize("search", EMPTY)
def test_when_nothing_is_found_each_number_of_answers_leads_to_as_many(client: FlaskClient, search: str) -> None:
    page = get_page(client, f"/?{search}")
    assert page.one("h1").words.startswith("No answers match")
    ways = page.one("section", aria_labelledby="ways").links
    for entry in page.one("section", aria_labelledby="happened").all("li"):
        assert entry.words.endswith((" answers", " answer", "not found in any answer"))
        for link in entry.all("a"):
            assert get_page(client, link["href"]).count == int(link.words.split()[0]) > 0
    assert ways["A to Z"] == "/a-to-z"
    assert ways["what this collection covers"] == "/coverage"


def test_when_nothing_is_found_every_word_and_every_filter_is_named(client: FlaskClient) -> None:
    page = get_page(client, "/?q=zebra+tremor&type=treatment&source=nobody&updated_from=1990")
    said = [entry.words for entry in page.one("section", aria_labelledby="happened").all("li")]
    assert said == [
        "zebra: not found in any answer",
        "tremor: 5 answers",
        "Without the filter type: Treatment: 0 answers",
        "Without the filter source: nobody: 0 answers",
        "Without the filter updated: 1990: 0 answers",
    ]
    assert "Remove all filters" in page.links


def test_when_nothing_is_found_the_nearest_names_are_offered_and_found(client: FlaskClient) -> None:
    near = get_page(client, "/?q=hartnpu&exact=1").one("section", aria_labelledby="near")
    assert near.one("h2").words == "Did you mean"
    assert near.links == {"Hartnup disease": "/?q=Hartnup+disease"}
    assert get_page(client, near.links["Hartnup disease"]).count > 6
    assert not get_page(client, "/?q=zebra").all("section", aria_labelledby="near")


def test_when_nothing_is_found_there_are_no_results_no_card_and_no_choices(client: FlaskClient) -> None:
    for search in EMPTY:
        page = get_page(client, f"/?{search}")
        assert not [element for tag in ("article", "ol", "details") for element in page.all(tag)]
        assert not page.all("section", class_="card")


def test_when_nothing_is_found_the_names_that_may_be_meant_are_offered_once(tmp_path: Path) -> None:
    for name in ("Hypercandelic ague", "Hypocandelic ague"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n## What is {name}?\n\nA chill.\n", encoding="utf-8")
    build_index([tmp_path], tmp_path / ".index")
    client = client_of(tmp_path / ".index")
    for question, shown in (("hyprcandelic", ["h2"]), ("hyprcandelic chill", ["p"])):
        page = get_page(client, f"/?q={question}")
        assert [
            part.tag for tag in ("h2", "p") for part in page.all(tag) if part.words.startswith("Did you mean")
        ] == shown
        assert {"Hypercandelic ague", "Hypocandelic ague"} <= {*page.links}
