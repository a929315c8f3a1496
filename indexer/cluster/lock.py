"""The lock that a build holds in the cluster. It lasts as long as it is renewed, so that a killed build loses it.

No clocks are compared: whoever finds the lock taken watches it, and takes it over if nobody renews it meanwhile. A
build that lost its lock cannot publish.
"""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from opensearchpy.exceptions import ConflictError, NotFoundError, RequestError

from indexer.cluster.connection import Connection, reported
from indexer.errors import ClusterError, IndexStateError

#: Seconds between renewals, and those without one after which a lock is free. A build may be stopped for longer by
#: nothing but a machine that sleeps or an outage, and then it does not publish.
RENEWED_SECONDS, STALE_SECONDS = 1.0, 10.0

_ID = "build"


class Lock:
    """Holds an index for one build, in a `with` block. Raises IndexStateError if another build holds it."""

    def __init__(self, connection: Connection) -> None:
        self._client, self._index, self._name = connection.client, f"{connection.name}-lock", connection.name
        self._owner, self._turn, self._closed = uuid4().hex, threading.Lock(), threading.Event()
        self._version: dict[str, Any] = {}

    def __enter__(self) -> "Lock":
        with reported():
            with suppress(RequestError):  # it exists
                settings = {"index.number_of_shards": 1, "index.auto_expand_replicas": "0-2"}
                self._client.indices.create(index=self._index, body={"settings": settings})
            self._acquire()
        threading.Thread(None, self._keep, "holds an index for a build", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        with self._turn, suppress(Exception):  # whoever comes next waits until it is stale
            self._client.delete(index=self._index, id=_ID, params=self._version)

    def renew(self) -> None:
        """Renew the lock. Raises IndexStateError if another build has taken it."""
        with self._turn, reported():
            try:
                self._put(self._version)
            except ConflictError:
                raise IndexStateError(f"another build has taken over {self._name}: nothing was published") from None

    def _acquire(self) -> None:
        try:
            return self._put({"op_type": "create"})
        except ConflictError:
            pass
        _, first = self._held()
        end = time.monotonic() + STALE_SECONDS
        while time.monotonic() < end:
            time.sleep(RENEWED_SECONDS / 2)
            if self._held()[1] != first:
                raise IndexStateError(f"another build is at work on {self._name}: wait until it has ended")
        try:
            self._put(first or {"op_type": "create"})
        except ConflictError:
            raise IndexStateError(f"another build is at work on {self._name}: wait until it has ended") from None

    def _held(self) -> tuple[str | None, dict[str, Any]]:
        """Return the owner of the lock and its version, which changes with each renewal; nothing if it is free."""
        try:
            held = self._client.get(index=self._index, id=_ID)
        except NotFoundError:
            return None, {}
        return held["_source"]["owner"], _version(held)

    def _put(self, condition: dict[str, Any]) -> None:
        try:
            put = self._client.index(index=self._index, id=_ID, body={"owner": self._owner}, params=condition)
            self._version = _version(put)
        except ConflictError:
            owner, version = self._held()
            if owner != self._owner:  # else an answer was lost, and the client asked again
                raise
            self._version = version

    def _keep(self) -> None:
        while not self._closed.wait(RENEWED_SECONDS):
            try:
                self.renew()
            except ClusterError:
                continue  # the next renewal may succeed; publishing needs one
            except IndexStateError:
                return


def _version(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}
