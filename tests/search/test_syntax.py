"""What can be written into the box beside words, and what looks like it and is plain text."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.language.question_types import QuestionType, question_types
from indexer.model import Query
from indexer.search.syntax import FILTERS, parse

#: Texts with many signs: single characters at random seldom make an operator.
SIGNED = st.lists(
    st.sampled_from(
        [*'"\u201c\u00bb-*~:,?_ \t\n', "type:", "Subject:", "source:", "treatment", "tea", "22q11.2", "é", "'"]
    )
    | st.text(max_size=3)
).map("".join)
WORD = st.from_regex(r"[a-zé0-9]+(?:[-'.:][a-z0-9]+)?", fullmatch=True).filter(
    lambda word: not word.startswith(("type:", "subject:", "source:"))
)


def told(text: str, query: Query | None = None) -> dict[str, object]:
    """Return what a text asks for: the words that are left, and the operators that it has."""
    asked = parse(replace(query or Query(), text=text))
    fields = {name: getattr(asked, name) for name in ("text", "phrases", "without", "prefixes", "fuzzy")}
    fields |= {name: getattr(asked.query, name) for name in FILTERS}
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('the "green tea" cup', {"text": "the green tea cup", "phrases": ("green tea",)}),
        ("\u201cgreen tea\u201d", {"text": "green tea", "phrases": ("green tea",)}),
        ("\u201egrüner Tee\u201c", {"text": "grüner Tee", "phrases": ("grüner Tee",)}),
        ("\u00ab thé vert \u00bb", {"text": "thé vert", "phrases": ("thé vert",)}),
        ("\u00bbgrüner Tee\u00ab", {"text": "grüner Tee", "phrases": ("grüner Tee",)}),
        ('("green\n tea!")', {"text": "green tea", "phrases": ("green tea",)}),
        (
            '"Parkinson\'s-like, 22q11.2"',
            {"text": "Parkinson's like 22q11.2", "phrases": ("Parkinson's like 22q11.2",)},
        ),
        ('"a b""c d"', {"text": "a b c d", "phrases": ("a b", "c d")}),
        ('cup 6" "green tea"', {"text": "cup 6 green tea", "phrases": ("green tea",)}),
        ('about:"green tea"', {"text": "about: green tea", "phrases": ("green tea",)}),
        ('"-tea milk* type:treatment"', {"text": "tea milk type treatment", "phrases": ("tea milk type treatment",)}),
        ('"green tea', {"text": "green tea"}),
        ('green" tea', {"text": "green tea"}),
        ('"" "?" "tea', {"text": "tea"}),
        ("Parkinson's 'green tea'", {"text": "Parkinson's 'green tea'"}),
    ],
)
def test_quotes_make_a_phrase(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tea -milk", {"text": "tea", "without": ("milk",)}),
        ("-milk tea\t-sugar", {"text": "tea", "without": ("milk", "sugar")}),
        ('tea -"hot milk" cup', {"text": "tea cup", "without": ("hot milk",)}),
        ("tea -\u201chot milk\u201d", {"text": "tea", "without": ("hot milk",)}),
        ("tea -semi-skimmed, please", {"text": "tea please", "without": ("semi skimmed",)}),
        ("tea -type:treatment", {"text": "tea", "without": ("type treatment",)}),
        ("type:treatment -milk", {"types": ("treatment",), "without": ("milk",)}),
        ("Charcot-Marie-Tooth 22q11.2-deletion", {"text": "Charcot-Marie-Tooth 22q11.2-deletion"}),
        ("tea - milk -- sugar --cup \u2013lemon", {"text": "tea milk sugar cup \u2013lemon"}),
        ('"tea"-milk', {"text": "tea milk", "phrases": ("tea",)}),
        ("(-milk) tea", {"text": "(-milk) tea"}),
        ("-milk", {"without": ("milk",)}),
        ("? -milk -sugar -", {"without": ("milk", "sugar")}),
        ('-"hot milk"', {"without": ("hot milk",)}),
        ('tea -"hot milk', {"text": "tea hot milk"}),
    ],
)
def test_a_minus_before_a_word_leaves_it_out(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("neuropath*", {"text": "neuropath", "prefixes": ("neuropath",)}),
        ("what is neuropath*?", {"text": "what is neuropath?", "prefixes": ("neuropath",)}),
        ("poly-neuro* tea", {"text": "poly-neuro tea", "prefixes": ("neuro",)}),
        ("type:tea*", {"text": "type:tea", "prefixes": ("tea",)}),
        ("hartnup~, tea", {"text": "hartnup, tea", "fuzzy": ("hartnup",)}),
        ("neu* ne* ne~", {"text": "neu ne* ne~", "prefixes": ("neu",)}),
        ("tea** tea*~ tea-* tea~2 *tea te*a", {"text": "tea** tea*~ tea-* tea~2 *tea te*a"}),
        ("tea * ~ cup", {"text": "tea cup"}),
    ],
)
def test_a_star_and_a_tilde_end_a_word(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type:treatment tea", {"text": "tea", "types": ("treatment",)}),
        ("tea TYPE:Treatment?", {"text": "tea", "types": ("treatment",)}),
        ('type:"exams and tests"', {"types": ("exams and tests",)}),
        ("type:exams-and-tests type:Exams_and_Tests", {"types": ("exams and tests",)}),
        ('type:diagnosis type:"How common"', {"types": ("exams and tests", "frequency")}),
        ('subject:"Hartnup  disease" tea', {"text": "tea", "subjects": ("Hartnup disease",)}),
        ("source:GARD, source:GHR tea", {"text": "tea", "sources": ("GARD", "GHR")}),
        ("--source:GARD", {"sources": ("GARD",)}),
        ("re: my knee, http://x.org type 1", {"text": "re: my knee, http://x.org type 1"}),
        ("type:tea type: treatment type:", {"text": "type:tea type: treatment type:"}),
        ('type:"treatment of tea"', {"text": "type: treatment of tea", "phrases": ("treatment of tea",)}),
        ('subject:"" source:? source:& tea', {"text": "subject: source:? source:& tea"}),
        ("\u017fource:tea", {"text": "\u017fource:tea"}),
        ("bloodtype:treatment (type:treatment)", {"text": "bloodtype:treatment (type:treatment)"}),
    ],
)
def test_a_prefix_narrows_and_an_unknown_one_is_plain_text(text: str, expected: dict[str, object]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize("kind", question_types(), ids=lambda kind: kind.id)
def test_each_kind_of_answer_goes_by_its_id_and_its_label(kind: QuestionType) -> None:
    for name in (kind.id, kind.label):
        assert told(f'type:"{name.upper()}"') == told(f"type:{name.replace(' ', '-')}") == {"types": (kind.id,)}


def test_filters_of_the_text_stand_beside_those_of_the_query_each_once() -> None:
    own = Query(types=("symptoms", "treatment"), sources=("GHR",), exact=True, page=3)
    asked = parse(replace(own, text="tea type:treatment type:causes source:GARD subject:cup -milk")).query
    assert (asked.types, asked.sources) == (("symptoms", "treatment", "causes"), ("GHR", "GARD"))
    assert asked.subjects == ("cup",)
    assert replace(asked, text="", types=own.types, sources=own.sources, subjects=()) == own


def test_a_filter_that_is_not_typed_does_not_change_what_a_minus_means() -> None:
    assert told("-milk", Query(types=("treatment",))) == {"without": ("milk",), "types": ("treatment",)}


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert told('"the\u0301 vert" caf\xe9*') == told('"th\xe9 vert" cafe\u0301*')


@pytest.mark.parametrize("signs", ['"', "-", "*", "~", "- ", '" ', '-"', '"-', "- * ~ ", "?!", "\u201c", "\0"])
def test_two_thousand_signs_ask_for_nothing(signs: str) -> None:
    assert told((signs * 2000)[:2000]) == {}


@given(st.lists(WORD), st.sampled_from([" ", "\t", "\n ", "\u3000"]))
def test_words_without_signs_come_back_in_order(words: list[str], blank: str) -> None:
    assert told(blank.join(words)) == ({"text": " ".join(words)} if words else {})


@given(SIGNED)
@example('"a"-type:treatment')
@example('type:"treatment x"')
@example('"type:treatment')
def test_any_text_is_a_question_and_what_is_left_of_it_is_plain(text: str) -> None:
    left = parse(Query(text)).text
    assert told(left) == ({"text": left} if left else {})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hartnup&#39;s disease", "hartnup's disease"),
        ("milk &amp; tea", "milk tea"),
        ("AT&T tea & milk;", "AT&T tea milk;"),
        ("cough w/fever", "cough with fever"),
        ("cough w/o fever, w/out rash", "cough without fever, without rash"),
        ("24w/fever 7/w", "24w/fever 7/w"),
    ],
)
def test_pasted_characters_and_shortened_prepositions_are_written_out(text: str, read: str) -> None:
    assert told(text) == {"text": read}
