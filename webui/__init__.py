"""The front end: `create_app(settings)` and nothing else. HTML and JSON come from the same Results."""

from flask import Flask, Response

from indexer import SearchEngine, question_types
from indexer.settings import Settings
from webui import api, errors, markup, views, wording

__all__ = ["create_app"]

#: Everything comes from this site and nothing is a script. Source: OWASP Secure Headers Project.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(settings: Settings | None = None) -> Flask:
    """Return the WSGI application over an index directory. The index is opened at the first question."""
    settings = settings or Settings()
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    labels = {entry.id: entry.label for entry in question_types()}
    app.jinja_env.globals.update(settings=settings, labels=labels, markup=markup, wording=wording)
    engine = SearchEngine(settings.index)
    views.register(app, engine)
    api.register(app, engine)
    errors.register(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app
