"""Answers -> segments of a Whoosh index, in Whoosh's own format, written through its codec.

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

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Positions
from whoosh.index import TOC

from indexer.errors import IndexStateError
from indexer.index.schema import COLUMNS, KEYS, TEXT_FIELDS, Record, fields_of, schema
from indexer.language.analysis import terms

_CODEC: Any = W3Codec
_STORAGE: Any = FileStorage  # these have no types; what they give has none either
_TOC: Any = TOC
#: What Whoosh calls an index that was given no name.
_NAME = "MAIN"

#: Of zlib; Whoosh's own 3 takes 4 % longer for a whole build of MedQuAD, and saves 1 % of its size.
_COMPRESSION = 1

#: Postings hold some 10 kB for an answer of MedQuAD until their segment is written: 100 MB for this many answers.
MAX_DOCUMENTS = 10_000

#: Whoosh goes on counting deleted documents in its statistics, so that rare terms seem more frequent than they are. At
#: a fifth, idf = log(N / (n + 1)) + 1 is off by at most log(1.25) = 0.22, where it is 1 to 10.
MAX_DELETED = 0.2

_encode_positions = Positions().encode
_encode_one_position = lru_cache(maxsize=10_000)(lambda position: _encode_positions([position]))


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of an index: the name of its one file, how many documents that holds, and what Whoosh knows of it.

    The file never changes, so that generations can share it; which documents are deleted stands in the index's TOC.
    """

    name: str
    size: int
    details: Any

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}{self.details.COMPOUND_EXT}"

    def delete(self, numbers: Iterable[int]) -> None:
        """Delete documents from now on, by their numbers."""
        for number in numbers:
            self.details.delete_document(number)


class _Inverted:
    """The postings of some fields, by term: (document number, weight, encoded positions); and the fields' lengths."""

    def __init__(self) -> None:
        self.postings: dict[str, dict[bytes, list[tuple[int, float, bytes]]]] = defaultdict(lambda: defaultdict(list))
        self.lengths: dict[str, list[int]] = defaultdict(list)

    def add_text(self, field: str, number: int, text: str) -> int:
        """Add the terms of a text, with their positions, and return how many there are."""
        terms, length = _terms(text)
        postings = self.postings[field]
        for term, count, encoded in terms:
            postings[term].append((number, count, encoded))
        self.lengths[field].append(length)
        return length

    def add_value(self, field: str, number: int, value: str) -> None:
        """Add a value that is a term as it stands."""
        self.postings[field][value.encode()].append((number, 1.0, b""))


@lru_cache(maxsize=8)  # the answers of a sheet follow each other, and have its names in common
def _terms(text: str) -> tuple[list[tuple[bytes, int, bytes]], int]:
    """Return the terms of a text, each with its count and its encoded positions, and how many words there are."""
    words = terms(text)
    positions: dict[str, list[int]] = defaultdict(list)
    for position, term in enumerate(words):
        positions[term].append(position)
    return [
        (term.encode(), len(at), _encode_one_position(at[0]) if len(at) == 1 else _encode_positions(at))
        for term, at in positions.items()
    ], len(words)


def write_segment(folder: Path, records: Iterable[Record]) -> Segment:
    """Write answers, numbered from 0 in their order, into a folder as a new segment, and return it."""
    storage, codec, fields = _STORAGE(str(folder)), _CODEC(compression=_COMPRESSION), schema()
    details = codec.new_segment(storage, _NAME)
    documents = codec.per_document_writer(storage, details)
    inverted, size = _Inverted(), 0
    for number, record in enumerate(records):
        values = fields_of(record)
        documents.start_doc(number)
        for name in TEXT_FIELDS:
            documents.add_field(name, fields[name], None, inverted.add_text(name, number, str(values[name])))
        for name in KEYS:
            inverted.add_value(name, number, str(values[name]))
        for name in COLUMNS:
            documents.add_column_value(name, fields[name].column_type, str(values[name]).encode())
        documents.add_field("record", fields["record"], values["record"], 0)
        documents.finish_doc()
        size = number + 1
    documents.close()
    details.set_doc_count(size)
    _write_postings(codec.field_writer(storage, details), fields, inverted, size)
    details.create_compound_file(storage)
    return _segment(details)


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


def read_segments(folder: Path) -> list[Segment]:
    """Return the segments of the index in a folder. Raises IndexStateError when one is not there."""
    try:
        segments = [_segment(details) for details in _TOC.read(_STORAGE(str(folder)), _NAME, schema=schema()).segments]
        for segment in segments:
            (folder / segment.file).stat()
    except Exception as error:  # an unpickler raises nearly anything
        raise IndexStateError(f"the index in {folder} is damaged ({error})") from error
    return segments


def write_toc(folder: Path, segments: Iterable[Segment]) -> None:
    """Make segments that lie in a folder one index, which `whoosh.index.open_dir` opens."""
    _TOC(schema(), [segment.details for segment in segments], 1).write(_STORAGE(str(folder)), _NAME)
    shutil.rmtree(folder / f"{_NAME}.tmp", ignore_errors=True)  # where the codec kept columns while writing


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
