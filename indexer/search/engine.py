"""The search engine over a published index: searches, answers and sheets, each from one generation, the newest."""

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from indexer.index.live import LiveIndex
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
from indexer.time_limit import time_limit

_log = logging.getLogger(__name__)

#: What takes long at the first need: names by their words, and the words that are spelt nearly like some.
_FIRST_QUESTION = Query("word~ nmae")


class SearchEngine(AbstractContextManager["SearchEngine"]):
    """Answers questions from an index, from any number of threads; use it in a `with` block, or close it.

    A call that takes more than `query_ms` milliseconds of processor time raises QueryTooSlowError; None: no limit.
    Each call uses one generation from start to end. The next call after a build has the new one. With `opens_aside`,
    the new generation is opened in the background while the old one answers. Every method raises IndexStateError if
    no generation can be used, and NoIndexError if there is none.

    With a `model`, generations that were built with it are also searched by meaning.
    """

    def __init__(
        self,
        index: Path | str | Store,
        query_ms: int | None = None,
        opens_aside: bool = False,
        model: Model | None = None,
    ) -> None:
        self.model = model
        self._query_ms = query_ms
        store = Folder(Path(index)) if isinstance(index, Path | str) else index
        self._live = LiveIndex(store, self._warn_without_vectors, self._prepare if opens_aside else None)

    @property
    def damaged(self) -> bool:
        """Whether the newest index cannot be used, so that the one before it answers."""
        return self._live.damaged

    def search(self, query: Query) -> Results:
        """Return what a query finds."""
        with self._snapshot() as snapshot:
            return search(snapshot, query, self.model)

    def rank(self, query: Query) -> list[str]:
        """Return the ids of the ten best answers: ranking without presentation."""
        with self._snapshot() as snapshot:
            return best(snapshot, query, model=self.model)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return completions of the typed text: names of subjects first, then questions."""
        with self._snapshot() as snapshot:
            return suggest(snapshot, text, limit)

    def answer(self, id: str) -> tuple[FactSheet, Document] | None:
        """Return an answer with its sheet, or None."""
        with self._snapshot() as snapshot:
            return snapshot.answer(id)

    def marks(self, id: str, text: str) -> tuple[Span, ...]:
        """Return the spans of an answer that match a question, in order; none if there is no such answer."""
        with self._snapshot() as snapshot:
            number = snapshot.number(id)
            return () if number is None else asked_words(snapshot, number, text)

    def similar(self, id: str) -> tuple[tuple[SheetHeader, Document], ...]:
        """Return the most similar answers of other sheets, the nearest first."""
        with self._snapshot() as snapshot:
            number = snapshot.number(id)
            return () if number is None else similar(snapshot, number)

    def sheet(self, id: str) -> FactSheet | None:
        """Return a sheet with its answers in reading order, or None."""
        with self._snapshot() as snapshot:
            return snapshot.sheet(id)

    def not_covered(self, sheet_id: str) -> tuple[str, ...]:
        """Return the usual kinds of answer that a sheet lacks; none if there is no such sheet."""
        with self._snapshot() as snapshot:
            return snapshot.not_covered(numbers) if (numbers := snapshot.sheet_numbers(sheet_id)) else ()

    def sheets(self, first: int, count: int) -> tuple[tuple[ListedSheet, ...], int]:
        """Return a part of the list of all sheets, ordered by title, and the length of the whole list."""
        with self._snapshot() as snapshot:
            return sheets(snapshot, first, count)

    def a_to_z(self) -> Mapping[str, tuple[Entry, ...]]:
        """Return all names by their letters, "A" to "Z" and "0-9", in alphabetical order."""
        with self._snapshot() as snapshot:
            return a_to_z(snapshot)

    def coverage(self) -> Coverage:
        """Return what the collection has, from when and from whom."""
        with self._snapshot() as snapshot:
            return coverage(snapshot)

    def kinds(self) -> tuple[QuestionType, ...]:
        """Return the kinds of answer that the collection has; none if hardly any answer has a kind."""
        with self._snapshot() as snapshot:
            return snapshot.kinds

    def facets(self) -> tuple[SiteFacet, ...]:
        """Return the facets from front matter."""
        with self._snapshot() as snapshot:
            return snapshot.site.facets

    def generation(self) -> Generation:
        """Return the generation that answers now."""
        with self._snapshot() as snapshot:
            return snapshot.generation

    @contextmanager
    def one_generation(self) -> Iterator[Generation]:
        """Make all calls in a `with` block use the generation that is current at its start."""
        with self._live.pinned() as snapshot, time_limit(self._query_ms):
            yield snapshot.generation

    def make_ready(self) -> None:
        """Open the index, and build what the first questions would wait for."""
        with self._live.snapshot() as snapshot:
            self._prepare(snapshot)

    def watch(self) -> None:
        """Poll for new generations until closed, so that the first request after a publish already has the new one."""
        self._live.watch()

    def close(self) -> None:
        """Close every open file."""
        self._live.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _snapshot(self) -> Iterator[Snapshot]:
        """Hold the generation that answers, for at most the time that a question may take."""
        with self._live.snapshot() as snapshot, time_limit(self._query_ms):
            yield snapshot

    def _prepare(self, snapshot: Snapshot) -> None:
        """Build what is built lazily, and exempt it from garbage collection, which takes 0.2 s for it."""
        search(snapshot, _FIRST_QUESTION, self.model)
        suggest(snapshot, "na", 1)
        a_to_z(snapshot)
        coverage(snapshot)
        gc.freeze()

    def _warn_without_vectors(self, snapshot: Snapshot) -> None:
        if self.model and snapshot.generation.model != self.model.digest:
            warning = "generation %d was not built with the model in %s: words alone find its answers"
            _log.warning(warning, snapshot.generation.number, self.model.folder)
