"""The door to a published index: searches, answers, sheets, each from one generation, always the newest."""

import threading
from contextlib import AbstractContextManager
from pathlib import Path

from indexer.index.generations import published
from indexer.index.snapshot import Snapshot
from indexer.model import Document, FactSheet, Generation, Query, Results
from indexer.search.search import search


class SearchEngine(AbstractContextManager["SearchEngine"]):
    """Answers questions from an index directory, from any number of threads; use it in a `with` block, or close it.

    Each call holds one generation from start to end, and the next call after a build has the new one. Every method
    raises IndexStateError when the index cannot be read, NoIndexError when there is none.
    """

    def __init__(self, index: Path | str) -> None:
        self._index = Path(index)
        self._threads = threading.local()  # a Whoosh searcher belongs to one thread
        self._open: list[Snapshot] = []

    def search(self, query: Query) -> Results:
        """Return what a query finds."""
        return search(self._snapshot(), query)

    def answer(self, id: str) -> tuple[FactSheet, Document] | None:
        """Return an answer with the sheet that it stands on, or None."""
        return self._snapshot().answer(id)

    def sheet(self, id: str) -> FactSheet | None:
        """Return a sheet with all its answers in reading order, or None."""
        return self._snapshot().sheet(id)

    def generation(self) -> Generation:
        """Return the generation that serves now."""
        return self._snapshot().generation

    def close(self) -> None:
        """Let go of every open file."""
        while self._open:
            self._open.pop().close()
        self._threads = threading.local()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _snapshot(self) -> Snapshot:
        """Return this thread's snapshot of the generation that CURRENT names now."""
        number = published(self._index)
        old: Snapshot | None = getattr(self._threads, "snapshot", None)
        if old is not None and old.generation.number == number:
            return old
        fresh: Snapshot = Snapshot(self._index, number)
        self._open.append(fresh)
        self._threads.snapshot = fresh
        if old is not None:
            self._open.remove(old)
            old.close()
        return fresh
