"""What readers and the splitter warn of, as findings: nothing that they say is lost, and nothing is said twice."""

import re
from collections.abc import Iterator, Mapping

from indexer.checking.located import LocatedSheet
from indexer.checking.rules import READER_WARNING

#: How warnings begin that a rule also finds, with line numbers that the warning lacks; and these rules.
FOUND_BY_RULES: Mapping[str, tuple[str, ...]] = {
    "no answer under ": ("empty-answer",),
    "left out, ": ("left-out", "heading-not-a-question"),
    "marker ": ("marker-without-reference",),
    "reference ": ("reference-never-cited",),
}
#: Those that belong to a rule; all others are a READER_WARNING.
_BELONGING: Mapping[str, str] = {
    "question ": "empty-answer",  # of a MedQuAD file
    "the footnote ": "reference-never-cited",
    "date not understood: ": "odd-date",
}
_PLACED = re.compile(r"(?:line|page) (\d+): (.*)", re.DOTALL)


def reader_warnings(sheet: LocatedSheet) -> Iterator[tuple[str, int, str]]:
    """Yield what no other rule finds: the id of its rule, the line, the message."""
    for warning in dict.fromkeys(sheet.sheet.warnings):
        line, message = placed(warning)
        if message.startswith(tuple(FOUND_BY_RULES)):
            continue
        start = next((start for start in _BELONGING if message.startswith(start)), "")
        if start.startswith("date"):
            line = sheet.line_of(message.removeprefix(start)[1:-1])
        yield _BELONGING.get(start, READER_WARNING), line, message


def placed(text: str) -> tuple[int, str]:
    """Return the line that a warning or a reason begins with, 0 where there is none, and the rest.

    >>> placed("line 3: front matter: not a date"), placed("no question was found")
    ((3, 'front matter: not a date'), (0, 'no question was found'))
    """
    match = _PLACED.fullmatch(text)
    return (int(match[1]), match[2]) if match else (0, text)
