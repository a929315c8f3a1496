"""What a snippet shows of an answer: which sentences, which words marked, where it is cut.

Fragments are told as text: «word» is marked, … stands on a side that was cut, ¶ where a block ends.
"""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.schema import searched_text
from indexer.index.words import packed_words
from indexer.language.analysis import analyse, terms
from indexer.language.sentences import sentences_to_show
from indexer.model import AnswerBlock, BlockKind, Citation, Document, Snippet
from indexer.search.marks import Mark, marks
from indexer.search.snippets import snippets
from indexer.settings import SNIPPET_CHARS, SNIPPET_FRAGMENTS

KINDS: dict[str, BlockKind] = {"- ": "list_item", "# ": "heading", "| ": "table_row"}
#: A sentence of 109 characters about nothing that is asked for.
FILLER = "Nobody who was there that evening could say afterwards why the lamps went out, or who had lit the candles up."
LONG = "after supper the old keeper walked round the silent pond and counted ducks " * 5


def document(*blocks: str, shared: str = "") -> Document:
    """Return an answer of blocks ("- item", "# heading"); [1] is a marker, `shared` what many sheets have."""
    found, texts, at = [], [], 0
    for block in blocks:
        kind: BlockKind = KINDS.get(block[:2], "paragraph")
        texts.append(block if kind == "paragraph" else block[2:])
        found.append(AnswerBlock(kind, at, at + len(texts[-1])))
        at += len(texts[-1]) + 2
    answer = "\n\n".join(texts)
    uses = tuple(Citation(int(one[1]), one.start(), one.end(), None) for one in re.finditer(r"\[(\d+)\]", answer))
    start = answer.find(shared) if shared else -1
    passages = ((start, start + len(shared)),) if start >= 0 else ()
    return Document("sheet.answer", "Question?", None, answer, tuple(found), uses, None, shared=passages)


def told(snippet: Snippet) -> str:
    text = snippet.text
    for start, end in reversed(snippet.marks):
        first, last = start - snippet.start, end - snippet.start
        text = f"{text[:first]}«{text[first:last]}»{text[last:]}"
    whole = ("… " if snippet.cut_before else "") + text + (" …" if snippet.cut_after else "")
    return whole.replace("\n\n", " ¶ ")


def marked(answer: Document, asked: set[str], phrases: list[list[str]] | None = None) -> list[Mark]:
    return marks(answer.answer, packed_words(searched_text(answer)), asked, phrases or [])


def snippets_of(answer: Document, asked: set[str], phrases: list[list[str]] | None = None) -> tuple[Snippet, ...]:
    return snippets(answer, sentences_to_show(answer), marked(answer, asked, phrases or []))


def shown(answer: Document, question: str, *phrases: str) -> list[str]:
    return [told(one) for one in snippets_of(answer, set(terms(question)), [terms(phrase) for phrase in phrases])]


def analysed(text: str, asked: set[str] | None = None) -> list[Mark]:
    """Return the words of a text that have one of some terms, or all of them, from the analysis of all of it."""
    return [(start, end, term) for term, start, end in analyse(text) if asked is None or term in asked]


@pytest.mark.parametrize(
    ("question", "blocks", "expected"),
    [
        # most distinct words, not most words
        (
            "tea fever",
            [f"Tea, tea and tea. {FILLER} {FILLER} {FILLER} Tea cures fever."],
            [f"… {FILLER} {FILLER} «Tea» cures «fever»."],
        ),
        # nearest to each other, then earliest
        (
            "tea fever",
            [f"Tea is drunk in the north against colds and fever. {FILLER} {FILLER}", f"# {FILLER}", "A fever of tea."],
            ["… A «fever» of «tea»."],
        ),
        ("tea", ["Tea is warm.", f"{FILLER} {FILLER}", "Tea is wet."], ["«Tea» is warm. …"]),
        # a word that the first lacks brings a second fragment, in the answer's order
        (
            "tea fever rash",
            [f"A rash comes first. {FILLER}", f"{FILLER} {FILLER}", "Tea cures fever."],
            [f"A «rash» comes first. {FILLER} …", "… «Tea» cures «fever»."],
        ),
        # whole words are marked, never the stem, and nothing that only begins alike
        ("heart disease", ["Dispose of tea. The heart's diseases."], ["Dispose of tea. The «heart's» «diseases»."]),
        ("dying", ["He dies. Die!"], ["He «dies». «Die»!"]),
        (
            "happy sky hope probable",
            ["Happiness of skies, hoping, probability."],
            ["«Happiness» of «skies», «hoping», «probability»."],
        ),
        ("o'brien ecole", ["O\u2019Brien saw the École's door."], ["«O\u2019Brien» saw the «École's» door."]),
        ("22q11.2 gm1", ["At 22q11.2, not 22q11, is anti-GM1."], ["At «22q11.2», not 22q11, is anti-«GM1»."]),
        # nothing found: the beginning
        ("zebra", ["It is tea.", "It is warm."], ["It is tea. …"]),
        # a heading brings what follows it
        ("treatment", ["It is rare.", "# Treatment", "Drink tea."], ["… «Treatment» ¶ Drink tea."]),
    ],
)  # fmt: skip
def test_the_sentences_that_say_most_of_what_was_asked_are_shown(
    question: str, blocks: list[str], expected: list[str]
) -> None:
    assert shown(document(*blocks), question) == expected


@pytest.mark.parametrize(
    ("question", "blocks", "expected"),
    [
        ("tea", ["What is tea fever? Tea fever is warm."], ["… «Tea» fever is warm."]),
        ("tea", ["“What is tea fever?”[1] It is warm."], ["… It is warm."]),
        ("tea", ["What is tea fever?", "- It is warm."], ["… It is warm."]),
        ("fever", ["The treatment of fever is tea. Is it?"], ["The treatment of «fever» is tea. Is it?"]),
        ("tea", ["Is it tea?"], ["Is it «tea»?"]),  # there is nothing else
    ],
)
def test_a_question_that_opens_the_answer_is_not_shown(question: str, blocks: list[str], expected: list[str]) -> None:
    assert shown(document(*blocks), question) == expected


SIGNS = ["Signs vary. They may include:", *(f"- Sign {name}" for name in "abcdefgh"), f"- {FILLER}", f"- {FILLER}"]


@pytest.mark.parametrize(
    ("question", "blocks", "expected"),
    [
        ("rash", ["It may bring:", "- A rash", "- Warmth", "Then it goes."], ["It may bring: ¶ A «rash» …"]),
        ("rash", ["It may bring:", "- Warmth", "- A rash"], ["It may bring: ¶ Warmth ¶ A «rash»"]),
        ("rash", [*SIGNS, "- A rash"], ["Signs vary. They may include: …", "… A «rash»"]),
        ("rash", [*SIGNS, "- A rash", "- No", "- More rash", "- x"],
         ["Signs vary. They may include: …", "… A «rash» ¶ No ¶ More «rash» …"]),
        ("bring", ["It may bring:", "- A rash", "- Warmth", "Then it goes."], ["It may «bring»: ¶ A rash ¶ Warmth …"]),
    ],
)  # fmt: skip
def test_an_item_of_a_list_is_shown_with_what_leads_in_to_it(
    question: str, blocks: list[str], expected: list[str]
) -> None:
    assert shown(document(*blocks), question) == expected


def test_an_item_and_a_lead_in_that_are_both_too_long_are_both_cut() -> None:
    lead, item = shown(document(f"{LONG}:", f"- {LONG} rash", f"- {LONG} warmth"), "warmth")
    assert lead.startswith("after supper")
    assert lead.endswith(" …")
    assert item.startswith("… ")
    assert item.endswith("«warmth»")


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (["puff of smoke"], "A puff, then a «puff» «of» «smoke»[1]. Smoke of a puff."),
        (["smoke smoke"], "A puff, then a puff of «smoke»[1]. «Smoke» of a puff."),  # as the index finds it
        (["then puff"], "A puff, then a puff of smoke[1]. Smoke of a puff."),
    ],
)
def test_a_quoted_phrase_marks_only_the_phrase(phrases: list[str], expected: str) -> None:
    answer = document("A puff, then a puff of smoke[1]. Smoke of a puff.")
    assert shown(answer, "", *phrases) == [expected]


def test_a_word_of_a_phrase_that_is_asked_for_by_itself_is_marked_everywhere() -> None:
    assert shown(document("Smoke. A puff of smoke."), "smoke", "puff of smoke") == ["«Smoke». A «puff» «of» «smoke»."]


def test_a_shared_passage_is_neither_shown_nor_marked_nor_counted() -> None:
    note = "Tea is counted. It is not tea."
    answer = document(f"It is warm. {note} Then it is over.", shared=note)
    assert shown(answer, "tea") == ["It is warm. …"]
    assert shown(answer, "over") == ["… Then it is «over»."]
    assert {term for _, _, term in marked(answer, {"tea", "warm"})} == {"warm"}
    assert snippets_of(document(f"What is it? {note}", shared=note), {"tea"}) == ()


def test_markers_stay_with_their_sentence_and_are_never_marked() -> None:
    (first,) = snippets_of(document(f"It is 1.[1] [2] {FILLER} {FILLER} {FILLER}"), {"1"})
    assert told(first) == f"It is «1».[1] [2] {FILLER} {FILLER} …"
    assert [use.number for use in first.citations] == [1, 2]


@pytest.mark.parametrize("whole", ["20 mg", "5 years", "3.5 %", "5 - 10 days", "> 3 cups", "tea[1]", "tea [1] [2]"])
def test_a_long_sentence_is_not_cut_inside_a_word_or_a_quantity_or_before_a_marker(whole: str) -> None:
    for size in range(SNIPPET_CHARS - 30, SNIPPET_CHARS + 5):
        before = f"rash {LONG}"[:size].rstrip() + " "
        (one,) = snippets_of(document(f"{before}{whole} {LONG}"), {"rash"})
        assert not len(before) < len(one.text) < len(before) + len(whole)
        assert (before + whole + " " + LONG)[len(one.text)] == " "
        assert SNIPPET_CHARS - 30 < len(one.text) <= SNIPPET_CHARS


def test_the_words_in_the_middle_of_a_long_sentence_are_shown_with_what_stands_before_them() -> None:
    (one,) = shown(document(f"{LONG}tea cures fever {LONG}"), "tea fever")
    assert re.search(r"… .{20,60} «tea» cures «fever» .* …$", one)


WORDS = (
    "5% tea teas Tea's fever O'Tea téa tea-fever 5 20 mg 5% 3.5 % What is it? e.g. [1] [2] ducks İ K ﬁ dying".split()
)
SENTENCES = st.lists(st.sampled_from([*WORDS, *(f"{word}." for word in WORDS)]), min_size=1, max_size=60).map(" ".join)
BLOCKS = st.lists(
    st.tuples(st.sampled_from(["", "", "- ", "# ", "| "]), SENTENCES).map("".join), min_size=1, max_size=6
)
ANSWERS = BLOCKS.flatmap(
    lambda blocks: st.sampled_from(["", *blocks, "fever", "ducks 5"]).map(lambda some: document(*blocks, shared=some))
)
ASKED = st.sets(st.sampled_from(["tea", "fever", "die", "5", "mg", "otea", "i", "k", "fi", "what", "duck", "percent"]))
PHRASES = st.lists(st.sampled_from([["tea", "fever"], ["20", "mg"], ["tea", "tea"]]), max_size=2)


@given(ANSWERS, ASKED, PHRASES)
def test_a_snippet_is_made_of_parts_of_its_answer(answer: Document, asked: set[str], phrases: list[list[str]]) -> None:
    found = snippets_of(answer, asked, phrases)
    assert len(found) <= SNIPPET_FRAGMENTS
    assert sum(len(one.text) for one in found) <= SNIPPET_CHARS
    tokens = {(token.start, token.end) for token in analyse(searched_text(answer))}
    for one in found:
        start, end = one.start, one.start + len(one.text)
        assert one.text == answer.answer[start:end] == one.text.strip() != ""
        assert one.cut_before == (start > 0)
        assert one.cut_after == (end < len(answer.answer))
        assert set(one.marks) <= tokens
        assert all(start <= first < last <= end for first, last in one.marks)
        assert not any(first < end and start < last for first, last in answer.shared)
        assert not any(use.start < start < use.end or use.start < end < use.end for use in answer.citations)
        assert not any(first < start < last or first < end < last for first, last in tokens)
    assert all(one.start + len(one.text) <= other.start for one, other in pairwise(found))


@given(ANSWERS, ASKED)
def test_words_are_found_where_the_analysis_of_the_whole_answer_has_them(answer: Document, asked: set[str]) -> None:
    assert marked(answer, asked) == analysed(searched_text(answer), asked)


@given(st.text().map(lambda text: text.replace("[", "")))
def test_every_word_of_any_text_is_found_by_its_term(text: str) -> None:
    assert marked(document(f"x{text}"), set(terms(f"x{text}"))) == analysed(f"x{text}")


#: What Snowball's English stemmer takes away or changes.
ENDINGS = """s es ies ied y ying ed ing ingly edly eed ational tional enci anci abli entli izer ization ator alism aliti
alli fulness ousli ousness iveness iviti biliti bli logi fulli lessli icate ative alize iciti ical ful ness ence able
ible ant ement ment ent ism ate iti ous ive ize ion e ability ibility ation ly ogy 's""".split()


@given(st.text("abcdeilnostuvxyz", min_size=1, max_size=6), st.lists(st.sampled_from(ENDINGS), max_size=2))
def test_words_are_found_whatever_the_stemmer_took_away(beginning: str, endings: list[str]) -> None:
    word = "".join([beginning, *endings])
    assert marked(document(word), set(terms(word))) == analysed(word)
