"""What a site file (`factsheets.toml`) says to the engine: kinds of answer, synonyms, pinned answers and facets.

What a site file says to the page is in `settings.py`.
"""

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
