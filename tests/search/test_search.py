"""Searching: what is found, in which order, how it was read, and that totals are exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import Query, SearchEngine, build_index, open_index
from indexer.model import Concept
from tests.conftest import data

MMN = "Multifocal motor neuropathy"


@pytest.mark.parametrize(
    ("text", "subject", "kind"),
    [
        ("how is multifocal motor neuropathy treated", MMN, "treatment"),
        ("treatment of moyamoya disease", "Moyamoya disease", "treatment"),
        ("is hartnup disease inherited", "Hartnup disease", "inheritance"),
        ("what causes MMN", MMN, "causes"),
        ("moya moya outlook", "Moyamoya disease", "outlook"),
        ("anti-GM1 antibodies", MMN, "causes"),
        ("puff of smoke", "Moyamoya disease", "information"),
        ("HARTNUP'S DISEASE: diagnosis?", "Hartnup disease", "exams and tests"),
    ],
)
def test_the_answer_that_was_asked_for_comes_first(starter: SearchEngine, text: str, subject: str, kind: str) -> None:
    first = starter.search(Query(text)).hits[0]
    assert (first.header.title, first.document.question_type) == (subject, kind)


def test_how_it_is_treated_over_the_sample_brings_the_treatment_answer_with_its_reference(tmp_path: Path) -> None:
    build_index([data("sample", "gard-multifocal-motor-neuropathy.txt")], tmp_path)
    with open_index(tmp_path) as engine:
        hit = engine.search(Query("how is it treated")).hits[0]
    assert hit.document.question == "How might multifocal motor neuropathy be treated?"
    (reference,) = hit.document.references()
    assert reference.url == "http://www.ninds.nih.gov/disorders/multifocal_neuropathy/multifocal_neuropathy.htm"
    assert any(hit.snippets[0].marks)


def test_a_title_that_matched_is_no_other_name(engine: SearchEngine) -> None:
    assert engine.search(Query("hartnup disease hnd")).hits[0].matched_name is None


def test_heart_disease_never_marks_dispose(tmp_path: Path) -> None:
    page = tmp_path / "heart.txt"
    page.write_text("What is heart disease?\n\nDispose of old pills. The heart is a muscle. Diseases vary.\n")
    build_index([page], tmp_path / "index")
    with open_index(tmp_path / "index") as engine:
        hit = engine.search(Query("heart disease")).hits[0]
    assert [hit.document.answer[a:b] for snippet in hit.snippets for a, b in snippet.marks] == ["heart", "Diseases"]


@pytest.mark.parametrize("text", ["what is it", "the of and", "is it"])
def test_a_question_of_function_words_alone_is_searched_as_it_stands(engine: SearchEngine, text: str) -> None:
    results = engine.search(Query(text))
    assert results.total
    assert {concept.typed for concept in results.understood.concepts} == set(text.split())


@pytest.mark.parametrize("text", ["???", "\u2026 -- \u201d", "zebra quagga"])
def test_what_stands_nowhere_finds_nothing_and_breaks_nothing(engine: SearchEngine, text: str) -> None:
    assert engine.search(Query(text)).total == 0


def test_a_kind_of_answer_whose_words_stand_nowhere_still_finds_that_kind(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("How is zinc fever treated?\n\nWith tea.\n\nWhat is zinc fever?\n\nAn invention.\n")
    build_index([page], tmp_path / "index")
    with open_index(tmp_path / "index") as engine:
        assert [hit.document.question_type for hit in engine.search(Query("remedy cure")).hits] == ["treatment"]


def test_exact_searches_what_was_typed_and_reads_nothing_into_it(engine: SearchEngine) -> None:
    understood = engine.search(Query("how is it treated", exact=True)).understood
    assert understood.type is None
    assert understood.concepts == tuple(
        Concept(typed, ((term,),)) for typed, term in (("how", "how"), ("is", "is"), ("it", "it"), ("treated", "treat"))
    )


def test_a_question_of_two_kinds_covers_both(tmp_path: Path) -> None:
    """The page cannot say that its best answer does not answer what was asked."""
    for name, asked in (("Zinc fever", "What causes {}, and how is it inherited?"), ("Brass chill", "What causes {}?")):
        page = f"# {name}\n\n## {asked.format(name)}\n\nFumes cause it.\n"
        (tmp_path / f"{name}.md").write_text(page, encoding="utf-8")
    build_index([tmp_path], tmp_path / "index")
    with open_index(tmp_path / "index") as engine:
        results = engine.search(Query("what causes zinc fever"))
    first = results.hits[0]
    assert first.header.title == "Zinc fever"
    assert (first.document.question_type, results.understood.type, results.understood.covered) == (
        "inheritance",
        "causes",
        True,
    )
    assert first.not_covered == ()


def test_no_sheet_lacks_a_kind_of_answer_that_no_sheet_has(tmp_path: Path) -> None:
    for name, asked in (("Oak", "## What is it?"), ("Ash", "## Treatment")):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n{asked}\n\nA tree, with water.\n", encoding="utf-8")
    build_index([tmp_path], tmp_path / "index")
    with open_index(tmp_path / "index") as engine:
        found = {hit.header.title: hit.not_covered for hit in engine.search(Query("tree")).hits}
    assert found == {"Oak": ("treatment",), "Ash": ("information",)}


_ENGINE: list[SearchEngine] = []


def shared_engine() -> SearchEngine:
    """Return one engine for the properties: hypothesis calls them more often than fixtures are made."""
    return _ENGINE[0]


@pytest.fixture(autouse=True, scope="module")
def _open_shared_engine(index: Path) -> object:
    with open_index(index) as engine:
        _ENGINE.append(engine)
        yield
        _ENGINE.clear()


def test_a_quoted_phrase_that_occurs_nowhere_is_a_demand_only_if_it_is_all_that_is_asked(starter: SearchEngine) -> None:
    stressed = starter.search(Query('is moyamoya disease "so very new" to doctors'))
    assert stressed.hits[0].header.title == "Moyamoya disease"
    assert '"so very new"' in stressed.understood.missing
    assert starter.search(Query('"so very new"')).total == 0


def test_words_to_leave_out_alone_find_nothing(starter: SearchEngine) -> None:
    assert starter.search(Query("-moyamoya")).total == 0
    assert 0 < starter.search(Query("disease -moyamoya")).total < starter.search(Query("disease")).total


@pytest.mark.parametrize(
    "text", ["difference between {} and {}", "{} vs {}", "is {} the same as {}", "can {} cause {}"]
)
def test_each_of_two_subjects_is_among_the_first_two_answers(starter: SearchEngine, text: str) -> None:
    first, second = "Moyamoya disease", "Hartnup disease"
    titles = [hit.header.title for hit in starter.search(Query(text.format(first, second))).hits]
    assert set(titles[:2]) == {first, second}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("medicine for laryngitis", ("laryngitis",)),
        ("how is quaggosis treated", ("quaggosis",)),
        ("how is moyamoya disease treated", ()),
        ("moyamoya disease", ()),
        ("pain in the face that comes and goes", ()),
    ],
)
def test_a_subject_that_no_sheet_is_about_is_said_to_be_absent(
    starter: SearchEngine, text: str, absent: tuple[str, ...]
) -> None:
    assert starter.search(Query(text)).understood.absent == absent
