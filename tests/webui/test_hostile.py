"""Text that means harm, in sheets, questions, parameters, addresses and headers: shown as it is, and never obeyed.

Routes are those of the application: one that is added is tried with everything here at once. Browsers look at the same
in tests/browser/test_hostile.py.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer import build_index
from indexer.exchange.citing import FORMATS
from indexer.exchange.parameters import PARAMETERS
from tests.webui.reading import GUARDS, HtmlPage, addresses_of, ask, client_of, get_page, read_page

TAG = "</q></h1></script><script>alert(1)</script><hostile onload='x' a=\"y\">"
HOSTILE = [
    TAG, "\" onfocus=alert(1) autofocus a='`", "--><!--]]><![CDATA[ &lt;b&gt; &#x3c;b>", "\\u003cscript>%3cscript%3e",
    "{{7*7}}${7*7}{% raw %}{# %}<%= 7*7 %>%(a)s{0}{self}", "a\0b\x1b[31m\x7f\x85c\u2028d", "\u202eabc\u2066\u200f",
    "\U0001f600\u200d\U0001f467\ufffe\U0010ffff\u0300", "\uff1cscript\uff1e\uff07\uff02\u212a\u0130\ufb03", "e" * 5000,
    "?!.,;:-…'\"", "is it of the and", "AND", "treat* AND (NOT \"x", "name:x^4 OR [a TO z} ~2 ?* ((", "type: source:\"",
    "' OR 1=1; DROP TABLE x --", "a\r\nSet-Cookie: b=c\r\n\r\n<hostile>", "%00%0d%0aSet-Cookie:%20b=c%ff",
    "../../etc/passwd", "..\\..\\CURRENT", "//evil.example/x", "/\\evil.example", ".", "..", "con", "-1", "1e9",
    "hypercandelic <hostile onload='x'>{{7*7}}", "hypocandelic <hostile onload='x'>", "javascript:alert(1)",
    "\x01 jAvAsCrIpT:alert(1)", "data:text/html,<script>alert(1)</script>",
    "https://evil.example/\"onmouseover=\"alert(1)", "file:///etc/passwd", "\\\\evil.example\\share",
]  # fmt: skip

#: Halves of characters, which an address can have and a file or a Python string that means something cannot.
HALVES = "\ud800x\udfff"

#: What a part of an address means where it means something. A new kind of part is tried with hostile text only.
KNOWN = {"letter": ["a", "0-9"], "ending": [*FORMATS], "filename": ["site.css"], "name": ["not-found"]}

#: Everything that a response may say beside GUARDS.
HEADERS = {
    "Accept-Ranges", "Allow", "Cache-Control", "Content-Disposition", "Content-Length", "Content-Type", "Date", "ETag",
    "Last-Modified", "Link", "Location", "Server-Timing", "Vary",
}  # fmt: skip

#: A sheet whose text is all of it written as numbers of characters: nothing in it can be Markdown.
SHEET = """---
{front}---

## What is {text}?

A zebra {text}.[1]

### {text}

- {text}[1]

| a | {text} |
|---|---|
| b[1] | zebra |

## How is {text} treated?

With [{text}](javascript:alert(2)) and ![{text}](//evil.example/x.png).

## References

1. {text} [page](javascript:alert(3)) [data](data:text/html,x) https://example.org/"'><hostile>. Accessed 2020-01-01.
2. {text}. //evil.example/
"""


def entities(text: str) -> str:
    """Return a text on one line as Markdown that means nothing but that text."""
    return "".join(char if char.isalnum() or char == " " else f"&#{ord(char)};" for char in " ".join(text.split()))


def site(folder: Path, texts: list[str]) -> FlaskClient:
    """Return a client over a sheet for each text, which has it wherever a sheet has one, on a site named so as well."""
    for number, text in enumerate(texts):
        front = dict.fromkeys(("title", "source", "licence", "url"), text) | {"also_known_as": [text, f"b {text}"]}
        page = SHEET.format(front=yaml.safe_dump(front), text=entities(text))
        (folder / f"{number}.md").write_text(page, encoding="utf-8")
    report = build_index([folder], folder / ".index")
    assert (report.pages, report.refused) == (len(texts), {})
    words = ("site_name", "subject_word", "subject_words", "disclaimer", "page_type", "subject_type")
    return client_of(folder / ".index", **dict.fromkeys(words, texts[0]), examples=(texts[0], "zebra"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over sheets that mean harm, on a site whose keeper does, too."""
    return site(tmp_path_factory.mktemp("hostile"), HOSTILE)


@pytest.fixture(scope="module")
def shapes(client: FlaskClient, tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Every element with each of its attributes that pages have where nobody means harm."""
    harmless = site(tmp_path_factory.mktemp("harmless"), ["https://a.example/", "moss elbow", "moss knee"])
    pages = [page for one in (client, harmless) for path in addresses_of(one) if (page := opened(one, path))]
    return set().union(*map(shape, pages))


def shape(page: HtmlPage) -> set[tuple[str, str]]:
    """Return the elements of a page with their attributes."""
    return {(element.tag, name) for element in page.elements for name in ("", *element)}


def hold(response: Any) -> HtmlPage | None:
    """Hold a response to what all keep to, whatever was asked; return the page, if it is one."""
    assert response.status_code in (200, 301, 302, 308, 400, 404), response.request.url
    assert GUARDS.items() <= dict(response.headers).items()
    assert {*response.headers.keys()} <= HEADERS | {*GUARDS}
    assert len({*response.headers.keys()}) == len(response.headers)
    location = urlsplit(response.headers.get("Location", "/"))
    assert (location.netloc in ("", "localhost"), location.path[:2] in ("//", "/\\")) == (True, False)
    if response.status_code < 300 or response.status_code >= 400:
        kind = response.content_type.partition(";")[0]
        if kind == "text/html":
            return read_page(response)
        if kind.endswith("json"):
            assert json.loads(response.data) is not None
        elif kind.endswith("xml"):
            assert ElementTree.fromstring(response.data).tag.endswith(
                ("OpenSearchDescription", "sitemapindex", "urlset")
            )
        else:
            assert kind in ("text/css", *(one.media_type.partition(";")[0] for one in FORMATS.values()))
    return None


def encode(text: str) -> str:
    """Return a text as a part of an address, halves of characters included."""
    return quote(text, safe="", errors="surrogatepass")


def paths_of(client: FlaskClient, *texts: str) -> Iterator[str]:
    """Yield the address of every route, with texts and with what is known in each of its parts."""
    answer = ask(client)["results"][0]
    ids = answer["id"], answer["sheet_id"]
    earlier = [
        f"{encode(text)}-{id.rpartition('-')[2]}" for id in ids for text in texts
    ]  # which lead to those of today
    known = {**KNOWN, "id": [*ids, *earlier]}
    for rule in client.application.url_map.iter_rules():
        parts = re.split(r"<(?:\w+:)?(\w+)>", rule.rule)
        choices = [[*map(encode, texts), *known.get(name, [])] for name in parts[1::2]]
        for chosen in product(*choices):
            yield "".join(one for pair in zip(parts[::2], [*chosen, ""], strict=True) for one in pair)


def opened(client: FlaskClient, path: str, **given: Any) -> HtmlPage | None:
    """Return the page at an address, held to what all keep to."""
    with client.get(path, **given) as response:
        return hold(response)


# Questions, parameters, addresses, headers


@pytest.mark.parametrize("text", [*HOSTILE, HALVES, "a" * 60_000], ids=lambda text: ascii(text)[:20])
def test_hostile_text_in_any_part_of_any_address_is_found_or_not_and_nothing_else(
    client: FlaskClient, shapes: set[tuple[str, str]], text: str
) -> None:
    for path in paths_of(client, text):
        page = opened(client, path)
        assert not page or shape(page) <= shapes, path


@pytest.mark.parametrize("text", [*HOSTILE, HALVES], ids=lambda text: ascii(text)[:20])
def test_hostile_text_in_any_parameter_of_any_route_is_text_or_refused(
    client: FlaskClient, shapes: set[tuple[str, str]], text: str
) -> None:
    for path in paths_of(client):
        names = [*PARAMETERS] if path in ("/", "/api/v1/search") else ["q"]
        for name in (*names, "hostile", encode(text)):
            page = opened(client, f"{path}?{name}={encode(text)}")
            assert not page or shape(page) <= shapes, (path, name)
            if page and (name, path) == ("q", "/") and text != HALVES:
                assert page.typed == text[:2000]


@pytest.mark.parametrize(
    "more", ["", "&source=nobody", "&exact=1&type=treatment", "&group=none&sort=newest", "&page=2"]
)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_a_hostile_question_is_shown_as_it_was_typed_wherever_the_page_shows_it(
    client: FlaskClient, text: str, more: str
) -> None:
    response = client.get(f"/?q={quote(f'tremor {text}')}{more}", follow_redirects=True)
    page = hold(response)
    assert page
    typed = f"tremor {text}"[:2000]
    assert page.typed == typed
    if page.count == 0 and len(typed) <= 60:
        assert " ".join(typed.split()) in page.one("h1").words
    assert page.one("title").words.startswith(" ".join(typed[:50].split()))
    assert page.one("link", type="application/json")["href"].startswith("/api/v1/search?q=tremor+")


@pytest.mark.parametrize(
    "name", ["Host", "X-Forwarded-Host", "X-Forwarded-Prefix", "Accept-Encoding", "Referer", "Accept"]
)
@pytest.mark.parametrize(
    "value", ["evil.example", 'a"><script>alert(1)</script>', "a b", "{{7*7}}", "[::1", "x;q=y", ""]
)
def test_hostile_headers_change_no_page(
    client: FlaskClient, shapes: set[tuple[str, str]], name: str, value: str
) -> None:
    path = ask(client)["results"][0]["url"]
    for target in ("/", f"{path}?q=x", "/nowhere", "/opensearch.xml", f"{path}/citation.ris", "/api/v1/nowhere"):
        page = opened(client, target, headers={name: value})
        assert not page or shape(page) <= shapes


#: Ways to write "up, and then somewhere else", as addresses have them: nothing is encoded that is not encoded here.
UP = ".. %2e%2e %2E. %252e%252e ..%2f.. ..%5c.. ..\\.. ....// ..; %c0%ae%c0%ae ..%00 .%0d.".split()
TARGETS = ["etc/passwd", "__init__.py", "%2fetc%2fpasswd%00.css", "/etc/passwd"]


@pytest.mark.parametrize("up", UP)
def test_no_way_up_from_any_part_of_any_address_shows_a_file(client: FlaskClient, up: str) -> None:
    for path in paths_of(client, "hostile"):
        for target in TARGETS if "hostile" in path else ():
            for depth in (1, 9):
                asked = path.replace("hostile", "/".join([*[up] * depth, target]))
                with client.get(asked) as response:
                    hold(response)
                    assert response.status_code in (301, 302, 308, 400, 404), asked
                    assert not any(secret in response.data for secret in (b"root:", b"import ", b"generations/")), asked


@given(text=st.text())
def test_any_text_is_a_question_and_stands_in_the_box_as_it_was_typed(client: FlaskClient, text: str) -> None:
    page = opened(client, f"/?q={quote(text)}")
    assert page
    assert page.typed == ask(client, q=text)["query"]["text"] == text
    assert json.loads(client.get(f"/suggestions?q={quote(text)}").data)[0] == text


@given(data=st.data(), raw=st.binary(), name=st.sampled_from([*sorted(PARAMETERS), "hostile"]))
def test_any_bytes_in_any_place_of_any_route_give_an_answer_or_a_problem(
    client: FlaskClient, data: st.DataObject, raw: bytes, name: str
) -> None:
    paths = [path.replace("hostile", quote_from_bytes(raw, safe="")) for path in paths_of(client, "hostile")]
    opened(client, f"{data.draw(st.sampled_from(paths))}?{name}={quote_from_bytes(raw)}")


# Sheets


def test_every_text_of_a_hostile_sheet_is_shown_as_it_is(hostile: FlaskClient, shapes: set[tuple[str, str]]) -> None:
    results = [one for one in ask(hostile, q="what is zebra", per_page=100)["results"] if one["type"] == "information"]
    assert {result["subject"]["name"] for result in results} == {*HOSTILE}
    for result in results:
        text, sheet_path = result["subject"]["name"], f"/sheets/{result['sheet_id']}"
        shown, asked = " ".join(text.split()), " ".join(result["question"].split())
        assert quote(result["url"] + sheet_path) == result["url"] + sheet_path
        answer, sheet = opened(hostile, f"{result['url']}?q=zebra"), opened(hostile, sheet_path)
        assert answer
        assert sheet
        assert [page.one("h1").words for page in (answer, sheet)] == [asked, shown]
        for page in (answer, sheet):
            assert shape(page) <= shapes, text
            assert page.one("title").words.startswith(page.one("h1").words)
            data = json.loads(page.one("script", type="application/ld+json").text)
            assert (data["about"]["name"], data["sourceOrganization"]["name"]) == (text, text)
            assert data["about"]["alternateName"][-1] == f"b {text}"
            assert data.get("isBasedOn") == (text if text.startswith("https://") else None)
        assert sheet.one("dl", class_="origin").words.count(shown) >= 3
        assert f"b {shown}" in sheet.one("p", class_="names").words
        shown = unicodedata.normalize("NFC", shown)  # as pages are read
        if not shown.isprintable():  # what stands for no character is taken out
            continue
        whole = answer.one("div", class_="text")
        for part, before in (("p", "A zebra "), ("h3", ""), ("li", ""), ("td", "")):
            assert any(f"{before}{shown}" in element.words for element in whole.all(part)), (part, text)
        assert asked == f"What is {shown}?"
        assert shown.removeprefix("https://evil.example/") in answer.one("li", id="ref-1").words


def test_a_hostile_sheet_leads_to_pages_and_to_nothing_that_a_browser_would_run(hostile: FlaskClient) -> None:
    outside: set[str] = set()
    for path in addresses_of(hostile):
        for link in page.all("a") if (page := opened(hostile, path)) else ():
            outside |= {link["href"]} if not link["href"].startswith(("/", "#")) else set()
    assert {urlsplit(address).netloc for address in outside} == {"example.org", "evil.example"}
    assert all(urlsplit(address).scheme == "https" for address in outside)


def test_hostile_sheets_leave_lists_cards_counts_and_suggestions_whole(
    hostile: FlaskClient, shapes: set[tuple[str, str]]
) -> None:
    paths = ["/", "/coverage", "/opensearch.xml", "/?q=zebra&per_page=100", *(f"/a-to-z/{x}" for x in "abcdefghij")]
    for text in HOSTILE:
        paths += [f"/?q={quote(question)}&per_page=3" for question in (text, f"b {text}", f"is {text} inherited")]
        suggested = ask(hostile, "/api/v1/suggest", q=text[:100])["suggestions"]
        assert all(one["url"].startswith(("/answers/", "/sheets/", "/?q=")) for one in suggested)
        paths += [one["url"] for one in suggested[:1]]
    for path in paths:
        page = opened(hostile, path)
        assert not page or shape(page) <= shapes, path


def test_names_of_hostile_sheets_are_text_where_they_are_offered_instead(hostile: FlaskClient) -> None:
    near, tied = opened(hostile, "/?q=scrpt+alret+hostlie+onlaod&exact=1"), opened(hostile, "/?q=hyprcandelic+zebra")
    assert near
    assert TAG in near.one("section", aria_labelledby="near").links
    assert tied
    assert {*tied.one("p", class_="read-as mean").links} == {text for text in HOSTILE if "candelic" in text}


def test_each_name_of_a_hostile_sheet_stands_in_the_a_to_z_as_it_is(hostile: FlaskClient) -> None:
    listed: set[str] = set()
    for letter in [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0-9"]:
        page = opened(hostile, f"/a-to-z/{letter}")
        assert page
        listed |= {entry.words for part in page.all("div", class_="names-list") for entry in part.all("li")}
    assert " ".join(TAG.split()) in listed
    assert f"b {TAG}, see {TAG}" in listed


def test_words_of_the_keeper_are_text_on_every_page_and_in_every_file(hostile: FlaskClient) -> None:
    result = ask(hostile, q="zebra")["results"][0]
    for path in (
        "/",
        "/?q=zebra",
        result["url"],
        f"/sheets/{result['sheet_id']}",
        "/a-to-z",
        "/a-to-z/x",
        "/coverage",
        "/no",
    ):
        page = opened(hostile, path)
        assert page
        assert page.one("title").words.endswith(TAG)
        assert page.one("footer").all("p")[0].text == TAG
        assert (page.one("a", class_="wordmark").words, page.one("form")["data-subject-word"]) == (TAG, TAG)
    assert ElementTree.fromstring(hostile.get("/opensearch.xml").data).findtext("{*}ShortName") == TAG[:16]


@pytest.mark.parametrize("name", ["moss \u02bc elbow", "moss \uff9e elbow", "moss \ufc5e elbow"])
def test_a_name_with_a_word_that_has_no_letters_is_searched_and_listed(tmp_path: Path, name: str) -> None:
    front = yaml.safe_dump({"title": name, "also_known_as": [f"b {name}", "b one two three four five six"]})
    (tmp_path / "0.md").write_text(SHEET.format(front=front, text="0"), encoding="utf-8")
    build_index([tmp_path], tmp_path / ".index")
    client = client_of(tmp_path / ".index")
    assert opened(client, f"/?q={quote(f'b {name}')}")
    assert name in get_page(client, "/a-to-z/m").links


@pytest.mark.parametrize(("title", "names"), [(" ", []), ("0", ["?"])])
def test_a_name_of_no_words_is_no_name(tmp_path: Path, title: str, names: list[str]) -> None:
    front = yaml.safe_dump({"title": title, "also_known_as": names})
    (tmp_path / "0.md").write_text(SHEET.format(front=front, text="0"), encoding="utf-8")
    build_index([tmp_path], tmp_path / ".index")
    result = ask(client_of(tmp_path / ".index"), q="zebra")["results"][0]
    assert (result["subject"]["name"], result["matched"]["name"]) == ("0", None)
