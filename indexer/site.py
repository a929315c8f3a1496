"""What a site file (`factsheets.toml`) says to the engine: kinds of answer, synonyms, pinned answers and facets.

What a site file says to the page is in `settings.py`.
"""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SiteKind:
    """A kind of answer of the site's own.

    `headings` announce such an answer without asking; the label is one, too. `phrases` ask for one anywhere in a
    question. A sheet without an answer of a `usual` kind may be said not to cover it.
    """

    id: str
    label: str
    headings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    usual: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(?:[ -][a-z0-9]+)*", self.id):
            raise ValueError(f"id must be small letters and digits, such as sick-leave; this is {self.id!r}")
        if not self.label.strip():
            raise ValueError("label must not be empty")


@dataclass(frozen=True, slots=True)
class SiteSynonym:
    """Words that also search for others. Two-way synonyms are two or more of these, one for each direction."""

    typed: str
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinnedAnswer:
    """The ids of the answers that come first for a query, in order. Case, accents and punctuation do not matter."""

    query: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteFacet:
    """A facet from front matter: the key that sheets give, such as `category`, and its heading on the page."""

    key: str
    label: str

    def __post_init__(self) -> None:
        if self.key in ("type", "source", "updated", "subject") or not re.fullmatch("[a-z][a-z0-9_]*", self.key):
            raise ValueError(f"key must be a word in small letters, and not a built-in filter; this is {self.key!r}")


@dataclass(frozen=True, slots=True)
class Site:
    """How the engine reads the sheets of a site and the questions about them.

    `kinds`: "auto" uses the health kinds where the collection has answers of them, "health" always, "none" never.
    Otherwise they are the site's own kinds, in order of precedence; usual kinds are listed in this order. `not_covered`
    is whether to say that a sheet lacks a usual kind; None: only where the collection has kinds.
    """

    kinds: Literal["auto", "health", "none"] | tuple[SiteKind, ...] = "auto"
    synonyms: tuple[SiteSynonym, ...] = ()
    pinned: tuple[PinnedAnswer, ...] = ()
    facets: tuple[SiteFacet, ...] = ()
    not_covered: bool | None = None

    def __post_init__(self) -> None:
        kinds = self.kinds if isinstance(self.kinds, tuple) else ()
        if repeated := [kind.id for number, kind in enumerate(kinds) if kind.id in {one.id for one in kinds[:number]}]:
            raise ValueError(f"kinds has the id {repeated[0]!r} twice")


#: What holds without a site file.
DEFAULT_SITE = Site()
