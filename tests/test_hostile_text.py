"""Text that means harm, or nothing, in questions, parameters, addresses and sheets: shown as it is, never obeyed."""

import json
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import pytest
import yaml
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer import build_index
from indexer.parameters import PARAMETERS
from tests.webui.reading import HtmlPage, ask, client_of, read_page

TAG = "</q></h1><script>alert(1)</script><hostile onload='x' a=\"y\">"
HOSTILE = [
    TAG, "\" onfocus=alert(1) a='`", "{{7*7}}${7*7}{% raw %}<%= 7*7 %>%(a)s{0}",
    "a\0b\x1b[31m\x7f\x85c", "\u202eabc\u2066",
    "\U0001f600\u200d\U0001f467\ufffe\U0010ffff\u0300", "e" * 8000, "?!.,;:-…'\"", "is it of the and", "AND",
    "treat* AND (NOT \"x", "name:x^4 OR [a TO z} ~2 ?* ((", "' OR 1=1; DROP TABLE x --", "a\r\nSet-Cookie: b=c",
    "%00%0d%0a%ff", "../../etc/passwd", "javascript:alert(1)",
]  # fmt: skip
PAGE = """---
{front}---

## What is {plain}?

A zebra {plain}.[1]

- {plain}[1]

| a | {plain} |
|---|---|
| b[1] | zebra |

## References

1. {plain} https://example.org/"'><hostile>. Accessed 2020-01-01.
"""


@pytest.fixture(scope="module")
def client(index: Path) -> FlaskClient:
    return client_of(index)


def client_over(folder: Path, fronts: list[dict[str, object]]) -> FlaskClient:
    """Return a client over a sheet for each front matter, with its title all over the sheet."""
    for number, front in enumerate(fronts):
        plain = " ".join(str(front["title"]).replace("`", "'").replace("|", "").replace("\0", "").split())
        page = PAGE.format(front=yaml.safe_dump(front), plain=f"`{plain or 'x'}`")
        (folder / f"{number}.md").write_text(page, encoding="utf-8")
    report = build_index([folder], folder / ".index")
    assert (report.documents, report.refused) == (len(fronts), {})
    return client_of(folder / ".index")


def page_at(client: FlaskClient, path: str, *statuses: int) -> HtmlPage | None:
    """Hold the page or the body at an address to the rules of all; return the page, if it is one that was found."""
    response = client.get(path)
    assert response.status_code in statuses, path
    assert "Set-Cookie" not in response.headers
    if response.mimetype == "text/html" and response.status_code != 302:
        return read_page(response)
    assert response.status_code == 302 or json.loads(response.data)
    return None


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_a_parameter_is_searched_or_refused(client: FlaskClient, text: str) -> None:
    for name in (*PARAMETERS, "hostile", quote(text)):
        for path in ("/", "/api/v1/search"):
            page = page_at(client, f"{path}?{name}={quote(text)}", 200, 400)
            assert not page or name != "q" or page.typed == text[:2000]


@pytest.mark.parametrize("text", [*HOSTILE, "a" * 60_000])
def test_hostile_text_in_an_address_is_not_found(client: FlaskClient, text: str) -> None:
    for path in ("/answers/", "/sheets/", "/api/v1/answers/", "/static/", "/"):
        page_at(client, path + quote(text, safe=""), 404)


@given(st.text())
def test_any_text_is_a_question_and_stands_in_the_box_as_it_was_typed(client: FlaskClient, text: str) -> None:
    page = page_at(client, f"/?q={quote(text)}", 200)
    assert page
    assert page.typed == ask(client, q=text)["query"]["text"] == text


@given(st.binary(), st.sampled_from(sorted(PARAMETERS)), st.sampled_from(["/", "/api/v1/search"]))
def test_any_bytes_as_a_parameter_give_an_answer_or_a_problem(
    client: FlaskClient, raw: bytes, name: str, path: str
) -> None:
    page_at(client, f"{path}?{name}={quote_from_bytes(raw)}", 200, 302, 400)


def test_hostile_text_in_a_sheet_is_shown_as_it_is(tmp_path: Path) -> None:
    keys = ("title", "source", "licence", "url")
    client = client_over(tmp_path, [{**dict.fromkeys(keys, text), "also_known_as": [text]} for text in HOSTILE])
    results = ask(client, q="zebra", per_page=100)["results"]
    assert sorted(result["subject"]["name"] for result in results) == sorted(HOSTILE)
    page = page_at(client, "/?q=zebra&per_page=100", 200)
    assert page
    for result in results:
        assert result["question"] in page.text
        assert ask(client, f"/api/v1{result['url']}")["subject"] == result["subject"]
        for path in (result["url"], f"/sheets/{result['sheet_id']}", f"/?q={quote(result['question'])}"):
            assert page_at(client, path, 200)


@pytest.mark.parametrize(("title", "names"), [(" ", []), ("0", ["?"])])
def test_a_name_of_no_words_is_no_name(tmp_path: Path, title: str, names: list[str]) -> None:
    (result,) = ask(client_over(tmp_path, [{"title": title, "also_known_as": names}]), q="zebra")["results"]
    assert (result["subject"]["name"], result["matched"]["name"]) == ("0", None)
