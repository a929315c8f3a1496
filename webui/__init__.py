"""The front end. Its public API is `create_app(settings)`. HTML and JSON come from the same bodies."""

import hashlib
import traceback
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress

import indexer
from indexer import Engine, engine_of
from indexer.settings import Settings
from webui import access, api, docs, errors, markup, site, views, wording

__all__ = ["create_app"]

#: Everything comes from this site, and pages have no inline scripts or styles. Source: OWASP Secure Headers Project.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

#: Media types to compress. Others are small or already compressed.
_COMPRESSED = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "application/ld+json"]


class _Application(Flask):
    def log_exception(self, exc_info: Any) -> None:
        """Log an unexpected exception without its message, which may quote the question."""
        kind, _, trace = exc_info
        self.logger.error("%s on %s\n%s", kind.__qualname__, request.endpoint, "".join(traceback.format_tb(trace)))


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> Flask:
    """Return the WSGI application for an open engine, or for an index, which is opened at the first request."""
    settings = settings or Settings()
    engine = engine or engine_of(settings)
    static = Path(__file__).with_name("static")
    # The address has a hash of all files, so that browsers may cache them forever.
    app = _Application(__name__, static_folder=static, static_url_path=f"/static/{_digest(static.iterdir())}")
    app.config["COMPRESS_MIMETYPES"] = _COMPRESSED
    Compress(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(markup=markup, wording=wording)
    words = site.SiteWords(engine, settings)
    site.register(app, words, settings)
    views.register(app, engine, settings, words)
    api.register(app, engine, settings, _program() + (engine.model.digest if engine.model else ""))
    docs.register(app, settings, words)
    errors.register(app)
    access.register(app, settings)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        if request.endpoint == "static" and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.direct_passthrough = False
            response.make_sequence()  # nothing closes a file that Flask-Compress reads in pieces
            response.close()
        return response

    return app


@cache
def _program() -> str:
    """Return a short hash of the program, so that bodies of different versions have different ETags."""
    rooms = Path(indexer.__path__[0]), Path(__file__).parent
    return _digest(file for room in rooms for file in room.rglob("*.*") if file.suffix != ".pyc")


def _digest(files: Iterable[Path]) -> str:
    """Return a short hash of the names and contents of some files."""
    existing = sorted(file for file in files if file.is_file())
    return hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in existing)).hexdigest()[:12]
