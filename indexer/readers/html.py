"""HTML: a stub until the reader is there."""

from indexer.errors import PageError
from indexer.model import Page


def read_html(text: str, path: str) -> Page:
    """Raise PageError: there is no reader of HTML yet."""
    raise PageError(path, "no HTML reader yet")
