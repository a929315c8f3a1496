"""The front end: `create_app(settings)` and nothing else. HTML and JSON come from the same Results."""

import hashlib
import traceback
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask.templating import Environment
from flask_compress import Compress

import indexer
from indexer import SearchEngine, open_model, question_types
from indexer.settings import Settings
from webui import access, api, docs, errors, markup, views, wording

__all__ = ["create_app"]

#: Everything comes from this site, and no script or style stands in a page. Source: OWASP Secure Headers Project.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

#: Bodies that a browser takes compressed; those of the other kinds here are small, or compressed already.
_COMPRESSED = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "application/ld+json"]


class _Environment(Environment):
    """Reads `body.key` of a body as `body["key"]` at once: the usual way, attributes first, is 7 % of a result page."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class _Application(Flask):
    jinja_environment = _Environment

    def log_exception(self, exc_info: Any) -> None:
        """Write down where a fault of this program was met, without its message, which may quote the question."""
        kind, _, place = exc_info
        self.logger.error("%s on %s\n%s", kind.__qualname__, request.endpoint, "".join(traceback.format_tb(place)))


def create_app(settings: Settings | None = None, engine: SearchEngine | None = None) -> Flask:
    """Return the WSGI application over an index directory, which is opened at the first question, or an open engine."""
    settings = settings or Settings()
    engine = engine or SearchEngine(settings.index, settings.query_ms, model=open_model(settings.model))
    static = Path(__file__).with_name("static")
    # With what the files hold in their address, a browser may keep them for ever and never shows an old one.
    app = _Application(__name__, static_folder=static, static_url_path=f"/static/{_digest(static.iterdir())}")
    app.config["COMPRESS_MIMETYPES"] = _COMPRESSED
    Compress(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        settings=settings,
        labels={entry.id: entry.label for entry in question_types()},
        markup=markup,
        wording=wording,
    )
    views.register(app, engine, settings)
    api.register(app, engine, settings, _program() + (engine.model.digest if engine.model else ""))
    docs.register(app, settings)
    errors.register(app)
    access.register(app, settings)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        if request.endpoint == "static" and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.direct_passthrough = False
            response.make_sequence()  # a file that Flask-Compress reads piece by piece is closed by nobody
            response.close()
        return response

    return app


@cache
def _program() -> str:
    """Return a short hash of all that makes an answer beside the index: no body is taken for one of another version."""
    rooms = Path(indexer.__path__[0]), Path(__file__).parent
    return _digest(file for room in rooms for file in room.rglob("*.*") if file.suffix != ".pyc")


def _digest(files: Iterable[Path]) -> str:
    """Return a short hash of what some files hold."""
    there = sorted(file for file in files if file.is_file())
    return hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in there)).hexdigest()[:12]
