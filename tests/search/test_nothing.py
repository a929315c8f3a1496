"""Zero results: what happened, word by word and filter by filter, and the names nearest to what was typed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer import Query, SearchEngine, build_index, open_index
from indexer.index.snapshot import Snapshot
from indexer.model import NearName, Nothing, WithoutFilter, WordTotal, partial_date
from indexer.search.search import asked_of, search
from indexer.search.syntax import FILTERS
from indexer.search.understand import understand
from tests.conftest import data
from tests.search import exhaustive
from tests.search.exhaustive import Answer
from tests.search.library import ANSWERS, QUERIES, TEXTS, UNKNOWN, Library, Sheet, edited_collection

_OPENED: list[tuple[Snapshot, list[Answer]]] = []


@pytest.fixture(autouse=True, scope="module")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    snapshot = edited_collection(tmp_path_factory.mktemp("collection")).open()
    _OPENED.append((snapshot, exhaustive.read(snapshot)))
    yield
    _OPENED.clear()
    snapshot.close()


def of(engine: SearchEngine, query: Query | str) -> Nothing:
    nothing = engine.search(query if isinstance(query, Query) else Query(query)).nothing
    assert nothing is not None
    return nothing


def near(engine: SearchEngine, text: str) -> list[str]:
    return [one.name for one in of(engine, Query(text, exact=True)).near]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zebra", [("zebra", 0)]),
        ("zebra quagga zebra", [("zebra", 0), ("quagga", 0)]),
        ('"usher disease"', [('"usher disease"', 0), ("usher", 6), ("disease", 9)]),
        ('"usher syndrome" "rest" zebra -usher',
         [('"usher syndrome"', 6), ("usher", 6), ("syndrome", 10), ("rest", 16), ("zebra", 0)]),
        ('"pills treatment"', [('"pills treatment"', 0), ("pills", 1), ("treatment", 17)]),
        ('"two quaggas" "two quaggas"', [('"two quaggas"', 0), ("two", 0), ("quaggas", 0)]),
        (" ".join(f"zebra{number}" for number in range(20)), [(f"zebra{number}", 0) for number in range(8)]),
        ("?!", []),
    ],
)  # fmt: skip
def test_every_word_that_counts_and_every_phrase_says_how_many_answers_it_finds_alone(
    clinic: SearchEngine, text: str, words: list[tuple[str, int]]
) -> None:
    assert of(clinic, text).words == tuple(WordTotal(*word) for word in words)
    for word, total in words:
        assert clinic.search(Query(word)).total == total


@settings(max_examples=150)
@given(QUERIES, st.sampled_from(["", *UNKNOWN, *map('"{} zebra"'.format, UNKNOWN), "-hearts"]))
@example(Query("heart", types=("treatment", "causes"), sources=("nobody", "LAUC")), "")
@example(Query("", types=("outlook",), updated_from=partial_date("2031")), "")
@example(Query("", subjects=("nobody",), updated_from=partial_date("2013"), updated_to=partial_date("2014")), "")
@example(Query('heart type:treatment source:nobody subject:"usher syndrome"'), "")
def test_every_total_is_that_of_the_search_which_it_promises(query: Query, more: str) -> None:
    snapshot, answers = _OPENED[0]
    query = replace(query, text=f"{query.text} {more}".strip())
    asked, results = asked_of(snapshot, query), search(snapshot, query)
    assert (results.nothing is None) == (results.total > 0)
    if results.nothing is None:
        return
    for one in results.nothing.words:
        assert one.total == search(snapshot, Query(one.word, exact=query.exact)).total
    found = exhaustive.match(answers, query, asked, understand(asked, snapshot))
    left = [answer for answer in answers if answer.id in found]
    expected = []
    for field in FILTERS:
        for value in getattr(asked.query, field):
            others: dict[str, Any] = {field: tuple(one for one in getattr(asked.query, field) if one != value)}
            free = replace(asked.query, **others)
            expected.append((field[:-1], value, sum(exhaustive.passes(answer, free) for answer in left)))
    if query.updated_from or query.updated_to:
        free = replace(asked.query, updated_from=None, updated_to=None)
        dates = list(dict.fromkeys(filter(None, (query.updated_from, query.updated_to))))
        expected.append(("updated", " to ".join(dates), sum(exhaustive.passes(answer, free) for answer in left)))
    assert results.nothing.filters == tuple(WithoutFilter(*one) for one in expected)


def test_filters_that_exclude_everything_are_named_with_what_they_hide(clinic: SearchEngine) -> None:
    nothing = of(clinic, Query("how is usher syndrome treated", types=("outlook",), sources=("nobody",)))
    assert nothing.filters == (WithoutFilter("type", "outlook", 0), WithoutFilter("source", "nobody", 0))
    query = Query("treated", updated_from=partial_date("2013-05"), updated_to=partial_date("2014"))
    total = clinic.search(Query("treated")).total
    assert of(clinic, query).filters == (WithoutFilter("updated", "2013-05 to 2014", total),)
    assert of(clinic, replace(query, updated_to=None)).filters == (WithoutFilter("updated", "2013-05", total),)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("moyamoia", ["Moyamoya disease"]),  # its other name is of the same sheet
        ("moyamoia dizease", ["Moyamoya disease"]),
        ("bartten", ["Bartter syndrome", "Batten disease"]),
        ("ushher", ["Usher syndrome", "Usher syndrome type 1", "Usher syndrome type 2"]),
        ("hyprkalemik", ["Hyperkalemic periodic paralysis", "Hypokalemic periodic paralysis"]),  # two errors
        ('"usher diet"', ["Usher syndrome"]),
        ('"parkinson surgeon"', ["Parkinson's disease"]),
        ('"symptoms of batten plague"', ["Batten disease"]),
        ('"22q11.2 zebra"', ["22q11.2 deletion syndrome"]),
        ("bettun", []),  # two errors in a short word
        ("22q11.3", []),  # what has digits is not taken for another
        ('"syndrome zebra quagga"', []),  # too little of it
        ("xylophone", []),
        ("zebra", []),
        ("hart", []),  # four letters are as near to many words
        ("?!", []),
    ],
)
def test_names_that_are_spelt_nearly_so_are_offered_and_no_others(
    clinic: SearchEngine, text: str, names: list[str]
) -> None:
    assert near(clinic, text) == names


def test_no_name_is_offered_where_only_filters_are_in_the_way(clinic: SearchEngine) -> None:
    assert of(clinic, Query("usher syndrome", sources=("nobody",))).near == ()
    assert of(clinic, Query("ushher", sources=("nobody",), exact=True)).near != ()


def test_a_name_that_is_gone_is_not_offered(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for title in ("Zincal fever", "Zincel fever", "Tin ache"):
        library.write(title, Sheet(title, (), None, None, ANSWERS))
    library.build()
    library.remove("Zincal fever")
    library.build()
    with open_index(library.index) as engine:
        assert near(engine, "zincal") == ["Zincel fever"]


def test_a_near_name_leads_to_its_sheet_unless_several_have_it(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for title, others in {"Zinc fever": ("Brazier ague",), "Brass chill": ("Brazier ague",), "Tin ache": ()}.items():
        library.write(title, Sheet(title, others, None, None, ANSWERS))
    library.build()
    with open_index(library.index) as engine:
        (sheet_id,) = (hit.header.id for hit in engine.search(Query("tin ache", per_page=1)).hits)
        assert of(engine, Query("brasier", exact=True)).near == (NearName("Brazier ague", None),)
        assert of(engine, '"tin ache zebra"').near == (NearName("Tin ache", sheet_id),)


@settings(max_examples=100)
@given(TEXTS, st.sampled_from(UNKNOWN))
def test_five_names_at_most_are_offered_each_of_other_sheets(text: str, unknown: str) -> None:
    snapshot, _ = _OPENED[0]
    nothing = search(snapshot, Query(f'{text} "{unknown} zebra"', exact=True)).nothing
    assert nothing is not None
    sheets = {name.text: tuple(name.sheets) for name in snapshot.names}
    assert len({sheets[one.name] for one in nothing.near}) == len(nothing.near) <= 5


@pytest.fixture(scope="module")
def ninds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """A search engine over 277 real sheets."""
    directory = tmp_path_factory.mktemp("ninds")
    build_index([data("medquad", "6_NINDS_QA")], directory)
    with open_index(directory) as engine:
        yield engine


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("parkinsonn", "Parkinson's Disease"),
        ("hunttingtons", "Huntington's Disease"),
        ("moyamoia", "Moyamoya Disease"),
        ("neuroacantocytosus", "Neuroacanthocytosis"),
        ("narcolepzy", "Narcolepsy"),
        ("xylophone", None),
        ("zebra", None),
        ("tantalisingly", None),
        ("prochlorperazine", None),
        ("asdfghjkl qwertyuiop", None),
    ],
)
def test_real_names_are_found_near_and_nonsense_is_near_to_none(
    ninds: SearchEngine, text: str, first: str | None
) -> None:
    assert next(iter(near(ninds, text)), None) == first
