"""The description of the endpoint: it is OpenAPI, and every answer is what it says and nothing beside."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from indexer import build_index
from indexer.exchange.parameters import PARAMETERS
from tests.conftest import CORPUS
from tests.webui.reading import ask, client_of, get_page

DESCRIPTION = "/api/v1/openapi.json"
#: Questions that are read in every way there is, then groups, explanations, filters, and pages behind the last.
SEARCHES: list[dict[str, Any]] = [
    {"q": ""}, {"q": "how is it treated"}, {"q": "is it inherited"}, {"q": "hnd"}, {"q": "?"}, {"q": "x" * 2000},
    {"q": "how is moyamoya disease treated", "answer": 1, "likely": 1}, {"q": "hartnup disease vs moyamoya disease"},
    {"q": "hartnpu"}, {"q": "moyamoia disease treatmnt"}, {"q": "zebra"}, {"q": "hartnap zebra"},
    {"q": "has fits"}, {"q": '"worn blood vessel"'}, {"q": "baten disease"}, {"q": "hartnpu", "exact": 1},
    {"q": "disease", "group": "subject", "per_page": 3, "explain": 1}, {"q": "disease", "per_page": 3, "page": 2},
    {"q": "tremor", "type": ["treatment", "outlook"], "sort": "newest", "exact": "true"},
    {"q": "zebra", "type": "treatment", "source": "nobody", "updated_from": "2013-05", "updated_to": "2013"},
    {"page": 1_000_000, "per_page": 100, "sort": "title"},
]  # fmt: skip
FAULTS = ["q=a&q=b&colour=x&per_page=0", "type=treatmet", "updated_from=2013-02-30", "x", "page=%C2%B2"]


class Described:
    """The description, and what it says of a response. Keys that it does not have are faults here."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.document = client, ask(client, DESCRIPTION)
        self.operations = {path: item["get"] for path, item in self.document["paths"].items()}
        for schema in self.document["components"]["schemas"].values():
            assert schema["type"] == "object"
            schema["additionalProperties"] = False

    def operation(self, target: str) -> Any:
        """Return what is described of an address."""
        path = urlsplit(target).path
        (found,) = [one for name, one in self.operations.items() if _pattern(name).fullmatch(path)]
        return found

    def schema(self, target: str, response: TestResponse) -> Any:
        """Return the schema of a response, after a look at its headers."""
        described = self.operation(target)["responses"][str(response.status_code)]
        if "$ref" in described:
            described = self.document["components"]["responses"][described["$ref"].rpartition("/")[2]]
        assert set(described["headers"]) <= set(response.headers.keys())
        return described["content"][response.content_type]["schema"]

    def faults(self, schema: Any, body: Any) -> list[str]:
        """Return where a body is not what a schema says."""
        validator = Draft202012Validator({**schema, "components": self.document["components"]})
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]

    def met(self, schema: Any, body: Any) -> Iterator[str]:
        """Yield the names of the schemas by which a body, which is what they say, was looked at."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield name
            schema = self.document["components"]["schemas"][name]
        for inner in schema.get("anyOf", []) if body is not None else []:
            yield from self.met(inner, body)
        for key, inner in schema.get("properties", {}).items():
            yield from self.met(inner, body[key]) if key in body else ()
        for item in body if "items" in schema else []:
            yield from self.met(schema["items"], item)
        for value in body.values() if schema.get("additionalProperties") else []:
            yield from self.met(schema["additionalProperties"], value)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(path.replace("{id}", "[^/]+"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over the starter corpus, and over two sheets whose names are spelt nearly alike."""
    folder = tmp_path_factory.mktemp("alike")
    for name in ("Barten disease", "Batten disease"):
        text = f"---\ntitle: {name}\n---\n\n## What is {name}?\n\nIt is invented.\n"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    build_index([CORPUS, folder], folder / ".index")
    return client_of(folder / ".index")


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> Described:
    return Described(client)


def addresses(client: FlaskClient) -> Iterator[str]:
    """Yield the address of everything that the endpoint answers here, and many that it does not answer."""
    yield from (DESCRIPTION, "/healthz/live", "/healthz/ready", "/api/v1/sheets", "/api/v1/sheets?per_page=2&page=3")
    yield from (f"/api/v1/search?{urlencode(given, doseq=True)}" for given in SEARCHES)
    yield from (f"/api/v1/suggest?{urlencode({'q': given.get('q', '')})}" for given in SEARCHES)
    yield from ("/api/v1/suggest?q=ha", "/api/v1/suggest?q=how")
    for result in ask(client, per_page=100)["results"]:
        yield f"/api/v1/answers/{result['id']}"
    for sheet in ask(client, "/api/v1/sheets", per_page=100)["sheets"]:
        yield f"/api/v1/sheets/{sheet['id']}"
    for path in ask(client, DESCRIPTION)["paths"]:
        yield from (f"{path.replace('{id}', 'gone-00000000.00000000')}?{given}" for given in FAULTS)
        if "{id}" in path:
            yield path.replace("{id}", "gone-00000000.00000000")


def test_the_description_is_openapi(described: Described) -> None:
    validate(ask(described.client, DESCRIPTION))


def test_every_body_is_described_in_a_sentence(described: Described) -> None:
    texts = {
        name: schema.get("description", "") for name, schema in described.document["components"]["schemas"].items()
    }
    assert [name for name, text in texts.items() if not re.match(r"[A-Z].* .*\.", text)] == []


def test_every_answer_and_every_problem_is_what_is_described_and_all_of_it_occurs(described: Described) -> None:
    met: set[str] = set()
    for target in addresses(described.client):
        response = described.client.get(target)
        schema = described.schema(target, response)
        assert described.faults(schema, response.json) == [], target
        met |= {*described.met(schema, response.json)}
    assert met == set(described.document["components"]["schemas"])


def test_a_key_that_is_not_described_would_be_noticed(described: Described) -> None:
    response = described.client.get("/api/v1/search?q=hnd")
    schema, body = described.schema("/api/v1/search", response), response.json or {}
    body["results"][0]["snippets"][0]["segments"][0]["colour"] = "red"
    (fault,) = described.faults(schema, body)
    assert "$.results[0].snippets[0].segments[0]: " in fault


def test_without_an_index_there_are_the_described_problems(tmp_path: Path) -> None:
    described = Described(client_of(tmp_path))
    for path, operation in described.operations.items():
        target = path.replace("{id}", "x")
        response = described.client.get(target)
        assert described.faults(described.schema(target, response), response.json) == []
        assert (response.status_code == 503) == ("503" in operation["responses"])


def test_every_route_for_programs_is_described_and_no_other(described: Described) -> None:
    rules = [rule.rule for rule in described.client.application.url_map.iter_rules()]
    programs = {rule for rule in rules if rule.startswith(("/api/", "/healthz/"))} - {"/api/v1/docs"}  # which is a page
    assert {path.replace("{", "<").replace("}", ">") for path in described.operations} == programs
    names = [one["name"] for one in described.operations["/api/v1/search"]["parameters"]]
    assert names == list(PARAMETERS)


#: What a parameter may be given: texts, numbers, dates that are and that are not, and all words that any takes.
WORDS = sorted({word for _, takes, *_ in PARAMETERS.values() for word in takes.schema.get("enum", [])})
GIVEN = st.one_of(
    st.text(max_size=9),
    st.just("x" * 2001),
    st.integers(-3, 10**10).map(str),
    st.sampled_from(
        [*WORDS, "Treatment", "yes", "0000", "2013-02-29", "2012-02-29", "2013-1", "20130501", "2013-W01-1"]
    ),
    st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True),
)


@given(st.sampled_from(sorted(PARAMETERS)), GIVEN)
def test_a_parameter_takes_what_its_schema_says(name: str, value: str) -> None:
    _, takes, *_ = PARAMETERS[name]
    number = takes.schema["type"] == "integer" and re.fullmatch(r"-?[0-9]+", value)
    validator = Draft202012Validator(takes.schema, format_checker=FormatChecker(["date"]))
    try:
        takes.read(value)
    except ValueError:
        assert not validator.is_valid(int(value) if number else value)
    else:
        assert validator.is_valid(int(value) if number else value)


def test_each_default_is_what_is_used_when_nothing_is_given(described: Described) -> None:
    defaults = {
        one["name"]: one["schema"]["default"]
        for one in described.operations["/api/v1/search"]["parameters"]
        if "default" in one["schema"]
    }
    assert set(defaults) == {"sort", "page", "per_page", "group"}
    for name, value in defaults.items():
        assert ask(described.client, q="tremor", **{name: value}) == ask(described.client, q="tremor")


@pytest.mark.parametrize(
    "path", ["/api/v1/suggest", "/api/v1/answers/x", "/api/v1/sheets", "/api/v1/sheets/x", DESCRIPTION]
)
def test_every_route_tells_all_faults_of_its_parameters(client: FlaskClient, path: str, described: Described) -> None:
    response = client.get(f"{path}?pge=1&colour=red&q=x&q=y")
    names = [one["name"] for one in described.operation(path)["parameters"] if one["in"] == "query"]
    told = {error["parameter"]: error["detail"] for error in (response.json or {})["errors"]}
    assert response.status_code == 400
    assert set(told) == {"pge", "colour", "q"}
    assert told["q"] == "may be given only once" if "q" in names else told["q"].startswith("unknown")
    assert ("did you mean page?" in told["pge"]) == ("page" in names)
    assert all(name in told["colour"] for name in names)


def test_a_head_request_gets_the_headers_of_the_answer_and_no_body(client: FlaskClient) -> None:
    for target in addresses(client):
        answered, asked = client.get(target), client.head(target)
        headers = [{**dict(one.headers), "Server-Timing": ""} for one in (answered, asked)]
        assert headers[0] == headers[1]
        assert (answered.status_code, asked.data) == (asked.status_code, b"")


@pytest.mark.parametrize("prefix", ["", "/facts"])
def test_what_an_answer_refers_to_is_there_below_a_prefix_too(client: FlaskClient, prefix: str) -> None:
    def get(path: str) -> Any:
        return client.get(path.removeprefix(prefix), base_url=f"http://localhost{prefix}")

    for target in ("/api/v1/sheets?per_page=1&page=2", "/api/v1/search?x=1", "/api/v1/answers/x", "/api/v1/nowhere"):
        response = get(target)
        links = dict(reversed(one) for one in re.findall(r'<([^>]+)>; rel="([a-z-]+)"', response.headers["Link"]))
        assert all(link.startswith(f"{prefix}/api/v1/") and get(link).status_code == 200 for link in links.values())
        (server,) = get(links["service-desc"]).json["servers"]
        assert server["url"].rstrip("/") == prefix
        if response.status_code != 200:
            assert response.json["type"].startswith(f"{prefix}/problems/")
            assert get(response.json["type"]).status_code == 200


def test_each_kind_of_problem_has_a_page_that_tells_what_to_do(described: Described) -> None:
    for name, response in described.document["components"]["responses"].items():
        page = get_page(described.client, f"/problems/{name}")
        assert response["description"] in page.words
    get_page(described.client, "/problems/none", 404)


def test_the_links_in_a_header_are_those_of_the_body(client: FlaskClient) -> None:
    for target in ("/api/v1/search?q=disease&per_page=2&page=2", "/api/v1/sheets?per_page=1", "/api/v1/search?page=99"):
        response = client.get(target)
        links = {name: link for name, link in json.loads(response.data)["links"].items() if link and name != "self"}
        told = re.findall(r'<([^>]+)>; rel="([a-z-]+)"', response.headers["Link"])
        assert {name: link for link, name in told} == {**links, "service-desc": DESCRIPTION}
