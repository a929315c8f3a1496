"""Which words of a message are in its questions, and which only tell a story."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.analysis import words
from indexer.language.messages import asking_words


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("My aunt has gout. She is 50. What helps?", "What helps"),
        ("What is gout? My aunt has it. Is it painful?", "What is gout Is it painful"),
        ("My aunt has gout. Please tell me what to eat", "Please tell me what to eat"),
        ("My aunt has gout. And I would like to know the cause.", "And I would like to know the cause"),
        ("SUBJECT: gout diet MESSAGE: She is 50. What may she eat?", "gout diet What may she eat"),
    ],
)
def test_the_words_of_the_questions_and_of_the_subject_line_ask(text: str, asking: str) -> None:
    assert asking_words(text) == set(asking.split())


@pytest.mark.parametrize(
    "text", ["", "gout", "What is gout?", "What is gout? Is it painful?", "She has gout. She is 50.", "gout. toes"]
)
def test_a_text_without_a_question_or_without_a_story_has_no_asking_words(text: str) -> None:
    assert asking_words(text) == set()


@given(st.text(alphabet="ab? .\n:What'", max_size=60))
def test_asking_words_are_words_of_the_text(text: str) -> None:
    assert asking_words(text) <= set(words(text))
