"""What is corrected in a question, what is offered, and what is left alone."""

from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from jellyfish import metaphone, soundex
from rapidfuzz.distance import OSA

from indexer import Query, SearchEngine, open_index
from indexer.language.analysis import fold, words
from indexer.language.english import is_english
from indexer.model import Correction, Understood
from indexer.search.spelling import ONE_ERROR, TWO_ERRORS
from tests.search.conftest import CLINIC
from tests.search.library import library_of, misspelt

NAMES = [name for title, others, _ in CLINIC for name in (title, *others)]
#: Words of names in small letters that may be misspelt: those of letters alone, and long enough.
LONG = sorted({word for name in NAMES for word in words(fold(name)) if word.isascii() and word.isalpha() and word[4:]})


def read(engine: SearchEngine, text: str, *, exact: bool = False) -> Understood:
    return engine.search(Query(text, exact=exact)).understood


def corrected(engine: SearchEngine, text: str) -> list[tuple[str, str]]:
    return [(one.typed, one.used) for one in read(engine, text).corrected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moyamoia disease", [("moyamoia", "moyamoya")]),
        ("Moyamoia", [("Moyamoia", "moyamoya")]),
        ("HOW IS MOYAMOIA TREATED", [("MOYAMOIA", "moyamoya")]),
        ("bartter sindrome", [("sindrome", "syndrome")]),
        ("bratter sindrome", [("bratter", "bartter"), ("sindrome", "syndrome")]),
        ("multifocal motr neuropaty", [("motr", "motor"), ("neuropaty", "neuropathy")]),
        ("charcot-marie-toth disease", [("toth", "tooth")]),
        ("leukemai", [("leukemai", "leukemia")]),
        ("acute lymfoblastic leukemia", [("lymfoblastic", "lymphoblastic")]),
        ("moyamoya treatmnt", [("treatmnt", "treatment")]),
        ("guimaraesh fever", [("guimaraesh", "guimaraes")]),
        ("bartten disease", [("bartten", "batten")]),
        ("bartten syndrome", [("bartten", "bartter")]),
        ("hypperkalemic periodic paralysis", [("hypperkalemic", "hyperkalemic")]),
    ],
)
def test_a_word_that_stands_nowhere_is_put_right_by_the_names_first(
    clinic: SearchEngine, text: str, expected: list[tuple[str, str]]
) -> None:
    assert corrected(clinic, text) == expected
    assert read(clinic, text).alternatives == ()


@pytest.mark.parametrize("text", ["moyamoia disease", "bratter sindrome", "multifocal motr neuropaty"])
def test_a_name_put_right_is_the_focus_with_its_words_as_typed(clinic: SearchEngine, text: str) -> None:
    results = clinic.search(Query(text))
    (focus,) = results.understood.focus
    assert focus.matched == text
    assert results.hits[0].header.title == focus.name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("bartten", ["Bartter syndrome", "Batten disease"]),
        ("treatment of bartten", ["Bartter syndrome", "Batten disease"]),
        ("hyprkalemic", ["Hyperkalemic periodic paralysis", "Hypokalemic periodic paralysis"]),
        ("hyprkalemic periodic paralysis", ["Hyperkalemic periodic paralysis", "Hypokalemic periodic paralysis"]),
        ("hyprkalemic treatmnt", ["Hyperkalemic periodic paralysis", "Hypokalemic periodic paralysis"]),
    ],
)
def test_between_two_names_nothing_is_put_right_and_both_are_offered(
    clinic: SearchEngine, text: str, names: list[str]
) -> None:
    understood = read(clinic, text)
    assert sorted(one.name for one in understood.alternatives) == names
    assert understood.focus == ()
    assert "hyprkalemic" not in (one.typed for one in understood.corrected)
    assert "bartten" not in (one.typed for one in understood.corrected)
    for one in understood.alternatives:
        sheet = clinic.sheet(one.sheet_id)
        assert sheet is not None
        assert sheet.header.title == one.name


def test_good_english_is_left_alone_but_the_whole_name_that_it_may_mean_is_offered(clinic: SearchEngine) -> None:
    understood = read(clinic, "batter disease")
    assert (understood.corrected, [one.name for one in understood.alternatives]) == ((), ["Batten disease"])
    assert understood.missing == ("batter",)


@pytest.mark.parametrize(
    "text",
    [
        *("batter", "hearth", "matter", "feather"),  # English, and one error from what is here
        *("22q11.3 deletion", "GM2 gangliosidosis", "gm2", "CLN4", "cln2", "moyam0ya"),  # digits
        *("what is MNN", "CMTX disease", "BATTN disease", "MoyaMoia"),  # capitals: symbols of genes, acronyms
        *("mmm", "hrt"),  # short
        *("moyamoyas", "treated", "butter", "muscles", "lid"),  # words that the index has, or another form of them
        *("\u03b2-mannosidosis", "\u043c\u043e\u044f"),  # letters that are not ours
        "droopy eyelid",
    ],
)
def test_what_may_be_meant_as_it_is_typed_is_left_alone(clinic: SearchEngine, text: str) -> None:
    assert corrected(clinic, text) == []


def test_exactly_what_was_typed_is_one_parameter_away(clinic: SearchEngine) -> None:
    assert clinic.search(Query("moyamoia")).total
    assert clinic.search(Query("moyamoia", exact=True)).total == 0
    assert read(clinic, "bartten", exact=True).alternatives == ()


@pytest.mark.parametrize("text", ["neuropath*", "moyamoy*"])
def test_the_beginning_of_a_word_is_not_misspelt(clinic: SearchEngine, text: str) -> None:
    assert corrected(clinic, text) == []


def test_the_beginning_of_a_name_finds_it(clinic: SearchEngine) -> None:
    assert clinic.search(Query("moyamo*")).total


@given(
    name=st.sampled_from(NAMES), place=st.integers(0, 20), letter=st.integers(0, 20),
    error=st.sampled_from(["less", "more", "swap"]),
)  # fmt: skip
def test_a_name_with_one_error_is_found_or_offered_and_no_other_is_taken_for_it(
    clinic: SearchEngine, name: str, place: int, letter: int, error: str
) -> None:
    typed = words(fold(name))
    place %= len(typed)
    assume(len(typed[place]) > ONE_ERROR and typed[place].isascii() and typed[place].isalpha())
    typed[place] = misspelt(typed[place], letter, error)
    understood = read(clinic, " ".join(typed))
    claimed = {one.name for one in understood.focus}
    offered = {one.name for one in understood.alternatives}
    if is_english(typed[place]):
        assert not understood.corrected
    elif claimed - {"Usher syndrome"}:  # a name is in it that the error does not touch
        assert name in claimed
    elif offered:
        assert name in offered
    assert len(claimed) <= 1


def sounds_alike(correction: Correction) -> bool:
    typed, used = correction.typed.removesuffix("s"), correction.used
    return soundex(typed) == soundex(used) or metaphone(correction.typed) == metaphone(used)


@given(text=st.lists(st.sampled_from(LONG) | st.text("abehmnorty", min_size=3, max_size=9), max_size=5).map(" ".join))
@example(text="bartten hyprkalemic bratter")
def test_only_words_that_stand_nowhere_are_put_right_and_by_near_words_that_do(clinic: SearchEngine, text: str) -> None:
    for one in (one for one in read(clinic, text).corrected if " " not in one.typed + one.used):
        assert clinic.search(Query(one.typed, exact=True)).total == 0
        assert clinic.search(Query(one.used, exact=True)).total
        assert not is_english(one.typed)
        assert len(one.typed) >= ONE_ERROR
        errors = OSA.distance(one.typed, one.used)
        assert errors <= (2 if len(one.typed) >= TWO_ERRORS else 1) or (errors <= 3 and sounds_alike(one))


@given(
    text=st.from_regex(r"[A-Za-z]{1,6}[0-9][a-z0-9.]{0,4}|[a-z]?[A-Z]{2,8}[a-z]?", fullmatch=True),
    before=st.sampled_from(["", "what is ", "moyamoya disease "]),
)
def test_digits_and_capitals_are_never_touched(clinic: SearchEngine, text: str, before: str) -> None:
    assume(before or not text.isupper())  # who shouts all of it means words
    # Letters and a number may be written apart ("type2"), but never in other letters.
    assert all(typed.lower() == used.replace(" ", "") for typed, used in corrected(clinic, before + text))


def test_a_short_word_is_not_corrected_to_one_that_is_shorter_still(clinic: SearchEngine) -> None:
    assert [one.used for one in clinic.search(Query("resst")).understood.corrected] == ["rest"]
    assert not clinic.search(Query("olld")).understood.corrected  # "old" occurs


@pytest.mark.parametrize(("name", "offered"), [("Cartes fever twin", True), ("Cartes fever twin moss", False)])
def test_a_rival_is_offered_if_its_name_is_filled_to_six_tenths_of_the_best(
    tmp_path: Path, name: str, offered: bool
) -> None:
    """Of "Carter fever" both words are typed (1). Of its rival, two of three are (.67), or two of four (.5)."""
    with open_index(library_of(tmp_path, ("Carter fever",), (name,)).index) as engine:
        assert bool(read(engine, "carteq fever").alternatives) is offered
