"""Front matter: what is said of a page in a block above its text, as YAML between `---` or TOML between `+++`."""

import re
import tomllib
from datetime import date
from itertools import chain
from typing import Any

import yaml  # PyYAML: front matter is YAML nearly everywhere

from indexer.errors import PageError
from indexer.readers.provenance import KEYS, LONGEST, checked, facets_of

_BLOCK = re.compile(r"(---|\+\+\+)[ \t]*\n(.*?\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
#: What may be above front matter: empty lines and comments. Below them, a rule and a `key: value` line open it.
_ABOVE = re.compile(r"(?:[ \t]*\n|<!--(?:(?!-->).)*-->[ \t]*\n?)*[ \t]*", re.DOTALL)
_OPENS = re.compile(r"(?:---[ \t]*\n[ \t]*[\w-]+[ \t]*:|\+\+\+[ \t]*\n[ \t]*[\w-]+[ \t]*=)")
#: Lines of site generators, which are no text: {% include nav.html %}, {: .lead}, and what a comment holds.
_TEMPLATE = re.compile(
    r"\{%-?\s*comment\b(?:(?!\{%-?\s*comment\b).)*?endcomment\s*-?%\}"
    r"|^[ \t]*(?:\{%[^\n]*?%\}|\{:[^\n{}]*\})[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
#: What site generators and content systems call the keys of `provenance.KEYS`.
_ALSO_CALLED = {
    "dated": (
        *("lastupdate", "lastupdated", "lastmod", "lastmodified", "last_modified_at", "modified", "datemodified"),
        *("updated", "lastreviewed", "last_reviewed", "date"),
    ),
    "url": ("canonical_url", "canonical"),
    "licence": ("license",),
    "language": ("lang", "locale"),
}


def split_front_matter(text: str, path: str) -> tuple[dict[str, Any], str]:
    """Return what the front matter says of a page and the text below it, its lines numbered as in the file.

    Keys of other programs (layout, menu order) are left alone. Raises PageError for front matter that is not what it
    should be.
    """
    above = _ABOVE.match(text)
    start = above.end() if above and _OPENS.match(text, above.end()) else 0
    line = text.count("\n", 0, start) + 1
    match = _BLOCK.match(text, start)
    if match is None:
        if _OPENS.match(text, start):
            raise PageError(path, "front matter has no closing line: add --- (or +++) below it", line)
        return {}, text
    if len(match[0]) > LONGEST:
        raise PageError(path, f"front matter of more than {LONGEST:,} characters", line)
    try:
        front = _table(match[1], match[2] or "")
        body = _TEMPLATE.sub(lambda tag: "\n" * tag[0].count("\n"), text[match.end() :])
        return checked(front) | facets_of(front, {*KEYS, *chain(*_ALSO_CALLED.values())}), "\n" * text.count(
            "\n", 0, match.end()
        ) + body
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # TOML's errors are ValueErrors
        mark = getattr(error, "problem_mark", None)
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        raise PageError(path, f"front matter: {reason}", line + 1 + mark.line if mark else line) from error


def _table(fence: str, text: str) -> dict[str, Any]:
    # BaseLoader keeps every value as it is written: "2013-05" stays a month, "no" stays a word.
    table = tomllib.loads(text) if fence == "+++" else yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    if table is None:
        return {}
    if not isinstance(table, dict):
        raise ValueError("must be `key: value` lines")
    names = {str(key).casefold().replace("-", "_"): value for key, value in table.items()}
    for key, others in _ALSO_CALLED.items():
        known = next((names[other] for other in (key, *others) if names.get(other)), None)
        names |= {key: str(known)} if isinstance(known, str | date) else {}
    return names
