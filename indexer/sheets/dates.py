"""Dates as pages print them, with the precision that they have. Explicit formats; nothing is guessed."""

import calendar
import re
from collections.abc import Iterable, Sequence

from indexer.model import PartialDate, partial_date

_MONTHS = [name.casefold() for name in calendar.month_name]
_MONTH = rf"(?P<month>{'|'.join(f'{name}|{name[:3]}' for name in _MONTHS[1:])}|sept)\.?"
_FORMATS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)?)?",  # 2013-05-01
        r"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)",
        rf"{_MONTH}(?:\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(?P<year>\d{{4}})",  # May 1, 2013; May 2013
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of|-)?\s*{_MONTH},?[\s-]+(?P<year>\d{{4}})",  # 1 May 2013; 1st of May
        r"(?P<month>\d{1,2})/(?P<year>\d{4})",  # 05/2013
        rf"(?P<year>\d{{4}})\s+{_MONTH}(?:\s+(?P<day>\d{{1,2}}))?",  # 2013 May 1, as PubMed prints it
    )
]
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_WEEKDAY = re.compile(rf"(?:{'|'.join(calendar.day_name)}),?\s+", re.IGNORECASE)
_LONGEST = 4  # words of a date: "1st of May 2013"
#: A line that dates the text above it: "last" or a colon distinguishes it from a sentence.
_LABELLED = re.compile(
    r"(?:(?:this\s+)?(?:page|content|article|document|information|fact\s?sheet|text|date)\s+(?:was\s+|of\s+)?)?"
    r"(?:(?P<last>last)\s+)?(?P<what>updated?|reviewed|revised|revision|review|modified|changed|edited)"
    r"(?:\s+(?:on|date))?\s*(?P<colon>:)?\s*(?P<date>\S.{0,30})"
    r"|(?:content\s+)?(?:current|accurate) as of\s*:?\s*(?P<current>\S.{0,30})",
    re.IGNORECASE,
)
#: "By the editors | Published May 1, 2013 | Updated May 7, 2013": a line of facts about the page, in parts.
_PARTS = re.compile(r"\s*[|\u2022\u00b7]\s*|(?<=\d)\.\s+")
_LONGEST_LINE = 160
#: "Updated: June 2, 2022 History of changes": after the year, something else begins.
_BEFORE_A_PHRASE = re.compile(r"(?<=\b\d{4})\s+(?=[A-Z][a-z])")
#: Countries that print the month first. Source: Unicode CLDR, short date formats of English locales.
_MONTH_FIRST = ("en-us", "en-ph", "en-as", "en-gu", "en-pr", "en-um", "en-vi", "en-mp")


def parse_date(text: str, *, day_first: bool = False) -> PartialDate | None:
    """Return the date that the whole text is, or None.

    `day_first` decides 3/4/2013, where both numbers could be the month. With dots, the day always comes first.
    """
    text = _WEEKDAY.sub("", text.strip(" .,;)]"))
    if match := _NUMERIC.fullmatch(text):
        first, between, second, year = match.groups()
        starts_with_day = int(first) > 12 or (int(second) <= 12 and (day_first or between == "."))
        return _date(year, second if starts_with_day else first, first if starts_with_day else second)
    for match in filter(None, (pattern.fullmatch(text) for pattern in _FORMATS)):
        parts = match.groupdict()
        month = parts.get("month")
        if month and not month.isdigit():
            month = str(next(n for n, name in enumerate(_MONTHS) if n and name.startswith(month[:3].casefold())))
        return _date(parts["year"], month, parts.get("day"))
    return None


def leading_date(text: str, *, day_first: bool = False) -> PartialDate | None:
    """Return the date that a text begins with ("1 May 2013 by the editors"), or None."""
    words = text.split()
    tries = (parse_date(" ".join(words[:count]), day_first=day_first) for count in range(_LONGEST, 0, -1))
    return next(filter(None, tries), None)


def labelled_date(text: str) -> str | None:
    """Return the text after "Last updated:" or a like label when that is all the text is, else None."""
    if len(text) > _LONGEST_LINE:
        return None
    for part in _PARTS.split(text):
        if match := _LABELLED.fullmatch(_BEFORE_A_PHRASE.split(part, maxsplit=1)[0]):
            date = match["current"] or match["date"]
            announced = match["last"] or (match["colon"] and any(map(str.isdigit, date)))
            if announced or parse_date(date):
                return str(date)
    return None


def page_date(lines: Sequence[str]) -> str | None:
    """Return the date (as text) of a page's dated lines: when it was updated, else when it was last reviewed."""
    dates = [(line, date) for line in lines if (date := labelled_date(line))]
    updated = [date for line, date in dates if "review" not in line.casefold()]
    return next(iter(updated + [date for _, date in dates]), None)


def puts_day_first(texts: Iterable[str], language: str | None) -> bool:
    """Return whether a page prints the day before the month: by its unambiguous dates, or else by its language."""
    orders = {int(match[1]) > 12 for text in texts for match in _NUMERIC.finditer(text) if _decides(match)}
    if len(orders) == 1:
        return orders.pop()
    tag = (language or "en-us").casefold().replace("_", "-")
    return tag not in ("en", *_MONTH_FIRST)


def _decides(match: re.Match[str]) -> bool:
    return (int(match[1]) > 12) != (int(match[3]) > 12) and match[2] != "."


def _date(year: str, month: str | None, day: str | None) -> PartialDate | None:
    try:
        return partial_date("-".join([year, *(f"{int(part):02}" for part in (month, day) if part)]))
    except ValueError:  # 13/13/2013, 31 February: looks like a date and is none
        return None
