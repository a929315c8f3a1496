"""The page for programs: it tells all that the endpoint does, and its examples do what it says.

Those in JavaScript run in a browser: `tests/browser/test_docs.py`.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.browser.site import served
from tests.webui.reading import HtmlPage, ask, client_of, get_page, read_page
from webui.docs import laid_out, shortened

DOCS = "/api/v1/docs"
_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.fixture(scope="module")
def page(index: Path) -> Iterator[HtmlPage]:
    """The page of a site that is there for as long as its examples are tried."""
    with served(index) as site, urlopen(f"{site}{DOCS}") as response:  # noqa: S310 (our own site)
        yield HtmlPage(response.read().decode())


@pytest.fixture(scope="module")
def curl() -> str:
    """The curl that the system has."""
    found = shutil.which("curl")
    if found is None:
        reason = "there is no curl on the path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def test_every_call_of_curl_brings_the_answer_that_stands_under_it(page: HtmlPage, curl: str) -> None:
    calls, answers = page.all("pre", class_="curl"), page.all("pre", class_="json")
    assert len(calls) == len(answers) == 9
    for call, answer in zip(calls, answers, strict=True):
        name, *rest = shlex.split(call.text)
        assert name == "curl"
        got = subprocess.run([curl, "--silent", "--show-error", *rest], capture_output=True, check=True).stdout
        assert json.loads(answer.text) == shortened(json.loads(got)), call.text


def test_the_programs_in_python_print_what_the_page_says(page: HtmlPage) -> None:
    programs, prints = page.all("pre", class_="python"), page.all("pre", class_="printed")
    assert len(programs) == len(prints) == 2
    for program, expected in zip(programs, prints, strict=True):
        command = [sys.executable, "-X", "utf8", "-W", "error", "-c", program.text]
        run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert (run.stdout, run.stderr) == (f"{expected.text}\n", "")


def test_the_examples_are_worth_reading(page: HtmlPage) -> None:
    found, mistakes = (pre.text.split("\n") for pre in page.all("pre", class_="printed"))
    assert found[0] == "How is multifocal motor neuropathy treated?"
    assert "[1]" in found[1]
    assert found[-1].startswith("4. Genetic and Rare Diseases Information Center (GARD). Multifocal motor")
    assert [line.partition(":")[0] for line in mistakes[1:]] == ["per_pge", "updated_from", "sort"]


def test_the_page_tells_every_address_parameter_status_problem_body_and_key(client: FlaskClient) -> None:
    document, page = ask(client, "/api/v1/openapi.json"), get_page(client, DOCS)
    ids = {element["id"] for element in page.elements if "id" in element}
    terms = [term.words for term in page.all("dt")]
    operations = [methods["get"] for methods in document["paths"].values()]
    assert {operation["operationId"] for operation in operations} <= ids
    assert [heading.words for heading in page.all("h3")].count("/api/v1/answers/{id}") == 1
    for operation in operations:
        (place,) = [number for number, one in enumerate(page.elements) if one.get("id") == operation["operationId"]]
        listed = [one.words for one in page.elements[place:] if one.tag == "dt"]
        answers = [status.replace("default", "any other") for status in operation["responses"]]
        told = [one["name"] for one in operation["parameters"]] + answers
        assert listed[: len(told)] == told
    for name, schema in document["components"]["schemas"].items():
        assert name in ids
        assert set(schema["properties"]) <= set(terms)
    for name in document["components"]["responses"]:
        assert page.links[name].endswith(f"/problems/{name}")


def test_limits_defaults_and_types_stand_in_words(client: FlaskClient) -> None:
    told = {entry.one("dt").words: entry.one("dd").words for entry in reversed(get_page(client, DOCS).all("div"))
            if len(entry.all("dt")) == 1}  # fmt: skip
    assert told["q"].endswith("text of at most 2,000 characters")
    assert told["per_page"].endswith("whole number from 1 to 100; 10 if not given")
    assert told["source"].endswith("; may repeat")
    assert told["similar"] == "list of Similar"
    assert told["errors"] == "list of Fault, not always there"
    assert told["identifiers"] == "object of text"


def test_any_index_has_examples_that_find_something(library_index: Path, tmp_path: Path) -> None:
    found, _ = get_page(client_of(library_index, examples=("xylophone",)), DOCS).all("pre", class_="printed")
    assert found.words
    for nothing in (client_of(tmp_path), client_of(library_index, query_ms=0)):
        page = get_page(nothing, DOCS)
        assert "There are no examples" in page.words
        assert not page.all("pre")


@pytest.mark.parametrize(
    ("given", "settings", "expected"),
    [
        ("http://localhost/facts", {}, "http://localhost/facts/api/v1/"),
        ("http://localhost", {"base_url": "https://facts.example/here/"}, "https://facts.example/here/api/v1/"),
    ],
)
def test_examples_have_the_address_that_others_see(
    index: Path, given: str, settings: dict[str, Any], expected: str
) -> None:
    page = read_page(client_of(index, **settings).get(DOCS, base_url=given))
    for kind in ("curl", "python", "javascript"):
        assert expected in page.all("pre", class_=kind)[0].text


@given(_ANY_JSON)
def test_json_is_laid_out_without_a_change(value: Any) -> None:
    assert json.loads(laid_out(value)) == value
