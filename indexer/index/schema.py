"""The Whoosh schema: one document for each question with its answer.

The index is always opened with this schema, never with the pickled one in its directory.
"""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken
from whoosh.fields import ID, TEXT, Schema

from indexer.index.impacts import FORMULA
from indexer.index.records import Record
from indexer.language.analysis import ANALYSIS_VERSION, analyse
from indexer.model import Document
from indexer.sheets.identifiers import stable_part
from indexer.sheets.passages import blanked

#: Changes whenever a field, a stored record or the layout of a generation changes.
FORMAT_VERSION = 16

#: What wrote the index: a later version may write other files.
_ENGINE = version("whoosh3")

#: Where a question's words are looked up. Filters, facets and sorting use `columns.py`.
TEXT_FIELDS = ("name", "other_names", "question", "answer")
#: Fields whose value is one term: what a link to an answer or a sheet asks for.
KEYS = ("key", "sheet_key")


class SharedAnalyzer(Analyzer):
    """The analysis chain of `indexer.language` in the shape that Whoosh calls."""

    def __call__(self, value: str, *, positions: bool = False, start_pos: int = 0, **_: Any) -> Iterator[WhooshToken]:
        """Yield one WhooshToken over and over, as Whoosh expects of an analyzer."""
        token = WhooshToken(positions=positions)
        for position, (term, _start, _end) in enumerate(analyse(value), start=start_pos):
            token.text, token.pos = term, position
            yield token


def schema() -> Schema:
    """Return the schema: text fields with positions, and terms that are what they are."""
    texts = {name: TEXT(analyzer=SharedAnalyzer(), phrase=True) for name in TEXT_FIELDS}
    return Schema(**texts, **{name: ID() for name in KEYS})


def fields_of(record: Record) -> dict[str, str]:
    """Return the values to index for an answer."""
    header, document = record.header, record.document
    return {
        "name": header.title,
        "other_names": "\n".join(header.also_known_as),
        "question": document.question,
        "answer": searched_text(document),
        "key": stable_part(document.id),
        "sheet_key": stable_part(header.id),
    }


def searched_text(document: Document) -> str:
    """Return the answer with spaces for markers and shared passages, so that [1] is not a word and offsets stay."""
    markers = [use for use in document.citations if not any(a <= use.start < b for a, b in document.shared)]
    return blanked(document.answer, sorted([*((use.start, use.end) for use in markers), *document.shared]))


def fingerprint() -> str:
    """Return what an index must have been built with to be searched by this code: format, analysis and engine."""
    parts = (FORMAT_VERSION, ANALYSIS_VERSION, _ENGINE, sorted(schema().names()), *FORMULA)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
