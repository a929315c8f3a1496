"""Records: what is shown of each answer, read one at a time from a file that is mapped into memory.

arrays/SEGMENT/records.msgpack     the records, one behind the other
arrays/SEGMENT/records.npy         where each of them ends

Whoosh would store them too, pickled, in blocks that it compresses: to read ten takes it 0.35 ms more, and a search 4.
"""

import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from indexer.model import Document, Reference, SheetHeader, Span


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored for an answer: itself, its sheet's header, its place on it, and in the first place its list.

    `sentences` are those that a snippet may show: splitting ten answers takes 0.26 ms (median), reading this 0.02.
    `words` are those of the answer, as `packed_words` packs them.
    """

    header: SheetHeader
    references: tuple[Reference, ...]
    document: Document
    place: int
    sentences: tuple[Span, ...]
    words: bytes


_decode = msgspec.msgpack.Decoder(Record).decode


def write_records(folder: Path, encoded: Sequence[bytes]) -> None:
    """Write the records of a segment into its folder, in the order of its documents."""
    (folder / "records.msgpack").write_bytes(b"".join(encoded))
    ends = np.cumsum(np.fromiter(map(len, encoded), np.uint64, len(encoded)), dtype=np.uint64)
    np.save(folder / "records.npy", ends, allow_pickle=False)


class Records:
    """The records of a segment, by the numbers of its documents."""

    def __init__(self, folder: Path) -> None:
        self._ends: list[int] = [0, *np.load(folder / "records.npy", allow_pickle=False).tolist()]
        with (folder / "records.msgpack").open("rb") as file:
            # Nothing at all cannot be mapped.
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._ends[-1] else b""
        if len(self._bytes) != self._ends[-1]:
            raise ValueError(f"{folder.name}/records.msgpack has {len(self._bytes)} bytes, not {self._ends[-1]}")

    def __getitem__(self, number: int) -> Record:
        return _decode(self._bytes[self._ends[number] : self._ends[number + 1]])
