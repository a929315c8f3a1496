"""The documentation of the API: its OpenAPI document as a page, with examples from this index."""

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, render_template, request

from indexer import Query
from indexer.exchange.addresses import SEARCH_PATH, SHEETS_PATH
from indexer.settings import MAX_QUERY_CHARS, Settings
from webui.api import OPENAPI_PATH
from webui.site import SiteWords
from webui.views import site_address

#: How many characters of a text an example shows, and how long its lines are: the width of the column.
_TEXT_CHARS, _LINE_CHARS = 100, 76

#: Marks omissions. Only the first entry of a list is shown, because all entries have the same keys.
_REST = "…"

_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}

#: Parameters with three common mistakes.
_MISTAKES = {"q": "treatment", "per_pge": "5", "sort": "newst", "updated_from": "01/05/2013"}


@dataclass(frozen=True, slots=True)
class Example:
    """A path below the root of the site, and the JSON response from it."""

    path: str
    body: Any

    @property
    def shown(self) -> str:
        """The JSON as shown on the page."""
        return laid_out(shortened(self.body))


def register(app: Flask, settings: Settings, words: SiteWords) -> None:
    """Add the documentation to an application."""
    app.jinja_env.filters.update(shell=shlex.quote, literal=lambda text: json.dumps(text, ensure_ascii=False))

    def ask(path: str, **given: Any) -> Example:
        # Requests go to the application itself, so that examples are real responses.
        path += f"?{urlencode(given)}" if given else ""
        return Example(path, app.test_client().get(path, base_url=request.url_root).json)

    @app.get("/api/v1/docs")
    def docs() -> str:
        site, document = site_address(settings), ask(OPENAPI_PATH).body
        search = _successful_search(ask, words.examples().questions)
        examples = _examples(ask, search) if search else {}
        return render_template(
            "docs.html",
            document=document,
            examples=examples,
            mistakes=_MISTAKES,
            site=site,
            printed=printed(search.body) if search else "",
            problem_printed=printed_problem(examples["problem"].body) if examples else "",
            resolved=lambda part: _resolved(document, part),
            takes=takes,
            query=Query(),
        )


def _successful_search(ask: Callable[..., Example], questions: Sequence[str]) -> Example | None:
    """Return a search with results here: for one of some questions, or else for a question of a sheet."""
    for text in (*questions, ""):
        search = ask(SEARCH_PATH, q=text, per_page=1)
        if search.body.get("results") and not text:
            search = ask(SEARCH_PATH, q=search.body["results"][0]["question"][:MAX_QUERY_CHARS], per_page=1)
        if search.body.get("results"):
            return search
    return None


def _examples(ask: Callable[..., Example], search: Example) -> dict[str, Example]:
    """Return an example of each operation, by its name, and of two tasks."""
    first = search.body["results"][0]
    return {
        "ask": search,
        "problem": ask(SEARCH_PATH, **_MISTAKES),
        "search": ask(SEARCH_PATH, q=search.body["query"]["text"], group="subject", sort="newest", per_page=1),
        "suggest": ask("/api/v1/suggest", q=first["subject"]["name"][:4]),
        "answer": ask(f"/api/v1/answers/{quote(first['id'])}"),
        "sheets": ask(SHEETS_PATH, per_page=1),
        "sheet": ask(f"{SHEETS_PATH}/{quote(first['sheet_id'])}"),
        "live": ask("/healthz/live"),
        "ready": ask("/healthz/ready"),
    }


def printed(body: Mapping[str, Any]) -> str:
    """Return what the example programs print for a search: each answer with its references."""
    lines = []
    for result in body["results"]:
        lines.append(result["question"])
        lines += ["".join(segment["text"] for segment in snippet["segments"]) for snippet in result["snippets"]]
        lines += [f"{reference['number']}. {reference['text']}" for reference in result["references"]]
    return "\n".join(lines)


def printed_problem(problem: Mapping[str, Any]) -> str:
    """Return what the example programs print for a problem."""
    faults = [f"{fault['parameter']}: {fault['detail']}" for fault in problem.get("errors", ())]
    return "\n".join([f"{problem['status']} {problem['title']}", *faults])


def takes(schema: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what a schema accepts: words, the name of a body or "", and words after it.

    >>> takes({"type": "array", "items": {"$ref": "#/components/schemas/Result"}})
    ('list of ', 'Result', '')
    >>> takes({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"type": "null"}]})
    ('whole number from 1 to 100', '', ' or null')
    """
    if "$ref" in schema:
        return "", schema["$ref"].rpartition("/")[2], ""
    if {"type": "null"} in schema.get("anyOf", ()):
        before, name, after = takes(next(choice for choice in schema["anyOf"] if choice != {"type": "null"}))
        return before, name, f"{after} or null"
    for key, holder in (("items", "list of "), ("additionalProperties", "object of ")):
        if inner := schema.get(key):
            before, name, after = takes(inner)
            return holder + before, name, after
    if {"format": "date"} in schema.get("anyOf", ()):
        return "date", "", ""
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"])), "", ""
    words = _WORDS.get(schema.get("type", ""), schema.get("type", "anything"))
    if "maximum" in schema:
        words += f" from {schema['minimum']:,} to {schema['maximum']:,}"
    return words + (f" of at most {schema['maxLength']:,} characters" if "maxLength" in schema else ""), "", ""


def shortened(value: Any) -> Any:
    """Return a JSON value with texts cut and only the first entry of each list. "…" marks what is left out.

    >>> shortened({"words": ["a", "b", "c"], "text": "x" * 101})["words"]
    ['a', '…']
    """
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [*map(shortened, value[:1]), *([_REST] if len(value) > 1 else [])]
    return value[:_TEXT_CHARS] + _REST if isinstance(value, str) and len(value) > _TEXT_CHARS else value


def laid_out(value: Any, indent: str = "") -> str:
    """Return JSON with each object and list on one line if it fits.

    >>> print(laid_out({"a": [1, 2], "b": {"c": "x" * 60, "d": None}}))
    {
      "a": [1, 2],
      "b": {
        "c": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "d": null
      }
    }
    """
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) <= _LINE_CHARS:
        return line
    deeper = f"{indent}  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {laid_out(inner, deeper)}" for key, inner in value.items()]
    else:
        parts = [laid_out(inner, deeper) for inner in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{end}"


def _resolved(document: Any, part: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the name and the content that a reference in the document leads to; "" and the part if it is none."""
    if "$ref" not in part:
        return "", part
    _, *parents, name = part["$ref"].split("/")
    for parent in parents:
        document = document[parent]
    return name, document[name]
