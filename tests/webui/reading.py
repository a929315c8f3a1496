"""What tests read from answers: JSON bodies and their shapes, and HTML pages with the rules that all of them keep."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.settings import Settings
from webui import create_app

SEGMENT = {"text": str, "marked": bool, "reference": int | None}
REFERENCE = {"number": int, "text": str, "url": str | None, "identifiers": dict, "accessed": str | None}


def client_of(index: Path) -> FlaskClient:
    """Return a client over an index, under which an unexpected error fails the test."""
    app = create_app(Settings(index=index))
    app.testing = True
    return app.test_client()


def ask(client: FlaskClient, path: str = "/api/v1/search", **parameters: object) -> Any:
    """Return the JSON body of an answer that must be a 200."""
    response = client.get(path, query_string=parameters or None)
    assert (response.status_code, response.content_type) == (200, "application/json"), response.text
    return json.loads(response.data)


def faults(value: Any, shape: Any, path: str = "body") -> list[str]:
    """Return where a value departs from a shape: keys in order, [shape of each entry], (shape, None), or types."""
    if isinstance(shape, dict) and isinstance(value, dict) and list(value) == list(shape):
        return [fault for key, inner in shape.items() for fault in faults(value[key], inner, f"{path}.{key}")]
    if isinstance(shape, list) and isinstance(value, list):
        return [fault for n, entry in enumerate(value) for fault in faults(entry, shape[0], f"{path}[{n}]")]
    if isinstance(shape, tuple):
        return [] if value is None else faults(value, shape[0], path)
    return [] if type(value) in (get_args(shape) or (shape,)) else [f"{path}: {value!r}"]


class Element(dict[str, str]):
    """The attributes of an element, its tag, and all the text inside it."""

    def __init__(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        super().__init__((name, value or "") for name, value in attributes)
        assert len(self) == len(attributes)
        self.tag, self.text = tag, ""


class HtmlPage(HTMLParser):
    """A page taken apart. Fails on tags that do not nest, as they do not where a text was not escaped."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, attrs))
        self._open += [] if tag in ("meta", "link", "input", "img") else self.elements[-1:]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements with a tag and some attributes, in order; "class_" stands for "class"."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [element for element in self.elements if element.tag == tag and wanted.items() <= element.items()]

    @property
    def text(self) -> str:
        """All the text of the page, white space as one blank."""
        return " ".join(self.all("body")[0].text.split())

    @property
    def typed(self) -> str:
        """What stands in the search box."""
        return self.all("input", type="search", name="q")[0]["value"]


def read_page(response: TestResponse) -> HtmlPage:
    """Return the page in a response, after holding it to the rules of every page."""
    assert response.content_type == "text/html; charset=utf-8"
    page = HtmlPage(response.text)
    assert page.all("html") == [{"lang": "en"}]
    assert [bool(element.text.strip()) for tag in ("title", "h1") for element in page.all(tag)] == [True, True]
    module, *data = page.all("script")
    assert (module["type"], module.text) == ("module", "")
    assert all(element == {"type": "application/ld+json"} and json.loads(element.text) for element in data)
    assert [label["for"] for label in page.all("label")] == [box["id"] for box in page.all("input", type="search")]
    ids = [element["id"] for element in page.elements if "id" in element]
    assert len(ids) == len(set(ids)), ids
    for element in page.elements:
        assert element.tag not in ("style", "iframe", "object", "base", "hostile")
        assert not any(name.startswith("on") or name == "style" for name in element)
        target = element.get("href", "/")
        assert target.startswith(("/", "http://", "https://")) or target.removeprefix("#") in ids, target
        assert not target.startswith("//")
    return page
