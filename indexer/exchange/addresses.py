"""The addresses of answers, sheets and searches on the site."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from indexer.exchange.parameters import PARAMETERS
from indexer.model import Query

SEARCH_PATH, SHEETS_PATH, PAGE_PATH = "/api/v1/search", "/api/v1/sheets", "/"

#: The defaults of parameters: programs get every answer separately, people the likely ones, one for each subject.
DEFAULTS = {
    SEARCH_PATH: Query(),
    SHEETS_PATH: Query(),
    PAGE_PATH: Query(group="subject", answer=True, likely=True),
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes addresses below a base: the path that a proxy adds, or the public URL of the site."""

    base: str = ""

    def answer(self, id: str) -> str:
        """Return the address of an answer."""
        return f"{self.base}/answers/{id}"

    def sheet(self, id: str) -> str:
        """Return the address of a sheet."""
        return f"{self.base}/sheets/{id}"

    def search(self, query: Query, page: int = 1, path: str = PAGE_PATH) -> str:
        """Return the address of a page of results."""
        return SearchAddresses(query, path, self.base).to(page)


class SearchAddresses:
    """Makes the addresses of searches that differ from one query in a few fields, as a page shows dozens of them.

    Parameters come in a fixed order, and defaults are left out.
    """

    def __init__(self, query: Query, path: str = SEARCH_PATH, base: str = "") -> None:
        self._path, self._address = path, base + path
        self._written = {field: self._write(field, getattr(query, field)) for field in (*_defaults(path), "facets")}

    def to(self, page: int = 1, **changes: Any) -> str:
        """Return the address of a page of the search, with new values for some fields of its query."""
        written = self._written.copy()
        for field, value in {**changes, "page": page}.items():
            written[field] = self._write(field, value)
        parameters = "&".join(filter(None, written.values()))
        return f"{self._address}?{parameters}" if parameters else self._address

    def _write(self, field: str, value: Any) -> str:
        if field == "facets":
            return urlencode(value)
        name, repeats, default = _defaults(self._path)[field]
        if value == default:
            return ""
        return urlencode(
            [(name, int(item) if isinstance(item, bool) else item) for item in (value if repeats else [value])]
        )


@cache
def _defaults(path: str) -> dict[str, tuple[str, bool, Any]]:
    """Return the name of each parameter, whether it repeats, and its default, by its field in a query."""
    default = DEFAULTS[path]
    return {
        parameter.field: (name, parameter.repeats, getattr(default, parameter.field))
        for name, parameter in PARAMETERS.items()
    }
