"""Dates as pages print them, with the precision that they have. Explicit formats; nothing is guessed."""

import calendar
import re

from indexer.model import PartialDate, partial_date

_MONTHS = [name.casefold() for name in calendar.month_name]
_MONTH = rf"(?P<month>{'|'.join(f'{name}|{name[:3]}' for name in _MONTHS[1:])}|sept)\.?"
_FORMATS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?",  # 2013, 2013-05, 2013-05-01
        r"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",  # 5/1/2013: month first, as US pages print it
        rf"{_MONTH}(?:\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(?P<year>\d{{4}})",  # May 1, 2013; May 2013
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})",  # 1 May 2013
    )
]
_WEEKDAY = re.compile(rf"(?:{'|'.join(calendar.day_name)}),?\s+", re.IGNORECASE)
#: A line that dates what stands above it: "last" or a colon tells it from a sentence.
_LABELLED = re.compile(
    r"(?:(?:page|date)\s+)?(?:last\s+(?:updated?|reviewed|revised|modified)(?:\s+on)?\s*:?"
    r"|(?:updated|reviewed|revised|modified)(?:\s+on)?\s*:(?=.*\d))\s*(?P<date>\S.{0,30})",
    re.IGNORECASE,
)


def parse_date(text: str) -> PartialDate | None:
    """Return the date that the whole text is, or None."""
    text = _WEEKDAY.sub("", text.strip(" ."))
    for match in filter(None, (pattern.fullmatch(text) for pattern in _FORMATS)):
        parts = match.groupdict()
        month, day = parts.get("month"), parts.get("day")
        if month and not month.isdigit():
            month = str(next(n for n, name in enumerate(_MONTHS) if n and name.startswith(month[:3].casefold())))
        try:
            return partial_date("-".join([parts["year"], *(f"{int(part):02}" for part in (month, day) if part)]))
        except ValueError:  # 13/13/2013, 31 February: looks like a date and is none
            return None
    return None


def labelled_date(text: str) -> str | None:
    """Return what stands after "Last updated:" or a like label when that is all the text is, else None."""
    match = _LABELLED.fullmatch(text)
    return match["date"] if match else None
