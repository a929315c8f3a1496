"""A site's own words, colours, logo and links on its pages; plain words where the sheets are not about health."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from indexer import build_index
from indexer.settings import SiteLink, SourceName, UrgentNotice
from indexer.site import Site, SiteFacet, SiteKind
from tests.webui.reading import ask, client_of, get_page

GUIDE = "---\ntitle: Meal breaks\n---\n\n## Who pays for a meal break?\n\nNobody, if it lasts half an hour.\n"


def test_a_collection_without_kinds_gets_plain_words_and_no_empty_list(tmp_path: Path) -> None:
    (tmp_path / "breaks.md").write_text(GUIDE, encoding="utf-8")
    build_index([tmp_path], tmp_path / ".index")
    client = client_of(tmp_path / ".index")
    start, answer = get_page(client, "/"), get_page(client, "/?q=breaks")
    assert "about 1 subject" in start.words
    assert "By kind of answer" not in start.words
    for page in (
        start,
        answer,
        get_page(client, "/coverage"),
        get_page(client, answer.one("article").all("a")[0]["href"]),
    ):
        assert "medical" not in page.words
        assert "condition" not in page.words
    assert [*start.one("div", class_="examples").links] == ["Meal breaks"]


def test_health_sheets_get_the_words_of_health_and_a_setting_wins(index: Path) -> None:
    assert "about 4 conditions" in get_page(client_of(index), "/").words
    assert "not medical advice" in get_page(client_of(index), "/").words
    assert "about 4 ailments" in get_page(client_of(index, subject_words="ailments"), "/").words


def test_colours_logo_and_links_of_the_site_are_on_every_page(index: Path, tmp_path: Path) -> None:
    (tmp_path / "scales.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    link = SiteLink("Contact us", "https://pay.example/contact")
    client = client_of(
        index,
        accent="#7a1f5c",
        logo=tmp_path / "scales.svg",
        header_links=(link,),
        footer_links=(link,),
        site_name="Pay",
    )
    for path in ("/", "/?q=tremor", "/coverage", "/nowhere"):
        page = get_page(client, path, 404 if path == "/nowhere" else 200)
        for part in ("header", "footer"):
            assert page.one(part, class_="site").links["Contact us"] == link.url
    (image,) = page.all("img")
    logo = client.get(image["src"])
    assert (logo.status_code, logo.mimetype) == (200, "image/svg+xml")
    sheets = [client.get(sheet["href"]) for sheet in page.all("link", rel="stylesheet")]
    assert [sheet.mimetype for sheet in sheets] == ["text/css", "text/css"]
    assert sheets[1].text == "@media (prefers-color-scheme: light) { :root { --accent: #7a1f5c; } }\n"
    logo.close()
    sheets[0].close()


def test_kinds_and_facets_of_the_site_are_parameters_of_page_and_api_and_no_others(tmp_path: Path) -> None:
    for name, category in {"Meal": "Hours", "Rest": "Wages"}.items():
        text = f"---\ntitle: {name} breaks\ncategory: {category}\n---\n\n## Who is covered?\n\nNurses at {name}.\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    site = Site(
        (SiteKind("who", "Who is covered", phrases=("who is covered",)),), facets=(SiteFacet("category", "Topic"),)
    )
    build_index([tmp_path], tmp_path / ".index", site=site)
    client = client_of(tmp_path / ".index")
    body = ask(client, q="breaks", category="wages", type="who")
    assert [result["subject"]["name"] for result in body["results"]] == ["Rest breaks"]
    assert "category=wages" in body["links"]["self"]
    assert [value["value"] for value in body["facets"]["category"]] == ["Hours", "Wages"]
    refused = client.get("/api/v1/search?type=treatment&categry=x").json or {}
    assert [error["detail"] for error in refused["errors"]] == ["unknown; did you mean category?", "must be one of who"]
    operation = ask(client, "/api/v1/openapi.json")["paths"]["/api/v1/search"]["get"]
    assert [one["name"] for one in operation["parameters"]][-1] == "category"
    page = get_page(client, "/?q=breaks")
    assert get_page(client, page.one("section", aria_labelledby="facet-category").links["Hours"]).count == 1
    filtered = get_page(client, "/?q=breaks&category=Hours")
    assert filtered.one("nav", class_="filters").words.startswith("Remove filter category: Hours ")
    assert filtered.all("input", type="hidden") == [{"type": "hidden", "name": "category", "value": "Hours"}]
    assert "Who is covered" in page.one("details", class_="refine").words


def test_crawlers_find_every_sheet_with_its_date_in_the_site_map(
    library: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.views._SITEMAP_SHEETS", 30)
    robots = library.get("/robots.txt", base_url="https://facts.example")
    assert robots.text.splitlines()[-1] == "Sitemap: https://facts.example/sitemap.xml"
    maps = re.findall(
        "<loc>https://facts.example(.*?)</loc>", library.get("/sitemap.xml", base_url="https://facts.example").text
    )
    assert maps == ["/sitemaps/1.xml", "/sitemaps/2.xml", "/sitemaps/3.xml"]
    parts = [ElementTree.fromstring(library.get(path).data) for path in maps]
    entries = [[child.text for child in entry] for part in parts for entry in part]
    sheets = ask(library, "/api/v1/sheets", per_page=100)["sheets"]
    assert entries == [[f"http://localhost{sheet['url']}", *filter(None, [sheet["last_updated"]])] for sheet in sheets]
    assert {"2015-06", "2019", "2014-02", None} == {sheet["last_updated"] for sheet in sheets}
    assert (library.get("/sitemaps/4.xml").status_code, library.get("/sitemaps/0.xml").status_code) == (404, 404)


def test_an_urgent_question_gets_the_notice_of_the_site_and_another_does_not(index: Path) -> None:
    notice = UrgentNotice(("cannot breathe", "overdose"), "Call 112 now.")
    client = client_of(index, urgent=(notice,))
    for question, notices in (("he Cannot  breathe", 1), ("overdose?", 1), ("overdosed", 0), ("tremor", 0)):
        shown = get_page(client, f"/?q={question.replace(' ', '+')}").all("p", class_="notice urgent")
        assert [element.words for element in shown] == ["Call 112 now."] * notices


def test_a_source_is_shown_by_its_full_name(index: Path) -> None:
    (source,) = {result["source"] for result in ask(client_of(index), q="how is hartnup treated")["results"][:1]}
    client = client_of(index, sources=(SourceName(source, "The Archive of All Fevers"),))
    assert "The Archive of All Fevers" in get_page(client, "/?q=how+is+hartnup+treated").one("article").words
