"""The JSON routes under /api/v1, and the two health checks.

Each route is a function of the engine, the query, the addresses of the site, and the id in its path. OPERATIONS lists
them. `openapi.py` describes them by their docstrings and return types.
"""

import time
from contextlib import nullcontext, suppress
from functools import lru_cache, partial
from typing import Any

import msgspec
from flask import Flask, Response, abort, request

from indexer import Engine, Query, QuestionType
from indexer.errors import IndexStateError
from indexer.exchange import bodies
from indexer.exchange.addresses import SEARCH_PATH, SHEETS_PATH, Addresses
from indexer.exchange.parameters import Parameter, parameters_of, read_query
from indexer.exchange.presentation import answer_body, index_body, search_body, sheet_body, sheets_body, suggest_body
from indexer.settings import Settings
from indexer.site import SiteFacet
from webui.conditional import entity_tag, held_tag, hold_to_conditions
from webui.openapi import Operation, describe


def json_response(body: object, status: int = 200, content_type: str = "application/json") -> Response:
    """Return a response with a body as JSON: UTF-8, with keys in their order."""
    return Response(msgspec.json.encode(body), status, content_type=content_type)


def search(engine: Engine, query: Query, addresses: Addresses) -> bodies.Search:
    """Find the passages that answer a question.

    Values of one filter are alternatives; different filters are combined. A page after the last one has no results.
    """
    return search_body(engine.search(query), addresses)


def suggest(engine: Engine, query: Query, addresses: Addresses) -> bodies.Suggestions:
    """Complete the typed text, from two characters on."""
    return suggest_body(engine.suggest(query.text), addresses)


def answer(engine: Engine, query: Query, addresses: Addresses, id: str) -> bodies.Answer:
    """Return one whole answer; a very long one in several pages.

    The id from before a sheet was renamed still works; the body has the current one.
    """
    match = engine.answer(id)
    if match is None:
        abort(404, f"There is no answer {id!r}.")
    return answer_body(*match, engine.similar(id), addresses=addresses, page=query.page)


def sheets(engine: Engine, query: Query, addresses: Addresses) -> bodies.Sheets:
    """List all fact sheets, A to Z."""
    listed, total = engine.sheets(first=(query.page - 1) * query.per_page, count=query.per_page)
    return sheets_body(listed, total, query, engine.generation(), addresses)


def sheet(engine: Engine, query: Query, addresses: Addresses, id: str) -> bodies.Sheet:
    """Return the questions and references of a fact sheet, and the usual kinds of answer that it lacks.

    The id from before a sheet was renamed still works; the body has the current one.
    """
    match = engine.sheet(id)
    if match is None:
        abort(404, f"There is no fact sheet {id!r}.")
    return sheet_body(match, engine.not_covered(id), addresses, query.page)


def openapi(engine: Engine, _: Query, addresses: Addresses) -> dict[str, Any]:
    """Describe this API in OpenAPI 3.1."""
    return _description(*_collection(engine)) | {"servers": [{"url": addresses.base or "/"}]}


def live(_: Engine, __: Query, ___: Addresses) -> bodies.Live:
    """Report that the service is running."""
    return bodies.Live()


def ready(engine: Engine, _: Query, __: Addresses) -> bodies.Ready:
    """Report which index answers, or status 503 if there is none."""
    return bodies.Ready("ready", index_body(engine.generation()), engine.damaged)


OPENAPI_PATH = "/api/v1/openapi.json"

OPERATIONS = (
    Operation(SEARCH_PATH, search, parameters=None),
    Operation("/api/v1/suggest", suggest, ("q",)),
    Operation("/api/v1/answers/<id>", answer, ("page",)),
    Operation(SHEETS_PATH, sheets, ("page", "per_page")),
    Operation("/api/v1/sheets/<id>", sheet, ("page",)),
    Operation(OPENAPI_PATH, openapi, needs_index=False),
    Operation("/healthz/live", live, needs_index=False, may_be_kept=False),
    Operation("/healthz/ready", ready, may_be_kept=False),
)


def register(app: Flask, engine: Engine, settings: Settings, program: str) -> None:
    """Add the routes to an application. `program` identifies this version of it, for the ETags."""
    for operation in OPERATIONS:
        view = partial(_respond, operation, engine, settings.cache_seconds, program)
        app.add_url_rule(operation.path, f"api_{operation.name}", view)


def parameters_here(engine: Engine) -> dict[str, Parameter]:
    """Return the parameters for the collection that is served now."""
    return parameters_of(*_collection(engine))


def _collection(engine: Engine) -> tuple[tuple[QuestionType, ...], tuple[SiteFacet, ...]]:
    """Return the kinds of answer and the facets of the collection that is served now; none without an index."""
    with suppress(IndexStateError):
        return engine.kinds(), engine.facets()
    return (), ()


@lru_cache(maxsize=8)
def _description(kinds: tuple[QuestionType, ...], facets: tuple[SiteFacet, ...]) -> dict[str, Any]:
    return describe(OPERATIONS, parameters_of(kinds, facets))


def link_header(links: bodies.Links | None) -> str:
    """Return a Link header with the other pages of a list, and the description of the API (RFC 8288, 8631)."""
    targets: dict[str, str | None] = msgspec.to_builtins(links) if links else {}
    targets |= {"self": None, "service-desc": request.script_root + OPENAPI_PATH}
    return ", ".join(f'<{target}>; rel="{name}"' for name, target in targets.items() if target)


def _respond(operation: Operation, engine: Engine, cache_seconds: int, program: str, **path: str) -> Response:
    # Some load balancers add parameters such as "?t=17" to health checks.
    given = request.args.to_dict(flat=False) if operation.may_be_kept else {}
    query = read_query(given, known=operation.known(parameters_here(engine)))
    addresses = Addresses(request.script_root)
    with engine.one_generation() if operation.needs_index else nullcontext() as generation:
        # The same query has the same body, however its parameters are written and ordered.
        written = addresses.search(query, page=query.page, path=SEARCH_PATH)
        tag = entity_tag(program, request.path, written, generation)
        if operation.may_be_kept and (held := held_tag(tag)):
            return _kept(Response(status=304), held, cache_seconds)
        started = time.perf_counter()
        body = operation.answer(engine, query, addresses, **path)
    response = json_response(body)
    # The time is not in the body, which is the same each time for one query and generation.
    response.headers["Server-Timing"] = f"{operation.name};dur={(time.perf_counter() - started) * 1000:.1f}"
    response.headers["Link"] = link_header(getattr(body, "links", None))
    if not operation.may_be_kept:
        response.headers["Cache-Control"] = "no-store"
        return response
    return _kept(Response(status=304) if hold_to_conditions(tag) else response, tag, cache_seconds)


def _kept(response: Response, tag: str, seconds: int) -> Response:
    """Return a response that caches may keep: for some seconds without asking again, then while its tag is current."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
