"""What an index served before a build: answers keep their ids, and a dry run lists those that would change."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

from indexer.errors import IndexStateError, PageError
from indexer.index.pages import Decision, decided
from indexer.index.snapshot import Snapshot
from indexer.index.store import Store
from indexer.model import AnswerChange, Document, FactSheet, Found
from indexer.readers import read_pages
from indexer.sheets.identifiers import lasting_ids, stable_part
from indexer.sheets.split import split_page


class Earlier:
    """The sheets that an index serves while a build is at work; none where no index can be opened."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: tuple[Found | None, dict[str, tuple[Document, ...]]] = None, {}

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

    def with_lasting_ids(self, decision: Decision, found: Found, inside: str) -> Decision:
        """Return the decision about a page, `inside` a file, with the ids that its answers had before."""
        before = next(self.sheets([decision.id]), None)
        if before and (now := self._answers(found).get(inside)):
            questions = lasting_ids(before.documents, now)
            usual = tuple(document.id.rpartition(".")[2] for document in now)
            return replace(decision, questions=() if questions == usual else questions)
        return decision  # nothing was served, or the file was changed a moment ago: the next build reads it again

    def _answers(self, found: Found) -> dict[str, tuple[Document, ...]]:
        """Return the answers of each page of a file, by where it is inside. The last file that was read is kept."""
        if self._last[0] != found:
            self._last = found, {inside: sheet.documents for inside, sheet in _sheets_of(found)}
        return self._last[1]

    def changes(
        self, ids: Iterable[str] | None, files: Iterable[tuple[Found, Mapping[str, Decision]]]
    ) -> tuple[AnswerChange, ...]:
        """Return the answers that change when pages of some files take the place of the sheets with some ids.

        The decisions about the pages of a file are given by where they are inside.
        """
        before = _by_id(self.sheets(ids))
        after = _by_id(
            decided(sheet, decisions[inside])
            for found, decisions in files
            for inside, sheet in _sheets_of(found)
            if inside in decisions
        )
        changes = [
            AnswerChange("changed" if key in before else "new", document.id, document.question, title)
            for key, (title, document) in after.items()
            if key not in before or _shown(before[key][1]) != _shown(document)
        ]
        gone = (before[key] for key in before if key not in after)
        return (*changes, *(AnswerChange("removed", old.id, old.question, title) for title, old in gone))


def _sheets_of(found: Found) -> Iterator[tuple[str, FactSheet]]:
    """Yield the sheets of a file with where they are inside; those that are refused are left out."""
    with suppress(PageError):
        for page in read_pages(found.file, found.root):
            if not isinstance(page, PageError):
                with suppress(PageError):
                    yield page.inside, split_page(page)


def _by_id(sheets: Iterable[FactSheet]) -> dict[str, tuple[str, Document]]:
    return {
        stable_part(document.id): (sheet.header.title, document) for sheet in sheets for document in sheet.documents
    }


def _shown(document: Document) -> tuple[object, ...]:
    """Return what readers see of an answer: its kind depends on the site, and is seen elsewhere."""
    return document.question, document.answer, document.last_updated, document.links, document.references()
