"""British and American spellings meet, and words that only look alike do not."""

import pytest

from indexer.language.analysis import forms
from indexer.language.respelling import american, closed, singular


@pytest.mark.parametrize(
    ("british", "expected"),
    [
        ("anaemia", "anemia"),
        ("oedema", "edema"),
        ("diarrhoea", "diarrhea"),
        ("haemorrhagic", "hemorrhagic"),
        ("colour", "color"),
        ("harbours", "harbors"),
        ("behaviour", "behavior"),
        ("litres", "liters"),
        ("manoeuvre", "maneuver"),
        ("hospitalised", "hospitalized"),
        ("paralysing", "paralyzing"),
        ("travelled", "traveled"),
        ("dialogues", "dialogs"),
        ("defence", "defense"),
        ("kilogramme", "kilogram"),
        ("sulphate", "sulfate"),
        ("aluminium", "aluminum"),
    ],
)
def test_a_british_spelling_becomes_the_american_one(british: str, expected: str) -> None:
    assert american(british) == expected
    assert american(expected) == expected


@pytest.mark.parametrize("word", ["four", "flour", "shoes", "toes", "poets", "filled", "goes", "tomatoes", "science"])
def test_a_word_that_only_looks_british_stays(word: str) -> None:
    assert american(word) == word


def test_a_single_i_v_or_x_is_a_numeral_after_a_word_that_is_numbered_only() -> None:
    assert closed(forms("glycogen storage disease type V")) == ["glycogen", "storage", "disease", "type", "5"]
    assert closed(forms("X-linked type")) == ["x", "linked", "type"]


def test_the_s_of_a_plural_does_not_count_but_that_of_a_latin_word_does() -> None:
    assert [singular(word) for word in ("kidneystones", "lupus", "abscess", "arthritis", "aids")] == [
        "kidneystone",
        "lupus",
        "abscess",
        "arthritis",
        "aid",
    ]
