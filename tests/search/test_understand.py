"""How a question is read: what it names, what kind of answer it asks for, and that all of it is shown."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer import Query, SearchEngine
from indexer.language.analysis import fold, forms, function_terms, terms
from indexer.model import Concept, Understood

WORDS = (
    *("what", "is", "all", "ALL", "how", "treated", "treatment", "cause", "of", "the", "and", "or", "my", "son"),
    *("moyamoya", "moyamoia", "disease", "diseas", "bartter", "bartten", "batten", "syndrome", "sindrome", "hart"),
    *("heart", "usher", "type", "1", "2", "3", "GM1", "gm2", "22q11.2", "droopy", "eyelid", "eyelids", "ptosis"),
    *("throws", "up", "tummy", "pain", "neuropathy", "neuropaty", "CMT", "charcot-marie-tooth", "α-mannosidosis"),
    *("zebra", "quagga", "buttr", "butter", "neurop*", "moya*", "treatmnt~", "ptosys~", '"heart disease"', "-rest"),
    *("type:treatment", "type:tea", "subject:moyamoya", "???", "\u2026", "Guimar\u00e3es", "guimaraes"),
)
QUESTIONS = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def read(engine: SearchEngine, text: str, **more: bool) -> Understood:
    return engine.search(Query(text, **more)).understood  # type: ignore[arg-type]


def focus(engine: SearchEngine, text: str) -> list[str]:
    return [one.name for one in read(engine, text).focus]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("what is moyamoya disease", ["Moyamoya disease"]),
        ("MOYAMOYA   Disease?", ["Moyamoya disease"]),
        ("usher syndrome type 2", ["Usher syndrome type 2"]),
        ("is usher syndrome inherited", ["Usher syndrome"]),
        ("usher syndrome type 3", ["Usher syndrome"]),
        ("usher syndrome type 1 and usher syndrome type 2", ["Usher syndrome type 1", "Usher syndrome type 2"]),
        ("Batten disease or Bartter syndrome", ["Batten disease", "Bartter syndrome"]),
        ("bartter syndrome batten disease", ["Bartter syndrome", "Batten disease"]),
        ("what is bartter", ["Bartter syndrome"]),
        ("charcot marie tooth disease", ["Charcot-Marie-Tooth disease"]),
        ("Charc\u00f4t\u2011Marie\u2011Tooth Disease", ["Charcot-Marie-Tooth disease"]),
        ("\u03b1-mannosidosis", ["\u03b1-mannosidosis"]),
        ("\u0391 MANNOSIDOSIS", ["\u03b1-mannosidosis"]),
        ("guimaraes fever", ["Guimar\u00e3es fever"]),
        ("GUIMARA\u0303ES FEVER", ["Guimar\u00e3es fever"]),
        ("22q11.2 deletion", ["22q11.2 deletion syndrome"]),
        ("GM1-gangliosidosis", ["GM1 gangliosidosis"]),
        ("gm1 gangliosidosis", ["GM1 gangliosidosis"]),
        *((f"{name} disease", ["Parkinson's disease"]) for name in ("parkinsons", "parkinson", "Parkinson\u2019s")),
        ('"moyamoya disease" surgery', ["Moyamoya disease"]),
    ],
)
def test_the_focus_is_what_a_question_names_and_the_longest_name_wins(
    clinic: SearchEngine, text: str, names: list[str]
) -> None:
    assert focus(clinic, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("what is mmn", ["MMN"]),
        ("what is MMN", ["MMN"]),
        ("what is ALL", ["ALL"]),
        ("what is all", []),
        ("All about moyamoya disease", ["Moyamoya disease"]),
        ("cmt or CMT", ["CMT", "CMT"]),
        ("MNN", []),
    ],
)
def test_an_acronym_is_a_name_unless_it_is_an_english_word_in_small_letters(
    clinic: SearchEngine, text: str, names: list[str]
) -> None:
    assert focus(clinic, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("AS", ["AS"]),
        ("ATS", ["ATS"]),
        ("how is AS treated", ["AS"]),
        ("as", []),
        ("at", []),
        ("what is it as", []),
        ("WHAT IS IT AS", []),
    ],
)
def test_an_acronym_that_is_a_function_word_is_a_name_where_it_stands_out(
    starter: SearchEngine, text: str, names: list[str]
) -> None:
    assert focus(starter, text) == names


@pytest.mark.parametrize(
    "text",
    ["heart", "zebra fever", "prevention of zebra disease", "22q11.3 deletion", "GM2 gangliosidosis", "22q11 deletion",
     "periodic paralysis", "what is it", "disease", "type 1", ""],
)  # fmt: skip
def test_a_subject_that_is_not_here_is_never_claimed(clinic: SearchEngine, text: str) -> None:
    understood = read(clinic, text)
    assert (understood.focus, understood.covered) == ((), None)


def test_a_focus_has_its_words_as_typed_and_the_sheets_that_have_the_name(clinic: SearchEngine) -> None:
    (found,) = read(clinic, "How is BARTTER's  syndrome treated?").focus
    hit = clinic.search(Query("bartter syndrome")).hits[0]
    assert (found.matched, found.sheet_ids) == ("BARTTER's syndrome", (hit.header.id,))


def test_several_words_of_a_name_in_a_row_are_no_accident(clinic: SearchEngine, starter: SearchEngine) -> None:
    assert focus(clinic, "charcot-marie-tooth") == ["Charcot-Marie-Tooth disease"]
    assert focus(starter, "does lou gehrig's get handed down") == ["Lou Gehrig disease"]


def test_what_is_left_of_a_title_and_of_another_name_is_the_title(clinic: SearchEngine) -> None:
    assert focus(clinic, "moyamoya") == ["Moyamoya disease"]


@pytest.mark.parametrize(
    ("text", "kind", "covered"),
    [
        ("how is moyamoya disease treated", "treatment", True),
        ("treatment of moyamoya disease", "treatment", True),
        ("moyamoya disease", None, None),
        ("how can moyamoya disease be prevented", "prevention", False),
        ("what to do for moyamoya disease", "considerations", None),  # too wide: some answer may tell
        ("how is bartter syndrome inherited", "inheritance", False),
        ("symptoms of congenital ptosis", "symptoms", True),
        ("symptoms of batten disease", "symptoms", False),
        ("symptoms of batten disease and congenital ptosis", "symptoms", True),
        ("symptoms of zebra fever", "symptoms", None),
        ("how is it treated", "treatment", None),
        ("how is moyamoia disease treated", "treatment", True),
    ],
)
def test_the_kind_of_answer_is_said_and_whether_a_sheet_on_the_subject_has_it(
    clinic: SearchEngine, text: str, kind: str | None, covered: bool | None
) -> None:
    understood = read(clinic, text)
    assert (understood.type, understood.covered) == (kind, covered)


def test_a_question_counts_more_than_the_story_before_it(clinic: SearchEngine) -> None:
    story = "My son has congenital ptosis, and the lid hangs."
    for text in (f"{story} How is it treated?", f"{story} I want to know how it is treated"):
        assert clinic.search(Query(text)).hits[0].document.question_type == "treatment"


def test_where_the_kind_is_not_covered_the_other_answers_of_the_subject_are_offered(clinic: SearchEngine) -> None:
    hits = clinic.search(Query("how can moyamoya disease be prevented")).hits
    assert [hit.header.title for hit in hits[:2]] == ["Moyamoya disease"] * 2


@pytest.mark.parametrize("text", ["droopy eyelid", "Droopy eyelids?", "my son has a droopy eyelid"])
def test_everyday_words_bring_what_sheets_say_for_them_and_that_is_shown(clinic: SearchEngine, text: str) -> None:
    results = clinic.search(Query(text))
    (shown,) = results.understood.synonyms
    assert (shown.typed.casefold().rstrip("s"), shown.used) == ("droopy eyelid", ("ptosis",))
    assert results.hits[0].header.title == "Congenital ptosis"
    assert read(clinic, text).corrected == ()


@pytest.mark.parametrize("text", ["ptosis", "droopy", "eyelid"])
def test_everyday_words_go_one_way_and_only_whole(clinic: SearchEngine, text: str) -> None:
    assert read(clinic, text).synonyms == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("moyamoya zebra", ("zebra",)),
        ("zebra Quagga moyamoya", ("zebra", "Quagga")),
        ("moyamoia", ()),
        ("droopy eyelid", ()),
        ("22q11.3 deletion", ("22q11.3",)),
        ("the zebra of it", ("zebra",)),
    ],
)
def test_words_that_stand_nowhere_are_named(clinic: SearchEngine, text: str, missing: tuple[str, ...]) -> None:
    results = clinic.search(Query(text))
    assert results.understood.missing == missing
    assert all(set(missing) <= set(hit.missing) for hit in results.hits)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ('"butter in the name"', ["Congenital ptosis"]),
        ('"name the butter"', []),
        ("moyamoya -treated", ["Moyamoya disease"]),
        ('usher type -"type 1" -"type 2"', ["Usher syndrome"] * 2),
        ("type:treatment bartter batten", ["Bartter syndrome", "Batten disease"]),
        ('bartter "batten"', ["Batten disease"] * 2),
        ('subject:"heart disease"', ["Heart disease"]),
        ("subject:heart-disease", []),
        ("source:nobody moyamoya", []),
        ("moyamoya type:prevention", []),
    ],
)
def test_what_is_written_beside_words_narrows_what_is_found(clinic: SearchEngine, text: str, titles: list[str]) -> None:
    assert sorted(hit.header.title for hit in clinic.search(Query(text)).hits) == titles


@pytest.mark.parametrize(
    "text",
    ["how is moyamoia treated", "droopy eyelid", "what is ALL", "hyprkalemic periodic paralysis", "what is it",
     "symptoms of batten disease"],
)  # fmt: skip
def test_exact_reads_nothing_into_a_question(clinic: SearchEngine, text: str) -> None:
    understood = read(clinic, text, exact=True)
    concepts = tuple(Concept(word, ((terms(word)[0],),)) for word in text.split())
    assert understood == Understood(concepts=concepts, missing=understood.missing)
    assert set(understood.missing) <= set(text.split())


@pytest.mark.parametrize("text", ["what is it", "the of", "IS IT?"])
def test_only_function_words_are_searched_as_they_stand(clinic: SearchEngine, text: str) -> None:
    results = clinic.search(Query(text))
    assert results.total
    assert [concept.typed for concept in results.understood.concepts] == text.rstrip("?").split()


@pytest.mark.parametrize("text", ["?", "???", "\u2026 -- \u201d", '"', '""', "*", "~ -", "- - -", "\0", "\U0001f600"])
def test_only_punctuation_finds_nothing_and_breaks_nothing(clinic: SearchEngine, text: str) -> None:
    results = clinic.search(Query(text))
    assert (results.total, results.understood) == (0, Understood(concepts=()))


@pytest.mark.parametrize("text", ["heart disease", "Heart Diseases", "hart disease", '"heart disease"', "heart diseas"])
def test_heart_disease_never_marks_dispose(clinic: SearchEngine, text: str) -> None:
    (hit,) = (hit for hit in clinic.search(Query(text)).hits if hit.header.title == "Heart disease")
    marked = {hit.document.answer[start:end] for snippet in hit.snippets for start, end in snippet.marks}
    assert marked <= {"heart", "Diseases"}


@given(text=st.text(max_size=2000) | st.lists(st.sampled_from(WORDS), max_size=200).map(" ".join))
@example(text="x" * 2000)
@example(text="moyamoia " * 222)
@example(text="hyprkalemic bartten " * 100)
@example(text="droopy eyelid " * 140)
@example(text="neu* " * 400)
@example(text='"' * 2000)
def test_two_thousand_characters_of_anything_are_a_question(clinic: SearchEngine, text: str) -> None:
    results = clinic.search(Query(text[:2000]))
    assert len(results.hits) == min(10, results.total)


def silent(understood: Understood, text: str) -> list[str]:
    """Return terms that are searched and neither typed nor told."""
    typed = {term for _, term in forms(text)}
    told = {term for one in understood.corrected for term in terms(one.used)}
    told |= {term for one in understood.synonyms for used in one.used for term in terms(used)}
    signed = [fold(word.rstrip("*~")) for word in text.split() if word[-1] in "*~"]
    searched = {term for concept in understood.concepts for terms in concept.alternatives for term in terms}
    return [term for term in searched - typed - told if not any(term[:3] == sign[:3] for sign in signed)]


@given(text=QUESTIONS)
@example(text="how is moyamoia treated for a droopy eyelid")
@example(text="hyprkalemic bartten treatmnt")
def test_nothing_is_searched_in_silence(clinic: SearchEngine, text: str) -> None:
    understood = read(clinic, text)
    assert silent(understood, text) == []
    for concept in understood.concepts:
        assert concept.typed in text
    for correction in understood.corrected:
        assert correction.typed in text
    assert all(one.typed.split()[0] in text for one in understood.synonyms)


@given(text=QUESTIONS)
def test_what_is_typed_stays_in_the_question_but_for_function_words_and_misspelt_ones(
    clinic: SearchEngine, text: str
) -> None:
    understood = read(clinic, text)
    searched = {concept.alternatives[0][0] for concept in understood.concepts}
    misspelt = {one.typed for one in understood.corrected}
    for word, (term,) in ((one.typed, one.alternatives[0]) for one in read(clinic, text, exact=True).concepts):
        assert term in searched or term in function_terms() or word in misspelt
