"""What browsers need beside the pages: styles and fonts, compression, the search description, suggestions."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import brotli  # type: ignore[import-untyped]
import pytest
from flask.testing import FlaskClient
from flask_compress.compat import compression

from tests.webui.reading import GUARDS, client_of, get_page
from webui import create_app

#: What a browser says that it takes, what it then gets, and what makes that plain again.
CODINGS: list[tuple[str, str | None, Callable[[bytes], bytes]]] = [
    ("gzip, deflate, br, zstd", "zstd", compression.zstd.decompress),
    ("gzip, deflate, br", "br", brotli.decompress),
    ("gzip", "gzip", gzip.decompress),
    ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
    ("identity", None, bytes),
    ("", None, bytes),
]


def opensearch(client: FlaskClient) -> tuple[ElementTree.Element, dict[str, str]]:
    """Return the search description, and its templates by the media types of what they lead to."""
    response = client.get("/opensearch.xml")
    assert (response.status_code, response.mimetype) == (200, "application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.data)
    return root, {url.attrib["type"]: url.attrib["template"] for url in root.iterfind("{*}Url")}


# Files


def test_every_file_that_a_page_asks_for_is_there_and_is_kept_for_ever(client: FlaskClient) -> None:
    page = get_page(client, "/")
    files = [address for address in page.addresses if address.startswith("/static/")]
    assert {Path(file).suffix for file in files} == {".css", ".js", ".svg", ".woff2"}
    for file in files:
        with client.get(file) as response:
            assert (response.status_code, response.headers["Cache-Control"]) == (
                200, "public, max-age=31536000, immutable",
            )  # fmt: skip
            assert GUARDS.items() <= dict(response.headers).items()


@pytest.mark.parametrize("path", ["/static/site.css", "/static/000000000000/site.css", "/static/"])
def test_a_file_with_another_fingerprint_is_not_found_and_is_not_kept(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers.get("Cache-Control")) == (404, None)


def test_a_file_that_is_missing_below_the_right_fingerprint_is_not_kept(client: FlaskClient) -> None:
    for name in ("nowhere.css", "../views.py", "..%2fviews.py", "%2e%2e/views.py"):
        response = client.get(f"{client.application.static_url_path}/{name}")
        assert (response.status_code, response.headers.get("Cache-Control")) == (404, None)


def test_the_fingerprint_changes_with_what_the_files_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = []
    (tmp_path / "static").mkdir()
    monkeypatch.setattr("webui.__file__", str(tmp_path / "__init__.py"))
    for text in ("p {}", "p { }", "p {}"):
        (tmp_path / "static" / "site.css").write_text(text, encoding="utf-8")
        paths.append(create_app().static_url_path)
    assert (paths[0] == paths[2], paths[0] == paths[1]) == (True, False)


# Compression


@pytest.mark.parametrize("path", ["/", "/?q=disease", "/api/v1/search?q=disease"])
@pytest.mark.parametrize(("accepted", "coding", "plain"), CODINGS, ids=[accepted for accepted, *_ in CODINGS])
def test_a_body_comes_in_the_best_coding_that_the_browser_takes(
    client: FlaskClient, path: str, accepted: str, coding: str | None, plain: Callable[[bytes], bytes]
) -> None:
    response, raw = client.get(path, headers={"Accept-Encoding": accepted}), client.get(path)
    assert response.headers.get("Content-Encoding") == coding
    assert plain(response.data) == raw.data
    assert [one.headers["Vary"] for one in (response, raw)] == ["Accept-Encoding", "Accept-Encoding"]
    assert (len(response.data) < len(raw.data) / 2) == (coding is not None)


@pytest.mark.parametrize(("accepted", "coding", "plain"), CODINGS[:2], ids=["zstd", "br"])
def test_styles_are_compressed_and_fonts_are_not_once_more(
    client: FlaskClient, accepted: str, coding: str, plain: Callable[[bytes], bytes]
) -> None:
    files = [address for address in get_page(client, "/").addresses if address.startswith("/static/")]
    for file in files:
        with client.get(file, headers={"Accept-Encoding": accepted}) as response, client.get(file) as raw:
            packed = not file.endswith((".woff2", "favicon.svg"))  # the icon is too small to gain by it
            assert response.headers.get("Content-Encoding") == (coding if packed else None)
            assert (plain(response.data) if packed else response.data) == raw.data


# The search description


def test_each_address_of_the_search_description_answers_with_what_it_says(client: FlaskClient) -> None:
    root, templates = opensearch(client)
    assert root.tag == "{http://a9.com/-/spec/opensearch/1.1/}OpenSearchDescription"
    for media_type, template in templates.items():
        response = client.get(template.replace("{searchTerms}", "hartnup+disease"))
        assert (response.status_code, response.mimetype) == (200, media_type)
    assert (
        get_page(client, templates["text/html"].replace("{searchTerms}", "hartnup%20disease")).typed
        == "hartnup disease"
    )
    with client.get(root.findtext("{*}Image") or "") as image:
        assert (image.status_code, image.mimetype) == (200, root.find("{*}Image").attrib["type"])  # type: ignore[union-attr]
    assert get_page(client, root.findtext("{*}SearchForm") or "").one("h1").words == "Search fact sheets"


def test_every_page_names_the_search_description(client: FlaskClient) -> None:
    for path, status in (("/", 200), ("/?q=hartnup", 200), ("/nowhere", 404)):
        link = get_page(client, path, status).one("link", rel="search")
        assert (link["href"], link["type"]) == ("/opensearch.xml", "application/opensearchdescription+xml")


@pytest.mark.parametrize("name", ['Löwe & <Söhne> "Blätter"', "A name that has more than sixteen letters"])
def test_the_search_description_has_a_short_name_whatever_the_site_is_called(index: Path, name: str) -> None:
    root, _ = opensearch(client_of(index, site_name=name))
    assert root.findtext("{*}ShortName") == name[:16]  # OpenSearch 1.1: sixteen characters at most
    assert len(root.findtext("{*}Description") or "") <= 1024


# Suggestions in a browser's own field


@pytest.mark.parametrize("typed", ["mo", "hnd", "treatment of hart", "h", "", "zebra", "x" * 2000])
def test_a_browser_is_offered_what_the_page_offers_with_notes_and_whole_addresses(
    client: FlaskClient, typed: str
) -> None:
    response = client.get("/suggestions", query_string={"q": typed})
    assert (response.status_code, response.content_type) == (200, "application/x-suggestions+json")
    text, texts, notes, addresses = json.loads(response.data)
    offered = client.get("/api/v1/suggest", query_string={"q": typed}).get_json()["suggestions"]
    assert text == typed
    assert texts == [one["text"] for one in offered]
    assert notes == [one["subject"] or "" for one in offered]
    assert addresses == [f"http://localhost{one['url']}" for one in offered]
    assert all(client.get(address).status_code == 200 for address in addresses)


def test_a_longer_text_than_can_be_searched_is_suggested_for_by_its_beginning(client: FlaskClient) -> None:
    assert json.loads(client.get(f"/suggestions?q={'x' * 3000}").data)[0] == "x" * 2000
