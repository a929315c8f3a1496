"""The site as a whole: what all pages keep to, links that lead on wherever it stands, what its keeper decides."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from indexer import build_index
from indexer.settings import Settings
from tests.webui.reading import addresses_of, ask, client_of, read_page, result_pages

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
        ("/?q=tremor&type=exams+and+tests", 200, "No date on the source"),
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
    for page, body in result_pages(client, f"/?{query}&per_page=2&group={group}&likely=0"):
        asked = f"?{urlencode({'q': body['query']['text']})}" if body["query"]["text"] else ""
        for article, result in zip(page.all("article"), body["results"], strict=True):
            assert article.one("h2").links == {result["question"]: result["url"] + asked}
            folded = [one["href"] for fold in article.all("details", class_="folded") for one in fold.all("a")]
            assert folded == [other["url"] for other in result["folded"]]
            found += 1 + len(folded)
    assert found == ask(client, f"/api/v1/search?{query}")["total"]


def test_a_long_text_is_searched_by_its_beginning_and_the_page_says_so(client: FlaskClient) -> None:
    pasted, cut, whole = (read_page(client.get("/", query_string={"q": "x" * n})) for n in (8000, 2001, 2000))
    notice = "Your text was too long to search, so only the beginning was used."
    assert [notice in page.words for page in (pasted, cut, whole)] == [True, True, False]
    assert pasted.typed == cut.typed == whole.typed == "x" * 2000


# Links, wherever the site is mounted


@pytest.mark.parametrize("prefix", ["", "/a", "/answers", "/facts/here"])
def test_no_page_leaves_its_prefix_and_whatever_it_asks_for_is_there(client: FlaskClient, prefix: str) -> None:
    site = f"http://localhost{prefix}"
    reached: set[str] = set()
    for path in addresses_of(client):
        page = read_page(client.get(path, base_url=site))  # which fails where an address is not below the prefix
        reached.update(address.removeprefix(prefix) for address in page.addresses)
    statuses = {}
    for address in reached:
        with client.get(address, base_url=site) as response:
            statuses[address] = response.status_code
    assert {address: status for address, status in statuses.items() if status != 200} == {}
    routes = client.application.url_map.bind("localhost")
    ends = {routes.match(urlsplit(address).path)[0] for address in reached}
    assert ends == {"search", "answer", "citation", "sheet", "a_to_z", "coverage", "opensearch", "static", "api_search",
                    "api_answer", "api_suggest", "api_openapi", "docs", "problem"}  # fmt: skip


@pytest.mark.parametrize("prefix", ["/a", "/facts/here"])
def test_whoever_is_sent_elsewhere_stays_below_the_prefix(client: FlaskClient, prefix: str) -> None:
    for path in ("/answers/earlier-bd2d486d.90ae0286?q=x", "/sheets/earlier-bd2d486d", "/?q=disease&page=99"):
        response = client.get(path, base_url=f"http://localhost{prefix}")
        assert response.status_code in (301, 302)
        assert response.headers["Location"].startswith(f"{prefix}/")


@pytest.mark.parametrize("prefix", ["/a", "/opensearch", "/facts/here"])
def test_absolute_addresses_have_the_prefix_once(client: FlaskClient, prefix: str) -> None:
    site, path = f"http://localhost{prefix}", f"/answers/{SHEET}.90ae0286"
    page = read_page(client.get(path, base_url=site))
    assert page.one("link", rel="canonical")["href"] == f"{site}{path}"
    assert f"{site}{path} " in page.one("p", class_="citation").words
    for file in ("/opensearch.xml", "/suggestions?q=hartnup", f"{path}/citation.ris"):
        text = client.get(file, base_url=site).text
        assert text.count(f"{site}/") == text.count("http://localhost/") > 0
        assert f"{prefix}{prefix}/" not in text


# What programs and search engines are told


def test_results_and_errors_are_not_for_search_engines_and_everything_else_is(client: FlaskClient) -> None:
    for path in addresses_of(client):
        response = client.get(path)
        robots = [meta["content"] for meta in read_page(response).all("meta", name="robots")]
        hidden = response.status_code >= 400 or (path.startswith("/?") and path != "/?q=")
        assert robots == (["noindex"] if hidden else []), path


def test_only_answers_and_sheets_have_one_lasting_address_and_linked_data(client: FlaskClient) -> None:
    for path in addresses_of(client):
        response = client.get(path)
        page, lasting = read_page(response), path.startswith(("/answers/", "/sheets/")) and response.status_code == 200
        canonical = [link["href"] for link in page.all("link", rel="canonical")]
        assert canonical == ([f"http://localhost{path.partition('?')[0]}"] if lasting else [])
        assert len(page.all("script", type="application/ld+json")) == len(canonical)


def test_head_answers_as_get_does_without_a_body(client: FlaskClient) -> None:
    for path in [
        *addresses_of(client),
        "/opensearch.xml",
        "/suggestions?q=h",
        f"/answers/{SHEET}.90ae0286/citation.bib",
    ]:
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.data) == (got.status_code, b"")
        assert [*head.headers] == [*got.headers]


# What the keeper of a site decides

TOOLS: dict[str, Any] = {
    "site_name": "Tool sheets",
    "subject_word": "tool",
    "subject_words": "tools",
    "disclaimer": "Read the manual as well.",
    "page_type": "TechArticle",
    "subject_type": "Product",
}


def test_every_word_of_medicine_is_a_setting(tmp_path: Path) -> None:
    for name, more in (("Claw hammer", "It drives nails."), ("Bench vice", "It holds what a claw hammer meets.")):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n## What is a {name}?\n\n{more}\n", encoding="utf-8")
    build_index([tmp_path], tmp_path / ".index")
    client = client_of(tmp_path / ".index", **TOOLS)
    asked = [*addresses_of(client), "/?q=claw+hammer"]
    pages = {path: read_page(client.get(path, follow_redirects=True)) for path in asked}
    for page in pages.values():
        assert page.one("title").words.endswith("Tool sheets")
        assert page.one("a", class_="wordmark").words == "Tool sheets"
        assert page.one("form")["data-subject-word"] == "tool"
        assert page.one("footer").all("p")[0].words == "Read the manual as well."
        assert not re.search(r"condition|medical|factsheets", page.words, re.IGNORECASE)
        for script in page.all("script", type="application/ld+json"):
            data = json.loads(script.text)
            assert data["@type"] in ("TechArticle", ["TechArticle", "FAQPage"])
            assert (data["about"]["@type"], data["publisher"]["name"]) == ("Product", "Tool sheets")
    assert "about 2 tools" in pages["/?q="].words
    assert pages["/?q=claw+hammer"].one("h1").words == "1 answer about Claw hammer"
    assert pages["/?q=claw+hammer"].one("h2", class_="apart").words == "About other tools"
    assert pages["/a-to-z"].one("h1").words == "Tools from A to Z"
    assert "There are currently no tools listed under X." in pages["/a-to-z/x"].words


def test_a_site_of_the_usual_name_has_its_word_mark(client: FlaskClient) -> None:
    image = read_page(client.get("/")).one("a", class_="wordmark").one("img")
    assert (image["alt"], Path(image["src"]).name) == ("Factsheets", "wordmark.svg")


@pytest.mark.parametrize(
    "address", ["facts.example", "ftp://facts.example", "javascript:alert(1)", "//facts.example", ""]
)
def test_a_base_url_that_no_browser_would_open_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="must begin with http:// or https://"):
        Settings(base_url=address)


# Without an index

NEED_NO_INDEX = (
    "/static/",
    "/robots.txt",
    "/opensearch.xml",
    "/healthz/live",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/problems/",
)


def test_without_an_index_every_route_says_so_but_those_that_need_none(tmp_path: Path) -> None:
    client = client_of(tmp_path / "none")
    for rule in client.application.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", "x", rule.rule)
        response = client.get(path)
        if path.startswith(NEED_NO_INDEX):
            assert response.status_code == (404 if path.endswith("/x") else 200)
            continue
        assert (response.status_code, response.headers["Retry-After"]) == (503, "30"), path
        if response.mimetype == "text/html":
            page = read_page(response)
            assert page.one("h1").words == "There is nothing to search yet"
            assert page.one("div", class_="error").links
        else:
            assert json.loads(response.data)["detail"].startswith("The index of this site cannot be searched")


def test_a_subject_is_said_to_come_first_only_where_it_does(client: FlaskClient) -> None:
    assert "Showing" in client.get("/?q=moyamoya+treatment").text
    by_title = client.get("/?q=moyamoya+treatment&sort=title").text
    assert "Hartnup" in by_title
    assert "Showing" not in by_title
