"""Parameters <-> Query: the one table of what may be asked, for the endpoint, the page and the command line."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal
from urllib.parse import urlencode

from indexer.errors import QueryError
from indexer.language.question_types import question_types
from indexer.model import Query, partial_date
from indexer.settings import MAX_PER_PAGE, MAX_QUERY_CHARS

SEARCH_PATH = "/api/v1/search"

#: How results are grouped when nothing is said: programs get every answer by itself, people one entry a subject.
DEFAULT_GROUP: dict[str, Literal["none", "subject"]] = {SEARCH_PATH: "none", "/": "subject"}


_TYPES = [entry.id for entry in question_types()]


def read_query(given: Mapping[str, Sequence[str]], path: str = SEARCH_PATH) -> Query:
    """Return the query that parameters ask for, each name with every value given for it.

    `path` decides the default group. Raises QueryError with everything that is wrong, unknown names included.
    """
    problems = [(name, _unknown(name)) for name in given if name not in PARAMETERS]
    fields: dict[str, Any] = {"group": DEFAULT_GROUP[path]}
    for name, (field, read, repeats, _) in PARAMETERS.items():
        values = given.get(name, ())
        try:
            if len(values) > 1 and not repeats:
                raise ValueError("may be given once")
            if values:
                fields[field] = tuple(map(read, values)) if repeats else read(values[0])
        except ValueError as error:
            problems.append((name, str(error)))
    if problems:
        raise QueryError(problems)
    return Query(**fields)


def search_url(query: Query, *, page: int = 1, path: str = SEARCH_PATH) -> str:
    """Return the address of a page of results: parameters in one order, those at their defaults left out."""
    pairs: list[tuple[str, object]] = []
    for name, field, repeats, default in _defaults(path):
        value: Any = page if field == "page" else getattr(query, field)
        if value != default:
            pairs += [(name, one) for one in value] if repeats else [(name, int(value) if value is True else value)]
    return f"{path}?{urlencode(pairs)}" if pairs else path


@cache
def _defaults(path: str) -> list[tuple[str, str, bool, Any]]:
    """Return what nothing said means: name, field, may it repeat, value. Kept, for a page has dozens of addresses."""
    default = Query(group=DEFAULT_GROUP[path])
    return [(name, field, repeats, getattr(default, field)) for name, (field, _, repeats, _) in PARAMETERS.items()]


def _text(value: str) -> str:
    if len(value) > MAX_QUERY_CHARS:
        raise ValueError(f"may have {MAX_QUERY_CHARS:,} characters; this has {len(value):,}")
    value.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
    return value


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}{_hint(value, choices)}")
        return value

    return read


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise ValueError(f"must be a whole number between {least} and {most:,}")
        return int(value)

    return read


def _switch(value: str) -> bool:
    return _one_of("0", "1", "false", "true")(value) in ("1", "true")


def _unknown(name: str) -> str:
    return "unknown" + (_hint(name, PARAMETERS) or "; known are " + ", ".join(PARAMETERS))


def _hint(typed: str, known: Any) -> str:
    near = get_close_matches(typed, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


#: Name in the URL: the field of Query, what reads one value (ValueError says what it must be), may it repeat, what it
#: does.
PARAMETERS: dict[str, tuple[str, Callable[[str], Any], bool, str]] = {
    "q": ("text", _text, False, "The question."),
    "type": ("types", _one_of(*_TYPES), True, "Only this kind of answer, such as treatment."),
    "subject": ("subjects", _text, True, "Only this subject: a name or the id of a sheet."),
    "source": ("sources", _text, True, "Only this source."),
    "updated_from": (
        "updated_from",
        partial_date,
        False,
        "Only answers updated then or later: 2013, 2013-05, 2013-05-01.",
    ),
    "updated_to": ("updated_to", partial_date, False, "Only answers updated then or earlier."),
    "sort": ("sort", _one_of("relevance", "newest", "title"), False, "relevance, newest or title."),
    "page": ("page", _number(1, 1_000_000), False, "Which page of results."),
    "per_page": ("per_page", _number(1, MAX_PER_PAGE), False, "Answers, or groups of them, on a page."),
    "group": ("group", _one_of("none", "subject"), False, "none, or subject: the best of each, the others under it."),
    "exact": ("exact", _switch, False, "Search exactly what was typed."),
    "explain": ("explain", _switch, False, "Show what each score is made of."),
}
