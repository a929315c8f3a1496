"""The JSON routes under /api/v1, and the two that say whether the service is up."""

import time

import msgspec
from flask import Flask, Response, abort, request

from indexer import SearchEngine
from indexer.errors import QueryError
from indexer.parameters import SEARCH_PATH, read_query
from indexer.presentation import answer_body, index_body, search_body, suggest_body


def json_response(body: object, status: int = 200, content_type: str = "application/json") -> Response:
    """Return a response with the JSON of a body, UTF-8, keys in their order."""
    return Response(msgspec.json.encode(body), status, content_type=content_type)


def register(app: Flask, engine: SearchEngine) -> None:
    """Have an application answer programs from an engine."""

    @app.get(SEARCH_PATH)
    def api_search() -> Response:
        query = read_query(request.args.to_dict(flat=False))
        started = time.perf_counter()
        response = json_response(search_body(engine.search(query)))
        # How long it took stands in a header: one generation and question make one body.
        response.headers["Server-Timing"] = f"search;dur={(time.perf_counter() - started) * 1000:.1f}"
        return response

    @app.get("/api/v1/suggest")
    def api_suggest() -> Response:
        text = _read_text(request.args.to_dict(flat=False))
        return json_response(suggest_body(engine.suggest(text)))

    @app.get("/api/v1/answers/<id>")
    def api_answer(id: str) -> Response:
        found = engine.answer(id)
        if found is None:
            abort(404, f"there is no answer {id!r}")
        return json_response(answer_body(*found, engine.similar(id)))

    @app.get("/healthz/live")
    def live() -> Response:
        return json_response({"status": "live"})

    @app.get("/healthz/ready")
    def ready() -> Response:
        return json_response({"status": "ready", "index": index_body(engine.generation())})


def _read_text(given: dict[str, list[str]]) -> str:
    """Return the value of `q`, the only parameter. Raises QueryError with everything that is wrong."""
    problems = [(name, "unknown; known is q") for name in given if name != "q"]
    try:
        text = read_query({"q": given.get("q", ())}).text
    except QueryError as error:
        problems += error.problems
    if problems:
        raise QueryError(problems)
    return text
