"""Parameters <-> Query: the one table of what may be asked, for the endpoint, the page and the command line."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal
from urllib.parse import urlencode

from indexer.errors import QueryError
from indexer.language.question_types import question_types
from indexer.model import Query, partial_date
from indexer.settings import MAX_PAGE, MAX_PER_PAGE, MAX_QUERY_CHARS, MAX_VALUES

SEARCH_PATH, SHEETS_PATH = "/api/v1/search", "/api/v1/sheets"

#: How results are grouped when nothing is said: programs get every answer by itself, people one entry a subject.
DEFAULT_GROUP: dict[str, Literal["none", "subject"]] = {
    SEARCH_PATH: "none",
    SHEETS_PATH: "none",
    "/": "subject",
}

_TYPES = [entry.id for entry in question_types()]


@dataclass(frozen=True, slots=True)
class Values:
    """What a parameter takes: `read` returns one value, or raises ValueError with what it must be.

    `schema` says the same in JSON Schema 2020-12, for the description of the endpoint.
    """

    read: Callable[[str], Any]
    schema: dict[str, Any]


def read_query(
    given: Mapping[str, Sequence[str]], path: str = SEARCH_PATH, known: Collection[str] | None = None
) -> Query:
    """Return the query that parameters ask for, each name with every value given for it.

    `path` decides the default group, `known` are the parameters that may be given, None: all. Raises QueryError with
    everything that is wrong, unknown names included.
    """
    known = PARAMETERS if known is None else known
    problems = [(name, _unknown(name, known)) for name in given if name not in known]
    fields: dict[str, Any] = {"group": DEFAULT_GROUP[path]}
    for name in known:
        field, takes, repeats, _ = PARAMETERS[name]
        values = given.get(name, ())
        try:
            if len(values) > 1 and not repeats:
                raise ValueError("may be given once")
            if len(values) > MAX_VALUES:
                raise ValueError(f"may be given {MAX_VALUES} times; this is {len(values):,} times")
            if values:
                fields[field] = tuple(map(takes.read, values)) if repeats else takes.read(values[0])
        except ValueError as error:
            problems.append((name, str(error)))
    if problems:
        raise QueryError(problems)
    return Query(**fields)


def search_url(query: Query, *, page: int = 1, path: str = SEARCH_PATH) -> str:
    """Return the address of a page of results: parameters in one order, those at their defaults left out."""
    return Addresses(query, path).to(page)


class Addresses:
    """The addresses of searches that differ from one in few fields, as dozens on a page do: the rest is kept."""

    def __init__(self, query: Query, path: str = SEARCH_PATH) -> None:
        self._path = path
        self._written = {field: self._write(field, getattr(query, field)) for field in _defaults(path)}

    def to(self, page: int = 1, **changes: Any) -> str:
        """Return the address of a page of the search with other values in some fields of its query."""
        written = self._written.copy()
        for field, value in {**changes, "page": page}.items():
            written[field] = self._write(field, value)
        asked = "&".join(filter(None, written.values()))
        return f"{self._path}?{asked}" if asked else self._path

    def _write(self, field: str, value: Any) -> str:
        name, repeats, default = _defaults(self._path)[field]
        if value == default:
            return ""
        return urlencode([(name, int(one) if one is True else one) for one in (value if repeats else [value])])


@cache
def _defaults(path: str) -> dict[str, tuple[str, bool, Any]]:
    """Return by its field in a query each parameter's name, whether it repeats, and what it is if nothing is said."""
    default = Query(group=DEFAULT_GROUP[path])
    return {field: (name, repeats, getattr(default, field)) for name, (field, _, repeats, _) in PARAMETERS.items()}


def _text(*examples: str) -> Values:
    def read(value: str) -> str:
        if len(value) > MAX_QUERY_CHARS:
            raise ValueError(f"may have {MAX_QUERY_CHARS:,} characters; this has {len(value):,}")
        value.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
        return value

    return Values(read, {"type": "string", "maxLength": MAX_QUERY_CHARS, "examples": list(examples)})


def _one_of(*choices: str) -> Values:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}{_hint(value, choices)}")
        return value

    return Values(read, {"type": "string", "enum": list(choices)})


def _number(least: int, most: int) -> Values:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise ValueError(f"must be a whole number between {least} and {most:,}")
        return int(value)

    return Values(read, {"type": "integer", "minimum": least, "maximum": most})


def _date() -> Values:
    forms = [{"pattern": "^[0-9]{4}$"}, {"pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}, {"format": "date"}]
    examples = ["2013", "2013-05", "2013-05-01"]
    return Values(partial_date, {"type": "string", "anyOf": forms, "not": {"pattern": "^0000"}, "examples": examples})


def _switch() -> Values:
    words = _one_of("0", "1", "false", "true")
    return Values(lambda value: words.read(value) in ("1", "true"), words.schema)


def _unknown(name: str, known: Collection[str]) -> str:
    listed = f"known {'is' if len(known) == 1 else 'are'} {', '.join(known)}" if known else "there are none here"
    return "unknown" + (_hint(name, known) or f"; {listed}")


def _hint(typed: str, known: Any) -> str:
    near = get_close_matches(typed, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


#: Name in the URL: the field of Query, what it takes, may it repeat, what it does.
PARAMETERS: dict[str, tuple[str, Values, bool, str]] = {
    "q": ("text", _text("how is multifocal motor neuropathy treated"), False, "The question, or what is typed of it."),
    "type": ("types", _one_of(*_TYPES), True, "Only this kind of answer, such as treatment."),
    "subject": ("subjects", _text("Hartnup disease"), True, "Only this subject: a name or the id of a sheet."),
    "source": ("sources", _text("GARD"), True, "Only this source."),
    "updated_from": ("updated_from", _date(), False, "Only answers updated then or later: 2013, 2013-05, 2013-05-01."),
    "updated_to": ("updated_to", _date(), False, "Only answers updated then or earlier."),
    "sort": ("sort", _one_of("relevance", "newest", "title"), False, "relevance, newest or title."),
    "page": ("page", _number(1, MAX_PAGE), False, "Which page of results."),
    "per_page": ("per_page", _number(1, MAX_PER_PAGE), False, "Results on a page."),
    "group": ("group", _one_of("none", "subject"), False, "none, or subject: the best of each, the others under it."),
    "exact": ("exact", _switch(), False, "Search exactly what was typed."),
    "explain": ("explain", _switch(), False, "Show what each score is made of."),
}
