"""The pages as a reader gets them: that they say what the endpoint says, and that their links lead on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer import build_index
from tests.conftest import PAGES
from tests.webui.reading import HtmlPage, ask, client_of, read_page

SHEET = "factsheets-starter-corpus-multifocal-motor-neuropathy-bd2d486d"


def pages_from(client: FlaskClient, path: str) -> Iterator[HtmlPage]:
    """Yield the page of results at an address, and those that the links to the next page lead to."""
    following = [path]
    while following:
        yield (page := read_page(client.get(following[0])))
        following = [link["href"] for link in page.all("a", rel="next")]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/", 200, "about 4 conditions, last updated from 2013 to 2019."),
        ("/?q=+", 200, "about 4 conditions"),
        ("/?q=how+is+hartnup+treated", 200, "Showing Treatment of Hartnup disease first. Search exactly what I typed"),
        ("/?q=moyamoya&exact=1", 200, "Searched exactly what was typed."),
        ("/?q=zebra&updated_to=2013", 200, "No answers match zebra"),
        ("/?q=zebra+disease", 200, "Does not mention: zebra"),
        ("/?q=hnd", 200, "Matched HND, another name for Hartnup disease."),
        ("/?q=tremor&type=exams+and+tests", 200, "No date on the source · Source: not known"),
        ("/?type=treatment&sort=title&utm_source=elsewhere", 200, "Remove filter type: Treatment"),
        ("/?q=a&type=treatmet&page=0", 400, "page must be a whole number between 1 and 1,000,000"),
        (f"/answers/{SHEET}.90ae0286", 200, "Last updated 1 May 2013 ("),
        (f"/sheets/{SHEET}", 200, "Also called MMN; MMNCB;"),
        ("/answers/gone-00000000.00000000", 404, "There is no answer 'gone-00000000.00000000' here."),
        ("/sheets/gone-00000000", 404, "There is no fact sheet 'gone-00000000' here."),
        ("/nowhere", 404, "Page not found"),
    ],
)
def test_each_page_keeps_the_rules_of_all_pages_and_says_what_is_so(
    client: FlaskClient, path: str, status: int, says: str
) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert says in read_page(response).text


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/answers/gard-neuropathy-bd2d486d.90ae0286", 301, f"/answers/{SHEET}.90ae0286"),
        ("/sheets/gard-neuropathy-bd2d486d", 301, f"/sheets/{SHEET}"),
        ("/?q=disease&type=treatment&page=9", 302, "/?q=disease&type=treatment"),
    ],
)
def test_an_earlier_title_or_a_page_past_the_end_leads_to_what_there_is(
    client: FlaskClient, path: str, status: int, location: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (status, location)


@pytest.mark.parametrize("query", ["q=disease+tremor", "q=treatment&type=treatment", "sort=newest", "q=zebra"])
@pytest.mark.parametrize("group", ["none", "subject"])
def test_the_pages_show_what_their_json_alternates_have(client: FlaskClient, query: str, group: str) -> None:
    found = 0
    for page in pages_from(client, f"/?{query}&per_page=2&group={group}"):
        body = ask(client, page.all("link", type="application/json")[0]["href"])
        links = [link["href"] for link in page.all("a") if link.get("href", "").startswith("/answers/")]
        for result in body["results"]:
            assert result["url"] in links
            assert {other["url"] for other in result["folded"]} <= set(links)
            found += 1 + len(result["folded"])
        assert [heading.text for heading in page.all("h2") if "id" in heading] == [
            r["question"] for r in body["results"]
        ]
    assert found == ask(client, f"/api/v1/search?{query}")["total"]


def test_a_long_text_is_searched_by_its_beginning_and_the_page_says_so(client: FlaskClient) -> None:
    pasted, cut, whole = (read_page(client.get("/", query_string={"q": "x" * n})) for n in (8000, 2001, 2000))
    notice = "Your text was longer than can be searched; its beginning was used."
    assert [notice in page.text for page in (pasted, cut, whole)] == [True, True, False]
    assert pasted.typed == cut.typed == whole.typed == "x" * 2000


def test_each_filter_leads_to_as_many_answers_as_it_says_and_back(client: FlaskClient) -> None:
    page = read_page(client.get("/?q=disease+tremor"))
    links = {link.text: link["href"] for link in page.all("a")}
    choices = [item.text.rpartition(" ") for item in page.all("li") if item.text.rpartition(" ")[2].isdigit()]
    assert len(choices) > 5
    for label, _, count in choices:
        chosen = read_page(client.get(links[label]))
        assert chosen.all("h1")[0].text.strip().startswith(f"{count} answer")
        (remove,) = (link for link in chosen.all("a") if link.text.startswith("Remove filter") and label in link.text)
        assert remove["href"] == "/?q=disease+tremor"


def test_filters_travel_with_the_search_box(client: FlaskClient) -> None:
    given = "type=causes&subject=B&source=C&updated_from=2013&updated_to=2014&sort=title"
    hidden = read_page(client.get(f"/?q=a&{given}")).all("input", type="hidden")
    assert "&".join(f"{field['name']}={field['value']}" for field in hidden) == given


def test_the_answer_page_has_the_whole_answer_its_references_and_its_neighbours(client: FlaskClient) -> None:
    for result in ask(client, per_page=100)["results"]:
        page, body = read_page(client.get(result["url"])), ask(client, f"/api/v1{result['url']}")
        assert page.all("h1")[0].text == result["question"]
        blocks = ["".join(piece["text"] for piece in block["segments"]) for block in body["answer"]["blocks"]]
        assert page.all("div", class_="text")[0].text == "".join(blocks)
        numbers = [item["id"] for item in page.all("li") if "value" in item]
        assert numbers == [f"ref-{reference['number']}" for reference in body["references"]]
        for near in filter(None, (body["previous"], body["next"])):
            assert page.all("a", href=near["url"])


def test_the_only_answer_of_a_sheet_has_no_heading_over_others(client: FlaskClient, tmp_path: Path) -> None:
    build_index([PAGES / "one-question.txt"], tmp_path)
    alone = client_of(tmp_path)
    for one, expected in ((client, 1), (alone, 0)):
        address = ask(one)["results"][0]["url"]
        page = read_page(one.get(address))
        assert sum(heading.text.startswith("Other questions") for heading in page.all("h2")) == expected
