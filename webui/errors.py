"""What each error becomes: a page for people, an RFC 9457 problem document for programs."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, abort, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.urls import iri_to_uri

from indexer import Query, bodies
from indexer.errors import IndexStateError, QueryError, QueryTooSlowError
from indexer.settings import MAX_QUERY_CHARS
from webui.api import json_response, link_header
from webui.problems import PROBLEM_KINDS

#: Seconds after which asking again makes sense when there is no index: the starter sheets are built by then.
_RETRY_AFTER_SECONDS = 30

Faults = Sequence[tuple[str, str]]


def register(app: Flask) -> None:
    """Have an application answer every expected error in words, and tell what each kind of problem is."""

    @app.errorhandler(QueryError)
    def bad_query(error: QueryError) -> Response:
        return _answer(400, "invalid-parameters", str(error), faults=error.problems)

    @app.errorhandler(QueryTooSlowError)
    def slow_query(_: QueryTooSlowError) -> Response:
        kind = PROBLEM_KINDS["query-too-slow"]
        typed = request.args.get("q", "")[:MAX_QUERY_CHARS]  # to be mended
        return _answer(422, "query-too-slow", f"{kind.meaning} {kind.remedy}", typed=typed)

    @app.errorhandler(IndexStateError)
    def no_index(error: IndexStateError) -> Response:
        app.logger.error("%s", error)
        detail = "The index of this site cannot be searched at the moment. Its keeper can read why in the log."
        response = _answer(503, "index-unavailable", detail)
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
    body: bodies.Problem = {
        "type": f"{request.script_root}/problems/{name}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": urlsplit(iri_to_uri(request.url))._replace(scheme="", netloc="").geturl(),
    }
    if faults:
        body["errors"] = [{"parameter": parameter, "detail": text} for parameter, text in faults]
    response = json_response(body, status, "application/problem+json")
    response.headers["Link"] = link_header({})
    response.headers["Cache-Control"] = "no-store"  # the next build may have what is not here now
    return response
