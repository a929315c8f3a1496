"""Dates and ages in words, and which pages are offered beside one."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.wording import age_in_words, date_in_words, page_numbers


@pytest.mark.parametrize(
    ("iso", "today", "words", "age"),
    [
        ("2013-05-01", "2026-05-01", "1 May 2013", "13 years ago"),
        ("2013-05-02", "2026-05-01", "2 May 2013", "12 years ago"),
        ("2025-05-02", "2026-05-01", "2 May 2025", "11 months ago"),
        ("2026-04-01", "2026-05-01", "1 April 2026", "1 month ago"),
        ("2026-04-02", "2026-05-01", "2 April 2026", ""),
        ("2024-02-29", "2025-02-28", "29 February 2024", "11 months ago"),
        ("2026-04", "2026-05-01", "April 2026", "1 month ago"),
        ("2026-05", "2026-05-31", "May 2026", ""),
        ("2024", "2026-05-01", "2024", "2 years ago"),
        ("2026", "2026-12-31", "2026", ""),
        ("2027-01-01", "2026-12-31", "1 January 2027", ""),
        ("2030-12", "2026-12-31", "December 2030", ""),
    ],
)
def test_a_date_has_the_precision_of_its_source_and_an_age_in_whole_years_or_months(
    iso: str, today: str, words: str, age: str
) -> None:
    assert (date_in_words(iso), age_in_words(iso, date.fromisoformat(today))) == (words, age)


@given(st.data())
def test_page_numbers_show_both_ends_and_neighbours_and_never_hide_a_single_page(data: st.DataObject) -> None:
    pages = data.draw(st.integers(1, 500))
    page = data.draw(st.integers(1, pages))
    shown = page_numbers(page, pages)
    numbers = [number for number in shown if number is not None]
    assert numbers == sorted(set(numbers))
    assert {1, page, pages, max(page - 1, 1), min(page + 1, pages)} <= set(numbers) <= set(range(1, pages + 1))
    assert len(shown) <= 7
    gaps = [after - before for before, after in pairwise(numbers)]
    assert 2 not in gaps
    parted = ([number] if gap == 1 else [number, None] for number, gap in zip(numbers, [*gaps, 1], strict=True))
    assert shown == [one for part in parted for one in part]
