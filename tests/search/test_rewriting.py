"""A query is rewritten into the words of the sheets: other spaces, hyphens, numerals, British and American spelling."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import Query, SearchEngine, open_index
from tests.search.library import library_of


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    folder: Path = tmp_path_factory.mktemp("clinic")
    titles = (
        ("Chickenpox",),
        ("Kidney stones",),
        ("Hemophilia B",),
        ("Iron-deficiency anemia",),
        ("Usher syndrome type 2",),
        ("Type IV bone storage", "BS IV"),
        ("Alpha-mannosidosis",),
        ("Fetal edema",),
        ("Multifocal motor neuropathy", "MMN"),
    )
    with open_index(library_of(folder, *titles).index) as engine:
        yield engine


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("chicken pox", "Chickenpox"),
        ("chicken-pox", "Chickenpox"),
        ("kidneystones", "Kidney stones"),
        ("haemophilia b", "Hemophilia B"),
        ("irondeficiency anaemia", "Iron-deficiency anemia"),
        ("usher syndrome type II", "Usher syndrome type 2"),
        ("usher syndrome type2", "Usher syndrome type 2"),
        ("type 4 bone storage", "Type IV bone storage"),
        ("\u03b1-mannosidosis", "Alpha-mannosidosis"),
        ("foetal oedema", "Fetal edema"),
        ("M.M.N.", "MMN"),
        ("m m n", "MMN"),
    ],
)
def test_a_name_is_the_subject_however_it_is_typed(clinic: SearchEngine, text: str, name: str) -> None:
    results = clinic.search(Query(text))
    assert [focus.name for focus in results.understood.focus] == [name]
    assert name in (results.hits[0].header.title, *results.hits[0].header.also_known_as)


def test_what_was_read_otherwise_than_typed_is_shown(clinic: SearchEngine) -> None:
    corrected = clinic.search(Query("how is haemophilia b treated")).understood.corrected
    assert [(one.typed, one.used) for one in corrected] == [("haemophilia b", "hemophilia b")]


@pytest.mark.parametrize("text", ["chicken pox", "kidneystones", "haemophilia"])
def test_an_exact_search_rewrites_nothing(clinic: SearchEngine, text: str) -> None:
    assert clinic.search(Query(text, exact=True)).understood.corrected == ()


def test_a_quoted_phrase_stays_as_it_is_typed(clinic: SearchEngine) -> None:
    results = clinic.search(Query('"chicken pox"'))
    assert (results.understood.corrected, results.total) == ((), 0)
