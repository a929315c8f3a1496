"""Facets and filters: every count is that of the documents that are found one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from indexer import Query, question_types
from indexer.exchange.parameters import PARAMETERS
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold
from indexer.search.search import asked_of, search
from indexer.search.syntax import parse
from indexer.search.understand import understand
from tests.search import exhaustive
from tests.search.exhaustive import Answer
from tests.search.library import QUERIES, Library, Sheet, edited_collection

_OPENED: list[tuple[Snapshot, list[Answer]]] = []


@pytest.fixture(autouse=True, scope="module")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    snapshot = edited_collection(tmp_path_factory.mktemp("collection")).open()
    _OPENED.append((snapshot, exhaustive.read(snapshot)))
    yield
    _OPENED.clear()
    snapshot.close()


def value_of(answer: Answer, facet: str) -> str | None:
    """Return the value that a document has."""
    updated = answer.document.last_updated
    return {
        "type": answer.document.question_type,
        "source": answer.header.provenance.source,
        "updated": updated[:4] if updated else None,
    }[facet]


@settings(max_examples=80)
@given(QUERIES)
def test_a_facet_counts_the_documents_that_pass_every_other_filter(query: Query) -> None:
    snapshot, answers = _OPENED[0]
    asked = asked_of(snapshot, query)
    found = exhaustive.match(answers, query, asked, understand(asked, snapshot))
    results = search(snapshot, query)
    assert results.total == sum(exhaustive.passes(one, asked.query) for one in answers if one.id in found)
    for facet, values in results.facets.items():
        left = [one for one in answers if one.id in found and exhaustive.passes(one, asked.query, but=facet)]
        expected = Counter(value for one in left if (value := value_of(one, facet)))
        assert {one.value: one.count for one in values if one.count} == expected
        # a choice is shown even where it gives nothing, so that it can be taken back
        assert [one.value for one in values if not one.count] == [
            kind.id
            for kind in question_types()
            if facet == "type" and kind.id in set(asked.query.types) - set(expected)
        ]


def test_each_facet_has_a_parameter_that_filters_by_it() -> None:
    """Years are the exception: they filter by a range of dates."""
    facets = {*search(_OPENED[0][0], Query("")).facets} - {"updated"} | {"updated_from", "updated_to"}
    assert facets <= {*PARAMETERS}


@settings(max_examples=50)
@given(QUERIES)
def test_types_stand_in_the_order_of_the_vocabulary_sources_by_count_and_years_newest_first(query: Query) -> None:
    found = search(_OPENED[0][0], query).facets
    kinds = [kind.id for kind in question_types()]
    assert [one.value for one in found["type"]] == sorted((one.value for one in found["type"]), key=kinds.index)
    assert found["source"] == sorted(found["source"], key=lambda one: (-one.count, one.value))
    years = [one.value for one in found["updated"]]
    assert years == sorted(years, reverse=True)


@settings(max_examples=50)
@given(QUERIES)
def test_what_is_selected_is_what_the_query_asks_for(query: Query) -> None:
    asked, found = parse(query).query, search(_OPENED[0][0], query).facets
    assert {one.value for one in found["type"] if one.selected} == set(asked.types)
    assert {fold(one.value) for one in found["source"] if one.selected} <= set(map(fold, asked.sources))
    years = {one.value for one in found["updated"] if one.selected}
    assert years <= ({asked.updated_from} if asked.updated_from == asked.updated_to else set())


@settings(max_examples=50)
@given(QUERIES)
def test_counts_do_not_depend_on_the_page_the_order_or_the_groups(query: Query) -> None:
    snapshot = _OPENED[0][0]
    results = search(snapshot, query)
    other = search(snapshot, replace(query, page=3, per_page=2, sort="newest", group="subject"))
    assert (other.total, other.facets) == (results.total, results.facets)


def test_filters_of_one_kind_are_alternatives_those_of_two_are_not(library: Library) -> None:
    snapshot = library.open()

    def total(**filters: object) -> int:
        return search(snapshot, replace(Query(), **filters)).total  # type: ignore[arg-type]

    assert total(sources=("LAUC",)) == 2
    assert total(sources=("lauc", "ARCHIVE")) == 4
    assert total(sources=("LAUC",), types=("treatment",)) == 1
    assert total(subjects=("HEART disease",), sources=("Archive",)) == 0
    assert total(subjects=("Nothing",)) == total(sources=("Nobody",)) == 0
    snapshot.close()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    answers = (("How is {} treated?", "With tea."), ("What is {}?", "An illness."))
    for title, source in (("Heart disease", "LAUC"), ("Ash fever", "Archive"), ("Birch fever", None)):
        library.write(title, Sheet(title, (), source, None, answers))
    library.build()
    return library
