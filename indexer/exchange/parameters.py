"""Parameters -> Query. The API, the page and the command line all use this one table of parameters."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from indexer.errors import QueryError
from indexer.language.question_types import QuestionType, question_types
from indexer.model import Query, partial_date
from indexer.settings import MAX_PAGE, MAX_PER_PAGE, MAX_QUERY_CHARS, MAX_VALUES
from indexer.site import SiteFacet


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a parameter accepts. `read` returns the parsed value, or raises ValueError with what it must be.

    `schema` says the same in JSON Schema 2020-12, for OpenAPI.
    """

    read: Callable[[str], Any]
    schema: dict[str, Any]


class Parameter(NamedTuple):
    """A parameter: its field in Query, the values that it accepts, whether it may repeat, and what it does."""

    field: str
    values: Values
    repeats: bool
    description: str


_NOTHING = Query()


def read_query(
    given: Mapping[str, Sequence[str]],
    defaults: Query = _NOTHING,
    known: Mapping[str, Parameter] | None = None,
) -> Query:
    """Return the query for some parameters, each a name with all its values.

    `defaults` has the values of parameters that are not given. `known` are the parameters that are allowed; None:
    PARAMETERS.
    Raises QueryError with everything that is wrong, including unknown names.
    """
    known = PARAMETERS if known is None else known
    problems = [(name, _unknown(name, known)) for name in given if name not in known]
    fields: dict[str, Any] = {"facets": ()}
    for name, parameter in known.items():
        read, values = parameter.values.read, given.get(name, ())
        try:
            if len(values) > 1 and not parameter.repeats:
                raise ValueError("may be given only once")
            if len(values) > MAX_VALUES:
                raise ValueError(f"may be given at most {MAX_VALUES} times; the request has {len(values):,}")
            if parameter.field == "facets":
                fields["facets"] += tuple((name, read(value)) for value in values)
            elif values:
                fields[parameter.field] = tuple(map(read, values)) if parameter.repeats else read(values[0])
        except ValueError as error:
            problems.append((name, str(error)))
    if problems:
        raise QueryError(problems)
    return replace(defaults, **fields)


def _text(*examples: str) -> Values:
    def read(value: str) -> str:
        if len(value) > MAX_QUERY_CHARS:
            raise ValueError(f"may have at most {MAX_QUERY_CHARS:,} characters; this has {len(value):,}")
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
    listed = f"the known parameters are {', '.join(known)}" if known else "no parameters are allowed here"
    return "unknown" + (_hint(name, known) or f"; {listed}")


def _hint(typed: str, known: Any) -> str:
    near = get_close_matches(typed, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


@lru_cache(maxsize=8)
def parameters_of(kinds: tuple[QuestionType, ...], facets: tuple[SiteFacet, ...] = ()) -> dict[str, Parameter]:
    """Return all parameters by their names in the URL, for a collection with some kinds of answer and facets.

    Without kinds, those of health are allowed: a program that asks every site for "treatment" finds nothing here.
    """
    types = _one_of(*(kind.id for kind in kinds or question_types()))
    return {
        "q": Parameter("text", _text("how is multifocal motor neuropathy treated"), False, "The question."),
        "type": Parameter("types", types, True, "Only this kind of answer."),
        "subject": Parameter(
            "subjects", _text("Hartnup disease"), True, "Only this subject: a name or the id of a sheet."
        ),
        "source": Parameter("sources", _text("GARD"), True, "Only this source."),
        "updated_from": Parameter("updated_from", _date(), False, "Only answers updated on or after this date."),
        "updated_to": Parameter("updated_to", _date(), False, "Only answers updated on or before this date."),
        "sort": Parameter("sort", _one_of("relevance", "newest", "title"), False, "Order: relevance, newest or title."),
        "page": Parameter("page", _number(1, MAX_PAGE), False, "Number of the page of results, from 1."),
        "per_page": Parameter("per_page", _number(1, MAX_PER_PAGE), False, "Results on a page."),
        "group": Parameter(
            "group", _one_of("none", "subject"), False, "none: every answer; subject: the best answer of each subject."
        ),
        "exact": Parameter("exact", _switch(), False, "Search for exactly what was typed."),
        "explain": Parameter("explain", _switch(), False, "Show how each score is made up."),
        "answer": Parameter(
            "answer", _switch(), False, "Include the whole text of the first answer if it is sure to be right."
        ),
        "likely": Parameter("likely", _switch(), False, "Only results that are likely; the totals still count all."),
    } | {
        facet.key: Parameter("facets", _text(), True, f"Only sheets with this value of {facet.label}.")
        for facet in facets
    }


#: The parameters of a site without a site file.
PARAMETERS = parameters_of(question_types())
