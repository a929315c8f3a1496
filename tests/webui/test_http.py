"""What HTTP adds to a body: whether it is still the same, who may keep it and who may read it, and limits."""

from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer import Query, SearchEngine, build_index
from indexer.errors import QueryTooSlowError
from indexer.settings import Settings
from tests.conftest import CORPUS, PAGES
from tests.webui.reading import GUARDS, HtmlPage, ask, client_of, read_page

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
        for more in ("", "?t=17&t=18&q=%FF"):  # what some balancers of load add
            response = client.get(path + more, headers={"If-None-Match": "*"})
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


# Scripts of other sites


EVERYBODY, WARD = ("*",), ("https://ward.example", "http://localhost:3000")
TARGETS = [SEARCH, f"{SEARCH}?x=1", "/api/v1/answers/none", "/api/v1/nowhere", DESCRIPTION]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("origin", ["https://ward.example", "https://other.example", "null", None])
@pytest.mark.parametrize("sites", [(), EVERYBODY, WARD])
def test_scripts_of_the_sites_that_the_keeper_names_may_read_answers_and_problems_and_no_others(
    index: Path, sites: tuple[str, ...], origin: str | None, target: str
) -> None:
    client = client_of(index, cors=sites)
    asked = {"Origin": origin} if origin else {}
    response = client.get(target, headers=asked)
    allowed = "*" if sites == EVERYBODY else origin if origin in sites else None
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    told = response.headers.get("Access-Control-Expose-Headers")
    assert told == ("ETag, Link, Retry-After, Server-Timing" if allowed else None)
    assert response.headers["Vary"] == ("Origin, Accept-Encoding" if sites == WARD else "Accept-Encoding")
    if response.status_code == 200:
        again = client.get(target, headers={**asked, "If-None-Match": tags(response)})
        assert (again.status_code, again.headers.get("Access-Control-Allow-Origin")) == (304, allowed)


@pytest.mark.parametrize(("sites", "allowed"), [((), None), (EVERYBODY, "*"), (WARD, WARD[1])])
def test_a_browser_that_asks_first_is_told_what_scripts_may_send(
    index: Path, sites: tuple[str, ...], allowed: str | None
) -> None:
    asked = {"Origin": WARD[1], "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-ward"}
    response = client_of(index, cors=sites).options(SEARCH, headers=asked)
    assert (response.status_code, response.data) == (200, b"")
    told = {name: value for name, value in response.headers.items() if name.startswith("Access-Control-")}
    assert told.pop("Access-Control-Expose-Headers", None) == (allowed and "ETag, Link, Retry-After, Server-Timing")
    assert told == (
        {
            "Access-Control-Allow-Origin": allowed,
            "Access-Control-Allow-Methods": "GET, HEAD",
            "Access-Control-Allow-Headers": "*",
            "Access-Control-Max-Age": "7200",
        }
        if allowed
        else {}
    )


def test_pages_are_for_no_script(index: Path) -> None:
    response = client_of(index, cors=EVERYBODY).get("/", headers={"Origin": WARD[0]})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("site", ["ward.example", "https://ward.example/", "https://ward.example/a", "https://*", ""])
def test_a_site_that_no_browser_would_name_is_refused(site: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        Settings(cors=("*", site))


# Hosts and proxies


@pytest.mark.parametrize("path", ["/", SEARCH, "/healthz/live", "/api/v1/nowhere", "/static/x", "/problems/not-found"])
def test_a_site_that_has_names_answers_to_no_other(index: Path, path: str) -> None:
    client = client_of(index, trusted_hosts=("facts.example", ".ward.example"))
    for host in ("facts.example", "facts.example:8000", "ward.example", "a.ward.example"):
        assert client.get(path, headers={"Host": host}).status_code != 400
    for host in ("evil.example", "facts.example.evil.example", "evilward.example", 'a"<b>', "a b", "[::1", ""):
        response = client.get(path, headers={"Host": host})
        assert response.status_code == 400, host
        if path.startswith(("/api/", "/healthz/")):
            problem = response.json or {}
            assert (problem["type"], problem["instance"]) == ("/problems/http-error", path)
        else:
            assert read_page(response).one("h1").words == "Bad Request"


FORWARDED = {
    "X-Forwarded-Host": "facts.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/below",
    "X-Forwarded-For": "203.0.113.7",
}


@pytest.mark.parametrize(
    ("settings", "site", "below"),
    [
        ({}, "http://localhost", ""),
        ({"proxies": 1}, "https://facts.example/below", "/below"),
        ({"proxies": 2}, "http://localhost", ""),
        ({"proxies": 1, "base_url": "https://other.example/there"}, "https://other.example/there", "/below"),
        ({"base_url": "https://other.example/there"}, "https://other.example/there", ""),
    ],
    ids=str,
)
def test_what_a_proxy_says_is_believed_if_there_is_one(
    index: Path, settings: dict[str, Any], site: str, below: str
) -> None:
    client = client_of(index, **settings)
    body = client.get(f"{SEARCH}?q=moyamoya", headers=FORWARDED).json or {}
    assert body["links"]["self"] == f"{below}{SEARCH}?q=moyamoya"
    result = body["results"][0]
    assert result["url"].startswith(f"{below}/answers/")
    path = result["url"].removeprefix(below)
    page = HtmlPage(client.get(path, headers=FORWARDED).text)
    assert page.one("link", rel="canonical")["href"] == f"{site}{path}"
    assert page.one("form")["action"] == f"{below}/"


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/\\evil.example", "https://evil.example", '/"><b>', "/a//b", "x"]
)
def test_a_prefix_that_would_lead_to_another_site_is_none(index: Path, prefix: str) -> None:
    client = client_of(index, proxies=1)
    headers = {**FORWARDED, "X-Forwarded-Prefix": prefix}
    assert (client.get(SEARCH, headers=headers).json or {})["links"]["self"] == SEARCH
    assert HtmlPage(client.get("/", headers=headers).text).one("form")["action"] == "/"


NO_HOSTS = ["a..b", ".", "a:99999999", "a:b", "[::1", "x" * 64, "\xe9" * 70, "\xff", "xn--\xe9", "-\xad", ""]


@pytest.mark.parametrize(
    ("name", "host"),
    # On "xn--a" as its own host the test client itself fails.
    [*product(["Host", "X-Forwarded-Host"], NO_HOSTS), ("X-Forwarded-Host", "xn--a")],
)
def test_a_host_that_is_none_is_no_fault_of_the_site(guarded: FlaskClient, index: Path, name: str, host: str) -> None:
    for client in (guarded, client_of(index, proxies=1)):
        for path in (
            SEARCH,
            "/",
            "/?q=treatment",
            "/opensearch.xml",
            "/suggestions?q=ha",
            "/nowhere",
            "/api/v1/nowhere",
        ):
            response = client.get(path, headers={name: host})
            assert response.status_code in (200, 400, 404)
            if response.mimetype == "text/html":
                read_page(response)


def test_a_host_that_a_proxy_names_must_be_one_of_the_site(index: Path) -> None:
    client = client_of(index, proxies=1, trusted_hosts=("facts.example",))
    assert client.get(SEARCH, headers=FORWARDED).status_code == 200
    assert client.get(SEARCH, headers={**FORWARDED, "X-Forwarded-Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("name", ["proxies", "cache_seconds", "query_ms"])
def test_a_limit_below_nothing_is_refused(name: str) -> None:
    given: dict[str, Any] = {name: -1}
    with pytest.raises(ValueError, match="0 or more"):
        Settings(**given)


# Limits


@pytest.fixture(scope="module")
def hurried(index: Path) -> FlaskClient:
    """A client over a site that gives no question any time."""
    return client_of(index, query_ms=0)


@pytest.mark.parametrize("question", ["treatment", "treat*", "treatmnt~", '"in the"', 'disease -"of the"', "xylophoon"])
@pytest.mark.parametrize("more", ["", "&exact=1", "&group=subject", "&sort=title", "&explain=1"])
def test_a_question_that_takes_too_long_is_given_up_and_the_problem_says_so(
    hurried: FlaskClient, question: str, more: str
) -> None:
    for path in (SEARCH, "/"):
        response = hurried.get(f"{path}?q={quote(question)}{more}")
        assert response.status_code == 422
        if path == SEARCH:
            problem = response.json or {}
            assert (problem["type"], problem["status"]) == ("/problems/query-too-slow", 422)
            assert "takes longer to search than this site allows" in problem["detail"]
            assert response.headers["Cache-Control"] == "no-store"
        else:
            page = read_page(response)
            assert page.one("h1").words == "This takes too long to search"
            assert page.typed == question
            assert "Use fewer words" in page.words


def test_whatever_is_no_question_has_the_time_that_it_needs(hurried: FlaskClient, client: FlaskClient) -> None:
    result = ask(client)["results"][0]
    paths = ["/a-to-z", "/coverage", result["url"], f"/sheets/{result['sheet_id']}", f"/api/v1{result['url']}"]
    for path in (*paths, "/healthz/ready", "/api/v1/sheets", "/api/v1/suggest?q=ha"):
        assert hurried.get(path).status_code == 200, path


def test_the_time_of_one_question_is_not_the_time_of_the_next(index: Path) -> None:
    with SearchEngine(index, query_ms=0) as hurried, SearchEngine(index) as patient:
        with pytest.raises(QueryTooSlowError):
            hurried.search(Query("treatment"))
        assert patient.search(Query("treatment")).hits
        with pytest.raises(QueryTooSlowError):
            hurried.suggest("how is it treated ")


@pytest.mark.parametrize(
    "question",
    ["of* the*", "xof~ xthe~", "qwrtz xcvbn", '"in the of"', 'disease -"in the"', '"treatment of" source:nobody'],
)
def test_each_kind_of_work_looks_at_the_time_as_it_goes_on(
    index: Path, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    looked: list[None] = []
    with SearchEngine(index) as engine:
        for module in ("index.snapshot", "search.rank", "search.search", "search.spelling", "search.understand"):
            monkeypatch.setattr(f"indexer.{module}.check_time", lambda: looked.append(None))
        engine.search(Query(question))
    assert len(looked) > len(question.split())


def test_a_filter_has_a_hundred_values_and_no_more(client: FlaskClient) -> None:
    for path in (SEARCH, "/"):
        statuses = [client.get(f"{path}?{'&'.join(['subject=x'] * n)}").status_code for n in (100, 101)]
        assert statuses == [200, 400]
    (error,) = (client.get(f"{SEARCH}?{'&'.join(['type=causes'] * 101)}").json or {})["errors"]
    assert error == {"parameter": "type", "detail": "may be given at most 100 times; the request has 101"}


@pytest.mark.parametrize("more", ["", "&sort=newest", "&group=subject", "&group=subject&sort=title"])
def test_nothing_is_put_in_order_for_a_page_behind_the_last(
    index: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    client = client_of(index)
    whole = ask(client, f"{SEARCH}?q=treatment{more}")
    monkeypatch.setattr("indexer.search.paging.top", None)
    behind = ask(client, f"{SEARCH}?q=treatment{more}&page=1000000&per_page=100")
    assert behind["results"] == []
    assert (behind["total"], behind["facets"]) == (whole["total"], whole["facets"])


HEADERS = ["If-None-Match", "If-Match", "If-Modified-Since", "If-Range", "Range", "Accept-Encoding", "Accept", "Origin",
           "Host", "Access-Control-Request-Method", *FORWARDED, "X-HTTP-Method-Override", "Content-Length"]  # fmt: skip


#: Any text, and what means something in one of them.
VALUES = st.one_of(
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n")),
    st.from_regex(r'(W/)?"[!-~]*"(, ?\*)?|bytes=-?[0-9]+-[0-9]*', fullmatch=True),
    st.from_regex(r"(gzip|br|\*)(;q=[0-9.e-]{0,5})?|[a-z.]*(:[0-9]{0,6})?", fullmatch=True),
)


@given(name=st.sampled_from(HEADERS), value=VALUES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_header_breaks_the_endpoint(guarded: FlaskClient, method: str, name: str, value: str) -> None:
    for path in (f"{SEARCH}?q=treatment&per_page=1", DESCRIPTION, "/healthz/ready", "/api/v1/nowhere"):
        response = guarded.open(path, method=method, headers={name: value})
        assert response.status_code in (200, 304, 400, 404, 412)
        assert GUARDS.items() <= dict(response.headers).items()
        if response.status_code >= 400 and method == "GET":
            assert response.content_type == "application/problem+json"


@pytest.fixture(scope="module")
def guarded(index: Path) -> FlaskClient:
    """A client over a site with every setting that looks at headers."""
    return client_of(index, cors=WARD, trusted_hosts=("localhost", "facts.example"), proxies=1)
