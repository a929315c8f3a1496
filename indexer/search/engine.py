"""The door to a published index: searches, answers, sheets, each from one generation, always the newest."""

import gc
import logging
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from indexer.errors import IndexStateError
from indexer.index.garbage import garbage_waits
from indexer.index.snapshot import Snapshot
from indexer.index.store import Folder, Store
from indexer.language.question_types import QuestionType
from indexer.meaning.model import Model
from indexer.model import (
    Coverage,
    Document,
    Entry,
    FactSheet,
    Generation,
    ListedSheet,
    Query,
    Results,
    SheetHeader,
    Span,
    Suggestion,
)
from indexer.search.a_to_z import a_to_z, sheets
from indexer.search.coverage import coverage
from indexer.search.search import asked_words, best, search
from indexer.search.similar import similar
from indexer.search.suggest import suggest
from indexer.site import SiteFacet
from indexer.time_limit import time_limit, unhurried

_log = logging.getLogger(__name__)

#: What takes long at the first need: names by their words, and the words that are spelt nearly like some.
_FIRST_QUESTION = Query("word~ nmae")

#: How often `watch` looks, in seconds. A look takes some microseconds.
_LOOK_SECONDS = 0.5


class SearchEngine(AbstractContextManager["SearchEngine"]):
    """Answers questions from an index directory, from any number of threads; use it in a `with` block, or close it.

    A call that takes more than `query_ms` milliseconds of processor time raises QueryTooSlowError; None: none does.
    Each call holds one generation from start to end, and the next call after a build has the new one; with
    `opens_aside` that is opened beside the one that goes on answering, and nobody waits for it. While `damaged`, what
    was published last cannot be used, and the log says why: the generation before it answers. Every method raises
    IndexStateError when none can, NoIndexError when there is none.

    With a `model`, a generation that was built with it is searched by meaning, too, and others as if there were none.
    """

    def __init__(
        self,
        index: Path | str | Store,
        query_ms: int | None = None,
        opens_aside: bool = False,
        model: Model | None = None,
    ) -> None:
        self.model = model
        self._store = Folder(Path(index)) if isinstance(index, Path | str) else index
        self._query_ms = query_ms
        self._opens_aside = opens_aside
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.damaged = False
        self._newest: Snapshot | None = None
        self._seen: object = None  # the store's stamp when it was opened
        self._opening = 0  # how often a newer one was looked for: of two that are opened aside the last counts
        self._held: Counter[Snapshot] = Counter()  # by how many calls; an older one is closed after its last
        self._pinned: ContextVar[Snapshot | None] = ContextVar("pinned", default=None)  # by a block of this thread

    def search(self, query: Query) -> Results:
        """Return what a query finds."""
        with self._snapshot() as snapshot:
            return search(snapshot, query, self.model)

    def rank(self, query: Query) -> list[str]:
        """Return the ids of the ten best answers and nothing else: what ranking costs without presenting."""
        with self._snapshot() as snapshot:
            return best(snapshot, query, model=self.model)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return what may be meant by what is typed so far: names of subjects first, then answers."""
        with self._snapshot() as snapshot:
            return suggest(snapshot, text, limit)

    def answer(self, id: str) -> tuple[FactSheet, Document] | None:
        """Return an answer with its sheet, or None."""
        with self._snapshot() as snapshot:
            return snapshot.answer(id)

    def marks(self, id: str, text: str) -> tuple[Span, ...]:
        """Return where an answer has what a question asks for, in order; nowhere when there is no such answer."""
        with self._snapshot() as snapshot:
            number = snapshot.number(id)
            return () if number is None else asked_words(snapshot, number, text)

    def similar(self, id: str) -> tuple[tuple[SheetHeader, Document], ...]:
        """Return the answers of other sheets that say most nearly the same as an answer, the nearest first."""
        with self._snapshot() as snapshot:
            number = snapshot.number(id)
            return () if number is None else similar(snapshot, number)

    def sheet(self, id: str) -> FactSheet | None:
        """Return a sheet with all its answers in reading order, or None."""
        with self._snapshot() as snapshot:
            return snapshot.sheet(id)

    def not_covered(self, sheet_id: str) -> tuple[str, ...]:
        """Return the usual kinds of answer that a sheet does not have; none when there is no such sheet."""
        with self._snapshot() as snapshot:
            return snapshot.not_covered(numbers) if (numbers := snapshot.sheet_numbers(sheet_id)) else ()

    def sheets(self, first: int, count: int) -> tuple[tuple[ListedSheet, ...], int]:
        """Return some sheets of the list of all, by their titles from A to Z, and how many there are."""
        with self._snapshot() as snapshot:
            return sheets(snapshot, first, count)

    def a_to_z(self) -> Mapping[str, tuple[Entry, ...]]:
        """Return every name by its letter, "A" to "Z" and "0-9", in alphabetical order."""
        with self._snapshot() as snapshot:
            return a_to_z(snapshot)

    def coverage(self) -> Coverage:
        """Return what is here, from when and from whom."""
        with self._snapshot() as snapshot:
            return coverage(snapshot)

    def kinds(self) -> tuple[QuestionType, ...]:
        """Return the kinds of answer that the collection has; none if it has none to speak of."""
        with self._snapshot() as snapshot:
            return snapshot.kinds

    def facets(self) -> tuple[SiteFacet, ...]:
        """Return the facets from front matter."""
        with self._snapshot() as snapshot:
            return snapshot.site.facets

    def generation(self) -> Generation:
        """Return the generation that serves now."""
        with self._snapshot() as snapshot:
            return snapshot.generation

    @contextmanager
    def one_generation(self) -> Iterator[Generation]:
        """Have every call in a block answer from the generation that serves as it begins: what is made of several."""
        with self._snapshot() as snapshot:
            before = self._pinned.set(snapshot)
            try:
                yield snapshot.generation
            finally:
                self._pinned.reset(before)

    def make_ready(self) -> None:
        """Open the index, and make what the first questions would wait for."""
        with self._snapshot(limited=False) as snapshot:
            _make_ready(snapshot, self.model)

    def watch(self) -> None:
        """Look for what is published from now on until it is closed: nobody is answered from before who asks first."""
        threading.Thread(None, self._watch, "watches an index", daemon=True).start()

    def close(self) -> None:
        """Let go of every open file."""
        with self._lock:
            if self._newest and not self._held[self._newest]:
                self._newest.close()  # else its last call does
            self._newest = self._seen = None
            self._opening += 1
        self._closed.set()

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _snapshot(self, limited: bool = True) -> Iterator[Snapshot]:
        """Hold the generation that CURRENT names now, or in a block of `one_generation` named when it began."""
        with self._lock:
            held = self._pinned.get() or self._newest_snapshot()
            self._held[held] += 1
        try:
            with time_limit(self._query_ms if limited else None):
                yield held
        finally:
            with self._lock:
                self._let_go(held)

    def _watch(self) -> None:
        while not self._closed.wait(_LOOK_SECONDS):
            with self._lock, suppress(IndexStateError):  # the next caller gets the error
                self._newest_snapshot()

    def _let_go(self, held: Snapshot) -> None:
        self._held[held] -= 1
        if not self._held[held]:
            del self._held[held]
            if held is not self._newest:
                held.close()

    def _newest_snapshot(self) -> Snapshot:
        """Return the snapshot that answers; look for a newer one when the store's stamp has changed."""
        seen, newest = self._store.stamp(), self._newest
        if newest is None:
            newest = self._take(*self._store.newest(None))
        elif seen != self._seen:
            self._opening += 1
            if self._opens_aside:
                self._held[newest] += 1
                arguments = (newest, self._opening)
                threading.Thread(None, self._open_aside, "opens a generation", arguments, daemon=True).start()
            else:
                newest = self._take(*self._store.newest(newest))
        self._seen = seen
        return newest

    def _open_aside(self, answers: Snapshot, opening: int) -> None:
        """Have the newest generation answer as soon as it is open, unless another was published meanwhile."""
        unhurried()
        try:
            with garbage_waits():
                snapshot, damage = self._store.newest(answers)
                if snapshot is not answers:
                    _make_ready(snapshot, self.model)
            with self._lock:
                if opening == self._opening:
                    self._take(snapshot, damage)
                elif snapshot is not answers:
                    snapshot.close()
        finally:
            with self._lock:
                self._let_go(answers)

    def _take(self, snapshot: Snapshot, damage: IndexStateError | None) -> Snapshot:
        """Make a snapshot the current one, and log what is wrong with the last published one."""
        if damage:
            _log.error("%s; generation %d answers", damage, snapshot.generation.number)
        self.damaged = damage is not None
        if self.model and snapshot.generation.model != self.model.digest:
            warning = "generation %d was not built with the model in %s: words alone find its answers"
            _log.warning(warning, snapshot.generation.number, self.model.folder)
        old, self._newest = self._newest, snapshot
        if old is not None and old is not snapshot and not self._held[old]:
            old.close()
        return snapshot


def _make_ready(snapshot: Snapshot, model: Model | None) -> None:
    """Build what is built lazily, and exempt it from garbage collection, which takes 0.2 s for it."""
    search(snapshot, _FIRST_QUESTION, model)
    suggest(snapshot, "na", 1)
    a_to_z(snapshot)
    coverage(snapshot)
    gc.freeze()
