"""Passages: the whole first answer where it is sure to be right, what a subject is, and subjects side by side."""

from collections.abc import Iterator

import pytest

from indexer import Query, Results, SearchEngine, open_index
from indexer.model import Passage
from indexer.search import paging
from indexer.settings import FOLD_WORDS
from tests.search.library import Library, Sheet

LONG = " ".join(f"Sentence {number} says that rest helps with the fever a little." for number in range(40))
SHEETS = (
    Sheet(
        "Zinc fever",
        ("Brass chill",),
        "Ash Archive",
        "2013",
        (
            (
                "What is {}?",
                "What is zinc fever? Zinc fever is a chill that comes after work with brass and with zinc.",
            ),
            ("How is {} treated?", LONG),
            ("What causes {}?", "Fumes of zinc."),
        ),
    ),
    Sheet("Zinc fever", (), "Oak Archive", "2019", (("What is {}?", "A chill of founders that passes in a day."),)),
    Sheet(
        "Lead palsy",
        (),
        None,
        None,
        (("What is {}?", "A weakness of the wrist that comes from lead in paint or in water."), ("Outlook", "Good.")),
    ),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """A search engine over two sheets of one subject and one of another."""
    library = Library(tmp_path_factory.mktemp("archive"))
    for number, sheet in enumerate(SHEETS):
        library.write(str(number), sheet)
    library.build()
    with open_index(library.index) as engine:
        yield engine


def asked(engine: SearchEngine, text: str, **more: bool) -> Results:
    return engine.search(Query(text, group="subject", answer=True, **more))  # type: ignore[arg-type]


def text(passage: Passage | None) -> str:
    assert passage
    return passage.document.answer[passage.start : passage.end]


def test_a_question_for_a_kind_of_a_subject_brings_the_whole_answer_folded_at_the_end_of_a_sentence(
    archive: SearchEngine,
) -> None:
    answer = asked(archive, "how is zinc fever treated").answer
    assert answer
    assert text(answer) == LONG
    shown = answer.document.answer[: answer.fold]
    assert shown.endswith("little.")
    assert FOLD_WORDS <= len(shown.split()) < FOLD_WORDS + 15
    assert {answer.document.answer[start:end].lower() for start, end in answer.marks} <= {"zinc", "fever"}


@pytest.mark.parametrize(
    "question",
    [
        "zinc fever",  # no kind
        "how is it treated",  # no subject
        "how is lead palsy treated",  # not covered
        "how to treat zinc fever and tremblepox",  # another subject
        "treatment of zinc fever or lead palsy",  # two subjects
    ],
)
def test_no_answer_is_sure_without_exactly_one_subject_and_a_kind_that_its_sheets_have(
    archive: SearchEngine, question: str
) -> None:
    assert asked(archive, question).answer is None


def test_a_whole_answer_is_only_for_who_asks_for_it(archive: SearchEngine) -> None:
    assert archive.search(Query("how is zinc fever treated")).answer is None


def test_a_card_says_what_its_subject_is_without_the_repeated_question(archive: SearchEngine) -> None:
    card = asked(archive, "brass chill").card
    assert card
    assert text(card.overview) == "Zinc fever is a chill that comes after work with brass and with zinc."
    sources = {kind.type: [answer.source for answer in kind.answers] for kind in card.kinds}
    assert sources == {
        "information": ["Ash Archive", "Oak Archive"],
        "treatment": ["Ash Archive"],
        "causes": ["Ash Archive"],
    }


@pytest.mark.parametrize(
    "question", ["difference between zinc fever and lead palsy", "zinc fever vs lead palsy", "zinc fever, lead palsy"]
)
def test_two_subjects_are_side_by_side_and_what_a_sheet_lacks_is_no_passage(
    archive: SearchEngine, question: str
) -> None:
    comparison = asked(archive, question).comparison
    assert comparison
    assert comparison.names == ("Zinc fever", "Lead palsy")
    rows = {row.type: [cell and cell.header.title for cell in row.cells] for row in comparison.rows}
    assert rows["information"] == ["Zinc fever", "Lead palsy"]
    assert rows["causes"] == ["Zinc fever", None]


@pytest.mark.parametrize("question", ["zinc fever and brass chill", "zinc fever", "does zinc fever lead to lead palsy"])
def test_names_of_one_subject_and_a_question_about_two_are_not_compared(archive: SearchEngine, question: str) -> None:
    assert asked(archive, question).comparison is None


def test_likely_results_have_a_share_of_the_best_score_and_the_rest_is_still_counted(
    archive: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LIKELY", 0.6)
    every, likely = (
        asked(archive, "causes of zinc fever weakness"),
        asked(archive, "causes of zinc fever weakness", likely=True),
    )
    scores = [hit.score for hit in every.hits]
    assert every.likely == likely.likely == sum(score >= 0.6 * scores[0] for score in scores) < len(scores)
    assert [hit.document.id for hit in likely.hits] == [hit.document.id for hit in every.hits][: likely.likely]
    assert likely.total == every.total
    assert every.about == 4
    assert archive.search(Query("zinc", sort="title")).likely is None


def test_of_the_words_that_an_answer_lacks_only_a_few_that_matter_are_named(archive: SearchEngine) -> None:
    assert asked(archive, "zinc fever paint").hits[0].lacks == ("paint",)
    story = "my neighbour told me that her cousin, who paints boats and takes walks, has had zinc fever since june"
    assert asked(archive, story).hits[0].lacks == ()
