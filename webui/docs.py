"""The documentation of the endpoint: its OpenAPI document as a page, with examples that this index answers."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, render_template, request

from indexer import Query, SearchEngine
from indexer.bodies import Search
from indexer.errors import IndexStateError
from indexer.settings import Settings
from webui.api import openapi
from webui.views import site_address

#: Characters of a text of an answer that the page shows, and of a line of it: what stands in its column.
_TEXT_CHARS, _LINE_CHARS = 100, 76

#: What is left out. Of a list the first entry is shown: all entries of a list have the same keys.
_REST = "…"

_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}

#: Parameters with three faults that people make.
_MISTAKES = {"q": "treatment", "per_pge": "5", "sort": "newst", "updated_from": "01/05/2013"}


@dataclass(frozen=True, slots=True)
class Example:
    """An address below the root of the site, and the JSON that it answers."""

    path: str
    body: Any

    @property
    def shown(self) -> str:
        """The JSON as the page shows it."""
        return laid_out(shortened(self.body))


def register(app: Flask, engine: SearchEngine, settings: Settings) -> None:
    """Have an application show the documentation."""
    app.jinja_env.filters.update(shell=shlex.quote, literal=lambda text: json.dumps(text, ensure_ascii=False))

    def ask(path: str, **given: Any) -> Example:
        # The application itself is asked, so that examples are what a program gets.
        path += f"?{urlencode(given)}" if given else ""
        return Example(path, app.test_client().get(path, base_url=request.url_root).json)

    @app.get("/api/v1/docs")
    def docs() -> str:
        document, site = openapi(engine, Query()), site_address(settings)
        examples: dict[str, Example] = {}
        if question := _question(engine, settings):
            found = ask("/api/v1/search", q=question, per_page=1)
            wrong = ask("/api/v1/search", **_MISTAKES)
            first = found.body["results"][0]
            examples = {
                "ask": found,
                "problem": wrong,
                "search": ask("/api/v1/search", q=question, group="subject", sort="newest", per_page=1),
                "suggest": ask("/api/v1/suggest", q=first["subject"]["name"][:4]),
                "answer": ask(f"/api/v1/answers/{quote(first['id'])}"),
                "sheets": ask("/api/v1/sheets", per_page=1),
                "sheet": ask(f"/api/v1/sheets/{quote(first['sheet_id'])}"),
                "live": ask("/healthz/live"),
                "ready": ask("/healthz/ready"),
            }
        return render_template(
            "docs.html",
            document=document,
            examples=examples,
            question=question,
            mistakes=_MISTAKES,
            site=site,
            printed=printed(examples["ask"].body) if examples else "",
            told=told(examples["problem"].body) if examples else "",
            resolved=lambda one: _resolved(document, one),
            takes=takes,
            query=Query(),
        )


def _question(engine: SearchEngine, settings: Settings) -> str:
    """Return a question that finds something here; "" where there is nothing to find."""
    try:
        asked = [example for example in settings.examples if engine.rank(Query(example))]
        return asked[0] if asked else "".join(hit.document.question for hit in engine.search(Query()).hits[:1])
    except IndexStateError:  # the page tells about the endpoint all the same
        return ""


def printed(body: Search) -> str:
    """Return what the programs of the page print for a body: each answer that was found, and what backs it."""
    lines = []
    for result in body["results"]:
        lines.append(result["question"])
        lines += ["".join(segment["text"] for segment in snippet["segments"]) for snippet in result["snippets"]]
        lines += [f"{reference['number']}. {reference['text']}" for reference in result["references"]]
    return "\n".join(lines)


def told(problem: Mapping[str, Any]) -> str:
    """Return what the programs of the page print for a problem."""
    faults = [f"{fault['parameter']}: {fault['detail']}" for fault in problem["errors"]]
    return "\n".join([f"{problem['status']} {problem['title']}", *faults])


def takes(schema: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what a schema takes: words, the name of a body or "", and words behind it.

    >>> takes({"type": "array", "items": {"$ref": "#/components/schemas/Result"}})
    ('list of ', 'Result', '')
    >>> takes({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"type": "null"}]})
    ('whole number from 1 to 100', '', ' or null')
    """
    if "$ref" in schema:
        return "", schema["$ref"].rpartition("/")[2], ""
    if {"type": "null"} in schema.get("anyOf", ()):
        before, name, behind = takes(next(one for one in schema["anyOf"] if one != {"type": "null"}))
        return before, name, f"{behind} or null"
    for key, holder in (("items", "list of "), ("additionalProperties", "object of ")):
        if inner := schema.get(key):
            before, name, behind = takes(inner)
            return holder + before, name, behind
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"])), "", ""
    words = _WORDS.get(schema.get("type", ""), schema.get("type", "anything"))
    if "maximum" in schema:
        words += f" from {schema['minimum']:,} to {schema['maximum']:,}"
    return words + (f" of at most {schema['maxLength']:,} characters" if "maxLength" in schema else ""), "", ""


def shortened(value: Any) -> Any:
    """Return a JSON value with the beginning of each text and the first entry of each list, "…" for the rest.

    >>> shortened({"words": ["a", "b", "c"], "text": "x" * 101})["words"]
    ['a', '…']
    """
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [*map(shortened, value[:1]), *([_REST] if len(value) > 1 else [])]
    return value[:_TEXT_CHARS] + _REST if isinstance(value, str) and len(value) > _TEXT_CHARS else value


def laid_out(value: Any, indent: str = "") -> str:
    """Return JSON with each object and list on one line if it fits there.

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
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {laid_out(one, deeper)}" for key, one in value.items()]
    else:
        parts = [laid_out(one, deeper) for one in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{end}"


def _resolved(document: Mapping[str, Any], one: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the name of a part of the document that another refers to, and that part; "" for one that stands there."""
    if "$ref" not in one:
        return "", one
    _, *parents, name = one["$ref"].split("/")
    for parent in parents:
        document = document[parent]
    return name, document[name]
