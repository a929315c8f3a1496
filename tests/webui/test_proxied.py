"""The production server below a path of another site, behind a proxy: every address leads on from outside."""

import http.client
import json
import threading
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.webui.reading import ADDRESSES, HtmlPage
from tests.webui.serving import Served

PREFIX, OUTSIDE = "/facts", "https://ward.example"


class Proxy(BaseHTTPRequestHandler):
    """Hands on what lies below a path, without that path, and says so, as the README has nginx do it."""

    behind: Served

    def do_GET(self) -> None:
        if not self.path.startswith(f"{PREFIX}/"):
            self.send_error(418)
            return
        told = {"For": self.client_address[0], "Proto": "https", "Host": "ward.example", "Prefix": PREFIX}
        headers = {f"X-Forwarded-{name}": value for name, value in told.items()}
        status, sent, body = self.behind.ask(self.path.removeprefix(PREFIX), headers=headers)
        self.send_response(status)
        for name in ("content-type", "location", "link"):
            if name in sent:
                self.send_header(name, sent[name])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def proxied(index: Path) -> Iterator[int]:
    """The port of a proxy before a server."""
    with Served(index, "--proxies", "1") as Proxy.behind, ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy.server_port
        proxy.shutdown()


def get(port: int, path: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read().decode(errors="replace")
    finally:
        connection.close()


def test_whatever_a_page_leads_to_is_there_below_the_path(proxied: int) -> None:
    starts = ["/", "/?q=moyamoya", "/a-to-z/m", "/coverage", "/api/v1/docs", "/?q=nothing+at+all+xyzzy", "/nowhere"]
    waiting, seen = deque(PREFIX + path for path in starts), set[str]()
    while waiting and len(seen) < 120:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        status, headers, body = get(proxied, path)
        assert status == (404 if path == f"{PREFIX}/nowhere" else 200), path
        if headers["content-type"].startswith("text/html"):
            page = HtmlPage(body)
            found = {one[name] for one in page.elements for name in ADDRESSES if one.get(name, "").startswith("/")}
            assert found
            assert all(address.startswith(f"{PREFIX}/") for address in found), path
            waiting += sorted(address.partition("#")[0] for address in found)
    assert len(seen) > 60


def test_programs_and_citations_have_addresses_of_the_outside(proxied: int) -> None:
    _, headers, body = get(proxied, f"{PREFIX}/api/v1/search?q=moyamoya&per_page=1")
    first = json.loads(body)["results"][0]
    assert first["url"].startswith(f"{PREFIX}/answers/")
    assert f'<{PREFIX}/api/v1/openapi.json>; rel="service-desc"' in headers["link"]
    assert get(proxied, first["url"])[2].count(f"{OUTSIDE}{first['url']}") >= 1
    assert f"{OUTSIDE}{first['url']}" in get(proxied, f"{first['url']}/citation.txt")[2]
    status, headers, _ = get(proxied, f"{PREFIX}/answers//{first['id']}")
    assert status == 308
    assert headers["location"].removeprefix(OUTSIDE) == first["url"]
