"""The JSON routes under /api/v1, and the two that say whether the service is up.

A route is a function of the engine, the query and what its path names; OPERATIONS lists them all. What it returns is
the whole of it, for the answer and for its description: `openapi.py`.
"""

import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import msgspec
from flask import Flask, Response, abort, request

from indexer import Query, SearchEngine, bodies
from indexer.parameters import PARAMETERS, SEARCH_PATH, SHEETS_PATH, read_query
from indexer.presentation import answer_body, contents_body, index_body, search_body, sheets_body, suggest_body
from webui.openapi import Operation, describe


def json_response(body: object, status: int = 200, content_type: str = "application/json") -> Response:
    """Return a response with the JSON of a body, UTF-8, keys in their order."""
    return Response(msgspec.json.encode(body), status, content_type=content_type)


def search(engine: SearchEngine, query: Query) -> bodies.Search:
    """Find the passages that answer a question.

    Filters of one kind are alternatives, and kinds are combined. A page behind the last has no results.
    """
    return search_body(engine.search(query))


def suggest(engine: SearchEngine, query: Query) -> bodies.Suggestions:
    """Tell what may be meant by what is typed so far, from two characters on."""
    return suggest_body(engine.suggest(query.text))


def answer(engine: SearchEngine, _: Query, id: str) -> bodies.Answer:
    """Give one whole answer.

    An id from before its sheet was renamed is answered, too; the body has the present one.
    """
    found = engine.answer(id)
    if found is None:
        abort(404, f"there is no answer {id!r}")
    return answer_body(*found, engine.similar(id))


def sheets(engine: SearchEngine, query: Query) -> bodies.Sheets:
    """List all fact sheets, A to Z."""
    titles = (entry for names in engine.a_to_z().values() for entry in names if entry.subject is None)
    ids = [id for title in titles for id in title.sheet_ids]
    first = (query.page - 1) * query.per_page
    shown = [sheet for id in ids[first : first + query.per_page] if (sheet := engine.sheet(id))]
    return sheets_body(shown, len(ids), query, engine.generation())


def sheet(engine: SearchEngine, _: Query, id: str) -> bodies.Sheet:
    """Tell what a fact sheet answers, what it does not, and give all its references.

    An id from before the sheet was renamed is answered, too; the body has the present one.
    """
    found = engine.sheet(id)
    if found is None:
        abort(404, f"there is no fact sheet {id!r}")
    return contents_body(found, engine.not_covered(id))


def openapi(_: SearchEngine, __: Query) -> dict[str, Any]:
    """Describe the endpoint in OpenAPI 3.1."""
    return _description() | {"servers": [{"url": request.script_root or "/"}]}


def live(_: SearchEngine, __: Query) -> bodies.Live:
    """Tell that the service runs."""
    return {"status": "live"}


def ready(engine: SearchEngine, _: Query) -> bodies.Ready:
    """Tell which index answers; a problem with status 503 where there is none."""
    return {"status": "ready", "index": index_body(engine.generation())}


OPENAPI_PATH = "/api/v1/openapi.json"

OPERATIONS = (
    Operation(SEARCH_PATH, search, tuple(PARAMETERS)),
    Operation("/api/v1/suggest", suggest, ("q",)),
    Operation("/api/v1/answers/<id>", answer),
    Operation(SHEETS_PATH, sheets, ("page", "per_page")),
    Operation("/api/v1/sheets/<id>", sheet),
    Operation(OPENAPI_PATH, openapi, needs_index=False),
    Operation("/healthz/live", live, needs_index=False),
    Operation("/healthz/ready", ready),
)


def register(app: Flask, engine: SearchEngine) -> None:
    """Have an application answer programs from an engine."""
    for operation in OPERATIONS:
        app.add_url_rule(operation.path, f"api_{operation.name}", partial(_respond, operation, engine))


def link_header(links: Mapping[str, str | None]) -> str:
    """Return what a Link header says of the pages of a list, and where all of this is described (RFC 8288, 8631)."""
    targets = {name: target for name, target in links.items() if target and name != "self"}
    targets["service-desc"] = OPENAPI_PATH
    return ", ".join(f'<{request.script_root}{target}>; rel="{name}"' for name, target in targets.items())


def _respond(operation: Operation, engine: SearchEngine, **place: str) -> Response:
    query = read_query(request.args.to_dict(flat=False), known=operation.parameters)
    started = time.perf_counter()
    make = partial(operation.answer, engine, query, **place)
    body = _of_one_generation(engine, make) if operation.needs_index else make()
    response = json_response(body)
    # How long it took stands in a header: one generation and question make one body.
    response.headers["Server-Timing"] = f"{operation.name};dur={(time.perf_counter() - started) * 1000:.1f}"
    response.headers["Link"] = link_header(body.get("links", {}))
    return response


def _of_one_generation(engine: SearchEngine, make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return a body that is made of several answers of the engine: once more if a build was published meanwhile."""
    while True:
        generation, body = engine.generation(), make()
        if engine.generation() == generation:
            return body


@cache
def _description() -> dict[str, Any]:
    return describe(OPERATIONS)
