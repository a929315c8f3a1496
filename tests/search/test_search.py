"""Searching: what is found, in which order, how it was read, and that totals are exact."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Query, SearchEngine, build_index, open_index
from indexer.model import Concept, Results, partial_date
from tests.conftest import CORPUS, PAGES, data

MMN = "Multifocal motor neuropathy"
#: Words that the corpus has and has not, and what surrounds words in typed text.
QUESTIONS = st.lists(
    st.sampled_from(
        [
            "how",
            "is",
            "moyamoya",
            "disease",
            "treated",
            "hnd",
            "inherited",
            "tremor",
            "the",
            "zebra",
            "surgery",
            "?!",
            "“2019”",
        ]
    ),
    max_size=6,
).map(" ".join)


def subjects(results: Results) -> list[str]:
    return [hit.header.title for hit in results.hits]


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


def test_an_acronym_finds_its_condition_and_says_which_name_matched(engine: SearchEngine) -> None:
    hit = engine.search(Query("hnd")).hits[0]
    assert (hit.header.title, hit.matched_name) == ("Hartnup disease", "HND")


def test_a_title_that_matched_is_no_other_name(engine: SearchEngine) -> None:
    assert engine.search(Query("hartnup disease hnd")).hits[0].matched_name is None


def test_words_that_stand_nowhere_are_said_to_be_missing(engine: SearchEngine) -> None:
    results = engine.search(Query("moyamoya zebra"))
    assert results.understood.missing == ("zebra",)
    assert (results.hits[0].words, results.hits[0].missing) == (("moyamoya",), ("zebra",))


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


def test_no_words_and_no_filter_find_everything_in_the_order_of_the_sheets(engine: SearchEngine) -> None:
    results = engine.search(Query(per_page=100))
    assert results.total == results.generation.documents
    assert subjects(results) == sorted(subjects(results), key=str.casefold)
    moyamoya = [hit.document.question for hit in results.hits if hit.header.title == "Moyamoya disease"]
    assert moyamoya[:3] == [
        "What is moyamoya disease?",
        "Which signs and symptoms occur in moyamoya disease?",
        "What causes moyamoya disease?",
    ]


def test_filters_of_one_kind_are_alternatives_and_kinds_are_combined(engine: SearchEngine) -> None:
    both = engine.search(Query("disease", types=("treatment", "outlook"), subjects=("moyamoya DISEASE",)))
    assert {hit.document.question_type for hit in both.hits} == {"treatment", "outlook"}
    assert set(subjects(both)) == {"Moyamoya disease"}


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [
        ("2019", None, {"2019"}),
        ("2019-07", "2019-08", {"2019"}),  # "2019" may be any day of it
        (None, "2013", {"2013-05-01"}),
        ("2013-05-02", "2016-01", set()),
        ("2016-02", "2016-02-29", {"2016-02-29"}),
    ],
)
def test_dates_are_filtered_by_what_they_may_mean(
    engine: SearchEngine, earliest: str | None, latest: str | None, expected: set[str]
) -> None:
    query = Query(
        updated_from=partial_date(earliest) if earliest else None,
        updated_to=partial_date(latest) if latest else None,
        subjects=("Hartnup disease", MMN, "Lakeside tremor"),
        per_page=100,
    )
    assert {hit.document.last_updated for hit in engine.search(query).hits} == expected


def test_newest_puts_later_dates_first_and_answers_without_a_date_last(engine: SearchEngine) -> None:
    dates = [hit.document.last_updated or "" for hit in engine.search(Query("tremor", sort="newest")).hits]
    assert dates == sorted(dates, reverse=True)
    assert dates[-1] == ""


def test_grouped_by_subject_the_best_answer_holds_the_others(engine: SearchEngine) -> None:
    flat = engine.search(Query("disease", per_page=100))
    grouped = engine.search(Query("disease", group="subject", per_page=100))
    assert grouped.total == flat.total
    assert grouped.total_groups == len(set(subjects(flat))) == len(grouped.hits)
    assert sum(1 + len(hit.folded) for hit in grouped.hits) == flat.total
    assert grouped.hits[0].document == flat.hits[0].document


def test_a_hit_says_what_else_its_sheet_answers_and_which_usual_question_it_does_not(engine: SearchEngine) -> None:
    hit = engine.search(Query("how is mmn treated")).hits[0]
    assert [(one.question, one.question_type) for one in hit.others] == [
        ("What is multifocal motor neuropathy?", "information"),
        ("Which signs and symptoms occur in multifocal motor neuropathy?", "symptoms"),
        ("What causes multifocal motor neuropathy?", "causes"),
        ("Is multifocal motor neuropathy inherited?", "inheritance"),
        ("What is the outlook for people with multifocal motor neuropathy?", "outlook"),
    ]
    assert hit.not_covered == ("exams and tests",)


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


@given(QUESTIONS)
def test_pages_join_to_the_whole_list_without_gap_or_overlap(text: str) -> None:
    engine = shared_engine()
    whole = [hit.document.id for hit in engine.search(Query(text, per_page=100)).hits]
    pages = [engine.search(Query(text, page=page, per_page=4)) for page in range(1, len(whole) // 4 + 2)]
    assert [hit.document.id for page in pages for hit in page.hits] == whole
    assert {page.total for page in pages} == {len(whole)}


@given(QUESTIONS)
def test_scores_fall_and_ties_stand_in_the_order_of_sheet_ids_and_of_reading(text: str) -> None:
    engine = shared_engine()
    order = []
    for hit in engine.search(Query(text or "disease", per_page=100)).hits:
        found = engine.answer(hit.document.id)
        assert found
        sheet, document = found
        order.append((-hit.score, sheet.header.id, sheet.documents.index(document)))
    assert order == sorted(order)


@given(QUESTIONS)
def test_an_explanation_sums_to_the_score(text: str) -> None:
    for hit in shared_engine().search(Query(text or "disease", explain=True)).hits:
        assert hit.explanation is not None
        assert sum(part.value for part in hit.explanation.parts) == pytest.approx(hit.score)


@given(QUESTIONS, st.sampled_from(["{}", '"{}"', "{} type:treatment", "treatmnt {}", "{} shaky hands"]))
def test_an_answer_has_the_marks_of_its_snippets(text: str, asked: str) -> None:
    engine, text = shared_engine(), asked.format(text)
    for hit in engine.search(Query(text)).hits:
        marked = engine.marks(hit.document.id, text)
        assert list(marked) == sorted(set(marked))
        assert {span for one in hit.snippets for span in one.marks} <= set(marked)
        for one in hit.snippets:
            inside = [(start, end) for start, end in marked if one.start <= start and end <= one.start + len(one.text)]
            assert inside == list(one.marks)


def test_an_answer_is_marked_nowhere_for_no_question_and_an_unknown_one_too(engine: SearchEngine) -> None:
    id = engine.search(Query("tremor")).hits[0].document.id
    assert engine.marks(id, "tremor")
    assert [engine.marks(id, text) for text in ("", "?!", "zebra")] == [(), (), ()]
    assert engine.marks("nothing-1234.5678", "tremor") == ()


@given(QUESTIONS, st.sampled_from(["type", "source", "updated"]))
def test_a_facet_counts_what_its_filter_finds(text: str, facet: str) -> None:
    engine = shared_engine()
    for value in engine.search(Query(text or "disease")).facets[facet]:
        date = partial_date(value.value) if facet == "updated" else None
        query = Query(
            text or "disease",
            types=(value.value,) if facet == "type" else (),
            sources=(value.value,) if facet == "source" else (),
            updated_from=date,
            updated_to=date,
        )
        results = engine.search(query)
        assert results.total == value.count
        assert value.value in {one.value for one in results.facets[facet] if one.selected}


def test_a_new_generation_serves_the_next_question_of_every_thread(tmp_path: Path) -> None:
    build_index([PAGES], tmp_path)
    seen: list[tuple[int, int]] = []
    with open_index(tmp_path) as engine:

        def ask() -> None:
            seen.extend((engine.generation().number, engine.search(Query("moyamoya")).total) for _ in range(2))

        ask()
        build_index([PAGES, CORPUS], tmp_path)
        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in [*threads]:
            thread.start()
        for thread in threads:
            thread.join()
        ask()
    assert seen[:2] == [(1, 0)] * 2
    assert {number for number, _ in seen[2:]} == {2}
    assert len(seen) == 10
    assert all(total for _, total in seen[2:])


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
