"""Access rules from the settings: host names, scripts of other sites (CORS), and trusted proxies."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import get_current_url, host_is_trusted
from werkzeug.urls import iri_to_uri

from indexer.settings import Settings

#: The headers that scripts of other sites may read, besides those that are always readable (Fetch, section 3.3).
_READABLE = "ETag, Link, Retry-After, Server-Timing"

#: How long browsers may reuse a preflight response, in seconds: the maximum in Chromium.
_PREFLIGHT_SECONDS = 7_200

#: A valid path prefix. With another one, such as "//evil.example", addresses would lead to another site.
_PREFIX = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)


def register(app: Flask, settings: Settings) -> None:
    """Make an application follow the access rules in the settings."""
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
    """Answer a request after removing an invalid host and an invalid path prefix.

    Werkzeug fails on an invalid host. Not every proxy removes a prefix that the client sent.
    """
    if not _is_host(environ.get("HTTP_HOST", "")):
        environ["HTTP_HOST"] = ""
    if not _PREFIX.fullmatch(environ.get("SCRIPT_NAME", "")):
        environ["SCRIPT_NAME"] = ""
    return application(environ, start)


@lru_cache(maxsize=64)
def _is_host(host: str) -> bool:
    """Return whether a host is valid in addresses: "a..b", names that are too long and port 99999 are not."""
    try:
        host.encode("idna")
        iri_to_uri(get_current_url("http", host))
    except ValueError:
        return False
    return True


def _refuse_other_hosts(trusted: tuple[str, ...]) -> None:
    # With Flask's own TRUSTED_HOSTS, the error page could not build its addresses.
    if not host_is_trusted(request.host, trusted):
        abort(400, "The host in the request is not a name of this site.")


def _let_scripts_read(origins: tuple[str, ...], response: Response) -> Response:
    """Allow scripts of some sites to read responses of the API (Fetch, section 3.3: the CORS protocol)."""
    if not request.path.startswith("/api/"):
        return response
    if "*" not in origins:
        response.vary.add("Origin")
    if "*" in origins or request.origin in origins:
        headers = response.headers
        headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else request.origin
        headers["Access-Control-Expose-Headers"] = _READABLE
        if request.method == "OPTIONS":  # a preflight request, before a script sends headers of its own
            headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            headers["Access-Control-Allow-Headers"] = "*"
            headers["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)
    return response
