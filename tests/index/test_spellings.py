"""Which words of a pool are compared with a misspelt word."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexer.index.spellings import Spellings

WORDS = st.text("abcdeéßж", min_size=1, max_size=7)


@given(st.sets(WORDS, max_size=30), WORDS, st.integers(0, 3))
def test_no_word_within_the_errors_is_missed(words: set[str], word: str, errors: int) -> None:
    candidates = Spellings(words).candidates(word, errors)
    assert len(candidates) == len(set(candidates))
    assert {other for other in words if OSA.distance(word, other) <= errors} <= set(candidates) <= words


def test_words_with_other_letters_or_of_another_length_are_not_compared() -> None:
    words = Spellings(["heart", "hears", "heat", "tumor", "heartbeat"])
    assert set(words.candidates("heart", 1)) == {"heat", "heart", "hears"}


def test_words_with_digits_are_not_compared() -> None:
    assert Spellings(["gm1", "tea", "tea"]).candidates("gm1", 3) == ["tea"]
