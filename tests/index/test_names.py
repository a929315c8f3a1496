"""Names: where a question has one, and which of them it is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.names import Name, Names, name_key
from indexer.language.analysis import forms, function_terms, terms

SHEETS = (
    ("Usher syndrome",),
    ("Usher syndrome type 1", "USH1"),
    ("Multifocal motor neuropathy", "MMN", "Motor neuropathy"),
    ("Moyamoya disease", "Moyamoya"),
    ("22q11.2 deletion", "DiGeorge", "MMN"),
    ("The who", "It", "Who treats"),
    ("usher Syndromes", ""),
)


def names(*sheets: tuple[str, ...]) -> Names:
    found = Names()
    for number, sheet in enumerate(sheets):
        found.add(range(3 * number, 3 * number + 3), [(name, name_key(name)) for name in sheet])
    return found


def found(text: str) -> list[str]:
    return [name.text for _, _, name in names(*SHEETS).find(forms(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("usher syndrome", ["Usher syndrome"]),
        ("usher syndrome type 1", ["Usher syndrome type 1"]),  # the longest that is there
        ("usher syndrome type 2", ["Usher syndrome"]),
        ("USHER SYNDROMES", ["Usher syndrome"]),
        ("multifocal motor neuropathies", ["Multifocal motor neuropathy"]),  # and no name inside of it
        ("motor neuropathy", ["Motor neuropathy"]),
        ("is MMN like usher syndrome", ["MMN", "Usher syndrome"]),
        ("22q11.2 deletion", ["22q11.2 deletion"]),
        ("22q11 deletion", []),
        ("the who is it", []),  # function words alone name nothing
        ("the who treats it", ["Who treats"]),
        ("motor", []),
        ("", []),
    ],
)
def test_the_longest_name_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_name_is_found_without_its_ending_but_not_instead_of_a_whole_one() -> None:
    some = names(("Moyamoya disease",), ("Usher syndrome",), ("Batten disease",), ("Batten",))
    texts = [name.text for _, _, name in some.find(forms("moyamoya usher batten"))]
    assert texts == ["Moyamoya disease", "Usher syndrome", "Batten"]


def test_which_name_is_meant_without_its_ending_does_not_depend_on_the_order_of_the_sheets() -> None:
    sheets = (("Batten disease",), ("Batten syndrome",))
    (first,), (second,) = (names(*order).find(forms("batten")) for order in (sheets, sheets[::-1]))
    assert first[2].text == second[2].text


def test_where_names_overlap_the_longer_is_chosen_and_of_equal_ones_the_first() -> None:
    some = names(("red tea",), ("tea cup holder",), ("holder lid",))
    assert [(start, end) for start, end, _ in some.find(forms("red tea cup holder lid"))] == [(1, 4)]
    assert [(start, end) for start, end, _ in some.find(forms("tea cup holder lid red tea"))] == [(0, 3), (4, 6)]
    assert [(start, end) for start, end, _ in names(("a tea",), ("tea cup",)).find(forms("a tea cup"))] == [(0, 2)]


def test_names_of_the_same_terms_are_one_which_a_title_spells_and_which_knows_every_sheet_once() -> None:
    some = names(("Sickle cell", "usher SYNDROMES", "Usher syndrome"), ("Usher syndrome",), ("USHER syndrome",))
    (match,) = some.find(forms("usher syndrome"))
    assert match[2].text == "Usher syndrome"
    assert match[2].sheets == [range(3), range(3, 6), range(6, 9)]
    assert len([*some]) == 2


def test_every_name_is_known_by_each_of_its_terms() -> None:
    with_term = names(*SHEETS).with_term
    assert {name.text for name in with_term["usher"]} == {"Usher syndrome", "Usher syndrome type 1"}
    assert "" not in with_term


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ALL", True),
        ("MMN", True),
        ("USH1", True),
        ("pH", True),
        ("Batten", False),
        ("GM1 type", False),
        ("ALLERGY", False),
    ],
)
def test_acronyms_are_short_words_with_capitals_inside(text: str, is_one: bool) -> None:
    assert Name(text, tuple(terms(text)), []).is_acronym() is is_one


WORDS = sorted({word for sheet in SHEETS for name in sheet for word in forms(name)})


@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_what_is_found_is_in_order_and_does_not_overlap(words: list[tuple[str, str]]) -> None:
    matches = names(*SHEETS).find(words)
    assert [match[:2] for match in matches] == sorted(match[:2] for match in matches)
    assert all(left[1] <= right[0] for left, right in pairwise(matches))
    for start, end, name in matches:
        if not name.is_acronym():
            assert tuple(term for _, term in words[start:end]) == name.terms[: end - start]
            assert name.terms[end - start :] in ((), ("syndrom",), ("diseas",), ("disord",))
        assert not function_terms().issuperset(term for _, term in words[start:end])


def test_an_acronym_is_found_as_it_is_written_and_not_by_its_stem() -> None:
    some = names(("Marijuana", "Pot"), ("Dystonia 18", "PED"), ("Sexually transmitted diseases", "STDs"))
    assert [name.text for _, _, name in some.find(forms("peds pots ped STDs STD"))] == ["Pot", "PED", "STDs"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kidneystones", ["Kidney stones"]),
        ("kidneystone", ["Kidney stones"]),
        ("chicken pox", ["Chickenpox"]),
        ("iron deficiency anaemia", ["Iron-deficiency anemia"]),
        ("irondeficiency anaemia", ["Iron-deficiency anemia"]),
        ("usher syndrome type iv", ["Usher syndrome type 4"]),
        ("usher syndrome type4", ["Usher syndrome type 4"]),
        ("m m n", ["MMN"]),
        ("mm n", []),  # an acronym is spelt out letter by letter
        ("stones of the kidney", []),
    ],
)
def test_a_name_is_found_with_other_spaces_numerals_and_spelling(text: str, expected: list[str]) -> None:
    some = names(("Kidney stones", "MMN"), ("Chickenpox",), ("Iron-deficiency anemia",), ("Usher syndrome type 4",))
    assert [name.text for _, _, name in some.find_closed(forms(text))] == expected


def test_a_narrower_name_is_of_some_people_or_of_a_type() -> None:
    some = names(("Diabetes",), ("Type 2 diabetes",), ("Diabetes in children",), ("Diabetes insipidus",))
    (diabetes,) = (name for name in some if name.text == "Diabetes")
    assert [name.text for name in some.narrower(diabetes)] == ["Diabetes in children", "Type 2 diabetes"]
