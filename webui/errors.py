"""What each error becomes: a page for people, an RFC 9457 problem document for programs."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.urls import iri_to_uri

from indexer import Query
from indexer.errors import IndexStateError, QueryError
from webui.api import json_response

#: Seconds after which asking again makes sense when there is no index: the starter sheets are built by then.
_RETRY_AFTER_SECONDS = 30

Faults = Sequence[tuple[str, str]]


def register(app: Flask) -> None:
    """Have an application answer every expected error in words."""

    @app.errorhandler(QueryError)
    def bad_query(error: QueryError) -> Response:
        return _answer(400, "invalid-parameters", "This cannot be searched", str(error), error.problems)

    @app.errorhandler(IndexStateError)
    def no_index(error: IndexStateError) -> Response:
        app.logger.error("%s", error)
        detail = "The index of this site cannot be searched at the moment. Its keeper can read why in the log."
        response = _answer(503, "index-unavailable", "There is nothing to search yet", detail)
        response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        return response

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return make_response(error.get_response(request.environ))
        name, title = ("not-found", "Page not found") if error.code == 404 else ("http-error", error.name)
        response = _answer(error.code, name, title, error.description or "")
        response.headers.extend([header for header in error.get_headers() if header[0] == "Allow"])
        return response


def _answer(status: int, problem: str, title: str, detail: str, faults: Faults = ()) -> Response:
    if not request.path.startswith(("/api/", "/healthz/")):
        page = render_template("error.html", title=title, detail=detail, problems=faults, query=Query())
        return make_response(page, status)
    body: dict[str, object] = {"type": f"/problems/{problem}", "title": title, "status": status, "detail": detail}
    body["instance"] = urlsplit(iri_to_uri(request.url))._replace(scheme="", netloc="").geturl()
    if faults:
        body["errors"] = [{"parameter": name, "detail": text} for name, text in faults]
    return json_response(body, status, "application/problem+json")
