"""Ranking: what is done with arrays comes to what the formula says, document by document (exhaustive.py)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer import Query, build_index
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold, words
from indexer.language.question_types import asked_types
from indexer.model import Explanation, Hit
from indexer.search.search import asked_of, best, search
from indexer.search.syntax import parse
from indexer.search.understand import understand
from tests.search import exhaustive
from tests.search.exhaustive import Score
from tests.search.library import (
    QUERIES,
    SHEETS,
    Library,
    Sheet,
    collection,
    edited_collection,
    small_segments,
)

#: The arrays have single precision.
CLOSE = 1e-5
#: The kinds of answer that every sheet may be expected to have.
USUAL = {"symptoms", "information", "treatment", "causes", "inheritance", "exams and tests"}


class Shelf:
    """An open index beside its documents, read one by one; made anew when the collection changes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot, self.answers = snapshot, exhaustive.read(snapshot)
        self.by_id = {answer.id: answer for answer in self.answers}

    def hits(self, query: Query) -> tuple[Hit, ...]:
        return search(self.snapshot, replace(query, per_page=100)).hits

    def scores(self, query: Query) -> dict[str, Score]:
        """Return what the slow ranking finds, filters included."""
        asked = asked_of(self.snapshot, query)
        found = exhaustive.match(self.answers, query, asked, understand(asked, self.snapshot))
        return {id: score for id, score in found.items() if exhaustive.passes(self.by_id[id], asked.query)}

    def sorted(self, ranked: list[str], sort: str) -> list[str]:
        """Return documents in the order asked for, given that of a search by relevance."""
        if sort == "newest":
            return sorted(ranked, key=lambda id: self.by_id[id].document.last_updated or "", reverse=True)
        return [one.id for one in self.answers if one.id in ranked] if sort == "title" else ranked

    def check(self, query: Query) -> None:
        """Hold what is found fast against what is found slowly."""
        hits, slow = self.hits(query), self.scores(query)
        assert {hit.document.id for hit in hits} == slow.keys()
        assert [hit.score for hit in hits] == pytest.approx([slow[hit.document.id].total for hit in hits], rel=CLOSE)
        if parse(query).text:
            order = [(-hit.score, hit.header.id, self.by_id[hit.document.id].place) for hit in hits]
            assert order == sorted(order)
            for better, worse in pairwise(slow[hit.document.id].total for hit in hits):
                assert better >= worse * (1 - CLOSE)
        else:
            assert [hit.document.id for hit in hits] == [one.id for one in self.answers if one.id in slow]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """An open index of several segments, with deleted documents and shared passages."""
    snapshot = edited_collection(tmp_path_factory.mktemp("library")).open()
    assert len(snapshot.impacts.parts) >= 3
    assert snapshot.impacts.documents < snapshot.impacts.size
    shelf = Shelf(snapshot)
    assert any(answer.document.shared for answer in shelf.answers)
    _SHELF.append(shelf)
    yield shelf
    _SHELF.clear()
    snapshot.close()


_SHELF: list[Shelf] = []


@pytest.fixture(autouse=True)
def _filled(shelf: Shelf) -> None:
    """Hypothesis calls a test more often than fixtures are made: it finds the shelf in `_SHELF`."""


@settings(max_examples=250)
@given(QUERIES)
@example(Query("Usher syndrome type 1 Usher syndrome"))
def test_the_fast_ranking_finds_scores_and_orders_what_the_slow_one_does(query: Query) -> None:
    _SHELF[0].check(query)


@settings(max_examples=60)
@given(QUERIES, st.sampled_from(["relevance", "newest", "title"]), st.integers(1, 7))
def test_pages_groups_and_totals_are_those_of_the_whole_ranking(query: Query, sort: str, per_page: int) -> None:
    shelf = _SHELF[0]
    ranked = [hit.document.id for hit in shelf.hits(query)]
    ordered = shelf.sorted(ranked, sort)
    groups: dict[str, list[str]] = {}
    for id in ordered:
        groups.setdefault(fold(shelf.by_id[id].header.title), []).append(id)
    by_itself = replace(query, sort=sort, per_page=per_page)  # type: ignore[arg-type]
    in_groups = replace(by_itself, group="subject")
    for asked, expected in ((by_itself, [[id] for id in ordered]), (in_groups, [*groups.values()])):
        shown: list[list[str]] = []
        for page in range(1, len(expected) // per_page + 2):
            results = search(shelf.snapshot, replace(asked, page=page))
            shown += [[hit.document.id, *(other.id for other in hit.folded)] for hit in results.hits]
            assert (results.total, results.total_groups) == (len(ordered), len(groups) if asked is in_groups else None)
        assert shown == expected


@settings(max_examples=60)
@given(QUERIES)
def test_beside_a_hit_stands_what_its_sheet_answers_and_what_not(query: Query) -> None:
    shelf = _SHELF[0]
    there = {answer.document.question_type for answer in shelf.answers}
    for hit in shelf.hits(query):
        sheet = [answer.document for answer in shelf.answers if answer.header.id == hit.header.id]
        assert [one.id for one in hit.others] == [one.id for one in sheet if one.id != hit.document.id]
        assert set(hit.not_covered) == (USUAL & there) - {kind for one in sheet for kind in asked_types(one.question)}


@settings(max_examples=60)
@given(QUERIES, st.integers(1, 20))
def test_the_ranking_alone_is_the_beginning_of_what_a_search_finds(query: Query, count: int) -> None:
    shelf = _SHELF[0]
    found = [hit.document.id for hit in shelf.hits(query)]
    if parse(query).text:  # without words there is no order of relevance
        assert best(shelf.snapshot, query, count) == found[:count]
    else:
        assert set(best(shelf.snapshot, query, 100)) == set(found)


@settings(max_examples=100)
@given(QUERIES)
def test_an_explanation_has_the_terms_of_the_formula_and_sums_to_the_score(query: Query) -> None:
    shelf = _SHELF[0]
    slow = shelf.scores(query)
    for hit in shelf.hits(replace(query, explain=True)):
        if not parse(query).text:
            assert hit.explanation is None
            continue
        assert hit.explanation is not None
        check_sums(hit.explanation)
        assert hit.explanation.value == pytest.approx(hit.score, rel=CLOSE)
        parts = {part.label: part.value for part in hit.explanation.parts}
        score, kind = slow[hit.document.id], hit.document.question_type or ""
        (covers,) = [label for label in parts if label.startswith("covers")] or [""]
        for label, value in (
            ("words", score.words),
            ("a name alone: as the best of its sheet", score.alone),
            (covers, score.coverage),
            ("subject", score.subject),
            ("the best about one of the subjects", score.first),
            (f"kind: {kind}", score.kind),
        ):
            off = CLOSE * score.words if value is score.alone else 0.0  # two of them differ by it
            assert parts.pop(label, 0.0) == pytest.approx(value, rel=CLOSE, abs=off)
        assert not parts
        named = {fold(name) for name in (hit.header.title, *hit.header.also_known_as)}
        for part in hit.explanation.parts:
            if part.label == "words":
                assert {word.label for word in part.parts} <= set(words(parse(query).text))
            if part.label == "subject":
                assert {fold(name.label) for name in part.parts} <= named


def check_sums(explanation: Explanation) -> None:
    """Hold every part to the sum of its own parts."""
    assert explanation.label
    if explanation.parts:
        assert explanation.value == pytest.approx(sum(part.value for part in explanation.parts))
    for part in explanation.parts:
        check_sums(part)


def test_documents_that_are_the_same_stand_in_the_order_of_their_ids(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for name in ("c", "a", "d", "b"):
        library.write(name, Sheet("Heart disease", ("Hearts",), None, None, (("Treatment", "Surgery of the heart."),)))
        library.build()
    shelf = Shelf(library.open())
    hits = shelf.hits(Query("how is heart disease treated"))
    assert len({hit.score for hit in hits}) == 1
    assert [hit.document.id for hit in hits] == sorted(shelf.by_id)
    assert len(hits) == 4
    shelf.snapshot.close()


EDITS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.none() | SHEETS), min_size=1, max_size=3, unique_by=lambda edit: edit[0]
)


@settings(max_examples=12)
@given(st.lists(EDITS, min_size=2, max_size=4), st.lists(QUERIES, min_size=4, max_size=8))
def test_after_any_edits_the_rankings_agree_and_are_those_of_an_index_built_in_one_go(
    rounds: list[list[tuple[str, Sheet | None]]], queries: list[Query]
) -> None:
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory() as parent:
        small_segments(patched)
        library, fresh = Library(Path(parent, "followed")), Library(Path(parent, "fresh"))
        for base, (_, sheet) in zip(range(8), collection(), strict=False):
            library.write(f"base {base}", sheet)
        for edits in rounds:
            for name, changed in edits:
                library.write(name, changed) if changed else library.remove(name)
            library.build()
        build_index([library.pages], fresh.index)
        followed, new = Shelf(library.open()), Shelf(fresh.open())
        for query in queries:
            followed.check(query)
            mine, others = ({hit.document.id: hit.score for hit in one.hits(query)} for one in (followed, new))
            assert [*mine] == [*others]
            assert mine == pytest.approx(others, rel=CLOSE)
        followed.snapshot.close()
        new.snapshot.close()


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Shelf]:
    library = Library(tmp_path)
    for name in ("Batten disease", "Bartter syndrome", "Heart disease"):
        library.write(
            name, Sheet(name, (), None, None, (("Treatment", "Surgery."), ("Is {} common in Quagga?", "No.")))
        )
    library.build()
    shelf = Shelf(library.open())
    yield shelf
    shelf.snapshot.close()


@pytest.mark.parametrize("text", ["Hart hart~", "Hea hea*"])
def test_what_is_ranked_for_a_word_is_what_is_shown_to_stand_for_it(three: Shelf, text: str) -> None:
    results = search(three.snapshot, Query(text))
    (concept,) = results.understood.concepts
    assert len(concept.alternatives) > 1
    assert results.total


def test_a_word_counts_for_the_name_that_it_stands_in_wherever_else_it_stands(three: Shelf) -> None:
    before, after = (three.hits(Query(text))[0] for text in ("disease batten disease", "batten disease disease"))
    assert before.header.title == after.header.title == "Batten disease"
    assert before.score == pytest.approx(after.score, rel=CLOSE)


def test_a_star_finds_what_the_word_finds(three: Shelf) -> None:
    assert search(three.snapshot, Query("quagga")).total == search(three.snapshot, Query("quagg*")).total == 3


def test_a_name_alone_has_first_what_it_is_however_often_others_say_the_name(tmp_path: Path) -> None:
    library = Library(tmp_path)
    asked = (
        ("Is {} inherited?", "Gm1 disease is. Gm1 disease comes from a gene: gm1."),
        ("What is {}?", "A disease of nerves."),
        ("What is the difference between {} and Tay-Sachs disease?", "In Gm1 disease, the enzyme: gm1."),
    )
    library.write("gm1", Sheet("Gm1 disease", ("Landing disease",), None, None, asked))
    library.build()
    shelf = Shelf(library.open())
    for text in ("gm1", "Gm1 disease", "Landing disease", "gm1 landing disease"):
        found = [shelf.by_id[hit.document.id].place for hit in shelf.hits(Query(text))]
        assert found[:2] == [1, 2]  # of one kind, in reading order
    asks = [shelf.by_id[hit.document.id].place for hit in shelf.hits(Query("gm1 gene"))]
    assert asks[0] == 0
    shelf.snapshot.close()
