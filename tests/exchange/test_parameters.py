"""Parameters to Query and back: one table, every fault at once."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import QueryError
from indexer.exchange.addresses import DEFAULTS, PAGE_PATH, SEARCH_PATH, Addresses
from indexer.exchange.parameters import PARAMETERS, read_query
from indexer.language.question_types import question_types
from indexer.model import Query, partial_date
from indexer.settings import MAX_PAGE, MAX_PER_PAGE, MAX_QUERY_CHARS, MAX_VALUES

DATES = st.none() | st.tuples(st.dates(), st.sampled_from([4, 7, 10])).map(lambda d: partial_date(str(d[0])[: d[1]]))
NAMES = st.lists(st.text(max_size=20), max_size=3).map(tuple)
QUERIES = st.builds(
    Query,
    text=st.text(max_size=50),
    types=st.lists(st.sampled_from([entry.id for entry in question_types()]), max_size=3).map(tuple),
    subjects=NAMES,
    sources=NAMES,
    updated_from=DATES,
    updated_to=DATES,
    page=st.integers(1, 1_000_000),
    per_page=st.integers(1, 100),
    exact=st.booleans(),
    explain=st.booleans(),
    sort=st.sampled_from(["relevance", "newest", "title"]),
    group=st.sampled_from(["none", "subject"]),
    answer=st.booleans(),
    likely=st.booleans(),
)


def problems(**given: list[str]) -> list[tuple[str, str]]:
    with pytest.raises(QueryError) as caught:
        read_query(given)
    return caught.value.problems


@given(QUERIES, st.sampled_from(sorted(DEFAULTS)))
def test_the_address_of_a_query_reads_back_as_that_query(query: Query, path: str) -> None:
    parts = urlsplit(Addresses().search(query, query.page, path))
    assert parts.path == path
    assert read_query(parse_qs(parts.query, keep_blank_values=True), DEFAULTS[path]) == query


def test_every_field_of_a_query_is_a_parameter_and_the_other_way_round() -> None:
    assert sorted([*(field for field, *_ in PARAMETERS.values()), "facets"]) == sorted(Query.__slots__)


def test_an_address_leaves_out_defaults_and_keeps_one_order() -> None:
    addresses = [Addresses().search(Query(), path=path) for path in (SEARCH_PATH, PAGE_PATH)]
    assert addresses == [SEARCH_PATH, "/?group=none&answer=0&likely=0"]
    query = Query("a b", ("causes", "outlook"), ("ä",), (), partial_date("2013"), None, "title", "subject", True, True)
    assert Addresses().search(query, 2, SEARCH_PATH) == (
        "/api/v1/search?q=a+b&type=causes&type=outlook&subject=%C3%A4&updated_from=2013&sort=title&page=2"
        "&group=subject&exact=1&explain=1"
    )


@pytest.mark.parametrize(
    ("name", "good", "bad", "must"),
    [
        ("q", ["", "x" * 2000, "\0"], ["x" * 2001], "may have at most 2,000 characters; this has 2,001"),
        ("type", ["treatment", "exams and tests"], ["Treatment", "", "other"], "must be one of "),
        ("subject", ["", "x" * 2000], ["x" * 2001], "may have at most 2,000 characters"),
        ("source", ["", "x" * 2000], ["x" * 2001], "may have at most 2,000 characters"),
        ("updated_from", ["2013", "2013-05", "2012-02-29"], ["", "2013-5", "201\u0663", "2013\n"], "is not a date"),
        ("updated_to", ["9999-12-31"], ["2013-02-29", "2013-00", "2013-13", "0000"], ""),
        ("sort", ["relevance", "newest", "title"], ["", "NEWEST"], "must be one of relevance, newest, title"),
        ("page", ["1", "1000000", "007"], ["0", "-1", "1.0", "1000001", "", " 1", "\u0661", "1" * 999], "number"),
        ("per_page", ["1", "100"], ["0", "101", "\u00b2"], "must be a whole number between 1 and 100"),
        ("group", ["none", "subject"], ["", "source"], "must be one of none, subject"),
        ("exact", ["0", "1", "false", "true"], ["", "yes"], "must be one of 0, 1, false, true"),
        ("explain", ["0", "1", "false", "true"], ["2"], "must be one of 0, 1, false, true"),
    ],
)  # fmt: skip
def test_a_parameter_takes_its_values_and_says_of_others_what_they_must_be(
    name: str, good: list[str], bad: list[str], must: str
) -> None:
    for value in good:
        read_query({name: [value]})
    for value in bad:
        ((parameter, detail),) = problems(**{name: [value]})
        assert (parameter, must in detail) == (name, True)


def test_all_faults_are_told_together_the_unknown_first() -> None:
    assert problems(
        subjet=["x"], colour=["x"], q=["a", "b"], type=["treatmet", "causes"], sort=["newst"], per_page=["0"]
    ) == [
        ("subjet", "unknown; did you mean subject?"),
        ("colour", f"unknown; the known parameters are {', '.join(PARAMETERS)}"),
        ("q", "may be given only once"),
        ("type", f"must be one of {', '.join(entry.id for entry in question_types())}; did you mean treatment?"),
        ("sort", "must be one of relevance, newest, title; did you mean newest?"),
        ("per_page", "must be a whole number between 1 and 100"),
    ]


@given(
    st.dictionaries(
        st.sampled_from(sorted(PARAMETERS)) | st.text(max_size=9), st.lists(st.text(max_size=30), max_size=4)
    )
)
def test_any_parameters_are_a_query_or_problems_that_each_name_one(asked: dict[str, list[str]]) -> None:
    try:
        query = read_query(asked)
    except QueryError as error:
        named = {name for name, detail in error.problems if detail}
    else:
        named = set()
        assert (1 <= query.per_page <= MAX_PER_PAGE, 1 <= query.page <= MAX_PAGE) == (True, True)
        assert len(query.text) <= MAX_QUERY_CHARS
    assert named <= asked.keys()


def test_a_filter_may_be_given_a_hundred_times_and_no_more() -> None:
    assert len(read_query({"source": ["a"] * MAX_VALUES}).sources) == MAX_VALUES
    assert problems(source=["a"] * 100_000) == [("source", "may be given at most 100 times; the request has 100,000")]
