"""The address of an index in a cluster, for the tests that read and write it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.nodes import new_address


@pytest.fixture
def address(hosts: str) -> Iterator[str]:
    """The address of an index that does not exist yet; what is made of it is deleted."""
    with new_address(hosts) as address:
        yield address
