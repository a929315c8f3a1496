"""Dates as pages print them: known formats with their precision, and nothing guessed."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.model import FactSheet, last_day, partial_date
from indexer.sheets.dates import labelled_date, page_date, parse_date, puts_day_first
from tests.sheets.layout import ANSWERS, WHAT, saved_page

Split = Callable[[str], FactSheet]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("5/1/2013", "2013-05-01"), ("05/01/2013.", "2013-05-01"), ("may 1, 2013", "2013-05-01"),
        ("1 May 2013", "2013-05-01"), ("Sept. 3 2013", "2013-09-03"), ("2/29/2016", "2016-02-29"),
        ("May 2013", "2013-05"), ("2013-05", "2013-05"), ("05/2013", "2013-05"), ("2013", "2013"),
        ("2013-05-01T12:00:00Z", "2013-05-01"), ("1st of May 2013", "2013-05-01"), ("2013 May 1", "2013-05-01"),
    ],
)  # fmt: skip
def test_a_date_is_read_with_the_precision_that_it_has(printed: str, expected: str) -> None:
    assert parse_date(printed) == expected


@pytest.mark.parametrize(
    "printed",
    ["2/29/2015", "13/13/2013", "31 February 2013", "2013-13", "5/1/13", "1/5.2013", "May", "Mayor 2013", ""],
)  # fmt: skip
def test_what_is_no_date_or_in_doubt_is_not_guessed(printed: str) -> None:
    assert parse_date(printed) is None


@pytest.mark.parametrize(
    ("printed", "day_first", "expected"),
    [
        ("3/4/2013", False, "2013-03-04"), ("3/4/2013", True, "2013-04-03"), ("03-04-2013", True, "2013-04-03"),
        ("3.4.2013", False, "2013-04-03"), ("13/4/2013", False, "2013-04-13"), ("4/13/2013", True, "2013-04-13"),
    ],
)  # fmt: skip
def test_a_number_above_twelve_or_a_dot_decides_the_order_of_day_and_month_and_else_the_page(
    printed: str, day_first: bool, expected: str
) -> None:
    assert parse_date(printed, day_first=day_first) == expected


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        (["Seen 3/4/2013."], None, False),
        (["Seen 3/4/2013."], "en", False),
        (["Seen 3/4/2013."], "en-US", False),
        (["Seen 3/4/2013."], "en-PH", False),
        (["Seen 3/4/2013."], "en-AU", True),
        (["Seen 3/4/2013."], "en_GB", True),
        (["Seen 3/4/2013."], "de", True),
        (["Seen 3/4/2013.", "And 25/4/2013."], "en-US", True),
        (["Seen 3/4/2013.", "And 4/25/2013."], "en-GB", False),
        (["And 25/4/2013.", "And 4/25/2013."], "en-US", False),
    ],
)
def test_the_unmistakable_dates_of_a_page_tell_its_order_and_else_its_language(
    texts: list[str], language: str | None, expected: bool
) -> None:
    assert puts_day_first(texts, language) is expected


@pytest.mark.parametrize("printed", ["May 1st, 2013", "Wednesday, May 1, 2013", "2013/05/01"])
def test_a_date_without_doubt_is_read(printed: str) -> None:
    assert parse_date(printed) == "2013-05-01"


@settings(deadline=None)
@given(st.dates(), st.sampled_from(["{m}/{d}/{y}", "{name} {d}, {y}", "{d} {name} {y}", "{y}-{m:02}-{d:02}"]))
def test_every_day_is_read_in_every_format(day: date, printed: str) -> None:
    text = printed.format(y=f"{day.year:04}", m=day.month, d=day.day, name=f"{day:%B}")
    assert parse_date(text) == day.isoformat()


@settings(deadline=None)
@given(st.text(alphabet="0123456789/-., MayJun\u0663", max_size=14))
def test_whatever_is_read_is_a_valid_date(text: str) -> None:
    found = parse_date(text)
    assert found is None or last_day(partial_date(found)) >= found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("LAST UPDATED 5/1/2013", "5/1/2013"),
        ("Last reviewed on 1 May 2013", "1 May 2013"),
        ("Page last modified: May 2013", "May 2013"),
        ("Last updated: soon", "soon"),
        ("Updated May 1, 2013", "May 1, 2013"),
        ("This page was last reviewed on May 1, 2013", "May 1, 2013"),
        ("Content current as of: 5/1/2013", "5/1/2013"),
        ("By the editors | Published April 3, 2013 | Updated May 1, 2013", "May 1, 2013"),
        ("Next review: May 1, 2013", None),
        ("It was last updated: 5/1/2013", None),
        ("Updated 12 cups a day.", None),
        ("Last updated: 5/1/2013, when the whole archive was moved", None),
    ],
)
def test_a_line_that_is_a_date_and_its_label_is_known(line: str, found: str | None) -> None:
    assert labelled_date(line) == found


def test_a_page_is_dated_by_when_it_was_updated_and_else_by_its_review() -> None:
    assert page_date(["Reviewed: May 3, 2013", "Posted: May 1, 2013", "Updated: May 2, 2013"]) == "May 2, 2013"
    assert page_date(["Posted: May 1, 2013", "Reviewed: May 3, 2013"]) == "May 3, 2013"
    assert page_date([]) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [("Last updated: May 2013", "2013-05"), ("\nLast reviewed on 1 May 2013", "2013-05-01"), ("", None)],
)
def test_the_line_under_an_answer_dates_it(split: Split, line: str, expected: str | None) -> None:
    sheet = split(saved_page(date=line))
    assert [(one.answer, one.last_updated) for one in sheet.documents] == [
        (answer, expected) for answer in ANSWERS.values()
    ]
    assert sheet.warnings == ()


def test_a_date_that_is_none_is_warned_of_and_stays_unknown(split: Split) -> None:
    sheet = split(saved_page({WHAT: ANSWERS[WHAT]}, date="Last updated: 13/13/2013"))
    assert (sheet.documents[0].last_updated, sheet.documents[0].answer) == (None, ANSWERS[WHAT])
    assert "date not understood: '13/13/2013'" in map(str, sheet.warnings)


@pytest.mark.parametrize(("date", "expected"), [("", "2014-06"), ("Last updated: 2013", "2013")])
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_date_of_the_page_dates_the_answers_without_one(split: Split, place: str, date: str, expected: str) -> None:
    page, line = saved_page(date=date), "Last updated: June 2014"
    dated = page.replace("Overview", line) if place == "above" else f"{page}\n{line}"
    assert {document.last_updated for document in split(dated).documents} == {expected}
