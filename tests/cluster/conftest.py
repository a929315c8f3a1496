"""A cluster for the tests that read and write indexes: one node, or the cluster in OPENSEARCH_URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from opensearchpy import OpenSearch

from tests.cluster.nodes import Nodes


@pytest.fixture(scope="session")
def hosts() -> Iterator[str]:
    """The scheme and the hosts of a cluster."""
    if given := os.environ.get("OPENSEARCH_URL"):
        yield given.rstrip("/")
        return
    with TemporaryDirectory(prefix="factsheets-node-") as folder:
        Path(folder).chmod(0o755)
        nodes = Nodes(Path(folder), 1)
        try:
            nodes.start()
            yield nodes.urls[0]
        finally:
            nodes.kill()


@pytest.fixture
def address(hosts: str) -> Iterator[str]:
    """The address of an index that does not exist yet; what is made of it is deleted."""
    name = f"test-{uuid4().hex[:12]}"
    yield f"{hosts}/{name}"
    client = OpenSearch(hosts.split(","))
    for index in client.indices.get_alias(index=f"{name}-*"):
        client.indices.delete(index=index)
