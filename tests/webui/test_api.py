"""The endpoint: bodies as the contract has them, every parameter, every fault, and what each response carries."""

import struct
from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer import SearchEngine, build_index
from indexer.exchange import bodies
from indexer.settings import Settings
from tests.conftest import CORPUS, PAGES, data
from tests.webui.reading import GUARDS, ask, client_of, read_as, read_page
from webui import create_app

SEARCH, SUGGEST = "/api/v1/search", "/api/v1/suggest"
#: Questions that have all answers, many, few, and none.
QUESTIONS = ["", "moyamoya disease", "how is it treated", "which signs in the tremor", "zebra"]


def shown(body: Any) -> list[str]:
    return [result["id"] for result in body["results"]]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"explain": 1},
        {"group": "subject"},
        {"q": "zebra"},
        {"q": "hnd"},
        {"q": "moyamoia", "exact": 1, "type": "outlook"},
    ],
    ids=str,
)
def test_a_search_has_the_documented_keys_in_order_and_of_the_right_types(client: FlaskClient, more: Any) -> None:
    given = {"q": "is moyamoya disease treated", "per_page": 100, **more}
    body = read_as(client.get(SEARCH, query_string=given).data, bodies.Search)
    assert bool(body.results) == (body.nothing is None) == (more.get("q") not in ("zebra", "moyamoia"))
    assert bool(body.card) == (more.get("q") == "hnd")


def test_every_answer_has_the_documented_keys_in_order_and_of_the_right_types(client: FlaskClient) -> None:
    for result in ask(client, per_page=100)["results"]:
        data = client.get(f"/api/v1/answers/{result['id']}").data
        body = read_as(data, bodies.Answer)
        assert body.id == result["id"]
        assert client.get(f"/api/v1/answers/earlier-title-{body.id.rpartition('-')[2]}").data == data


def test_how_is_it_treated_brings_the_treatment_answer_of_the_sample_with_its_reference(tmp_path: Path) -> None:
    build_index([data("sample")], tmp_path)
    first = ask(client_of(tmp_path), q="how is it treated")["results"][0]
    assert (first["question"], first["type"]) == ("How might multifocal motor neuropathy be treated?", "treatment")
    (reference,) = first["references"]
    assert (reference["number"], reference["accessed"]) == (1, "2013-05-01")
    assert reference["url"] == "http://www.ninds.nih.gov/disorders/multifocal_neuropathy/multifocal_neuropathy.htm"
    pieces = [piece for snippet in first["snippets"] for piece in snippet["segments"]]
    assert {(piece["text"], piece["reference"]) for piece in pieces if piece["text"][0] == "["} == {("[1]", 1)}


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        ({"type": "treatment"}, lambda r: r["type"] == "treatment"),
        ({"type": ["treatment", "outlook"]}, lambda r: r["type"] in ("treatment", "outlook")),
        ({"subject": "hartnup  DISEASE"}, lambda r: r["subject"]["name"] == "Hartnup disease"),
        ({"subject": ["Hartnup disease", "Lakeside tremor"]}, lambda r: r["subject"]["name"][:4] in ("Hart", "Lake")),
        ({"source": "factsheets STARTER corpus"}, lambda r: r["source"] is not None),
        ({"type": "treatment", "source": "nobody"}, lambda r: False),
        ({"updated_from": "2016-03"}, lambda r: (r["last_updated"] or "") > "2016-03"),
        ({"updated_from": "2019-06", "updated_to": "2019-06"}, lambda r: r["last_updated"] == "2019"),  # it may be June
        ({"updated_to": "2013"}, lambda r: (r["last_updated"] or "2014") < "2014"),
        ({"updated_from": "2016-11-30", "updated_to": "2016-11-30"}, lambda r: r["last_updated"] == "2016-11-30"),
        ({"updated_from": "2020", "updated_to": "2012"}, lambda r: False),
    ],
)
def test_a_filter_keeps_the_answers_that_pass_it_and_no_others(
    client: FlaskClient, given: Any, passes: Callable[[Any], bool]
) -> None:
    everything, body = ask(client, per_page=100), ask(client, per_page=100, **given)
    assert shown(body) == [result["id"] for result in everything["results"] if passes(result)]
    assert body["total"] == len(body["results"]) < everything["total"]


def test_a_subject_can_be_given_by_the_id_of_a_sheet(client: FlaskClient) -> None:
    first = ask(client, q="moyamoya")["results"][0]
    assert shown(ask(client, subject=first["sheet_id"])) == shown(ask(client, subject=first["subject"]["name"])) != []


@pytest.mark.parametrize(
    "typed", ["mo", "treatment of moya", "hartnpu", "hnd", "is hartnup disease i", "?", "x" * 2000]
)
def test_suggestions_are_names_and_then_questions_whose_addresses_lead_somewhere(
    client: FlaskClient, typed: str
) -> None:
    body = read_as(client.get(SUGGEST, query_string={"q": typed}).data, bodies.Suggestions)
    kinds = [suggestion.kind for suggestion in body.suggestions]
    assert kinds == sorted(kinds, reverse=True)
    assert len(kinds) <= 8
    for suggestion in body.suggestions:
        page = read_page(client.get(suggestion.url))
        assert page.all("h1")[0].text.strip() == (suggestion.subject or suggestion.text)


def test_a_name_that_two_sheets_have_leads_to_the_search_for_it(tmp_path: Path) -> None:
    for name in ("Zinc fever", "Brass chill"):
        (tmp_path / f"{name}.md").write_text(
            f"---\ntitle: {name}\nalso_known_as: [Founder's ague]\n---\n\n## What is it?\n\nIt is invented.\n"
        )
    build_index([tmp_path], tmp_path / ".index")
    client = client_of(tmp_path / ".index")
    (first, *_) = ask(client, SUGGEST, q="founder")["suggestions"]
    expected = {"kind": "subject", "text": "Founder's ague", "url": "/?q=Founder%27s+ague", "subject": None}
    assert first == expected
    assert "2 answers" in read_page(client.get(first["url"])).words


def test_nothing_typed_suggests_nothing(client: FlaskClient) -> None:
    for parameters in ({}, {"q": ""}, {"q": "h"}, {"q": "\u2026"}):
        assert ask(client, SUGGEST, **parameters) == {"suggestions": []}


@pytest.mark.parametrize("question", QUESTIONS[1:4])
def test_results_come_in_the_order_asked_for_and_scores_are_explained(client: FlaskClient, question: str) -> None:
    for sort in ("relevance", "newest", "title"):
        results = ask(client, q=question, sort=sort, explain="true", per_page=100)["results"]
        keys = [(result["score"], result["last_updated"] or "", result["subject"]["name"]) for result in results]
        column = [key[("relevance", "newest", "title").index(sort)] for key in keys]
        assert sorted(column, reverse=sort != "title") == column != []
        for result, parts in ((result, result["explanation"]["parts"]) for result in results):
            assert sum(part["value"] for part in parts) == pytest.approx(result["score"], abs=0.001)
            assert result["explanation"]["value"] == pytest.approx(result["score"], abs=0.001)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("group", ["none", "subject"])
def test_following_the_links_shows_everything_once_and_the_totals_are_true(
    client: FlaskClient, question: str, group: str
) -> None:
    whole = ask(client, q=question, group=group, per_page=100)
    pages = [ask(client, q=question, group=group, per_page=3)]
    while following := pages[-1]["links"]["next"]:
        pages.append(ask(client, following))
        assert pages[-1]["links"]["prev"] == pages[-2]["links"]["self"]
    assert [id for body in pages for id in shown(body)] == shown(whole)
    assert [body["page"] for body in pages] == [*range(1, pages[0]["pages"] + 1)]
    assert pages[0]["links"]["prev"] is None
    ends = pages[0]["links"]["self"], pages[-1]["links"]["self"]
    assert {(body["links"]["first"], body["links"]["last"]) for body in pages} == {ends}
    past = ask(client, q=question, group=group, per_page=3, page=99)
    assert [past[key] for key in ("results", "page", "total")] == [[], 99, whole["total"]]
    assert (past["links"]["prev"], past["links"]["next"]) == (ends[1], None)
    assert whole["total"] == len(shown(whole)) + sum(len(result["folded"]) for result in whole["results"])
    assert whole["total_groups"] == (len(shown(whole)) if group == "subject" else None)


def test_exact_reads_no_kind_of_answer_into_the_question_and_leaves_no_word_out(client: FlaskClient) -> None:
    read, exact = (ask(client, q="how is Hartnup treated", exact=exact) for exact in ("0", "1"))
    assert [body["query"]["understood"]["type"] for body in (read, exact)] == ["treatment", None]
    words = [{word for result in body["results"] for word in result["matched"]["words"]} for body in (read, exact)]
    assert words[1] - words[0] >= {"is"}


@pytest.mark.parametrize("question", QUESTIONS[:4])
@pytest.mark.parametrize("given", [{}, {"type": "treatment"}, {"source": "nobody"}, {"updated_from": "2014"}], ids=str)
def test_a_facet_counts_what_choosing_its_value_finds(client: FlaskClient, question: str, given: Any) -> None:
    facets = ask(client, q=question, **given)["facets"]
    for name, parameters in {"type": ["type"], "source": ["source"], "updated": ["updated_from", "updated_to"]}.items():
        free = {key: value for key, value in given.items() if key not in parameters}  # its own filter does not count
        others = ask(client, q=question, **free)["facets"][name]
        assert [v["count"] for v in facets[name] if v["count"]] == [v["count"] for v in others]
        for value in facets[name]:
            body = ask(client, q=question, **{**given, **dict.fromkeys(parameters, value["value"])})
            assert body["total"] == value["count"], (name, value)
            assert [v["value"] for v in body["facets"][name] if v["selected"]] == [value["value"]]


@pytest.mark.parametrize(
    ("target", "status", "errors"),
    [
        (f"{SEARCH}?q=a&q=b&sort=newst&subjet=x", 400, ["subjet", "q", "sort"]),
        (f"{SEARCH}?q={'x' * 8000}", 400, ["q"]),
        (f"{SUGGEST}?q={'x' * 2001}&type=treatment&q=b", 400, ["type", "q"]),
        (f"{SUGGEST}?limit=3&text=x", 400, ["limit", "text"]),
        ("/api/v1/answers/gone-00000000.00000000", 404, None),
        ("/api/v1/nowhere", 404, None),
        ("/api/v1/answers/a%20b%3Cc", 404, None),
        (f"{SEARCH}?page=0&q=what?", 400, ["page"]),
    ],
)
def test_what_cannot_be_answered_is_a_problem_document(
    client: FlaskClient, target: str, status: int, errors: list[str] | None
) -> None:
    response = client.get(target)
    problem = response.json or {}
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert list(problem) == ["type", "title", "status", "detail", "instance", *(["errors"] if errors else [])]
    assert problem["type"] == {400: "/problems/invalid-parameters", 404: "/problems/not-found"}[status]
    assert (problem["status"], problem["instance"]) == (status, target)
    assert [error["parameter"] for error in problem.get("errors", [])] == (errors or [])
    assert all(f"{error['parameter']}: {error['detail']}" in problem["detail"] for error in problem.get("errors", []))


def test_a_problem_names_its_address_on_a_host_with_an_umlaut(client: FlaskClient) -> None:
    response = client.get("/api/v1/nowhere", headers={"Host": "xn--bcher-kva.example"})
    assert (response.json or {})["instance"] == "/api/v1/nowhere"


def test_without_an_index_all_but_the_pulse_is_503_and_the_next_build_is_picked_up(tmp_path: Path) -> None:
    client = client_of(tmp_path)
    for path in (
        "/healthz/ready",
        SEARCH,
        f"{SUGGEST}?q=ha",
        "/api/v1/answers/x",
        "/",
        "/?q=x",
        "/answers/x",
        "/sheets/x",
    ):
        response = client.get(path)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
        if path[1:4] not in ("api", "hea"):
            assert "There is nothing to search yet" in read_page(response).words
    assert ask(client, "/healthz/live") == {"status": "live"}
    for number, corpus in enumerate([PAGES / "lakeside-tremor.txt", CORPUS], start=1):
        report = build_index([corpus], tmp_path)
        body = ask(client)
        assert body["total"] == body["index"]["documents"] == report.documents
        assert body["index"]["generation"] == number
        assert ask(client, "/healthz/ready") == {"status": "ready", "index": body["index"], "damaged": False}


@pytest.mark.parametrize("error", [struct.error, EOFError, UnpicklingError, TypeError])
def test_an_index_whose_files_are_torn_is_503(
    index: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("what Whoosh raises for an empty or cut .seg or .toc file")

    monkeypatch.setattr("indexer.index.snapshot.FileIndex", fail)
    assert client_of(index).get(SEARCH).status_code == 503


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/?q=treatment", 200), ("/?q=x&page=9", 302), ("/?sort=x", 400), ("/nowhere", 404),
     ("{static}/site.css", 200), ("{static}/nowhere", 404), (SEARCH, 200), (f"{SEARCH}?x=1", 400),
     ("/api/v1/answers/x", 404), ("/healthz/live", 200), ("/healthz/ready", 200), ("/answers//x", 308)],
)  # fmt: skip
def test_every_response_is_guarded_and_sets_no_cookie(client: FlaskClient, path: str, status: int, method: str) -> None:
    path = path.replace("{static}", str(client.application.static_url_path))
    response = client.open(path, method=method, buffered=True)
    assert GUARDS.items() <= dict(response.headers).items()
    assert "Set-Cookie" not in response.headers
    if method == "POST":
        assert response.status_code in (405, 404, 308)
        assert ("GET" in response.headers.get("Allow", "")) == (response.status_code == 405)
    else:
        assert response.status_code == status
        assert response.content_length == client.get(path, buffered=True).content_length
        assert bool(response.data) == (method == "GET")
    if response.status_code >= 400:
        assert response.mimetype == ("application/problem+json" if path[1:4] in ("api", "hea") else "text/html")


def test_one_question_makes_one_body_and_how_long_it_took_stands_in_a_header(client: FlaskClient) -> None:
    first, second = (client.get(f"{SEARCH}?q=treatment&explain=1") for _ in range(2))
    assert first.data == second.data
    assert first.headers["Server-Timing"].startswith("search;dur=")


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), (SEARCH, "application/problem+json")])
def test_an_unexpected_error_is_a_guarded_500_that_tells_nothing(
    index: Path, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(SearchEngine, "search", fail)
    response = create_app(Settings(index=index)).test_client().get(path)
    assert (response.status_code, response.mimetype, "secret" in response.text) == (500, kind, False)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
