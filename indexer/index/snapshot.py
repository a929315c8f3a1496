"""The read side of one generation. A search holds one snapshot from start to end."""

from pathlib import Path

import msgspec
from whoosh.index import open_dir
from whoosh.query import Query, Term
from whoosh.scoring import BM25F

from indexer.errors import IndexStateError
from indexer.index.generations import load
from indexer.index.schema import COLUMNS, TEXT_FIELDS, Record, schema
from indexer.language.analysis import fold
from indexer.model import Document, FactSheet
from indexer.sheets.identifiers import stable_part


class Snapshot:
    """One open generation, for one thread, as Whoosh's searchers are.

    `columns` has a list for each of `schema.COLUMNS`, by document number, "" where there is no value. Deleted
    documents have numbers too; `everything` are the numbers of the others, sheet by sheet, in reading order.
    """

    def __init__(self, index: Path, number: int) -> None:
        self.generation, directory = load(index, number)
        try:
            opened = open_dir(str(directory / "whoosh"), schema=schema(), readonly=True)
            self._searcher = opened.searcher(weighting=BM25F())
        except Exception as error:
            raise IndexStateError(f"generation {number} is damaged ({error}): run `factsheets build`") from error
        self._reader = self._searcher.reader()
        written = self._reader.doc_count_all() > 0  # an index of no documents has no columns either
        self.columns: dict[str, list[str]] = {
            name: [value.decode() for value in self._reader.column_reader(name, translate=False)] if written else []
            for name in COLUMNS
        }

        subject, sheet = self.columns["subject"], self.columns["sheet_id"]
        self.everything = sorted(self._reader.all_doc_ids(), key=lambda n: (fold(subject[n]), sheet[n], n))

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()  # type: ignore[no-untyped-call]

    def matches(self, query: Query) -> dict[int, float]:
        """Return the score of every document number that a Whoosh query matches, best first, ties by document id."""
        found = self._searcher.search(query, limit=None).top_n
        ids = self.columns["id"]
        return {number: score for score, number in sorted(found, key=lambda hit: (-hit[0], ids[hit[1]]))}

    def has_term(self, term: str) -> bool:
        """Return whether any document has a term in a text field."""
        return any(self._is_in(name, term) for name in TEXT_FIELDS)

    def _is_in(self, field: str, term: str) -> bool:
        """Return whether a field has a term in a document that is not deleted; the frequency counts those that are."""
        counted = self._reader.doc_frequency(field, term) > 0
        return counted and (not self._reader.has_deletions() or self._reader.postings(field, term).is_active())

    def contribution(self, term: Term, number: int) -> float:
        """Return what one term query adds to the score of a document; 0 where the document has no such term."""
        matcher = term.matcher(self._searcher)
        if matcher.is_active():
            matcher.skip_to(number)
        return float(matcher.score()) if matcher.is_active() and matcher.id() == number else 0.0

    def record(self, number: int) -> Record:
        """Return what is stored for a document number."""
        return msgspec.json.decode(self._reader.stored_fields(number)["record"], type=Record)

    def answer(self, id: str) -> tuple[FactSheet, Document] | None:
        """Return an answer with its sheet, or None. An id finds its answer after a corrected title, too."""
        number = self._searcher.document_number(key=stable_part(id))
        record = self.record(number) if number is not None else None
        sheet = self.sheet(record.header.id) if record else None
        return (sheet, record.document) if sheet and record else None

    def sheet(self, id: str) -> FactSheet | None:
        """Return a sheet with its answers in reading order, or None."""
        numbers = self._searcher.document_numbers(sheet_key=stable_part(id))
        records = sorted(map(self.record, numbers), key=lambda record: record.place)
        documents = tuple(record.document for record in records)
        return FactSheet(records[0].header, records[0].references, documents) if records else None
