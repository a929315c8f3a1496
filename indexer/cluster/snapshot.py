"""The read side of one generation in a cluster.

A server keeps names, vocabulary with frequencies, and columns. Postings, answers and phrases are read from the cluster
by the names of the indexes, never by the alias: a search has one generation from start to end.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

import msgspec

from indexer.cluster.blocks import BlockArray, Blocks
from indexer.cluster.connection import Connection
from indexer.cluster.files import fetch_generation
from indexer.index.garbage import garbage_waits
from indexer.index.impacts import exact_key
from indexer.index.records import Record
from indexer.index.schema import TEXT_FIELDS
from indexer.index.snapshot import Snapshot
from indexer.sheets.identifiers import stable_part


class ClusterSnapshot(Snapshot):
    """One generation in a cluster, for any number of threads."""

    @garbage_waits()
    def __init__(self, connection: Connection, blocks: Blocks, number: int) -> None:
        self._connection, self._blocks = connection, blocks
        directory = Path(mkdtemp(prefix="factsheets-"))
        self._delete_copy = finalize(self, rmtree, directory, ignore_errors=True)
        self._arrays: dict[str, list[BlockArray]] = {}
        self._open(fetch_generation(connection, blocks, number, directory), directory, self._array)
        self._indexes = list(map(connection.segment_index, self._segments))

    def _array(self, folder: Path, name: str) -> BlockArray:
        array = BlockArray(self._blocks, self._connection.segment_index(folder.name), f"{name}.npy")
        self._arrays.setdefault(folder.name, []).append(array)
        return array

    def close(self) -> None:
        """Delete the local copy of names, vocabulary and columns."""
        self._delete_copy()

    def fetch(self, terms: Iterable[str], words: Iterable[str] = ()) -> None:
        """Read the rows of some terms and words in one request."""
        keys = [*terms, *map(exact_key, words)]
        rows = [
            (array, row)
            for part, name in zip(self.impacts.parts, self._segments, strict=True)
            for row in filter(None, map(part.row, keys))
            for array in self._arrays[name]
        ]
        self._blocks.read(chain.from_iterable(array.blocks(row) for array, row in rows))

    def with_phrase(self, phrase: Iterable[str], most: int | None = None) -> list[int]:
        """Return the first documents, `most` at most, that have some terms one after the other in a text field."""
        terms = list(phrase)
        if not all(map(self.impacts.frequency, terms)):
            return []
        text = "\n".join(terms)
        queries = [{"match_phrase": {field: text}} for field in TEXT_FIELDS]
        return self._numbers({"dis_max": {"queries": queries}})[:most]

    def record(self, number: int) -> Record:
        """Return what is stored for a document number."""
        return self.records([number])[0]

    def records(self, numbers: Sequence[int]) -> list[Record]:
        """Return what is stored for some document numbers, in their order."""
        keys = [self._key(number) for number in numbers]
        return [msgspec.convert(record, Record) for record in self._connection.documents(keys, "record")]

    def number(self, id: str) -> int | None:
        """Return the document number of an answer's id, or None."""
        return next(iter(self._numbers({"term": {"key": stable_part(id)}})), None)

    def sheet_numbers(self, id: str) -> list[int]:
        """Return the document numbers of a sheet's answers in reading order; none when there is no such sheet."""
        return self._numbers({"term": {"sheet_key": stable_part(id)}})

    def _numbers(self, query: dict[str, object]) -> list[int]:
        """Return the numbers of the documents that match a query and are not deleted, in order."""
        if not self._indexes:
            return []
        bases = dict(zip(self._indexes, self._bases, strict=True))
        hits = self._connection.search(self._indexes, query, max(self.impacts.size, 1))
        numbers = sorted(bases[index] + int(id) for index, id in hits)
        live = self.impacts.live
        return numbers if live is None else [number for number in numbers if live[number]]

    def _key(self, number: int) -> tuple[str, str]:
        part = next(at for at in reversed(range(len(self._bases))) if self._bases[at] <= number)
        return self._indexes[part], str(number - self._bases[part])
