"""The read side of one generation. A search holds one snapshot from start to end."""

import mmap
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from indexer.index.columns import Columns, read_columns
from indexer.index.garbage import garbage_waits
from indexer.index.generations import load, reading
from indexer.index.impacts import Impacts, Mask, Numbers, Opener
from indexer.index.manifest import Manifest
from indexer.index.names import Name, Names
from indexer.index.records import Record, Records
from indexer.index.schema import TEXT_FIELDS, schema
from indexer.index.segments import read_segments
from indexer.index.vectors import Vectors
from indexer.language.analysis import terms
from indexer.language.question_types import QuestionType, kinds_of, question_types
from indexer.language.respelling import american
from indexer.model import Document, FactSheet
from indexer.sheets.identifiers import stable_part
from indexer.time_limit import check_time, give_way


class Snapshot:
    """One open generation, for any number of threads. All its files are open: it lasts when later builds drop them.

    Deleted documents have numbers too; they are in no row of `impacts` that is counted, and in no name.
    """

    @garbage_waits()
    def __init__(self, index: Path, number: int) -> None:
        directory = self._open(*load(index, number), None)
        with reading(number):
            self._records = [Records(directory / "arrays" / name) for name in self._segments]
            self._searcher = _searcher(directory / "whoosh")
        self._turn = threading.Lock()  # a searcher serves one thread at a time

    def _open(self, found: Manifest, directory: Path, opener: Opener | None) -> Path:
        """Read what is kept in memory, and return the directory. `opener` opens the arrays of postings."""
        self.generation, self.crc32, self.site = found.generation(), found.crc32, found.site
        with reading(found.number):
            segments = read_segments(directory)
            stored = []
            for segment in segments:
                give_way()
                stored.append(read_columns(directory / "arrays" / segment.name / "columns.msgpack"))
            self.columns = Columns(stored)
            parts = [(segment.name, segment.size, segment.deleted()) for segment in segments]
            self.impacts = Impacts(directory / "arrays", parts, opener)
            folders = (directory / "arrays" / segment.name for segment in segments)
            self.vectors = Vectors(folders) if found.model else None
            self._segments = [segment.name for segment in segments]
            self._bases = [part.base for part in self.impacts.parts]
        self.names = Names()
        for first, names in self.columns.names.items():
            give_way()
            if self.impacts.live is None or self.impacts.live[first]:
                self.names.add(self.columns.sheet_of(first), names)
        for one in stored:
            self.names.words.update(one.name_words)
        return directory

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()

    @cached_property
    def british(self) -> dict[str, list[str]]:
        """The words of answers and names that the rules of spelling change, by what Americans would write."""
        words: dict[str, list[str]] = defaultdict(list)
        for word in {*self.impacts.vocabulary, *self.names.words}:
            give_way()
            if (changed := american(word)) != word:
                words[changed].append(word)
        return words

    @cached_property
    def everything(self) -> Numbers:
        """The numbers of all documents, sheet by sheet in the order of their subjects, each in reading order."""
        subject, sheet = self.columns.subject.codes, self.columns.sheet.codes
        order = np.lexsort((np.arange(len(subject)), sheet, subject))
        return order if self.impacts.live is None else order[self.impacts.live[order]]

    @cached_property
    def sheets(self) -> list[range]:
        """The documents of each sheet in reading order, sheet by sheet in the order of `everything`."""
        firsts = self.columns.names
        return [self.columns.sheet_of(number) for number in self.everything.tolist() if number in firsts]

    @cached_property
    def kinds(self) -> tuple[QuestionType, ...]:
        """The kinds of answer that the collection has: its own, or those of health if half of the answers have one.

        In MedQuAD all answers have a kind. In four collections of other subjects 0 to 11 % have one, by accident.
        """
        if self.site.kinds != "auto":
            return kinds_of(self.site)
        typed = sum(count for _, count in self.columns.type.counts(self.everything))
        return question_types() if 2 * typed >= len(self.everything) else ()

    @cached_property
    def pinned(self) -> dict[tuple[str, ...], list[int]]:
        """The documents that the site pins to the top for a query, in order, by the terms of the query."""
        return {
            tuple(terms(pin.query)): [number for id in pin.answers if (number := self.number(id)) is not None]
            for pin in self.site.pinned
        }

    @cached_property
    def usual_types(self) -> tuple[str, ...]:
        """The usual kinds of answer in the order in which sheets have them, without those that no sheet here has."""
        here = {kind for kind, _ in self.columns.type.counts(self.everything)}
        usual = {kind.usual: kind.id for kind in self.kinds if kind.usual and kind.id in here}
        return tuple(kind for _, kind in sorted(usual.items()))

    def not_covered(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Return the usual kinds of answer that some documents, all those of a sheet or a subject, do not have."""
        if self.site.not_covered is False:
            return ()
        answered = {kind for number in numbers for kind in self.columns.kinds(number)}
        return tuple(kind for kind in self.usual_types if kind not in answered)

    def having(self, phrase: Iterable[str]) -> Mask:
        """Return which documents have some terms one after the other in a text field."""
        mask = np.zeros(self.impacts.size, dtype=np.bool_)
        mask[self.with_phrase(phrase)] = True
        return mask

    def with_phrase(self, phrase: Iterable[str], most: int | None = None) -> list[int]:
        """Return the first documents, `most` at most, that have some terms one after the other in a text field.

        Whoosh's positions decide. Its own phrases take twice as long ("of the": 0.57 s), and ignore the time limit.
        """
        terms = list(phrase)
        if not all(map(self.impacts.frequency, terms)):
            return []
        rarest, *others = sorted(terms, key=self.impacts.frequency)
        having_all = self.impacts.having(rarest)
        for term in others:
            having_all = having_all[self.impacts.has(term, having_all)]
        numbers: list[int] = having_all.tolist()
        if len(terms) == 1:
            return numbers[:most]
        documents: list[int] = []
        with self._turn:
            fields = [matchers for field in TEXT_FIELDS if (matchers := _matchers(self._searcher, field, terms))]
            for number in numbers:
                if len(documents) == most:
                    break
                check_time()
                if any(_in_a_row(matchers, number) for matchers in fields):
                    documents.append(number)
        return documents

    def related(self, names: Iterable[Name]) -> Mask:
        """Return which documents are of a sheet that has a name with all terms of one of some names."""
        related = np.zeros(self.impacts.size, dtype=np.bool_)
        for name in names:
            for other in self.names.containing(name):
                for sheet in other.sheets:
                    related[sheet.start : sheet.stop] = True
        return related

    def fetch(self, terms: Iterable[str], words: Iterable[str] = ()) -> None:
        """Prepare to read the postings of some terms, and of words as they are written.

        In a directory there is nothing to do. In a cluster, this is one request.
        """

    def record(self, number: int) -> Record:
        """Return what is stored for a document number."""
        part = bisect_right(self._bases, number) - 1
        return self._records[part][number - self._bases[part]]

    def records(self, numbers: Sequence[int]) -> list[Record]:
        """Return what is stored for some document numbers, in their order."""
        return list(map(self.record, numbers))

    def answer(self, id: str) -> tuple[FactSheet, Document] | None:
        """Return an answer with its sheet, or None. An id finds its answer after a corrected title, too."""
        number = self.number(id)
        record = self.record(number) if number is not None else None
        sheet = self.sheet(record.header.id) if record else None
        return (sheet, record.document) if sheet and record else None

    def number(self, id: str) -> int | None:
        """Return the document number of an answer's id, or None."""
        with self._turn:
            number: int | None = self._searcher.document_number(key=stable_part(id))
        return number

    def sheet_numbers(self, id: str) -> list[int]:
        """Return the document numbers of a sheet's answers in reading order; none when there is no such sheet."""
        with self._turn:
            return sorted(self._searcher.document_numbers(sheet_key=stable_part(id)))

    def sheet(self, id: str) -> FactSheet | None:
        """Return a sheet with its answers in reading order, or None."""
        records = self.records(self.sheet_numbers(id))
        documents = tuple(record.document for record in records)
        return FactSheet(records[0].header, records[0].references, documents) if records else None


class _Mapped(FileStorage):
    """Whoosh's files, mapped into memory. Whoosh alone would copy the maps: 34 MB of MedQuAD, in each process."""

    def open_file(self, name: str, **_: Any) -> StructFile:
        """Return a file that lasts when it is dropped from its folder."""
        with Path(self.folder, name).open("rb") as file:
            mapped: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # reads as a file does
        return StructFile(mapped, name)


def _searcher(folder: Path) -> Any:
    storage: Any = _Mapped  # these have no types
    index: Any = FileIndex
    return index(storage(str(folder), supports_mmap=False, readonly=True), schema=schema()).searcher()


def _matchers(searcher: Any, field: str, terms: Iterable[str]) -> list[Any]:
    """Return what goes from document to document for each term of a field; nothing where it lacks one."""
    found = []
    for term in terms:
        check_time()
        try:
            found.append(searcher.postings(field, term))
        except TermNotFound:
            return []
    return found


def _in_a_row(matchers: list[Any], number: int) -> bool:
    """Return whether terms follow each other in a document. Numbers must rise from call to call."""
    starts: set[int] | None = None
    for place, matcher in enumerate(matchers):
        if matcher.is_active() and matcher.id() < number:
            matcher.skip_to(number)
        if not matcher.is_active() or matcher.id() != number:
            return False
        here = {position - place for position in matcher.value_as("positions")}
        starts = here if starts is None else starts & here
        if not starts:
            return False
    return True
