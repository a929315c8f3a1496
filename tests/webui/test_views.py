"""The pages as a reader gets them: that they say what the endpoint says, and that their links lead on."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.webui.reading import ask, read_page, result_pages

SHEET = "factsheets-starter-corpus-multifocal-motor-neuropathy-bd2d486d"


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
    assert says in read_page(response).words


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
    for page, body in result_pages(client, f"/?{query}&per_page=2&group={group}"):
        asked = f"?{urlencode({'q': body['query']['text']})}" if body["query"]["text"] else ""
        for article, result in zip(page.all("article"), body["results"], strict=True):
            assert article.one("h2").links == {result["question"]: result["url"] + asked}
            folded = [one["href"] for fold in article.all("details", class_="folded") for one in fold.all("a")]
            assert folded == [other["url"] + asked for other in result["folded"]]
            found += 1 + len(folded)
    assert found == ask(client, f"/api/v1/search?{query}")["total"]


def test_a_long_text_is_searched_by_its_beginning_and_the_page_says_so(client: FlaskClient) -> None:
    pasted, cut, whole = (read_page(client.get("/", query_string={"q": "x" * n})) for n in (8000, 2001, 2000))
    notice = "Your text was longer than can be searched; its beginning was used."
    assert [notice in page.words for page in (pasted, cut, whole)] == [True, True, False]
    assert pasted.typed == cut.typed == whole.typed == "x" * 2000
