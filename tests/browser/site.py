"""What the tests and the screenshots share: the site, served; its addresses; the browser that the system has."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import make_server

from indexer import Query, open_index
from indexer.settings import Settings
from tests.search.library import Sheet
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

_WHAT, _TREATED = "What is {}?", "How is {} treated?"
_NOTE = (
    "This note stands on every sheet of this archive. It says how the table below is to be read, which of its columns "
    "is the number of people who were asked and which is the number of lamps, and that no lamp was ever asked anything."
)


def shelf() -> Iterator[Sheet]:
    """Yield sheets for what the starter sheets are too few to show."""
    for beginning in ("Hyper", "Hypo"):  # a misspelling is as near to one as to the other
        yield Sheet(
            f"{beginning}candelic ague", (), "Ash Archive", "2015-04", ((_WHAT, "A chill."), (_TREATED, "Wax."))
        )
    names = tuple(f"Q{letter}ill {part}" for letter in "aeiou" for part in "abcdefghijklm")
    yield Sheet("Quill wrist", names, "Ash Archive", "2014", ((_WHAT, "A stiff wrist."), (_TREATED, "Rest.")))
    yield Sheet("Quill wrist", (), "Oak Archive", "2020-02", (("What causes {}?", "Much writing."),))
    for number in range(1, 13):  # so many that their note is a shared passage
        answer = f"Lamp chill {number} comes after {number} lamps. {_NOTE}"
        yield Sheet(f"Lamp chill {number}", (), "Oak Archive", None, ((_WHAT, answer),))


def find_chromium() -> str | None:
    """Return the path of the Chromium that the system has."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launch(playwright: Playwright, chromium: str) -> Browser:
    """Return the browser at a path, running without a window."""
    return playwright.chromium.launch(executable_path=chromium, args=_ARGS)


@contextmanager
def served(index: Path) -> Iterator[str]:
    """Serve the pages over an index on a free port of this machine; yields the address of the site."""
    server = make_server("127.0.0.1", 0, create_app(Settings(index=index, examples=(QUESTION,))), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


#: A page of every kind that a working site has.
KINDS = (
    *("start", "result", "card", "filtered", "page 2", "zero results", "answer", "marked answer", "sheet"),
    *("a to z", "letter", "coverage", "for programs", "not found", "bad parameters", "problem"),
)


def addresses(index: Path) -> dict[str, str]:
    """Return the path of a page of each of the KINDS, for the answer that comes first for QUESTION."""
    with open_index(index) as engine:
        # Another index may have nothing on it.
        first = (engine.search(Query(QUESTION)).hits or engine.search(Query()).hits)[0]
        document, header = first.document, first.header
        question = QUESTION if engine.rank(Query(QUESTION)) else document.question
    asked, answer = urlencode({"q": question}), f"/answers/{document.id}"
    filters = {"type": document.question_type, "source": header.provenance.source}
    filtered = urlencode({name: value for name, value in filters.items() if value})
    paths = (
        *("/", f"/?{asked}", f"/?{urlencode({'q': header.title})}"),
        *(f"/?{asked}&{filtered}", f"/?{asked}&per_page=2&page=2&likely=0"),
        *("/?q=xylophone", answer, f"{answer}?{asked}", f"/sheets/{header.id}"),
        *("/a-to-z", f"/a-to-z/{header.title[0].lower()}", "/coverage", "/api/v1/docs"),
        *("/answers/no-such-answer", "/?type=nonsense&page=0", "/problems/not-found"),
    )
    return dict(zip(KINDS, paths, strict=True))


def open_everything(page: Page) -> None:
    """Unfold what is folded, to look at that as well."""
    page.evaluate("document.querySelectorAll('details').forEach(element => { element.open = true })")


def open_suggestions(page: Page) -> None:
    """Type what names of the starter sheets begin with, and wait for what is suggested."""
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("mo")
    page.locator(".suggestion").first.wait_for()
