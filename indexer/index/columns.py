"""Columns: what filters, facets, groups, ties and lists ask of every document, without reading what is stored of it.

arrays/SEGMENT/columns.msgpack     the values of each column, document by document; names and origin of each sheet
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.index.impacts import Mask, Numbers
from indexer.index.names import name_key
from indexer.index.records import Record
from indexer.language.analysis import fold, forms
from indexer.language.question_types import QuestionType, asked_types
from indexer.model import Facets, Listed, PartialDate, Provenance
from indexer.time_limit import give_way


@dataclass(frozen=True, slots=True)
class SegmentColumns:
    """The columns of one segment as they are stored.

    `names` are those of each sheet, by its first document's number, the title first, each with its terms, `provenance`
    is where the sheet came from; `name_words` are the terms of the words that names are made of. `also_asked` are the
    kinds that a question asks for beside its type ("What causes it, and is it inherited?"), by the document's number.
    `facets` are those of each sheet that has some, by its first document's number.
    """

    id: list[str] = field(default_factory=list)
    question: list[str] = field(default_factory=list)
    type: list[str] = field(default_factory=list)
    subject: list[str] = field(default_factory=list)
    sheet_id: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    names: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    provenance: dict[int, Provenance] = field(default_factory=dict)
    name_words: dict[str, str] = field(default_factory=dict)
    also_asked: dict[int, list[str]] = field(default_factory=dict)
    facets: dict[int, Facets] = field(default_factory=dict)

    def add(self, record: Record, kinds: tuple[QuestionType, ...] | None = None) -> None:
        """Add a document; the first of a sheet brings what is kept once a sheet. `kinds` are as in `asked_types`."""
        header, document = record.header, record.document
        names = (header.title, *header.also_known_as)
        if not record.place:
            self.provenance[len(self.id)] = header.provenance
            if header.facets:
                self.facets[len(self.id)] = header.facets
            self.names[len(self.id)] = [(name, name_key(name)) for name in names]
            for name in names:
                self.name_words.update(forms(name))
        if beside := [kind for kind in asked_types(document.question, names, kinds) if kind != document.question_type]:
            self.also_asked[len(self.id)] = beside
        self.id.append(document.id)
        self.question.append(document.question)
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
        give_way()
        self.values = sorted(set(values))
        place = {value: code for code, value in enumerate(self.values)}
        codes = [place[value] for value in values]
        self.codes: Numbers = np.array(codes, np.int64)
        self._of = [self.values[code] for code in codes]  # a list gives one value ten times as fast as an array

    def __getitem__(self, number: int) -> str:
        return self._of[number]

    def among(self, wanted: Iterable[str]) -> Mask:
        """Return which documents have one of some values."""
        chosen = set(wanted)
        return np.array([value in chosen for value in self.values], dtype=np.bool_)[self.codes]

    def counts(self, numbers: Numbers) -> list[tuple[str, int]]:
        """Return the values that some documents have, each with how many have it; "" is none."""
        counted = np.bincount(self.codes[numbers], minlength=len(self.values)).tolist()
        return [(value, count) for value, count in zip(self.values, counted, strict=True) if count and value]


class SheetFacet:
    """A facet from front matter: which documents have each value, without regard to case. Sheets may have several."""

    def __init__(self) -> None:
        self._documents: dict[str, list[range]] = {}
        self._values: dict[str, str] = {}

    def add(self, values: Iterable[str], sheet: range) -> None:
        """Add the values of a sheet."""
        for value in values:
            self._values.setdefault(fold(value), value)
            self._documents.setdefault(fold(value), []).append(sheet)

    def among(self, wanted: Iterable[str], size: int) -> Mask:
        """Return which of `size` documents have one of some values."""
        mask = np.zeros(size, dtype=np.bool_)
        for value in wanted:
            for sheet in self._documents.get(fold(value), ()):
                mask[sheet.start : sheet.stop] = True
        return mask

    def counts(self, numbers: Numbers, size: int) -> list[tuple[str, int]]:
        """Return the values that some documents have, with their counts, the most frequent first."""
        counts = [(value, int(self.among([key], size)[numbers].sum())) for key, value in self._values.items()]
        return sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0]))


class Columns:
    """The columns of all segments, one after the other, by document number; deleted documents are among them.

    `names` and `provenance` are those of each sheet, by its first document's number, in the order of these.
    """

    def __init__(self, segments: Sequence[SegmentColumns]) -> None:
        def joined(name: str) -> list[str]:
            return [value for segment in segments for value in getattr(segment, name)]

        self.ids, self.questions, self.titles = map(joined, ("id", "question", "subject"))
        self.type, self.sheet, self.source, self.updated = (
            Column(joined(name)) for name in ("type", "sheet_id", "source", "updated")
        )
        bases = accumulate([len(segment.id) for segment in segments], initial=0)
        based = list(zip(bases, segments, strict=False))
        self.names = {base + first: names for base, one in based for first, names in one.names.items()}
        self.provenance = {base + first: origin for base, one in based for first, origin in one.provenance.items()}
        self._also_asked = {base + number: kinds for base, one in based for number, kinds in one.also_asked.items()}
        self._firsts = [*self.names, len(self.ids)]
        self.facets: dict[str, SheetFacet] = {}
        for base, one in based:
            for first, facets in one.facets.items():
                for key, values in facets:
                    self.facets.setdefault(key, SheetFacet()).add(values, self.sheet_of(base + first))
        #: The number of each sheet's first document, in order, and how many it has.
        self.sheet_firsts, self.sheet_sizes = np.array(self._firsts[:-1], np.int64), np.diff(self._firsts)

    def sheet_of(self, number: int) -> range:
        """Return the documents of a document's sheet, in reading order."""
        place = bisect_right(self._firsts, number)
        return range(self._firsts[place - 1], self._firsts[place])

    def kinds(self, number: int) -> tuple[str, ...]:
        """Return every kind of answer that a document's question asks for, its type first."""
        return (self.type[number], *self._also_asked.get(number, ()))

    def listed(self, number: int) -> Listed:
        """Return a document as other places list it."""
        kind, date, source = self.type[number], self.updated[number], self.source[number]
        updated = PartialDate(date) if date else None
        return Listed(self.ids[number], self.questions[number], kind or None, updated, source or None)

    @cached_property
    def subject(self) -> Column:
        """The subject of each document, folded: sheets of one name are about the same."""
        return Column([fold(subject) for subject in self.titles])

    @cached_property
    def year(self) -> Column:
        """The year of each document's last update."""
        return Column([self.updated[number][:4] for number in range(len(self.ids))])

    @cached_property
    def reading_order(self) -> NDArray[np.int64]:
        """The place of each document by sheet ids, on a sheet by reading: what decides between equal scores."""
        return np.argsort(np.lexsort((np.arange(len(self.ids)), self.sheet.codes)))
