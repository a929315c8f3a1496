"""What HTTP adds to a body: whether it is still the same, who may keep it and who may read it, and limits."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer import SearchEngine, build_index
from tests.conftest import CORPUS, PAGES
from tests.webui.reading import ask, client_of

SEARCH, DESCRIPTION = "/api/v1/search", "/api/v1/openapi.json"
CODINGS = ["", "gzip", "br", "zstd", "deflate"]


@pytest.fixture
def kept(client: FlaskClient) -> list[str]:
    """The address of an answer of each operation that may be kept."""
    result = ask(client)["results"][0]
    places = [f"/api/v1/answers/{result['id']}", f"/api/v1/sheets/{result['sheet_id']}"]
    return [f"{SEARCH}?q=treatment", "/api/v1/suggest?q=ha", "/api/v1/sheets?per_page=1", DESCRIPTION, *places]


def tags(response: Any) -> str:
    return str(response.headers["ETag"])


# Conditional requests


@pytest.mark.parametrize("coding", CODINGS)
def test_whoever_has_a_body_in_a_coding_is_told_that_it_is_the_same(
    client: FlaskClient, kept: list[str], coding: str
) -> None:
    for path in kept:
        asked = {"Accept-Encoding": coding}
        first = client.get(path, headers=asked)
        assert (first.status_code, first.headers.get("Content-Encoding", coding)) == (200, coding)
        assert not tags(first).startswith("W/")
        for listed in (tags(first), f"W/{tags(first)}", f'"x", {tags(first)}', "*"):
            for method in ("GET", "HEAD"):
                again = client.open(path, method=method, headers={**asked, "If-None-Match": listed})
                assert (again.status_code, again.data) == (304, b""), (path, listed)
                assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "public, max-age=60"
                assert again.headers["Vary"] == first.headers["Vary"] == "Accept-Encoding"
                assert "Content-Type" not in again.headers
                assert listed == "*" or tags(again) == tags(first)


def test_each_coding_has_a_tag_of_its_own_and_one_that_the_client_does_not_take_is_not_the_same(
    client: FlaskClient,
) -> None:
    path = f"{SEARCH}?q=treatment"
    found = {coding: tags(client.get(path, headers={"Accept-Encoding": coding})) for coding in CODINGS}
    assert len(set(found.values())) == len(CODINGS)
    for coding, tag in found.items():
        for taken in CODINGS:
            response = client.get(path, headers={"Accept-Encoding": taken, "If-None-Match": tag})
            assert response.status_code == (304 if coding in ("", taken) else 200)


def test_what_is_the_same_is_not_searched_for_again(
    index: Path, monkeypatch: pytest.MonkeyPatch, kept: list[str]
) -> None:
    client = client_of(index)
    held = {path: tags(client.get(path)) for path in kept}
    for name in ("search", "suggest", "answer", "sheet", "a_to_z", "similar"):
        monkeypatch.setattr(SearchEngine, name, None)
    for path, tag in held.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_one_question_has_one_tag_however_its_address_is_written_and_another_has_another(client: FlaskClient) -> None:
    def tag(asked: str) -> str:
        return tags(client.get(f"{SEARCH}?{asked}"))

    assert tag("q=a+b&exact=1&page=1") == tag("exact=true&q=a%20b&sort=relevance&per_page=10")
    different = ["q=a", "q=a&page=2", "q=a&per_page=9", "q=a&exact=1", "q=a&explain=1", "q=a&group=subject", "q=A", ""]
    different += ["type=treatment", "type=outlook", "subject=a", "source=a", "updated_from=2013", "updated_to=2013"]
    found = {tag(one) for one in different} | {tags(client.get("/api/v1/suggest?q=a"))}
    assert len(found) == len(different) + 1


def test_a_build_changes_the_tag_also_where_the_index_begins_anew(tmp_path: Path) -> None:
    build_index([PAGES / "lakeside-tremor.txt"], tmp_path / "one")
    build_index([CORPUS], tmp_path / "two")
    first, other = (tags(client_of(tmp_path / name).get(SEARCH)) for name in ("one", "two"))
    client = client_of(tmp_path / "one")
    description = tags(client.get(DESCRIPTION))
    build_index([CORPUS], tmp_path / "one")
    response = client.get(SEARCH, headers={"If-None-Match": first})
    assert (response.status_code, len({first, other, tags(response)})) == (200, 3)
    assert tags(client.get(DESCRIPTION)) == description


@pytest.mark.parametrize("condition", ["*", '"x"'])
def test_a_condition_does_not_hide_a_problem(client: FlaskClient, condition: str) -> None:
    for path, status in ((f"{SEARCH}?x=1", 400), ("/api/v1/answers/none", 404), ("/api/v1/nowhere", 404)):
        for name in ("If-None-Match", "If-Match"):
            response = client.get(path, headers={name: condition})
            assert (response.status_code, response.headers["Cache-Control"]) == (status, "no-store")
            assert "ETag" not in response.headers


@pytest.mark.parametrize("coding", CODINGS)
def test_if_match_asks_for_one_body_and_no_other(client: FlaskClient, kept: list[str], coding: str) -> None:
    for path in kept:
        plain = tags(client.get(path))
        for tag in (plain, tags(client.get(path, headers={"Accept-Encoding": coding})), "*"):
            asked = {"Accept-Encoding": coding, "If-Match": tag}
            assert client.get(path, headers=asked).status_code == 200
        for tag in ('"x"', f"W/{plain}"):
            response = client.get(path, headers={"Accept-Encoding": coding, "If-Match": tag})
            assert (response.status_code, response.content_type) == (412, "application/problem+json")


def test_how_the_service_is_is_never_kept(client: FlaskClient) -> None:
    for path in ("/healthz/live", "/healthz/ready"):
        response = client.get(path, headers={"If-None-Match": "*"})
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
        assert "ETag" not in response.headers


def test_how_long_an_answer_may_be_kept_is_a_setting(index: Path) -> None:
    assert client_of(index, cache_seconds=0).get(SEARCH).headers["Cache-Control"] == "public, max-age=0"


# Addresses below a path of another site


@pytest.mark.parametrize("prefix", ["/a", "/answers", "/facts/here"])
def test_every_address_in_a_body_leads_on_from_outside_below_a_prefix(library: FlaskClient, prefix: str) -> None:
    site = f"http://localhost{prefix}"
    followed = ["/api/v1/sheets?per_page=1", f"{SEARCH}?q=zinc+fever&per_page=1&page=2&group=subject", SEARCH]
    followed += [f"{SEARCH}?q=zinc+chills", "/api/v1/suggest?q=zin", "/api/v1/suggest?q=brass+f"]
    found = ask(library, q="how is zinc fever treated")["results"][0]
    followed += [f"/api/v1{found['url']}", f"/api/v1/sheets/{found['sheet_id']}"]
    for path in followed:
        below, plain = (addresses(library.get(path, base_url=base).json) for base in (site, "http://localhost"))
        assert below == [f"{prefix}{address}" for address in plain]
        assert plain
        for address in below:
            assert library.get(address.removeprefix(prefix), base_url=site).status_code == 200, address


def addresses(body: Any, key: str = "") -> list[str]:
    """Return the addresses in a body that are not those of references or sources."""
    if isinstance(body, dict):
        return [one for name, value in body.items() if name != "references" for one in addresses(value, name)]
    if isinstance(body, list):
        return [one for value in body for one in addresses(value, key)]
    return [body] if isinstance(body, str) and body.startswith("/") else []


def test_references_and_tags_know_the_prefix(library: FlaskClient) -> None:
    path = f"{SEARCH}?q=how+is+zinc+fever+treated"
    below, plain = (library.get(path, base_url=f"http://localhost{prefix}") for prefix in ("/facts", ""))
    assert tags(below) != tags(plain)
    references = [(response.json or {})["results"][0]["references"] for response in (below, plain)]
    assert references[0] == references[1] != []
