"""Files in blocks: a file of a generation as documents of an index, read as a whole or a slice at a time.

The id of a block is the file's name and the block's number, such as `documents.npy/17`. Blocks are compressed; the
checksum of zlib finds damage.
"""

import io
import threading
import zlib
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.connection import Connection
from indexer.errors import IndexStateError

#: Bytes of a file in one block: 4,096 postings' document numbers. A row has 12 in the mean, so a larger block would
#: mostly carry other rows.
BLOCK_BYTES = 1 << 15
#: Bytes of blocks that a process keeps: all postings of MedQuAD's 16,423 answers.
CACHE_BYTES = 1 << 25

#: A block by its index, its file and its number.
Block = tuple[str, str, int]


def blocks_of(name: str, file: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the blocks of a file as documents, each with its id. An empty file has one empty block."""
    with file.open("rb") as opened:
        number = 0
        while (part := opened.read(BLOCK_BYTES)) or not number:
            yield f"{name}/{number}", {"data": b64encode(zlib.compress(part, 1)).decode("ascii")}
            number += 1


def block_count(size: int) -> int:
    """Return how many blocks a file of some bytes has."""
    return max(1, -(-size // BLOCK_BYTES))


class Blocks:
    """Reads blocks, and keeps those that were used last. Indexes never change, so a block stays valid."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._lock, self._bytes = connection, threading.Lock(), 0
        self._kept: OrderedDict[Block, bytes] = OrderedDict()

    def read(self, wanted: Iterable[Block], keep: bool = True) -> list[bytes]:
        """Return some blocks in order. Those that are not kept are read in one request."""
        wanted = list(wanted)
        with self._lock:
            known = {block: self._kept[block] for block in wanted if block in self._kept}
            for block in known:
                self._kept.move_to_end(block)
        missing = [block for block in dict.fromkeys(wanted) if block not in known]
        keys = [(index, f"{file}/{number}") for index, file, number in missing]
        for block, data in zip(missing, self._connection.documents(keys, "data") if keys else (), strict=True):
            known[block] = _uncompressed(block, data)
        if keep:
            self._keep({block: known[block] for block in missing})
        return [known[block] for block in wanted]

    def save(self, index: str, sizes: Mapping[str, int], folder: Path) -> None:
        """Copy whole files of an index, by their names and sizes, into a folder."""
        for name, size in sizes.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            blocks = self.read(((index, name, number) for number in range(block_count(size))), keep=False)
            file.write_bytes(b"".join(blocks))

    def _keep(self, blocks: Mapping[Block, bytes]) -> None:
        with self._lock:
            for block, data in blocks.items():
                if block not in self._kept:
                    self._bytes += len(data)
                self._kept[block] = data
            while self._bytes > CACHE_BYTES and len(self._kept) > 1:
                self._bytes -= len(self._kept.popitem(last=False)[1])


class BlockArray:
    """An array of a segment that is read from its blocks, a slice at a time."""

    def __init__(self, blocks: Blocks, index: str, file: str) -> None:
        self._blocks, self._index, self._file = blocks, index, file
        header = io.BytesIO(blocks.read([(index, file, 0)])[0])
        np.lib.format.read_magic(header)
        (self._length,), _, self._kind = np.lib.format.read_array_header_1_0(header)
        self._start = header.tell()

    def blocks(self, rows: slice) -> Iterator[Block]:
        """Yield the blocks that hold a slice."""
        first, end = self._bytes(rows)
        for number in range(first // BLOCK_BYTES, block_count(end)):
            yield self._index, self._file, number

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        first, end = self._bytes(rows)
        if first >= end:
            return np.zeros(0, self._kind)
        data = b"".join(self._blocks.read(self.blocks(rows)))
        skipped = first % BLOCK_BYTES
        return np.frombuffer(data[skipped : skipped + end - first], self._kind)

    def _bytes(self, rows: slice) -> tuple[int, int]:
        first, end, _ = rows.indices(self._length)
        return self._start + first * self._kind.itemsize, self._start + end * self._kind.itemsize


def _uncompressed(block: Block, data: str) -> bytes:
    try:
        return zlib.decompress(b64decode(data))
    except (ValueError, zlib.error) as error:
        raise IndexStateError(
            f"block {block[2]} of {block[1]} in {block[0]} is damaged: run `factsheets build`"
        ) from error
