"""The engines that the contract holds for. To add one, add its name to ENGINES and its addresses to `_new_address`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer import build_index, open_index
from indexer.engine import Engine
from tests.conftest import PAGES, THREE_SHEETS

#: Where an index can be kept: in a directory, or in an OpenSearch cluster.
ENGINES = ["directory", "cluster"]


@contextmanager
def _new_address(engine: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of an index that does not exist yet. Skips if the engine needs a server that is not here."""
    if engine == "directory":
        yield str(folder / ".index")
        return
    from tests.cluster.nodes import new_address  # the client takes 0.3 s to import

    with new_address(request.getfixturevalue("hosts")) as address:
        yield address


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an index that does not exist yet, for each engine."""
    with _new_address(request.param, tmp_path, request) as address:
        yield address


@pytest.fixture(scope="session", params=ENGINES)
def collection(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an index of three starter sheets and the fixture pages, for each engine."""
    with _new_address(request.param, tmp_path_factory.mktemp("collection"), request) as address:
        build_index([*THREE_SHEETS, PAGES], address)
        yield address


@pytest.fixture(scope="session")
def engine(collection: str) -> Iterator[Engine]:
    """An engine over the collection, for tests that only read."""
    with open_index(collection) as opened:
        yield opened
