"""What the list of everyday words gains on judged questions that describe a condition, and what each entry gains.

    python -m tests.relevance.everyday INDEX

INDEX is one of MedQuAD. Prints success@1 and success@5 without and with the list, and for every entry that stands in
a question the change in the sum of reciprocal ranks (first right answer among the best ten) when it is left out.
"""

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from indexer import Query, SearchEngine
from indexer.index.generations import published
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold, terms
from indexer.language.lay_words import LayWords, lay_words

Reader = Callable[[list[str]], list[LayWords]]
READER = "indexer.search.understand.lay_words"


def main() -> None:
    """Ask every question with the list, without it, and without each entry that it has."""
    index = Path(sys.argv[1])
    right = _answers_about(index)
    lines = (Path(__file__).parent / "described.tsv").read_text("utf-8").splitlines()
    asked = [line.split("\t") for line in lines if not line.startswith("#")]
    gains: dict[tuple[str, ...], list[float]] = defaultdict(list)
    with_list, without_list = [], []
    with SearchEngine(index) as engine:

        def reciprocal_rank(text: str, condition: str, reader: Reader) -> float:
            with patch(READER, reader):
                found = [id in right[fold(condition)] for id in engine.rank(Query(text))]
            return 1 / (found.index(True) + 1) if True in found else 0.0

        for _, condition, text in asked:
            before = reciprocal_rank(text, condition, lay_words)
            with_list.append(before)
            without_list.append(reciprocal_rank(text, condition, lambda _: []))
            for one in lay_words(terms(text)):
                after = reciprocal_rank(text, condition, _without(one.clinical))
                gains[one.clinical].append(before - after)
    for name, ranks in (("without the list", without_list), ("with it", with_list)):
        at_1, at_5 = (sum(rank >= 1 / depth for rank in ranks) / len(ranks) for depth in (1, 5))
        print(f"{name}: success@1 {at_1:.3f}, success@5 {at_5:.3f} ({len(ranks)} questions)")
    for clinical, changes in sorted(gains.items(), key=lambda item: sum(item[1])):
        print(f"{sum(changes):+.3f} in {len(changes):3}  {', '.join(clinical)}")


def _without(clinical: tuple[str, ...]) -> Reader:
    """Return the reader of everyday words that does not know one entry."""
    return lambda asked: [one for one in lay_words(asked) if one.clinical != clinical]


def _answers_about(index: Path) -> dict[str, set[str]]:
    """Return the ids of the answers about each condition, by each of its names, folded."""
    snapshot = Snapshot(index, published(index))
    found: dict[str, set[str]] = defaultdict(set)
    for number in snapshot.everything.tolist():
        record = snapshot.record(number)
        for name in (record.header.title, *record.header.also_known_as):
            found[fold(name)].add(record.document.id)
    snapshot.close()
    return found


if __name__ == "__main__":
    main()
