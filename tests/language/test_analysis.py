"""The analysis chain: names keep what makes them names, and each term points at the word that it came from."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.language.analysis import analyse, fold, forms, function_terms, terms, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22q11.2 deletion", ["22q11.2", "delet"]),
        ("anti-GM1 IgM", ["anti", "gm1", "igm"]),
        ("α-mannosidosis TGFβ1 κόσμος", ["alpha", "mannosidosi", "tgfbeta1", "κοσμοσ"]),
        ("A.L.S. and e.g. U.S.A", ["al", "and", "eg", "usa"]),
        ("C. difficile, J.Smith", ["c", "difficil", "j", "smith"]),
        ("1,000 units, 1000 units; 12,34", ["1000", "unit", "1000", "unit", "12", "34"]),
        ("5mg 5 mg 10µg 10 mcg", ["5", "mg", "5", "mg", "10", "mcg", "10", "mcg"]),
        ("10\u2076 and 10^6, tract\u00b2", ["10", "6", "and", "10", "6", "tract", "2"]),
        ("60% or 60 percent", ["60", "percent", "or", "60", "percent"]),
        ("type III, IIa, VI and iv", ["type", "3", "2a", "6", "and", "iv"]),
        ("gastro\u00adentero\u200blogist", ["gastroenterolog"]),
        ("Pick\u00b4s, Kuf`s, Bell\u2018s, Huntington\u2032s", ["pick", "kuf", "bell", "huntington"]),
        ("Sørensen œdème Þór Łódź", ["sorensen", "oedem", "thor", "lodz"]),
        ("बुखार में", ["बुखार", "में"]),
        ("Charcot-Marie-Tooth", ["charcot", "mari", "tooth"]),
        ("Guimarães", ["guimara"]),
        ("GUIMARAES", ["guimara"]),
        ("Parkinson's Parkinson\u2019s PARKINSON'S parkinson", ["parkinson"] * 4),
        ("3.5 cups. 2 teas", ["3.5", "cup", "2", "tea"]),
        ("treatment treated treating", ["treat"] * 3),
        ("diagnosis diagnosed", ["diagnos"] * 2),
        ("_tea_ (cups)/milk...", ["tea", "cup", "milk"]),
        ("\u2026 -- !?", []),
        ("rock \u02bc roll \ufe70", ["rock", "\u02bc", "roll", "\ufe70"]),  # letters that folding takes away
    ],
)
def test_words_become_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@settings(deadline=None)
@given(st.text())
def test_each_token_points_at_the_word_that_it_came_from(text: str) -> None:
    end = 0
    for token in analyse(text):
        word = text[token.start : token.end]
        assert end <= token.start < token.end <= len(text)
        assert word[0].isalnum() or word == "%"
        assert word[-1].isalnum() or word == "%" or unicodedata.category(word[-1]).startswith("M")
        assert [token.term] == terms(word)
        end = token.end


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])))
def test_every_letter_and_digit_is_in_a_token(text: str) -> None:
    tokens = analyse(text)
    outside = {place for place, char in enumerate(text) if char.isalnum()}
    assert not outside.difference(*(range(token.start, token.end) for token in tokens))


@settings(deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_terms_and_forms_are_those_of_the_tokens(text: str) -> None:
    tokens = analyse(text)
    assert words(text) == [text[token.start : token.end] for token in tokens]
    assert terms(text) == [token.term for token in tokens] == [term for _, term in forms(text)]


@given(st.text(alphabet=st.characters(categories=["L", "Mn", "P", "Zs"])))
def test_a_folded_word_of_letters_is_its_own_form(text: str) -> None:
    """What spelling puts in a misspelt word's place is a folded word of the index: its term must be the index's."""
    for folded, term in forms(text):
        if folded.isalpha():
            assert forms(folded) == [(folded, term)]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("What is the treatment of it?", ["treat"]),
        ("Can you tell me how I'm to live without tea?", ["live", "without", "tea"]),
        ("Why can't it be cured, and why not?", ["cant", "cure", "not"]),
        ("What is it?", []),
        ("", []),
    ],
)
def test_function_words_say_nothing_of_what_a_question_is_about(question: str, left: list[str]) -> None:
    assert [term for term in terms(question) if term not in function_terms()] == left
