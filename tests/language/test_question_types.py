"""The kinds of answer: a vocabulary in a reviewed file, and how it reads questions and headings."""

import pytest

from indexer.language.question_types import QuestionType, question_type, question_types, section_type

NAME = "hereditary teacup fever"


def test_each_kind_has_an_id_a_label_and_words_of_its_own() -> None:
    kinds = question_types()
    assert len({kind.id for kind in kinds}) == len({kind.label for kind in kinds}) == len(kinds) >= 16
    sections = [section for kind in kinds for section in kind.sections]
    assert len(sections) == len(set(sections))


def test_the_usual_kinds_are_those_that_the_sheets_of_the_first_collection_answer() -> None:
    usual = ["treatment", "exams and tests", "symptoms", "inheritance", "causes", "information"]
    assert [kind.id for kind in question_types() if kind.usual] == usual


@pytest.mark.parametrize("kind", question_types(), ids=lambda kind: str(kind.id))
def test_each_label_announces_its_kind_in_any_case_and_with_a_colon(kind: QuestionType) -> None:
    headings = (kind.label, kind.label.upper(), f"{kind.label}:")
    assert [section_type(heading) for heading in headings] == [kind.id] * 3


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (f"What is {NAME}?", "information"),
        (f"What are the signs and symptoms of {NAME}?", "symptoms"),
        (f"What are the symptoms of {NAME}?", "symptoms"),
        (f"What causes {NAME}?", "causes"),
        (f"Is {NAME} inherited?", "inheritance"),
        ("Is it hereditary?", "inheritance"),
        (f"How is {NAME} diagnosed?", "exams and tests"),
        (f"Is there a test for {NAME}?", "exams and tests"),
        (f"How might {NAME} be treated?", "treatment"),
        (f"Can {NAME} be prevented?", "prevention"),
        (f"What is the long-term outlook for people with {NAME}?", "outlook"),
        (f"How many people are affected by {NAME}?", "frequency"),
        (f"What genes are related to {NAME}?", "genetic changes"),
        (f"Who gets {NAME}?", "susceptibility"),
        (f"What research is being done on {NAME}?", "research"),
        ("zinc", None),
        ("", None),
        (f"Is genetic testing available for {NAME}?", "exams and tests"),
    ],
)
def test_a_question_asks_for_a_kind_of_answer(question: str, kind: str | None) -> None:
    assert question_type(question, [NAME]) == kind


def test_the_words_of_a_name_ask_for_nothing_the_longest_name_first() -> None:
    assert question_type("What is tea treatment fever?", ["tea treatment", "Tea treatment fever"]) == "information"
    assert question_type("What is tea treatment fever?") == "treatment"


@pytest.mark.parametrize("text", ["Treatments of the past", "How is it treated?", "Symptom", "", ":"])
def test_only_a_whole_heading_announces_a_kind(text: str) -> None:
    assert section_type(text) is None
