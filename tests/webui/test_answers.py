"""The pages of an answer and of a sheet: text, marks, references, ways on, citations, and what programs read there."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer import build_index
from tests.conftest import PAGES
from tests.webui.reading import HtmlPage, ask, client_of, every_result, get_page

MEDIA_TYPES = {
    "txt": "text/plain; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
}

#: Two lists of references that both begin at 1.
TWO_LISTS = """# Copper cough

## What is copper cough?

A cough.[1]

### References

1. Quill A. Coughs. 2011.

## How is copper cough treated?

With tea.[1]

### References

1. Ember B. Teas. 2012.
"""


def first_answer(client: FlaskClient, question: str) -> Any:
    """Return what is found first."""
    return ask(client, q=question)["results"][0]


def linked_data(page: HtmlPage) -> Any:
    """Return what a page says to programs."""
    return json.loads(page.one("script", type="application/ld+json").text)


def test_the_answer_page_has_the_whole_answer_its_references_and_its_neighbours(client: FlaskClient) -> None:
    for result in every_result(client):
        page, body = get_page(client, result["url"]), ask(client, f"/api/v1{result['url']}")
        assert page.one("h1").text == result["question"]
        blocks = ["".join(piece["text"] for piece in block["segments"]) for block in body["answer"]["blocks"]]
        assert page.one("div", class_="text").text == "".join(blocks)
        numbers = [entry["id"] for entry in page.all("li") if "id" in entry]
        assert numbers == [f"ref-{reference['number']}" for reference in body["references"]]
        for near in filter(None, (body["previous"], body["next"])):
            assert page.all("a", href=near["url"])


def test_the_answer_page_lists_every_question_of_its_sheet_in_order_and_marks_its_own(client: FlaskClient) -> None:
    for result in every_result(client):
        page, sheet = get_page(client, result["url"]), get_page(client, f"/sheets/{result['sheet_id']}")
        entries = page.one("nav", aria_labelledby="others").all("li")
        listed = [entry for entry in entries if entry.get("class") != "absent"]
        asked = [entry.words for entry in sheet.one("nav", class_="contents").all("li")]
        assert [entry.words for entry in listed] == asked
        assert [entry.words for entry in listed if entry.all("span", aria_current="page")] == [result["question"]]
        assert [entry.words for entry in listed if not entry.all("a")] == [result["question"]]
        assert all(
            get_page(client, address).one("h1").words == words for one in listed for words, address in one.links.items()
        )


def test_the_answer_page_says_what_its_sheet_does_not_answer(client: FlaskClient) -> None:
    page = get_page(client, first_answer(client, "lakeside tremor")["url"])
    absent = [entry.words for entry in page.one("nav", aria_labelledby="others").all("li", class_="absent")]
    assert absent == [f"{kind}: not covered on this fact sheet" for kind in ("Symptoms", "Causes", "Treatment")]
    sheet = get_page(client, page.links["Read the whole fact sheet"])
    assert sheet.one("p", class_="absent").words == "Not covered: Symptoms, Causes, Treatment."


def test_the_only_answer_of_a_sheet_lists_no_other(tmp_path: Path) -> None:
    build_index([PAGES / "one-question.txt"], tmp_path)
    alone = client_of(tmp_path)
    page = get_page(alone, ask(alone)["results"][0]["url"])
    assert [entry.words for entry in page.one("nav", aria_labelledby="others").all("li")] == [page.one("h1").words]
    assert not page.all("nav", aria_labelledby="similar")


def test_similar_answers_stand_on_other_sheets_and_say_whose_they_are(library: FlaskClient) -> None:
    result = first_answer(library, "mara ache")
    body = ask(library, f"/api/v1{result['url']}")
    similar = get_page(library, result["url"]).one("nav", aria_labelledby="similar")
    assert similar.links == {other["question"]: other["url"] for other in body["similar"]}
    assert len(similar.links) > 2


# Marks


def test_words_that_somebody_searched_for_are_marked_until_the_marks_are_removed(client: FlaskClient) -> None:
    page = get_page(client, "/?q=how+is+hartnup+treated")
    marked = get_page(client, page.all("article")[0].one("h2").links["How is Hartnup disease treated?"])
    assert {mark.words for mark in marked.one("div", class_="text").all("mark")} == {"Hartnup", "Treatment"}
    assert marked.typed == "how is hartnup treated"
    assert "Words of how is hartnup treated are marked." in marked.words
    plain = get_page(client, marked.links["Remove the marks"])
    assert (plain.all("mark"), plain.typed) == ([], "")
    assert "are marked" not in plain.words
    assert plain.one("div", class_="text").text == marked.one("div", class_="text").text


def test_a_question_whose_words_an_answer_does_not_have_marks_nothing_and_says_nothing_of_marks(
    client: FlaskClient,
) -> None:
    page = get_page(client, f"{first_answer(client, 'hartnup')['url']}?q=zebra")
    assert not page.all("mark")
    assert "are marked" not in page.words


# References


@pytest.mark.parametrize("kind", ["answers", "sheets"])
def test_each_place_that_cites_leads_to_its_reference_and_each_reference_back_to_all_of_them(
    client: FlaskClient, kind: str
) -> None:
    results = every_result(client)
    addresses = {result["url"] if kind == "answers" else f"/sheets/{result['sheet_id']}" for result in results}
    for address in addresses:
        page = get_page(client, address)
        uses: dict[str, list[str]] = {}
        for marker in page.all("a", class_="cite"):
            uses.setdefault(marker["href"], []).append(f"#{marker['id']}")
            assert marker["aria-label"].startswith(f"Reference {marker['href'].removeprefix('#ref-')}: ")
        entries = [entry for entry in page.all("li") if "id" in entry]
        back = {f"#{entry['id']}": [link["href"] for span in entry.all("span", class_="back") for link in span.all("a")]
                for entry in entries}  # fmt: skip
        assert {reference: places for reference, places in back.items() if places} == uses
        labels = [link["aria-label"] for entry in entries for link in entry.all("a") if "aria-label" in link]
        assert len(labels) == len(set(labels)) == sum(map(len, uses.values()))


def test_all_references_of_the_sheet_are_folded_below_where_the_answer_cites_only_some(library: FlaskClient) -> None:
    for question, cited in (("what is zinc fever", [1, 2]), ("how is zinc fever treated", [1])):
        page = get_page(library, first_answer(library, question)["url"])
        own, everything = page.all("ol", class_="references")
        assert [int(entry["value"]) for entry in own.all("li")] == cited
        assert page.one("details", class_="all-references").one("summary").words == "All 3 references of the fact sheet"
        assert [entry["value"] for entry in everything.all("li")] == ["1", "2", "3"]


def test_an_answer_that_cites_all_references_of_its_sheet_does_not_list_them_twice(client: FlaskClient) -> None:
    page = get_page(client, first_answer(client, "hartnup")["url"])
    assert not page.all("details", class_="all-references")
    assert len(page.all("ol", class_="references")) == 1


def test_a_reference_has_its_address_its_identifier_and_the_day_it_was_read(library: FlaskClient) -> None:
    page = get_page(library, first_answer(library, "what is zinc fever")["url"])
    chills, fumes = page.all("ol", class_="references")[0].all("li")
    assert chills.links["https://alpha.example/chills"] == "https://alpha.example/chills"
    assert "Accessed 3 February 2020." in chills.words
    assert "DOI 10.1234/fumes." in fumes.words


def test_where_each_answer_has_a_list_of_its_own_the_markers_of_the_sheet_lead_to_the_answers(tmp_path: Path) -> None:
    (tmp_path / "copper.md").write_text(TWO_LISTS, encoding="utf-8")
    build_index([tmp_path], tmp_path / ".index")
    client = client_of(tmp_path / ".index")
    page = get_page(client, f"/sheets/{first_answer(client, 'copper cough')['sheet_id']}")
    cited = [
        get_page(client, marker["href"].partition("#")[0]).one("li", id="ref-1")
        for marker in page.all("a", class_="cite")
    ]
    assert [entry.words.partition(".")[0] for entry in cited] == ["Quill A", "Ember B"]
    assert not page.all("span", class_="back")
    assert len(page.one("ol", class_="references").all("li")) == 2


# The sheet


def test_the_sheet_page_has_a_list_of_its_questions_and_every_answer_in_reading_order(client: FlaskClient) -> None:
    for sheet_id in {result["sheet_id"] for result in every_result(client)}:
        page = get_page(client, f"/sheets/{sheet_id}")
        sections = [section for section in page.all("section") if section.get("id", "").startswith("answer-")]
        contents = [link["href"] for link in page.one("nav", class_="contents").all("a")]
        assert contents == [f"#{section['id']}" for section in sections]
        chain = [section.one("h2").all("a")[0]["href"] for section in sections]
        for address, following, section in zip(chain, [*chain[1:], None], sections, strict=True):
            answer, body = get_page(client, address), ask(client, f"/api/v1{address}")
            assert section.one("div", class_="text").text == answer.one("div", class_="text").text
            assert (body["next"] or {"url": None})["url"] == following


def test_the_sheet_page_says_where_it_comes_from_and_nothing_that_is_not_known(library: FlaskClient) -> None:
    origins = {}
    for question in ("zinc fever", "mara ache"):
        page = get_page(library, f"/sheets/{first_answer(library, question)['sheet_id']}")
        rows = page.one("dl", class_="origin")
        origins[question] = dict(
            zip((row.words for row in rows.all("dt")), (row.words for row in rows.all("dd")), strict=True)
        )
    assert origins["zinc fever"] == {
        "Source": "Alpha Institute",
        "Original page": "https://alpha.example/zinc",
        "Retrieved": "3 February 2020",
        "Licence": "CC BY 4.0",
    }
    assert origins["mara ache"] == {"Source": "not known", "Original page": "not known", "Licence": "not known"}


# Citations


def test_a_citation_can_be_had_as_a_file_of_every_format_that_the_page_offers(library: FlaskClient) -> None:
    result = first_answer(library, "what is zinc fever")
    page = get_page(library, result["url"])
    offered = [address for address in page.one("p", class_="actions").links.values() if "citation." in address]
    assert [address.rpartition(".")[2] for address in offered] == ["ris", "bib", "json"]
    for ending, media_type in MEDIA_TYPES.items():
        response = library.get(f"{result['url']}/citation.{ending}")
        assert (response.status_code, response.content_type) == (200, media_type)
        assert response.headers["Content-Disposition"] == f"attachment; filename={result['id']}.{ending}"
        for said in ("zinc fever", "Alpha Institute", f"http://localhost{result['url']}", "https://alpha.example/zinc"):
            assert said in response.text


def test_the_citation_on_the_page_the_one_to_copy_and_the_one_in_a_file_are_the_same(client: FlaskClient) -> None:
    results = get_page(client, "/?q=hartnup+disease")
    address = ask(client, q="hartnup disease")["results"][0]["url"]
    page, file = get_page(client, address), client.get(f"{address}/citation.txt").text
    texts = [button["data-copy"] for button in page.all("button", class_="copy")]
    assert texts == [page.one("p", class_="citation").words, f"http://localhost{address}"]
    assert {texts[0], results.all("button", class_="copy")[0]["data-copy"]} == {file.strip()}
    assert all("hidden" in button for button in page.all("button", class_="copy"))


@pytest.mark.parametrize("ending", ["xml", "RIS", "ris.txt", "txt%00", "..", "html"])
def test_a_citation_in_an_unknown_format_is_not_found(client: FlaskClient, ending: str) -> None:
    address = first_answer(client, "hartnup")["url"]
    assert "There is no citation" in get_page(client, f"{address}/citation.{ending}", 404).words
    assert "There is no citation" in get_page(client, "/answers/gone-00000000.00000000/citation.ris", 404).words


def test_a_citation_asked_for_by_an_earlier_id_has_the_address_of_today(client: FlaskClient) -> None:
    result = first_answer(client, "hartnup")
    text = client.get(f"/answers/earlier-title-{result['id'].rpartition('-')[2]}/citation.txt").text
    assert f"http://localhost{result['url']} " in text


# What programs read


@pytest.mark.parametrize(
    ("base_url", "site"),
    [(None, "http://localhost"), ("https://facts.example", "https://facts.example"),
     ("https://facts.example/below/", "https://facts.example/below")],
)  # fmt: skip
def test_every_absolute_address_is_the_one_that_others_see_the_site_at(
    library_index: Path, base_url: str | None, site: str
) -> None:
    client = client_of(library_index, base_url=base_url)
    result = first_answer(client, "zinc chills")
    answer, sheet = get_page(client, f"{result['url']}?q=zinc"), get_page(client, f"/sheets/{result['sheet_id']}")
    for page, path in ((answer, result["url"]), (sheet, f"/sheets/{result['sheet_id']}")):
        assert page.one("link", rel="canonical")["href"] == linked_data(page)["url"] == f"{site}{path}"
    assert (
        linked_data(sheet)["mainEntity"][0]["url"]
        == linked_data(answer)["mainEntity"]["url"]
        == f"{site}{result['url']}"
    )
    assert f" {site}{result['url']} " in answer.one("p", class_="citation").words
    assert answer.all("button", class_="copy")[1]["data-copy"] == f"{site}{result['url']}"
    for ending in MEDIA_TYPES:
        assert f"{site}{result['url']}" in client.get(f"{result['url']}/citation.{ending}").text
    assert all(address.startswith(f"{site}/") for address in json.loads(client.get("/suggestions?q=zinc").data)[3])
    assert (
        client.get("/opensearch.xml").text.count(f">{site}/") + client.get("/opensearch.xml").text.count(f'"{site}/')
        == 5
    )


def test_the_pages_tell_programs_their_question_their_answer_and_what_they_are_based_on(library: FlaskClient) -> None:
    result = first_answer(library, "zinc chills")
    answer, sheet = get_page(library, result["url"]), get_page(library, f"/sheets/{result['sheet_id']}")
    for page, kind in ((answer, "MedicalWebPage"), (sheet, ["MedicalWebPage", "FAQPage"])):
        data = linked_data(page)
        assert (data["@type"], data["isBasedOn"]) == (kind, "https://alpha.example/zinc")
        assert data["about"]["name"] == "Zinc fever"
    assert linked_data(answer)["mainEntity"]["name"] == result["question"]
    asked = [entry["name"] for entry in linked_data(sheet)["mainEntity"]]
    assert asked == [entry.words for entry in sheet.one("nav", class_="contents").all("li")]
    assert "isBasedOn" not in linked_data(get_page(library, first_answer(library, "mara ache")["url"]))
