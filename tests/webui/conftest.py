"""An index whose answers the tests know, and a client that lets an unexpected error through to the test."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer import build_index
from tests.conftest import CORPUS, PAGES
from tests.webui.reading import client_of


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the starter corpus, which has a source, and of a page that has none."""
    directory = tmp_path_factory.mktemp("webui-index")
    build_index([CORPUS, PAGES / "lakeside-tremor.txt"], directory)
    return directory


@pytest.fixture(scope="session")
def client(index: Path) -> FlaskClient:
    """A client of the web application over that index."""
    return client_of(index)
