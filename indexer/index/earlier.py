"""What an index served before a build: answers keep their ids, and a dry run lists those that would change."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

from indexer.errors import IndexStateError, PageError
from indexer.index.pages import Decision, decided
from indexer.index.snapshot import Snapshot
from indexer.index.store import Store
from indexer.model import AnswerChange, Document, FactSheet, Found
from indexer.readers import read_page
from indexer.sheets.identifiers import lasting_ids, stable_part
from indexer.sheets.split import split_page


class Earlier:
    """The sheets that an index serves while a build is at work; none where no index can be opened."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def _snapshot(self) -> Snapshot | None:
        with suppress(IndexStateError):  # the build reports why it cannot start from the index
            return self._store.newest(None)[0]
        return None

    def sheets(self, ids: Iterable[str] | None = None) -> Iterator[FactSheet]:
        """Yield the sheets that have some ids; None: all of them."""
        if snapshot := self._snapshot:
            every = (snapshot.columns.sheet[documents.start] for documents in snapshot.sheets)
            yield from filter(None, map(snapshot.sheet, every if ids is None else ids))

    def with_lasting_ids(self, decision: Decision, found: Found) -> Decision:
        """Return the decision about a page with the ids that its answers had before."""
        before = next(self.sheets([decision.id]), None)
        with suppress(PageError):  # it was changed a moment ago, and the next build reads it again
            now = split_page(read_page(found.file, found.root)).documents
            questions = lasting_ids(before.documents, now) if before else ()
            usual = tuple(document.id.rpartition(".")[2] for document in now)
            return replace(decision, questions=() if questions == usual else questions)
        return decision

    def changes(self, ids: Iterable[str] | None, pages: Iterable[tuple[Found, Decision]]) -> tuple[AnswerChange, ...]:
        """Return the answers that change when pages with some decisions take the place of the sheets with some ids."""
        before = _by_id(self.sheets(ids))
        after = _by_id(decided(split_page(read_page(page.file, page.root)), decision) for page, decision in pages)
        changes = [
            AnswerChange("changed" if key in before else "new", document.id, document.question, title)
            for key, (title, document) in after.items()
            if key not in before or _shown(before[key][1]) != _shown(document)
        ]
        gone = (before[key] for key in before if key not in after)
        return (*changes, *(AnswerChange("removed", old.id, old.question, title) for title, old in gone))


def _by_id(sheets: Iterable[FactSheet]) -> dict[str, tuple[str, Document]]:
    return {
        stable_part(document.id): (sheet.header.title, document) for sheet in sheets for document in sheet.documents
    }


def _shown(document: Document) -> tuple[object, ...]:
    """Return what readers see of an answer: its kind depends on the site, and is seen elsewhere."""
    return document.question, document.answer, document.last_updated, document.links, document.references()
