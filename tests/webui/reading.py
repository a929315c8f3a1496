"""What tests read from answers: JSON bodies and their shapes, and HTML pages with the rules that all of them keep."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.settings import Settings
from webui import create_app

Body = TypeVar("Body")

#: What every response says, whatever it is: nothing from elsewhere, and no script or style that stands in a page.
GUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

#: The attributes that hold an address which a browser would ask for, or which the script of the page does.
ADDRESSES = ("href", "src", "action", "data-suggest")


def client_of(index: Path, **settings: Any) -> FlaskClient:
    """Return a client over an index, under which an unexpected error fails the test."""
    app = create_app(Settings(index=index, **settings))
    app.testing = True
    return app.test_client()


def ask(client: FlaskClient, path: str = "/api/v1/search", **parameters: object) -> Any:
    """Return the JSON body of an answer that must be a 200."""
    response = client.get(path, query_string=parameters or None)
    assert (response.status_code, response.content_type) == (200, "application/json"), response.text
    return json.loads(response.data)


def every_result(client: FlaskClient) -> list[Any]:
    """Return all answers that there are, as a search for nothing lists them."""
    bodies = [ask(client, per_page=100)]
    while following := bodies[-1]["links"]["next"]:
        bodies.append(ask(client, following))
    return [result for body in bodies for result in body["results"]]


def read_as(data: str | bytes, shape: type[Body]) -> Body:
    """Return JSON as a body. Fails on a wrong type, and on keys that are missing, unknown or out of order."""
    body = msgspec.json.decode(data, type=shape)
    assert json.dumps(json.loads(msgspec.json.encode(body))) == json.dumps(json.loads(data))
    return body


class Element(dict[str, str]):
    """The attributes of an element, its tag, all the text inside it, and the elements in it."""

    def __init__(self, tag: str, attributes: list[tuple[str, str | None]] | None = None) -> None:
        super().__init__((name, value or "") for name, value in attributes or ())
        assert len(self) == len(attributes or ())
        self.tag, self.text = tag, ""
        self.elements: list[Element] = []

    def __bool__(self) -> bool:
        return True

    def all(self, tag: str, **attributes: str) -> list["Element"]:
        """Return the elements with a tag and some attributes, in order; "class_" is "class", "aria_label" with "-"."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [element for element in self.elements if element.tag == tag and wanted.items() <= element.items()]

    def one(self, tag: str, **attributes: str) -> "Element":
        """Return the only element with a tag and some attributes."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def words(self) -> str:
        """All the text inside, white space as one blank."""
        return " ".join(self.text.split())

    @property
    def links(self) -> dict[str, str]:
        """The addresses of the links inside by their words."""
        return {link.words: link["href"] for link in self.all("a")}


class HtmlPage(Element):
    """A page taken apart. Fails on tags that do not nest, as they do not where a text was not escaped."""

    def __init__(self, html: str) -> None:
        super().__init__("page")
        reader = _Reader(self)
        reader.feed(html)
        reader.close()
        assert reader.open == [self]

    @property
    def words(self) -> str:
        """All the text that somebody can read, white space as one blank."""
        return self.one("body").words

    @property
    def typed(self) -> str:
        """What stands in the search box."""
        areas = self.all("textarea", name="q")
        return areas[0].text.removeprefix("\n") if areas else self.one("input", type="search", name="q")["value"]

    @property
    def count(self) -> int:
        """How many answers a page of results says there are."""
        first = self.one("h1").words.split()[0]
        others = [line.words.split()[0] for line in self.all("p", class_="rest") if "other answer" in line.words]
        return 0 if first == "No" else sum(int(number.replace(",", "")) for number in [first, *others])

    @property
    def addresses(self) -> list[str]:
        """What the page would have a browser ask this site for, each once, the part behind "#" left out."""
        found = [element[name] for element in self.elements for name in ADDRESSES if name in element]
        return list(dict.fromkeys(one.partition("#")[0] for one in found if one.startswith("/")))


class _Reader(HTMLParser):
    """Fills a page. `open` are the elements around the place that is read."""

    def __init__(self, page: HtmlPage) -> None:
        super().__init__()
        self.open: list[Element] = [page]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, attrs)
        for around in self.open:
            around.elements.append(element)
        self.open += [] if tag in ("meta", "link", "input", "img") else [element]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def get_page(client: FlaskClient, path: str, status: int = 200) -> HtmlPage:
    """Return the page at an address, after holding it to the rules of every page."""
    response = client.get(path)
    assert response.status_code == status, path
    return read_page(response)


def read_page(response: TestResponse) -> HtmlPage:
    """Return the page in a response, after holding it to the rules of every page."""
    assert response.content_type == "text/html; charset=utf-8"
    assert GUARDS.items() <= dict(response.headers).items()
    page, root = HtmlPage(response.text), response.request.script_root
    assert page.all("html") == [{"lang": "en"}]
    assert [bool(element.words) for tag in ("title", "h1") for element in page.all(tag)] == [True, True]
    module, *data = page.all("script")
    assert (set(module), module["type"], module.text) == ({"type", "src"}, "module", "")
    assert all(element == {"type": "application/ld+json"} and json.loads(element.text) for element in data)
    assert [label["for"] for label in page.all("label")] == [
        box["id"] for box in (*page.all("input", type="search"), *page.all("textarea", name="q"))
    ]
    ids = [element["id"] for element in page.elements if "id" in element]
    assert len(ids) == len(set(ids)), ids
    for element in page.elements:
        assert element.tag not in ("style", "iframe", "object", "base", "hostile")
        assert not any(name.startswith("on") or name in ("style", "srcset") for name in element)
        source = element.get("src", f"{root}/site/logo")
        assert re.fullmatch(rf"{root}/(static/[0-9a-f]{{12}}/[\w.-]+|site/logo)", source)
        for target in (element[name] for name in ADDRESSES if name in element):
            assert target.startswith((f"{root}/", "http://", "https://")) or target.removeprefix("#") in ids, target
            assert not target.startswith("//")
    return page


def result_pages(client: FlaskClient, path: str) -> Iterator[tuple[HtmlPage, Any]]:
    """Yield the pages of a search, each with the body that its JSON alternate has."""
    following = [path]
    while following:
        page = get_page(client, following[0])
        yield page, ask(client, page.one("link", type="application/json")["href"])
        following = [link["href"] for link in page.all("a", rel="next")]


def addresses_of(client: FlaskClient) -> list[str]:
    """Return the address of a page of every kind: every answer and sheet, searches that show each part, errors."""
    words = ["", "how is multifocal motor neuropathy treated", "mmn", "hartnup", "xylophone", '"no phrase"']
    words += ["hartnup disease and moyamoya disease", "how is hartnup disease treated, please, in an adult, nowadays"]
    found = [f"/?{urlencode({'q': one})}" for one in words]
    found += ["/?q=disease&type=treatment&type=causes&per_page=1&page=2", "/?q=hartnup&exact=1", "/?sort=title"]
    found += ["/?q=hartnup&updated_from=1990&updated_to=1991", "/?type=nonsense&page=0", "/answers/none", "/coverage"]
    found += ["/a-to-z", "/a-to-z/m", "/a-to-z/x", "/?group=none&per_page=1", "/api/v1/docs"]
    results = every_result(client)
    for result in results:
        found += [result["url"], f"{result['url']}?{urlencode({'q': result['question']})}"]
    return found + sorted({f"/sheets/{result['sheet_id']}" for result in results})
