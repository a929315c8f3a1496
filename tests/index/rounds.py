"""An index whose answers say which build they are of."""

from __future__ import annotations

from itertools import count, takewhile
from pathlib import Path
from typing import Any

from indexer import Query, SearchEngine, build_index, open_index
from indexer.model import BuildReport
from tests.search.library import Library, Sheet


class Rounds(Library):
    """A library of some sheets that say which round it is, and one that never changes."""

    def __init__(self, parent: Path, sheets: int = 1) -> None:
        super().__init__(parent)
        self._sheets = sheets
        self.write("Oak", Sheet("Oak", (), None, None, (("What is {}?", "A tree."),)))

    def fill(self, number: int) -> None:
        """Have the sheets say a round."""
        for place in range(self._sheets):
            title = f"Ash fever {place}"
            answers = (("What is {}?", f"An illness of round{number}."), ("Treatment", f"The tea of round{number}."))
            self.write(title, Sheet(title, (), None, None, answers))

    def publish(self, number: int) -> BuildReport:
        """Have the sheets say a round, and build."""
        self.fill(number)
        return self.build()

    def answers(self) -> dict[str, str]:
        """Return what is served, by id, as whoever opens the index now sees it."""
        with open_index(self.index) as engine:
            return answers(engine)

    def strays(self) -> set[str]:
        """Return what lies in the index beside two generations."""
        found = {path.name for path in self.index.iterdir()} - {"CURRENT", "LOCK", "generations"}
        numbers = sorted(int(path.name) for path in (self.index / "generations").iterdir())
        return found | {f"generations/{number}" for number in numbers[:-2]}


class RoundsAt(Rounds):
    """A library whose index is at an address: a directory, or a cluster."""

    def __init__(self, parent: Path, address: str) -> None:
        super().__init__(parent)
        self.address = address

    def build(self, **options: Any) -> BuildReport:
        return build_index([self.pages], self.address, **options)

    def answers(self) -> dict[str, str]:
        with open_index(self.address) as engine:
            return answers(engine)


def answers(engine: SearchEngine) -> dict[str, str]:
    """Return the text of every answer by its id; what is found, counted, shown and stored must agree."""
    with engine.one_generation() as generation:
        pages = (engine.search(Query("fever illness tea tree", page=page, per_page=100)) for page in count(1))
        hits = [hit for results in takewhile(lambda results: results.hits, pages) for hit in results.hits]
        texts = {hit.document.id: hit.document.answer for hit in hits}
        stored = [engine.answer(id) for id in texts]
        assert [document.answer for _, document in filter(None, stored)] == [*texts.values()]
        assert {hit.snippets[0].text for hit in hits} <= {*texts.values()}
        assert len(texts) == len(hits) == generation.documents
        return texts


def rounds(texts: dict[str, str]) -> set[str]:
    """Return the rounds that answers are of."""
    return {word.strip(".") for text in texts.values() for word in text.split() if word.startswith("round")}
