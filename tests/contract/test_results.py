"""What every engine answers to a question: which answers, in which order, how many, and what is said of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Query
from indexer.engine import Engine
from indexer.model import Results, partial_date

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


def test_an_acronym_finds_its_condition_and_says_which_name_matched(engine: Engine) -> None:
    hit = engine.search(Query("hnd")).hits[0]
    assert (hit.header.title, hit.matched_name) == ("Hartnup disease", "HND")


def test_words_that_stand_nowhere_are_said_to_be_missing(engine: Engine) -> None:
    results = engine.search(Query("moyamoya zebra"))
    assert results.understood.missing == ("zebra",)
    assert (results.hits[0].words, results.hits[0].missing) == (("moyamoya",), ("zebra",))


def test_no_words_and_no_filter_find_everything_in_the_order_of_the_sheets(engine: Engine) -> None:
    results = engine.search(Query(per_page=100))
    assert results.total == results.generation.documents
    assert subjects(results) == sorted(subjects(results), key=str.casefold)
    moyamoya = [hit.document.question for hit in results.hits if hit.header.title == "Moyamoya disease"]
    assert moyamoya[:3] == [
        "What is moyamoya disease?",
        "Which signs and symptoms occur in moyamoya disease?",
        "What causes moyamoya disease?",
    ]


def test_filters_of_one_kind_are_alternatives_and_kinds_are_combined(engine: Engine) -> None:
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
    engine: Engine, earliest: str | None, latest: str | None, expected: set[str]
) -> None:
    query = Query(
        updated_from=partial_date(earliest) if earliest else None,
        updated_to=partial_date(latest) if latest else None,
        subjects=("Hartnup disease", MMN, "Lakeside tremor"),
        per_page=100,
    )
    assert {hit.document.last_updated for hit in engine.search(query).hits} == expected


def test_newest_puts_later_dates_first_and_answers_without_a_date_last(engine: Engine) -> None:
    dates = [hit.document.last_updated or "" for hit in engine.search(Query("tremor", sort="newest")).hits]
    assert dates == sorted(dates, reverse=True)
    assert dates[-1] == ""


def test_grouped_by_subject_the_best_answer_holds_the_others(engine: Engine) -> None:
    flat = engine.search(Query("disease", per_page=100))
    grouped = engine.search(Query("disease", group="subject", per_page=100))
    assert grouped.total == flat.total
    assert grouped.total_groups == len(set(subjects(flat))) == len(grouped.hits)
    assert sum(1 + len(hit.folded) for hit in grouped.hits) == flat.total
    assert grouped.hits[0].document == flat.hits[0].document


def test_a_hit_says_what_else_its_sheet_answers_and_which_usual_question_it_does_not(engine: Engine) -> None:
    hit = engine.search(Query("how is mmn treated")).hits[0]
    assert [(one.question, one.question_type) for one in hit.others] == [
        ("What is multifocal motor neuropathy?", "information"),
        ("Which signs and symptoms occur in multifocal motor neuropathy?", "symptoms"),
        ("What causes multifocal motor neuropathy?", "causes"),
        ("Is multifocal motor neuropathy inherited?", "inheritance"),
        ("What is the outlook for people with multifocal motor neuropathy?", "outlook"),
    ]
    assert hit.not_covered == ("exams and tests",)


@given(QUESTIONS)
def test_pages_join_to_the_whole_list_without_gap_or_overlap(engine: Engine, text: str) -> None:
    whole = [hit.document.id for hit in engine.search(Query(text, per_page=100)).hits]
    pages = [engine.search(Query(text, page=page, per_page=4)) for page in range(1, len(whole) // 4 + 2)]
    assert [hit.document.id for page in pages for hit in page.hits] == whole
    assert {page.total for page in pages} == {len(whole)}


@given(QUESTIONS)
def test_scores_fall_and_ties_stand_in_the_order_of_sheet_ids_and_of_reading(engine: Engine, text: str) -> None:
    order = []
    for hit in engine.search(Query(text or "disease", per_page=100)).hits:
        found = engine.answer(hit.document.id)
        assert found
        sheet, document = found
        order.append((-hit.score, sheet.header.id, sheet.documents.index(document)))
    assert order == sorted(order)


@given(QUESTIONS)
def test_an_explanation_sums_to_the_score(engine: Engine, text: str) -> None:
    for hit in engine.search(Query(text or "disease", explain=True)).hits:
        assert hit.explanation is not None
        assert sum(part.value for part in hit.explanation.parts) == pytest.approx(hit.score)


@given(QUESTIONS, st.sampled_from(["{}", '"{}"', "{} type:treatment", "treatmnt {}", "{} shaky hands"]))
def test_an_answer_has_the_marks_of_its_snippets(engine: Engine, text: str, asked: str) -> None:
    text = asked.format(text)
    for hit in engine.search(Query(text)).hits:
        marked = engine.marks(hit.document.id, text)
        assert list(marked) == sorted(set(marked))
        assert {span for one in hit.snippets for span in one.marks} <= set(marked)
        for one in hit.snippets:
            inside = [(start, end) for start, end in marked if one.start <= start and end <= one.start + len(one.text)]
            assert inside == list(one.marks)


def test_an_answer_is_marked_nowhere_for_no_question_and_an_unknown_one_too(engine: Engine) -> None:
    id = engine.search(Query("tremor")).hits[0].document.id
    assert engine.marks(id, "tremor")
    assert [engine.marks(id, text) for text in ("", "?!", "zebra")] == [(), (), ()]
    assert engine.marks("nothing-1234.5678", "tremor") == ()


@given(QUESTIONS, st.sampled_from(["type", "source", "updated"]))
def test_a_facet_counts_what_its_filter_finds(engine: Engine, text: str, facet: str) -> None:
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
