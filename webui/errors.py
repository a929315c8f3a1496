"""What each error becomes: a page for people, an RFC 9457 problem document for programs."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, abort, make_response, render_template, request
from msgspec import UNSET
from werkzeug.exceptions import HTTPException
from werkzeug.urls import iri_to_uri

from indexer import Query
from indexer.errors import ClusterError, IndexStateError, QueryError, QueryTooSlowError
from indexer.exchange import bodies
from indexer.settings import MAX_QUERY_CHARS
from webui.api import json_response, link_header
from webui.problems import PROBLEM_KINDS

#: When to try again if there is no index, in seconds. Building the starter sheets takes less.
_RETRY_AFTER_SECONDS = 30

Faults = Sequence[tuple[str, str]]


def register(app: Flask) -> None:
    """Make an application explain every expected error, and add the pages about the kinds of problem."""

    @app.errorhandler(QueryError)
    def bad_query(error: QueryError) -> Response:
        return _answer(400, "invalid-parameters", str(error), faults=error.problems)

    @app.errorhandler(QueryTooSlowError)
    def slow_query(_: QueryTooSlowError) -> Response:
        kind = PROBLEM_KINDS["query-too-slow"]
        typed = request.args.get("q", "")[:MAX_QUERY_CHARS]  # stays in the search box, to be shortened
        return _answer(422, "query-too-slow", f"{kind.meaning} {kind.remedy}", typed=typed)

    @app.errorhandler(IndexStateError)
    def no_index(error: IndexStateError) -> Response:
        app.logger.error("%s", error)
        detail = "The index of this site cannot be searched at the moment. The reason is in the site's log."
        kind = "cluster-unavailable" if isinstance(error, ClusterError) else "index-unavailable"
        response = _answer(503, kind, detail)
        response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        return response

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return make_response(error.get_response(request.environ))
        if error.code == 404:
            return _answer(404, "not-found", error.description or "")
        response = _answer(error.code, "http-error", error.description or "", title=error.name)
        response.headers.extend([header for header in error.get_headers() if header[0] == "Allow"])
        return response

    @app.get("/problems/<name>")
    def problem(name: str) -> str:
        if name not in PROBLEM_KINDS:
            abort(404, f"There is no kind of problem {name!r}.")
        return render_template("problem.html", name=name, kind=PROBLEM_KINDS[name], query=Query())


def _answer(
    status: int, name: str, detail: str, title: str | None = None, faults: Faults = (), typed: str = ""
) -> Response:
    title = title or PROBLEM_KINDS[name].title
    if not request.path.startswith(("/api/", "/healthz/")):
        page = render_template("error.html", title=title, detail=detail, problems=faults, query=Query(typed))
        return make_response(page, status)
    body = bodies.Problem(
        type=f"{request.script_root}/problems/{name}",
        title=title,
        status=status,
        detail=detail,
        instance=urlsplit(iri_to_uri(request.url))._replace(scheme="", netloc="").geturl(),
        errors=[bodies.Fault(parameter, text) for parameter, text in faults] if faults else UNSET,
    )
    response = json_response(body, status, "application/problem+json")
    response.headers["Link"] = link_header(None)
    response.headers["Cache-Control"] = "no-store"  # the next build may have what is missing now
    return response
