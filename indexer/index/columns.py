"""Columns: what filters, facets, groups and ties ask of every document, as codes that can be counted and compared.

arrays/SEGMENT/columns.msgpack     the values of each column, document by document, and the names of each sheet
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.index.impacts import Mask, Numbers
from indexer.index.schema import Record
from indexer.language.analysis import fold, forms


@dataclass(frozen=True, slots=True)
class SegmentColumns:
    """The columns of one segment as they are stored.

    `names` are those of each sheet, by its first document's number, each with its terms; `name_words` the terms of the
    words that they are made of.
    """

    id: list[str]
    type: list[str]
    subject: list[str]
    sheet_id: list[str]
    source: list[str]
    updated: list[str]
    names: dict[int, list[tuple[str, str]]]
    name_words: dict[str, str]

    def add(self, record: Record) -> None:
        """Add a document; the first of a sheet brings its names."""
        header, document = record.header, record.document
        if not record.place:
            names = [(name, forms(name)) for name in (header.title, *header.also_known_as)]
            self.names[len(self.id)] = [(name, " ".join(term for _, term in found)) for name, found in names]
            for _, found in names:
                self.name_words.update(found)
        self.id.append(document.id)
        self.type.append(document.question_type or "")
        self.subject.append(header.title)
        self.sheet_id.append(header.id)
        self.source.append(header.provenance.source or "")
        self.updated.append(document.last_updated or "")


def write_columns(file: Path, columns: SegmentColumns) -> None:
    """Write the columns of a segment."""
    file.write_bytes(msgspec.msgpack.encode(columns))


def read_columns(file: Path) -> SegmentColumns:
    """Return the columns of a segment."""
    return msgspec.msgpack.decode(file.read_bytes(), type=SegmentColumns)


class Column:
    """One column: `values` are the distinct ones in order, `codes` say which of them each document has."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = sorted(set(values))
        place = {value: code for code, value in enumerate(self.values)}
        self.codes: Numbers = np.fromiter((place[value] for value in values), np.int64, len(values))

    def __getitem__(self, number: int) -> str:
        return self.values[int(self.codes[number])]

    def among(self, wanted: Iterable[str]) -> Mask:
        """Return which documents have one of some values."""
        chosen = set(wanted)
        return np.array([value in chosen for value in self.values], dtype=np.bool_)[self.codes]

    def counts(self, numbers: Numbers) -> list[tuple[str, int]]:
        """Return the values that some documents have, each with how many have it; "" is none."""
        counted = np.bincount(self.codes[numbers], minlength=len(self.values)).tolist()
        return [(value, count) for value, count in zip(self.values, counted, strict=True) if count and value]


class Columns:
    """The columns of all segments, one after the other, by document number."""

    def __init__(self, segments: Sequence[SegmentColumns]) -> None:
        def joined(name: str) -> list[str]:
            return [value for segment in segments for value in getattr(segment, name)]

        self.ids = joined("id")
        self.type, self.sheet, self.source, self.updated = (
            Column(joined(name)) for name in ("type", "sheet_id", "source", "updated")
        )
        self._subjects = joined("subject")

    @cached_property
    def subject(self) -> Column:
        """The subject of each document, folded: sheets of one name are about the same."""
        return Column([fold(subject) for subject in self._subjects])

    @cached_property
    def year(self) -> Column:
        """The year of each document's last update."""
        return Column([self.updated[number][:4] for number in range(len(self.ids))])

    @cached_property
    def rank_of_id(self) -> NDArray[np.int64]:
        """The place of each document's id in their order: what decides between equal scores."""
        return np.argsort(np.argsort(np.array(self.ids)))
