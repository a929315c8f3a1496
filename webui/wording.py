"""Dates, ages and counts in words."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from indexer.exchange.citing import date_in_words as date_in_words


def age_in_words(iso: str, today: date | None = None) -> str:
    """Return how long ago a partial date was, in whole years or months; "" if it is more recent.

    >>> age_in_words("2013-05-01", date(2026, 11, 22)), age_in_words("2026-09", date(2026, 11, 22))
    ('13 years ago', '2 months ago')
    """
    today = today or datetime.now(UTC).date()
    year, month, day = [*map(int, iso.split("-")), 0, 0][:3]
    months = (today.year - year) * 12 + (today.month - month if month else 0) - (today.day < day)
    if months >= 12:
        return f"{plural(months // 12, 'year')} ago"
    return f"{plural(months, 'month')} ago" if months > 0 and month else ""


def file_in_words(url: str) -> str:
    """Return what kind of file an address leads to, and which page of it; "" for a web page.

    >>> file_in_words("https://ward.example/gout.pdf#page=12"), file_in_words("https://ward.example/gout")
    ('PDF, page 12', '')
    """
    parts = urlsplit(url)
    kinds = {"pdf": "PDF", "docx": "Word"}
    kind = kinds.get(parts.path.rpartition(".")[2].lower(), "")
    page = parts.fragment.removeprefix("page=") if parts.fragment.startswith("page=") else ""
    return f"{kind}, page {page}" if kind and page else kind


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return a count with its noun. `nouns` is the plural if it does not just add "s".

    >>> plural(1, "answer"), plural(1200, "answer"), plural(2, "species", "species")
    ('1 answer', '1,200 answers', '2 species')
    """
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"


def page_numbers(page: int, pages: int) -> list[int | None]:
    """Return the page numbers to link to: the neighbours of a page, the first and the last. None marks a gap.

    >>> page_numbers(1, 3), page_numbers(6, 20)
    ([1, 2, 3], [1, None, 5, 6, 7, None, 20])
    """
    shown = sorted({1, page - 1, page, page + 1, pages} & set(range(1, pages + 1)))
    gaps = [number - before for number, before in zip(shown, [0, *shown], strict=False)]
    filled: list[int | None] = []
    for number, gap in zip(shown, gaps, strict=True):
        # A gap of one page shows that page: an ellipsis would need as much room.
        filled += [number - 1] if gap == 2 else [None] if gap > 2 else []
        filled.append(number)
    return filled
