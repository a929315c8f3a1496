"""Answers -> segments of an index: Whoosh's own format, written through its codec, and the arrays beside it.

Whoosh's own writer takes any schema, and for that puts each posting as a tuple into a pool which it sorts at the end,
on disk when it is large. Here all answers of a segment are at hand: postings are gathered by term, and only the terms
are sorted. The files are the same.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Positions
from whoosh.index import TOC

from indexer.index.columns import SegmentColumns, write_columns
from indexer.index.generations import link
from indexer.index.impacts import write_impacts
from indexer.index.records import Record, write_records
from indexer.index.schema import KEYS, TEXT_FIELDS, fields_of, schema
from indexer.index.vectors import Embedder, write_vectors
from indexer.language.analysis import forms
from indexer.language.question_types import QuestionType

_CODEC: Any = W3Codec
_STORAGE: Any = FileStorage  # these have no types; what they give has none either
_TOC: Any = TOC
#: What Whoosh calls an index that was given no name.
_NAME = "MAIN"

#: Postings hold some 10 kB for an answer of MedQuAD until their segment is written: 100 MB for this many answers.
MAX_DOCUMENTS = 10_000

#: Whoosh goes on counting deleted documents in its statistics, so that rare terms seem more frequent than they are. At
#: a fifth, idf = log(N / (n + 1)) + 1 is off by at most log(1.25) = 0.22, where it is 1 to 10.
MAX_DELETED = 0.2

_encode_positions = Positions().encode
_encode_one_position = lru_cache(maxsize=10_000)(lambda position: _encode_positions([position]))


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of an index: its name, how many documents it holds, and what Whoosh knows of it.

    Its files never change, so that generations can share them; the index's TOC says which documents are deleted.
    """

    name: str
    size: int
    details: Any

    def link(self, old: Path, new: Path) -> None:
        """Give its files a second place, in the directory of another generation."""
        (new / "arrays" / self.name).mkdir(parents=True)
        for file in [*old.glob(f"whoosh/{self.name}.*"), *old.glob(f"arrays/{self.name}/*")]:
            link(file, new / file.relative_to(old))

    def deleted(self) -> set[int]:
        """Return the numbers of its documents that are deleted."""
        return set(self.details.deleted_docs())

    def delete(self, numbers: Iterable[int]) -> None:
        """Delete documents from now on, by their numbers."""
        for number in numbers:
            self.details.delete_document(number)


class _Inverted:
    """The postings of some fields, by term: (document number, weight, encoded positions); and the fields' lengths.

    `written` are the documents whose answer has a word as it is written, and whose names do not have its term; none for
    a word that only questions have.
    """

    def __init__(self) -> None:
        self.postings: dict[str, dict[bytes, list[tuple[int, float, bytes]]]] = defaultdict(lambda: defaultdict(list))
        self.lengths: dict[str, list[int]] = defaultdict(list)
        self.written: dict[str, list[int]] = defaultdict(list)

    def add_texts(self, number: int, values: Mapping[str, object]) -> dict[str, int]:
        """Add the terms of a document's texts, with their positions, and return how long each field is."""
        named: set[str] = set()
        lengths = {}
        for field in TEXT_FIELDS:
            terms, words, lengths[field] = _terms(str(values[field]))
            postings = self.postings[field]
            for term, count, encoded in terms:
                postings[term].append((number, count, encoded))
            self.lengths[field].append(lengths[field])
            if field == "question":
                for word in {word for word, term in words if term not in named}:
                    self.written[word]  # has a row, so that a star finds it
            elif field == "answer":
                for word in {word for word, term in words if term not in named}:
                    self.written[word].append(number)
            else:
                named.update(term for _, term in words)
        return lengths

    def add_value(self, field: str, number: int, value: str) -> None:
        """Add a value that is one term."""
        self.postings[field][value.encode()].append((number, 1.0, b""))


@lru_cache(maxsize=8)  # the answers of a sheet follow each other, and have its names in common
def _terms(text: str) -> tuple[list[tuple[bytes, int, bytes]], set[tuple[str, str]], int]:
    """Return the terms of a text, each with its count and its encoded positions; its words; how many there are."""
    found = forms(text)
    positions: dict[str, list[int]] = defaultdict(list)
    for position, (_, term) in enumerate(found):
        positions[term].append(position)
    terms = [
        (term.encode(), len(at), _encode_one_position(at[0]) if len(at) == 1 else _encode_positions(at))
        for term, at in positions.items()
    ]
    return terms, set(found), len(found)


def write_segment(
    directory: Path,
    records: Iterable[Record],
    embedder: Embedder | None = None,
    kinds: tuple[QuestionType, ...] | None = None,
) -> Segment:
    """Write answers, numbered from 0 in their order, into the directory of a generation as a new segment.

    Whoosh's part goes into `whoosh/`, the arrays into `arrays/`, into a folder with the segment's name; vectors only
    with an embedder. `kinds` is the vocabulary of kinds of answer, by default that of health.
    """
    storage, codec, fields = _STORAGE(str(directory / "whoosh")), _CODEC(), schema()
    details = codec.new_segment(storage, _NAME)
    documents = codec.per_document_writer(storage, details)
    inverted, columns, encoded, vectors = _Inverted(), SegmentColumns(), [], []
    for number, record in enumerate(records):
        values = fields_of(record)
        documents.start_doc(number)
        for name, length in inverted.add_texts(number, values).items():
            documents.add_field(name, fields[name], None, length)
        for name in KEYS:
            inverted.add_value(name, number, values[name])
        documents.finish_doc()
        columns.add(record, kinds)
        encoded.append(msgspec.msgpack.encode(record))
        if embedder:
            vectors.append(embedder.vectors(record))
    documents.close()
    details.set_doc_count(len(columns.id))
    _write_postings(codec.field_writer(storage, details), fields, inverted, len(columns.id))
    details.create_compound_file(storage)
    segment = _segment(details)
    arrays = directory / "arrays" / segment.name
    texts = {name: (inverted.postings[name], inverted.lengths[name]) for name in TEXT_FIELDS}
    write_impacts(arrays, texts, inverted.written)
    write_columns(arrays / "columns.msgpack", columns)
    write_records(arrays, encoded)
    if embedder:
        write_vectors(arrays, vectors)
    return segment


def _write_postings(writer: Any, fields: Schema, inverted: _Inverted, size: int) -> None:
    for name in sorted(inverted.postings):
        lengths = inverted.lengths.get(name) or [0] * size
        writer.start_field(name, fields[name])
        for term, entries in sorted(inverted.postings[name].items()):
            writer.start_term(term)
            for number, weight, encoded in entries:
                writer.add(number, weight, encoded, lengths[number])
            writer.finish_term()
        writer.finish_field()
    writer.close()


def read_segments(directory: Path) -> list[Segment]:
    """Return the segments of a generation."""
    toc = _TOC.read(_STORAGE(str(directory / "whoosh")), _NAME, schema=schema())
    return [_segment(details) for details in toc.segments]


def write_toc(directory: Path, segments: Iterable[Segment]) -> None:
    """Make the segments of a generation one index, which `whoosh.index.open_dir` opens."""
    folder = directory / "whoosh"
    _TOC(schema(), [segment.details for segment in segments], 1).write(_STORAGE(str(folder)), _NAME)
    shutil.rmtree(folder / f"{_NAME}.tmp", ignore_errors=True)  # where the codec kept its files while writing


def to_merge(sizes: Mapping[str, int], live: Mapping[str, int], written: int) -> set[str]:
    """Return the segments whose live documents are to be written again, with `written` others, into a new one.

    `sizes` counts all documents of each segment, `live` those that stay. A segment goes when it would be no larger than
    the new one: sizes then at least double from one to the next, there are at most log2(documents) of them, and each
    document is written again at most that often (the logarithmic method of Bentley & Saxe, 1980). And one goes when too
    many of its documents are deleted.
    """
    gone = {name for name, size in sizes.items() if live.get(name, 0) < size * (1 - MAX_DELETED)}
    written += sum(live.get(name, 0) for name in gone)
    for name in sorted(sizes.keys() - gone, key=lambda name: (live[name], name)):
        if live[name] > written:
            break
        gone.add(name)
        written += live[name]
    return gone


def _segment(details: Any) -> Segment:
    return Segment(details.segment_id(), details.doc_count_all(), details)
