"""Who may ask, whose scripts may read the answer, and who may speak for a client: as the keeper says."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import get_current_url, host_is_trusted
from werkzeug.urls import iri_to_uri

from indexer.settings import Settings

#: The headers of an answer that a script of another site may read beside those that any may (Fetch, section 3.3).
_READABLE = "ETag, Link, Retry-After, Server-Timing"

#: Seconds for which a browser need not ask again whether a script may ask: the most that Chromium keeps to.
_PREFLIGHT_SECONDS = 7_200

#: A path that a site stands below. Of another, such as "//evil.example", addresses would lead to another site.
_PREFIX = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)


def register(app: Flask, settings: Settings) -> None:
    """Have an application open to those that settings name."""
    app.wsgi_app = partial(_cleaned, app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_hosts:
        app.before_request(partial(_refuse_other_hosts, settings.trusted_hosts))
    if settings.proxies:
        number = settings.proxies
        proxied = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=number, x_prefix=number)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    if settings.cors:
        app.after_request(partial(_let_scripts_read, settings.cors))


def _cleaned(application: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Answer a request without a host that is none, and without a prefix that is no path.

    Werkzeug fails on such a host; and not every proxy takes away what the client says of a prefix.
    """
    if not _is_host(environ.get("HTTP_HOST", "")):
        environ["HTTP_HOST"] = ""
    if not _PREFIX.fullmatch(environ.get("SCRIPT_NAME", "")):
        environ["SCRIPT_NAME"] = ""
    return application(environ, start)


@lru_cache(maxsize=64)
def _is_host(host: str) -> bool:
    """Return whether addresses can be made of a host: not of "a..b", of too long a name or of port 99999."""
    try:
        host.encode("idna")
        iri_to_uri(get_current_url("http", host))
    except ValueError:
        return False
    return True


def _refuse_other_hosts(trusted: tuple[str, ...]) -> None:
    # Flask's own TRUSTED_HOSTS leaves a request without a way to build addresses, and so without a page that says why.
    if not host_is_trusted(request.host, trusted):
        abort(400, "This site has another name than the one that the request names as its host.")


def _let_scripts_read(origins: tuple[str, ...], response: Response) -> Response:
    """Return an answer of the endpoint that scripts of some sites may read (Fetch, section 3.3: the CORS protocol)."""
    if not request.path.startswith("/api/"):
        return response
    if "*" not in origins:
        response.vary.add("Origin")
    if "*" in origins or request.origin in origins:
        told = response.headers
        told["Access-Control-Allow-Origin"] = "*" if "*" in origins else request.origin
        told["Access-Control-Expose-Headers"] = _READABLE
        if request.method == "OPTIONS":  # a browser asks first whether a script may send headers of its own
            told["Access-Control-Allow-Methods"] = "GET, HEAD"
            told["Access-Control-Allow-Headers"] = "*"
            told["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
    return response
