"""What every engine shows of the collection: answers, sheets, lists, names, suggestions, counts."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from indexer import Query, build_index, open_index
from indexer.engine import Engine
from tests.search.library import library_of


def test_every_answer_that_is_found_leads_to_its_sheet_and_back(engine: Engine) -> None:
    hits = engine.search(Query(per_page=100)).hits
    for hit in hits:
        opened = engine.answer(hit.document.id)
        assert opened
        sheet, document = opened
        assert (sheet.header, document) == (hit.header, hit.document)
        assert engine.sheet(hit.header.id) == sheet
        assert document in sheet.documents
    assert {hit.document.id for hit in hits if hit.document.citations}


def test_what_is_not_here_is_none_or_empty(engine: Engine) -> None:
    assert engine.answer("nothing-1234.5678") is None
    assert engine.sheet("nothing-1234") is None
    assert engine.similar("nothing-1234.5678") == ()
    assert engine.not_covered("nothing-1234") == ()


def test_a_sheet_says_which_usual_kinds_of_answer_it_lacks(engine: Engine) -> None:
    hit = engine.search(Query("how is mmn treated")).hits[0]
    assert engine.not_covered(hit.header.id) == hit.not_covered == ("exams and tests",)


def test_similar_answers_are_of_other_sheets_and_can_be_opened(engine: Engine) -> None:
    hit = engine.search(Query("moyamoya disease treatment")).hits[0]
    similar = engine.similar(hit.document.id)
    assert similar
    for header, document in similar:
        assert header.id != hit.header.id
        assert engine.answer(document.id)


def test_the_list_of_sheets_is_in_order_and_its_parts_join(engine: Engine) -> None:
    sheets, total = engine.sheets(0, 100)
    assert len(sheets) == total
    titles = [sheet.title.casefold() for sheet in sheets]
    assert titles == sorted(titles)
    parts = [engine.sheets(first, 4)[0] for first in range(0, total, 4)]
    assert tuple(chain.from_iterable(parts)) == sheets
    assert engine.sheets(total, 4) == ((), total)
    assert sum(sheet.answers for sheet in sheets) == engine.generation().documents


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("moyam", "Moyamoya disease"), ("hartnup", "Hartnup disease"), ("moyamiya", "Moyamoya disease")],
)
def test_names_are_suggested_also_with_one_typing_error(engine: Engine, typed: str, expected: str) -> None:
    suggestions = engine.suggest(typed)
    assert expected in {suggestion.text for suggestion in suggestions}
    assert [suggestion.kind for suggestion in suggestions] == sorted(
        (suggestion.kind for suggestion in suggestions), reverse=True
    )  # subjects come first
    assert len(engine.suggest("di", limit=1)) <= 1


def test_a_misspelt_word_is_corrected_unless_exactly_it_is_asked_for(engine: Engine) -> None:
    corrected = engine.search(Query("moyamoya treatmnt"))
    assert [(one.typed, one.used) for one in corrected.understood.corrected] == [("treatmnt", "treatment")]
    assert engine.search(Query("moyamoya treatmnt", exact=True)).understood.corrected == ()


def test_ten_ids_are_ranked_as_a_search_orders_them(engine: Engine) -> None:
    query = Query("motor neuropathy")
    assert engine.rank(query) == [hit.document.id for hit in engine.search(query).hits]


def test_kinds_are_those_that_the_collection_has(engine: Engine) -> None:
    counted = [value.value for value in engine.search(Query()).facets["type"]]
    assert [kind.id for kind in engine.kinds() if kind.id in counted] == counted
    assert engine.facets() == ()


def test_the_same_is_counted_as_the_facets_of_a_search_for_everything(engine: Engine) -> None:
    found, facets = engine.coverage(), engine.search(Query()).facets
    assert found.kinds == tuple((one.value, one.count) for one in facets["type"])
    assert found.years == tuple((one.value, one.count) for one in facets["updated"])
    named = [(one.source, one.answers) for one in found.sources if one.source]
    assert named == [(one.value, one.count) for one in facets["source"]]
    assert found.untyped == found.answers - sum(one.count for one in facets["type"]) > 0


def test_an_other_name_is_listed_with_its_subject_and_one_of_two_subjects_twice(tmp_path: Path, address: str) -> None:
    library = library_of(
        tmp_path,
        ("Abdominal aortic aneurysm", "AAA"),
        ("Triple A syndrome", "AAA", "Allgrove syndrome", "triple-A Syndrome"),
        ("Achalasia", "Triple A syndrome"),
    )
    build_index([library.pages], address)
    with open_index(address) as engine:
        listed = {
            letter: [(entry.name, entry.subject) for entry in entries]
            for letter, entries in engine.a_to_z().items()
            if entries
        }
        assert listed == {
            "A": [
                ("AAA", "Abdominal aortic aneurysm"),
                ("AAA", "Triple A syndrome"),
                ("Abdominal aortic aneurysm", None),
                ("Achalasia", None),
                ("Allgrove syndrome", "Triple A syndrome"),
            ],
            "T": [("Triple A syndrome", None), ("Triple A syndrome", "Achalasia")],
        }
        for entry in chain.from_iterable(engine.a_to_z().values()):
            sheets = [engine.sheet(id) for id in entry.sheet_ids]
            assert [sheet.header.title for sheet in sheets if sheet] == [entry.subject or entry.name]
