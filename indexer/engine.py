"""What the front end asks of a search engine. `SearchEngine` has it; another engine, such as a cluster, can, too."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

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
from indexer.site import SiteFacet


class Engine(Protocol):
    """Answers questions from the newest index, from any number of threads.

    Each call uses one generation from start to end. Methods raise IndexStateError if there is no index, and those that
    search raise QueryTooSlowError for a question that takes too long.
    """

    model: Model | None

    @property
    def damaged(self) -> bool:
        """Whether the newest index cannot be used, so that the one before it answers."""

    def search(self, query: Query) -> Results:
        """Return what a query finds."""

    def rank(self, query: Query) -> list[str]:
        """Return the ids of the ten best answers."""

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return completions of the typed text: names of subjects first, then questions."""

    def answer(self, id: str) -> tuple[FactSheet, Document] | None:
        """Return an answer with its sheet, or None."""

    def marks(self, id: str, text: str) -> tuple[Span, ...]:
        """Return the spans of an answer that match a question, in order; none if there is no such answer."""

    def similar(self, id: str) -> tuple[tuple[SheetHeader, Document], ...]:
        """Return the most similar answers of other sheets, the nearest first."""

    def sheet(self, id: str) -> FactSheet | None:
        """Return a sheet with its answers in reading order, or None."""

    def not_covered(self, sheet_id: str) -> tuple[str, ...]:
        """Return the usual kinds of answer that a sheet lacks; none if there is no such sheet."""

    def sheets(self, first: int, count: int) -> tuple[tuple[ListedSheet, ...], int]:
        """Return a part of the list of all sheets, ordered by title, and the length of the whole list."""

    def a_to_z(self) -> Mapping[str, tuple[Entry, ...]]:
        """Return all names by their letters, "A" to "Z" and "0-9", in alphabetical order."""

    def coverage(self) -> Coverage:
        """Return what the collection has, from when and from whom."""

    def kinds(self) -> tuple[QuestionType, ...]:
        """Return the kinds of answer that the collection has."""

    def facets(self) -> tuple[SiteFacet, ...]:
        """Return the facets from front matter."""

    def generation(self) -> Generation:
        """Return the generation that answers now."""

    def one_generation(self) -> AbstractContextManager[Generation]:
        """Make all calls in a `with` block use the generation that is current at its start."""

    def make_ready(self) -> None:
        """Open the index, and compute what the first questions need."""

    def watch(self) -> None:
        """Look for new generations in the background until the engine is closed."""
