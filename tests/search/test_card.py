"""The card of a subject: shown for its name alone, with all that its sheets answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer import Query, SearchEngine, open_index
from indexer.language.analysis import terms
from indexer.language.question_types import asked_types
from indexer.model import Card
from indexer.search.search import search
from tests.search import exhaustive
from tests.search.library import NAMES, Library, Sheet, edited_collection

TEA = "Tea."
#: A subject whose sheets spell it in two ways, a name that two subjects have, and one that is a title as well.
SHEETS = (
    Sheet("Huntington disease", ("HD", "Huntington chorea"), "Ash Archive", None, (("What is {}?", TEA),)),
    Sheet("Huntington's disease", ("Dance fever", "hd"), "Oak Archive", None, (("Treatment", TEA), ("Outlook", TEA))),
    Sheet("Ashen lung", ("TIA", "Birch fever"), None, None, (("What causes {}?", TEA),)),
    Sheet("Cedar chill", ("TIA",), None, None, (("Symptoms", TEA),)),
    Sheet("Birch fever", (), None, None, (("How is {} treated?", TEA),)),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """A search engine over these sheets."""
    library = Library(tmp_path_factory.mktemp("archive"))
    for number, sheet in enumerate(SHEETS):
        library.write(str(number), sheet)
    library.build()
    with open_index(library.index) as engine:
        yield engine


def card(engine: SearchEngine, text: str, **more: Any) -> Card | None:
    return engine.search(Query(text, **more)).card


@pytest.mark.parametrize("text", ["mmn", "MULTIFOCAL motor neuropathy?", "the MMN", "multifocal motor neuropaty"])
def test_a_name_alone_shows_what_the_sheet_of_its_subject_answers_and_what_not(engine: SearchEngine, text: str) -> None:
    found = card(engine, text, group="subject", per_page=3, explain=True)
    assert found
    assert (found.name, "MMN" in found.also_known_as) == ("Multifocal motor neuropathy", True)
    (shown,) = found.sheets
    sheet = engine.sheet(shown.id)
    assert sheet
    assert (shown.source, shown.url) == (sheet.header.provenance.source, sheet.header.provenance.url)
    assert [one.id for one in shown.answers] == [document.id for document in sheet.documents]
    assert found.not_covered == engine.not_covered(shown.id) == ("exams and tests",)


@pytest.mark.parametrize(
    "text", ["what is MMN", "mmn treatment", "mmn pain", "mmn hartnup disease", "mmn -pain", "", "?!", "zebra"]
)
def test_a_question_that_asks_for_more_than_a_name_or_for_none_has_no_card(engine: SearchEngine, text: str) -> None:
    assert card(engine, text) is None


@pytest.mark.parametrize(
    "more",
    [{"page": 2}, {"sort": "newest"}, {"exact": True}, {"types": ("causes",)}, {"sources": ("GARD",)}],
    ids=str,
)
def test_a_card_stands_on_the_first_page_of_a_plain_search_alone(engine: SearchEngine, more: dict[str, Any]) -> None:
    assert card(engine, "mmn", **more) is None
    assert card(engine, "mmn type:causes") is None


@pytest.mark.parametrize("text", ["huntington disease", "Huntington's Disease", "hd", "dance fever", "huntingtons"])
def test_a_subject_that_sheets_spell_in_two_ways_has_one_card_with_each_name_once(
    archive: SearchEngine, text: str
) -> None:
    found = card(archive, text)
    assert found
    assert (found.name, found.also_known_as) == ("Huntington disease", ("HD", "Huntington chorea", "Dance fever"))
    assert {sheet.source: [one.question for one in sheet.answers] for sheet in found.sheets} == {
        "Ash Archive": ["What is Huntington disease?"],
        "Oak Archive": ["Treatment", "Outlook"],
    }
    assert found.not_covered == ("symptoms", "causes")


def test_a_name_of_two_subjects_has_no_card(archive: SearchEngine) -> None:
    assert card(archive, "tia") is None


def test_a_title_means_its_own_sheet_and_what_others_of_that_name_answer_is_not_missing(archive: SearchEngine) -> None:
    found = card(archive, "birch fever")
    assert found
    assert [[one.question for one in sheet.answers] for sheet in found.sheets] == [["How is Birch fever treated?"]]
    assert found.not_covered == ("information", "symptoms")  # "What causes Ashen lung?" may be about it


def test_cards_are_those_that_all_answers_of_a_collection_make(tmp_path: Path) -> None:
    snapshot = edited_collection(tmp_path).open()
    answers = exhaustive.read(snapshot)
    there = {answer.document.question_type for answer in answers}
    shown = 0
    for text in NAMES:
        titles = {answer.names[0] for answer in answers if tuple(terms(text)) in answer.names}
        titles = titles & {tuple(terms(text))} or titles
        found = search(snapshot, Query(text)).card
        assert (found is not None) == (len(titles) == 1), text
        if found:
            about = [answer for answer in answers if answer.names[0] in titles]
            assert [(one.id, sheet.id) for sheet in found.sheets for one in sheet.answers] == [
                (answer.id, answer.header.id) for answer in sorted(about, key=lambda one: (one.header.id, one.place))
            ]
            names = {name for answer in about for name in answer.names}
            assert {tuple(terms(name)) for name in found.also_known_as} == names - titles
            named = [answer for answer in answers if {tuple(terms(text)), *titles}.intersection(answer.names)]
            asked = {kind for answer in named for kind in asked_types(answer.document.question)}
            assert set(found.not_covered) == {"treatment", "information", "causes", "inheritance"} & there - asked
            shown += 1
    snapshot.close()
    assert shown


def test_of_a_sheet_that_is_not_here_nothing_is_said_to_be_missing(engine: SearchEngine) -> None:
    assert engine.not_covered("nothing-12345678") == ()
