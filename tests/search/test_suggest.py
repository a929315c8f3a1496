"""Suggestions while typing: which names, in which order, and when answers."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexer import Query, SearchEngine, open_index
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold, words
from indexer.model import Suggestion
from indexer.search import suggest as module
from indexer.search.suggest import suggest
from tests.search.conftest import CLINIC
from tests.search.library import ANSWERS, Library, Sheet, misspelt

TITLES = [title for title, _, _ in CLINIC]
NAMES = [name for title, others, _ in CLINIC for name in (title, *others)]


def names(engine: SearchEngine, text: str, limit: int = 8) -> list[str]:
    return [one.text for one in engine.suggest(text, limit) if one.kind == "subject"]


def answers(engine: SearchEngine, text: str) -> list[str]:
    return [one.text for one in engine.suggest(text) if one.kind == "answer"]


def spelt(text: str) -> list[str]:
    """Return the words of a name or of what is typed: without case, accents, hyphens and apostrophes."""
    return [part for word in words(fold(text).replace("'", "")) for part in word.split(".")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mo", ["Moyamoya disease", "Moyamoya disorder", "Multifocal motor neuropathy"]),
        ("us", ["Usher syndrome", "Usher syndrome type 1", "Usher syndrome type 2"]),
        ("syn", ["Usher syndrome", "Bartter syndrome", "Usher syndrome type 1", "Usher syndrome type 2",
                 "22q11.2 deletion syndrome"]),
        ("syndrome usher", ["Usher syndrome", "Usher syndrome type 1", "Usher syndrome type 2"]),
        ("usher type 2", ["Usher syndrome type 2"]),
        ("usher type", ["Usher syndrome type 1", "Usher syndrome type 2"]),
        ("periodic hypo", ["Hypokalemic periodic paralysis"]),
        ("dis", ["Heart disease", "Batten disease", "Moyamoya disease", "Parkinson's disease",
                 "Charcot-Marie-Tooth disease", "Moyamoya disorder"]),
        ("MM", ["MMN"]),
        ("cmt", ["CMT"]),
        ("all", ["ALL"]),
        ("22q11.2 del", ["22q11.2 deletion syndrome"]),
        ("22q", ["22q11.2 deletion syndrome"]),
        ("gm1", ["GM1 gangliosidosis"]),
        ("zebra", []),
        ("moyamoya zebra", []),
        ("oyamoya", ["Moyamoya disease", "Moyamoya disorder"]),  # one error: a letter is missing
        ("yamoya", []),
    ],
)  # fmt: skip
def test_names_have_every_word_and_those_that_begin_so_come_first(
    clinic: SearchEngine, text: str, expected: list[str]
) -> None:
    assert names(clinic, text) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["moya moya disea", "moyamoyadisea", "moya-moya disea"], "Moyamoya disease"),
        (["usher syndrome type2", "usher syndrome type II", "ushersyndrome type ii"], "Usher syndrome type 2"),
        (["alpha mann", "alphamannosidosis"], "\u03b1-mannosidosis"),
        (["22q11.2deletion"], "22q11.2 deletion syndrome"),
        (["C.M.T.", "C M T"], "CMT"),
        (["acute lymphoblastic leukaem"], "Acute lymphoblastic leukemia"),
        (["guimaraes", "GUIMAR\u00c3ES", "guimara\u0303es f", " Guimar\u00e3es,"], "Guimar\u00e3es fever"),
        (["charcot marie", "Charcot-Marie", "CHARCOT\u2011MARIE\u2011TOOTH"], "Charcot-Marie-Tooth disease"),
        (["parkinsons", "parkinson's d", "Parkinson\u2019s", "parkinson disease", "parkinson'"], "Parkinson's disease"),
        (["\u03b1-mann", "\u0391 mannosidosis", "mannosidosis"], "\u03b1-mannosidosis"),
        (["gm1-gang", "GM1 Gangliosidosis"], "GM1 gangliosidosis"),
    ],
)  # fmt: skip
def test_case_accents_hyphens_and_apostrophes_make_no_difference(
    clinic: SearchEngine, texts: list[str], expected: str
) -> None:
    assert [names(clinic, text) for text in texts] == [[expected]] * len(texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moyamoia", ["Moyamoya disease", "Moyamoya disorder"]),
        ("moyamiya dis", ["Moyamoya disease", "Moyamoya disorder"]),
        ("moyamoya diz", []),  # too short
        ("moyamoya dizeas", ["Moyamoya disease"]),
        ("htperk", ["Hyperkalemic periodic paralysis"]),
        ("hyprk", ["Hypokalemic periodic paralysis", "Hyperkalemic periodic paralysis"]),
        ("ushre synd", ["Usher syndrome", "Usher syndrome type 1", "Usher syndrome type 2"]),
        ("paralysis hyprkalemic", ["Hypokalemic periodic paralysis", "Hyperkalemic periodic paralysis"]),
        ("bartten", ["Batten disease", "Bartter syndrome"]),
        ("ushre sindrome", ["Usher syndrome"]),  # two errors, as a search corrects them
        ("surgery for ushre syndrome", ["Usher syndrome"]),
        ("mnn", []),
    ],
)
def test_one_typing_error_is_taken_back_when_no_name_has_what_was_typed(
    clinic: SearchEngine, text: str, expected: list[str]
) -> None:
    assert names(clinic, text) == expected


@given(name=st.sampled_from(NAMES), cut=st.integers(2, 40))
def test_every_beginning_of_a_name_suggests_it(clinic: SearchEngine, name: str, cut: int) -> None:
    assume(len("".join(spelt(name[:cut]))) >= 2)
    assert name in names(clinic, name[:cut], 2 * len(NAMES))


@given(
    name=st.sampled_from(NAMES), cut=st.integers(4, 40), place=st.integers(0, 40), letter=st.integers(0, 40),
    error=st.sampled_from(["less", "more", "swap"]),
)  # fmt: skip
def test_every_beginning_of_a_name_with_one_error_suggests_it_unless_another_has_that(
    clinic: SearchEngine, name: str, cut: int, place: int, letter: int, error: str
) -> None:
    typed = spelt(name[:cut])
    place %= len(typed)
    assume(len(typed[place]) > 4 and typed[place].isascii() and typed[place].isalpha())
    typed[place] = misspelt(typed[place], letter, error)
    found = names(clinic, " ".join(typed), 2 * len(NAMES))
    assert name in found or any(has(other, typed) for other in found)


def has(name: str, typed: list[str], errors: int = 0) -> bool:
    """Return whether a name has all words, the last as the beginning of one, with so many errors in one of them."""
    there = spelt(name)
    begun = [*there, *(word[:end] for word in there for end in range(len(word)))]
    fits = [
        min(OSA.distance(word, other) for other in (begun if at == len(typed) - 1 else there))
        for at, word in enumerate(typed)
    ]
    return sum(fits) <= errors and all(not fit or len(word) >= 4 for fit, word in zip(fits, typed, strict=True))


@given(
    text=st.lists(st.sampled_from([word for name in NAMES for word in spelt(name)]) | st.text("aehmost", max_size=6))
)
def test_what_is_suggested_is_every_name_that_fits_and_no_other(clinic: SearchEngine, text: list[str]) -> None:
    typed = [word for word in text if word]
    assume(len("".join(typed)) >= 2)
    joined = "".join(typed)
    fits = [name for name in NAMES if has(name, typed) or "".join(spelt(name)).startswith(joined)]
    fits = fits or [name for name in NAMES if has(name, typed, 1)]
    order = [
        (spelt(name) != typed, not " ".join(spelt(name)).startswith(" ".join(typed)), name not in TITLES, len(name))
        for name in names(clinic, " ".join(typed), 100)
    ]
    read = clinic.search(Query(" ".join(typed))).understood
    as_searched = {one.name for one in read.focus} | {one.name for one in read.alternatives}
    if not fits:
        assert set(names(clinic, " ".join(typed), 100)) <= as_searched
        return
    assert sorted(names(clinic, " ".join(typed), 100)) == sorted(fits)
    assert order == sorted(order) or not has(fits[0], typed)


@pytest.mark.parametrize("text", ["", "m", "\u03b1", " m ", "?", "\u2026 -", "m ' -", "\0"])
def test_less_than_two_letters_suggest_nothing(clinic: SearchEngine, text: str) -> None:
    assert clinic.suggest(text) == ()


@given(text=st.text(max_size=2000))
@example(text="moyamoya " * 222)
@example(text="x" * 2000)
@example(text="mo" + "\u0300" * 500)
@example(text='type:"mo')
@example(text="-moyamoya source:mo")
def test_any_text_may_be_typed_and_eight_are_the_most(clinic: SearchEngine, text: str) -> None:
    found = clinic.suggest(text)
    assert len(found) <= 8
    assert [one.kind for one in found] == sorted((one.kind for one in found), reverse=True)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moy", []),
        ("moyamoya", ["What is Moyamoya disease?", "How is Moyamoya disease treated?"]),
        ("how is moyam", ["What is Moyamoya disease?", "How is Moyamoya disease treated?"]),
        ("MMN", ["What is Multifocal motor neuropathy?", "How is Multifocal motor neuropathy treated?"]),
        ("droopy eyelid", ["What are the symptoms of Congenital ptosis?", "How is Congenital ptosis treated?"]),
        ("what is", []),
        ("zebra quag", []),
        ("moyamoya source:nobody", []),
    ],
)
def test_answers_come_once_a_word_is_whole(clinic: SearchEngine, text: str, expected: list[str]) -> None:
    assert sorted(answers(clinic, text)[:2]) == sorted(expected)


def test_names_and_answers_share_the_room(clinic: SearchEngine) -> None:
    for limit in (1, 2, 5, 8):
        kinds = [one.kind for one in clinic.suggest("disease", limit)]
        assert kinds == ["subject"] * (limit // 2) + ["answer"] * (limit - limit // 2)
    assert [one.kind for one in clinic.suggest("dis")] == ["subject"] * 6
    assert [one.kind for one in clinic.suggest("how is a disease treat")] == ["answer"] * 8


@pytest.fixture
def library(tmp_path: Path) -> Callable[..., tuple[Suggestion, ...]]:
    """A function that suggests from sheets that have (title, other names)."""

    def suggestions(text: str, *sheets: tuple[str, ...]) -> tuple[Suggestion, ...]:
        library = Library(tmp_path)
        for number, (title, *others) in enumerate(sheets):
            library.write(str(number), Sheet(title, tuple(others), None, None, ANSWERS))
        library.build()
        with open_index(library.index) as engine:
            return engine.suggest(text)

    return suggestions


def test_an_other_name_says_of_which_subject(clinic: SearchEngine) -> None:
    (found, *_) = clinic.suggest("mmn")
    sheet = clinic.sheet(found.id or "")
    assert sheet is not None
    assert (found.text, found.subject, sheet.header.title) == ("MMN", sheet.header.title, "Multifocal motor neuropathy")
    assert {one.subject for one in clinic.suggest("moyamoya dis")} == {None, "Moyamoya disease"}


def test_a_name_of_several_sheets_leads_to_none_of_them(library: Callable[..., tuple[Suggestion, ...]]) -> None:
    found = library("zi", ("Brass chill", "Zinc fever"), ("Copper chill", "zinc fever"), ("Tin cough", "Zinnia"))
    assert found == (
        Suggestion("subject", "Zinnia", found[0].id, "Tin cough"),
        Suggestion("subject", "Zinc fever", None, None),
    )


def test_questions_that_read_alike_are_suggested_once(library: Callable[..., tuple[Suggestion, ...]]) -> None:
    found = library("zinc", ("Zinc fever",), ("ZINC fever",))
    asked = ["how is zinc fever treated?", "what is zinc fever?"]
    assert sorted(one.text.casefold() for one in found) == [*asked, "zinc fever"]


def test_what_is_gone_is_not_suggested(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for name in ("Zinc fever", "Zinc cough", "Zinc ache", "Tin ache"):
        library.write(name, Sheet(name, (), None, None, ANSWERS))
    library.build()
    with open_index(library.index) as engine:
        assert names(engine, "zin") == ["Zinc ache", "Zinc cough", "Zinc fever"]
        library.remove("Zinc cough")
        library.write("Zinc ache", Sheet("Zinc pain", (), None, None, ANSWERS))
        library.build()
        assert names(engine, "zinc") == ["Zinc pain", "Zinc fever"]
        assert sorted(answers(engine, "zinc")) == sorted(
            asks.format(name) for name in ("Zinc fever", "Zinc pain") for asks, _ in ANSWERS
        )


def test_what_is_looked_up_is_built_once_and_goes_with_its_snapshot(clinic: SearchEngine, tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.write("a", Sheet("Zinc fever", (), None, None, ANSWERS))
    library.build()
    snapshot: Snapshot | None = library.open()
    assert snapshot is not None
    assert suggest(snapshot, "zi")
    built = weakref.ref(module._lookups[snapshot])
    assert suggest(snapshot, "zinc")
    assert module._lookups[snapshot] is built()
    snapshot.close()
    snapshot = None
    gc.collect()
    assert built() is None
