"""What the tests and the screenshots share: the site, served; its addresses; the browser that the system has."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from waitress import wasyncore
from waitress.server import create_server

from indexer import Query, open_index
from indexer.settings import Settings
from webui import create_app

QUESTION = "how is multifocal motor neuropathy treated"

#: Chromium asks nothing of its makers while it runs, and needs neither a sandbox nor a graphics card.
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return the path of the Chromium that the system has."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launch(playwright: Playwright, chromium: str) -> Browser:
    """Return the browser at a path, running without a window."""
    return playwright.chromium.launch(executable_path=chromium, args=_ARGS)


@contextmanager
def served(index: Path) -> Iterator[str]:
    """Serve the pages over an index on a free port of this machine; yields the address of the site."""
    sockets: dict[int, wasyncore.dispatcher] = {}
    server = create_server(create_app(Settings(index=index)), map=sockets, host="127.0.0.1", port=0, ident=None)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(
            lambda: wasyncore.close_all(sockets)
        )  # in its own thread, which then has nothing to do
        thread.join()
        server.task_dispatcher.shutdown()


def addresses(index: Path) -> dict[str, str]:
    """Return the path of a page of every kind, for the answer that comes first for QUESTION."""
    with open_index(index) as engine:
        first = engine.search(Query(QUESTION)).hits[0]
    return {
        "start": "/",
        "result": f"/?q={QUESTION.replace(' ', '+')}",
        "answer": f"/answers/{first.document.id}",
        "sheet": f"/sheets/{first.header.id}",
        "zero results": "/?q=xylophone",
        "not found": "/answers/no-such-answer",
    }
