"""The JSON routes under /api/v1, and the two that say whether the service is up.

A route is a function of the engine, the query and what its path names; OPERATIONS lists them all. What it returns is
the whole of it, for the answer and for its description: `openapi.py`.
"""

import time
from collections.abc import Mapping
from contextlib import nullcontext
from functools import cache, partial
from typing import Any

import msgspec
from flask import Flask, Response, abort, request

from indexer import Query, SearchEngine, bodies
from indexer.parameters import PARAMETERS, SEARCH_PATH, SHEETS_PATH, read_query, search_url
from indexer.presentation import answer_body, contents_body, index_body, search_body, sheets_body, suggest_body
from indexer.settings import Settings
from webui.conditional import entity_tag, held_tag, hold_to_conditions
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
    shown, total = engine.sheets(first=(query.page - 1) * query.per_page, count=query.per_page)
    return sheets_body(shown, total, query, engine.generation())


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
    return {"status": "ready", "index": index_body(engine.generation()), "damaged": engine.damaged}


OPENAPI_PATH = "/api/v1/openapi.json"

OPERATIONS = (
    Operation(SEARCH_PATH, search, tuple(PARAMETERS)),
    Operation("/api/v1/suggest", suggest, ("q",)),
    Operation("/api/v1/answers/<id>", answer),
    Operation(SHEETS_PATH, sheets, ("page", "per_page")),
    Operation("/api/v1/sheets/<id>", sheet),
    Operation(OPENAPI_PATH, openapi, needs_index=False),
    Operation("/healthz/live", live, needs_index=False, may_be_kept=False),
    Operation("/healthz/ready", ready, may_be_kept=False),
)


#: The keys of a body that have an address of this site; those of references lead elsewhere.
_ADDRESSES = {"url", "self", "first", "prev", "next", "last"}


def register(app: Flask, engine: SearchEngine, settings: Settings, program: str) -> None:
    """Have an application answer programs from an engine. `program` tells this version of it from all others."""
    for operation in OPERATIONS:
        view = partial(_respond, operation, engine, settings.cache_seconds, program)
        app.add_url_rule(operation.path, f"api_{operation.name}", view)


def link_header(links: Mapping[str, str | None]) -> str:
    """Return what a Link header says of the pages of a list, and where all of this is described (RFC 8288, 8631)."""
    targets = {name: target for name, target in links.items() if target and name != "self"}
    targets["service-desc"] = request.script_root + OPENAPI_PATH
    return ", ".join(f'<{target}>; rel="{name}"' for name, target in targets.items())


def _respond(operation: Operation, engine: SearchEngine, cache_seconds: int, program: str, **place: str) -> Response:
    # Balancers of load add "?t=17" of their own accord, so that nobody tells them from memory how the service is.
    given = request.args.to_dict(flat=False) if operation.may_be_kept else {}
    query = read_query(given, known=operation.parameters)
    with engine.one_generation() if operation.needs_index else nullcontext() as generation:
        # The same question in other words of the address has the same body, which depends on what else is in here.
        asked = (program, request.script_root, request.path, search_url(query, page=query.page))
        tag = entity_tag(*asked, generation)
        if operation.may_be_kept and (held := held_tag(tag)):
            return _kept(Response(status=304), held, cache_seconds)
        started = time.perf_counter()
        body = operation.answer(engine, query, **place)
    if request.script_root and operation.needs_index:
        body = _below(request.script_root, body)
    response = json_response(body)
    # How long it took stands in a header: one generation and question make one body.
    response.headers["Server-Timing"] = f"{operation.name};dur={(time.perf_counter() - started) * 1000:.1f}"
    response.headers["Link"] = link_header(body.get("links", {}))
    if not operation.may_be_kept:
        response.headers["Cache-Control"] = "no-store"
        return response
    return _kept(Response(status=304) if hold_to_conditions(tag) else response, tag, cache_seconds)


def _kept(response: Response, tag: str, seconds: int) -> Response:
    """Return a response that anybody may keep: so many seconds without asking again, and then as long as it is so."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response


def _below(root: str, body: Any) -> Any:
    """Return a body in which every address of this site is below a path, so that it leads there from outside."""
    if isinstance(body, list):
        return [_below(root, one) for one in body]
    if not isinstance(body, dict):
        return body
    return {key: _value_below(root, key, value) for key, value in body.items()}


def _value_below(root: str, key: str, value: Any) -> Any:
    if key == "references":
        return value
    return root + value if key in _ADDRESSES and isinstance(value, str) else _below(root, value)


@cache
def _description() -> dict[str, Any]:
    return describe(OPERATIONS)
