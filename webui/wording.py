"""Dates, ages and counts in words."""

import calendar
from datetime import UTC, date, datetime


def date_in_words(iso: str) -> str:
    """Return a partial ISO date in words, with the precision that it has.

    >>> date_in_words("2013-05-01"), date_in_words("2013-05"), date_in_words("2013")
    ('1 May 2013', 'May 2013', '2013')
    """
    year, month, day = [*map(int, iso.split("-")), 0, 0][:3]
    return " ".join(filter(None, [str(day) if day else "", calendar.month_name[month], str(year)]))


def age_in_words(iso: str, today: date | None = None) -> str:
    """Return how long ago a partial date was, in whole years or months; "" for one that is not so long past.

    >>> age_in_words("2013-05-01", date(2026, 11, 22)), age_in_words("2026-09", date(2026, 11, 22))
    ('13 years ago', '2 months ago')
    """
    today = today or datetime.now(UTC).date()
    year, month, day = [*map(int, iso.split("-")), 0, 0][:3]
    months = (today.year - year) * 12 + (today.month - month if month else 0) - (today.day < day)
    if months >= 12:
        return f"{plural(months // 12, 'year')} ago"
    return f"{plural(months, 'month')} ago" if months > 0 and month else ""


def plural(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> plural(1, "answer"), plural(1200, "answer")
    ('1 answer', '1,200 answers')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
