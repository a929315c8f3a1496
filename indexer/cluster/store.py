"""An index in an OpenSearch cluster: publishing, rolling back, and opening what is published.

A build is written aside, into indexes that nobody reads, and published by one request that moves the alias. That
request fails if another build has moved the alias meanwhile. What killed builds leave is deleted by the next one; so
are old generations, which outlast their last reader.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from indexer.cluster.blocks import Blocks
from indexer.cluster.connection import PATIENT, Connection, reported
from indexer.cluster.files import (
    fetch_generation,
    manifest_of,
    segments_of,
    write_counts,
    write_generation,
    write_segment,
)
from indexer.cluster.lock import Lock
from indexer.cluster.snapshot import ClusterSnapshot
from indexer.errors import ClusterError, IndexStateError, NoIndexError
from indexer.index.manifest import Manifest, write_manifest
from indexer.index.schema import fingerprint
from indexer.index.segments import read_segments
from indexer.index.snapshot import Snapshot
from indexer.meaning.model import Model
from indexer.model import Generation
from indexer.settings import KEPT_GENERATIONS
from indexer.site import Site

Opened = TypeVar("Opened")

#: Seconds for which a generation stays after it was replaced. Requests take a few, and servers notice within one.
READ_SECONDS = 600
#: Seconds for which the published generation is taken to be the same. Asking takes two requests, 2 ms.
LOOK_SECONDS = 0.5


class Cluster:
    """An index in a cluster, by its address: http://HOST:PORT,HOST:PORT/NAME."""

    def __init__(self, address: str) -> None:
        self._address, self._connection = address, Connection(address)
        self._blocks = Blocks(self._connection)
        self._current: object = None
        self._looked, self._failures = 0.0, 0
        self._lock: Lock | None = None

    def __str__(self) -> str:
        return self._address

    def stamp(self) -> object:
        """Return what identifies the current generation, at most LOOK_SECONDS old. Raises ClusterError."""
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            self._current = self._connection.identity(self._connection.published()[0])
            self._looked = now
        return self._current, self._failures

    def newest(self, serving: Snapshot | None) -> tuple[Snapshot, IndexStateError | None]:
        """Open the current generation, or the newest before it that can be opened."""

        def opened(number: int) -> Snapshot:
            # A number may come again, after all indexes were deleted.
            same = serving and manifest_of(self._connection, number).crc32 == serving.crc32
            return serving if serving and same else ClusterSnapshot(self._connection, self._blocks, number)

        try:
            return self._newest(opened)
        except IndexStateError as error:
            if serving is None:
                raise
            if isinstance(error, ClusterError):
                self._failures += 1  # so that it is tried again
            return serving, error

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Hold the index for one build, and return a local directory for its files. Leftovers are deleted."""
        with Lock(self._connection) as self._lock, TemporaryDirectory(prefix="factsheets-build-") as aside:
            self._delete_old()
            yield Path(aside)

    def base(self, aside: Path) -> tuple[tuple[Manifest, Path], IndexStateError | None]:
        """Return a copy of the newest generation, without postings and answers."""

        def fetched(number: int) -> tuple[Manifest, Path]:
            directory = aside / f"base-{number}"
            directory.mkdir()
            return fetch_generation(self._connection, self._blocks, number, directory, pages=True), directory

        return self._newest(fetched)

    def last(self) -> Generation | None:
        """Return the current generation as its manifest has it, whatever code built it."""
        try:
            current, _ = self._connection.published()
            return None if current is None else manifest_of(self._connection, current).generation()
        except IndexStateError:
            return None

    def publish(
        self, directory: Path, documents: int, base: Generation | None, model: Model | None, site: Site
    ) -> Generation:
        """Write a generation into new indexes, read it as a server does, and move the alias to it."""
        connection = self._connection
        current, published = connection.published()
        segments = read_segments(directory)
        for segment in segments:
            if (directory / "arrays" / segment.name / "records.msgpack").exists():
                write_segment(connection, directory, segment)
            write_counts(connection, self._blocks, directory, segment)
        number = max(published, default=0) + 1
        built_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        generation = Generation(number, built_at, documents, fingerprint(), model.digest if model else None)
        write_manifest(directory, generation, None, site)
        write_generation(connection, number, directory)
        self._try(number, documents)
        self._point(current, number, [other for other in published if other > (current or 0)])
        return generation

    def roll_back(self) -> tuple[Generation, int]:
        """Move the alias to the previous generation, if that can be opened."""
        with self.building():
            current, published = self._connection.published()
            if current is None:
                raise self._nothing()
            before = [number for number in published if number < current]
            if not before:
                raise IndexStateError(f"there is no generation before {current} in {self}")
            snapshot = ClusterSnapshot(self._connection, self._blocks, before[-1])
            snapshot.close()
            self._point(current, before[-1])
            return snapshot.generation, current

    def _nothing(self) -> NoIndexError:
        return NoIndexError(f"there is no index in {self}: `factsheets build` makes one")

    def _newest(self, open_one: Callable[[int], Opened]) -> tuple[Opened, IndexStateError | None]:
        """Open the current generation, or the newest before it that can be opened, and say what is wrong with it."""
        current, published = self._connection.published()
        if current is None:
            raise self._nothing()
        refused: list[IndexStateError] = []
        for number in reversed([number for number in published if number <= current]):
            try:
                return open_one(number), next(iter(refused), None)
            except ClusterError:
                raise
            except IndexStateError as error:
                refused.append(error)
        if self._connection.published()[0] != current:  # builds published others meanwhile, and deleted these
            return self._newest(open_one)
        raise refused[0]

    def _try(self, number: int, documents: int) -> None:
        """Open a generation that is not published yet, and read its first and its last answer by number and by id."""
        snapshot = ClusterSnapshot(self._connection, self._blocks, number)
        try:
            tried = [int(snapshot.everything[at]) for at in (0, -1)] if documents else []
            ids = [record.document.id for record in snapshot.records(tried)]
            if snapshot.impacts.documents != documents or list(map(snapshot.number, ids)) != tried:
                raise ClusterError(f"generation {number} is not what was written")
        finally:
            snapshot.close()

    def _point(self, current: int | None, number: int, rolled_back: Iterable[int] = ()) -> None:
        """Move the alias in one request. It fails if the alias is not where this build found it.

        Generations that were rolled back are not published any more once another replaces them.
        """
        connection = self._connection
        index, alias = connection.generation_index(number), connection.name
        actions: list[dict[str, dict[str, object]]] = [
            {"add": {"index": index, "alias": connection.published_alias}},
            {"add": {"index": index, "alias": alias}},
        ]
        for other in rolled_back:
            dropped: dict[str, object] = {
                "index": connection.generation_index(other),
                "alias": connection.published_alias,
            }
            actions.append({"remove": dropped})
        if current is not None:
            old = connection.generation_index(current)
            actions.insert(0, {"remove": {"index": old, "alias": alias, "must_exist": True}})
        if self._lock:
            self._lock.renew()
        try:
            with reported():
                connection.client.indices.update_aliases(body={"actions": actions}, params=PATIENT)
        except IndexStateError:  # the request may have been heard although no answer came
            if connection.published()[0] != number:
                raise

    def _delete_old(self) -> None:
        """Delete indexes of builds that were killed, and generations before the kept ones.

        The newest generation stays, also after a rollback: numbering continues from it.
        """
        connection = self._connection
        current, published = connection.published()
        old = [number for number in published if number <= (current or 0)]
        kept = {*old[-KEPT_GENERATIONS:], *published[-1:]}
        for number, successor in pairwise(published):
            built_at = datetime.fromisoformat(manifest_of(connection, successor).built_at)
            if (datetime.now(UTC) - built_at).total_seconds() < READ_SECONDS:
                kept.add(number)
        names = {connection.generation_index(number) for number in kept}
        for number in kept:
            names |= set(map(connection.segment_index, segments_of(manifest_of(connection, number))))
        for index in connection.own_indexes():
            if index not in names:
                with reported():
                    connection.client.indices.delete(index=index, ignore_unavailable=True, params=PATIENT)
