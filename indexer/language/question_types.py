"""What kind of answer a question asks for. The vocabulary is data: question_types.toml, reviewed line by line."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from indexer.language.analysis import fold, terms
from indexer.site import Site


@dataclass(frozen=True, slots=True)
class QuestionType:
    """A kind of answer: its id and label, the terms that ask for it (anywhere, or first), headings that announce it.

    Terms are joined by spaces, with one at each end, so that whole words compare. `usual` is its place among the
    kinds that a sheet may be said not to cover; None: it is not one of them. `wide`: it is so wide that nobody can say
    that a subject has no answer of it.
    """

    id: str
    label: str
    phrases: tuple[str, ...]
    openings: tuple[str, ...]
    sections: frozenset[str]
    usual: int | None
    wide: bool


@lru_cache(maxsize=1)
def question_types() -> tuple[QuestionType, ...]:
    """Return the vocabulary in its order of precedence. Raises ValueError for phrases that stem to the same."""
    text = resources.files(__package__).joinpath("question_types.toml").read_text(encoding="utf-8")
    types = tuple(
        QuestionType(
            entry["id"],
            entry["label"],
            tuple(map(_terms, entry["phrases"])),
            tuple(map(_terms, entry.get("openings", []))),
            frozenset(map(fold, [entry["label"], *entry["sections"]])),
            entry.get("usual"),
            entry.get("wide", False),
        )
        for entry in tomllib.loads(text)["type"]
    )
    counts = Counter(phrase for entry in types for phrase in entry.phrases + entry.openings)
    if repeated := [phrase for phrase, count in counts.items() if count > 1 or not phrase.strip()]:
        raise ValueError(f"question_types.toml: empty, or twice after stemming: {repeated}")
    return types


@lru_cache(maxsize=8)
def kinds_of(site: Site) -> tuple[QuestionType, ...]:
    """Return the kinds of answer that the sheets of a site may have: its own, those of health, or none."""
    if isinstance(site.kinds, str):
        return () if site.kinds == "none" else question_types()
    return tuple(
        QuestionType(
            kind.id,
            kind.label,
            tuple(map(_terms, kind.phrases)),
            (),
            frozenset(map(fold, [kind.label, *kind.headings])),
            place if kind.usual else None,
            wide=not kind.usual,
        )
        for place, kind in enumerate(site.kinds, start=1)
    )


def site_kind(question: str, names: Iterable[str], kinds: tuple[QuestionType, ...]) -> str | None:
    """Return the kind that a heading announces, or else the first kind that a question asks for, or None."""
    heading = fold(question).rstrip(":")
    announced = (kind.id for kind in kinds if heading in kind.sections)
    return next(announced, None) or next(iter(asked_types(question, names, kinds)), None)


def read_kinds(
    terms: Sequence[str], named: Sequence[bool], kinds: tuple[QuestionType, ...]
) -> tuple[dict[str, float], list[bool]]:
    """Return the probability of each kind of a site that a question asks for, and which of its words ask.

    A kind is asked for by its phrases, its headings and its label, unless they are part of a name. All the kinds that
    are asked for are equally likely. `terms` and `named` are as in `asking.read_asking`.
    """
    asks, asked = [False] * len(terms), []
    for kind in kinds:
        for phrase in {*kind.phrases, *map(_terms, kind.sections)}:
            words = phrase.split()
            for start in range(len(terms) - len(words) + 1):
                end = start + len(words)
                if list(terms[start:end]) == words and not all(named[start:end]):
                    asks[start:end] = [not name for name in named[start:end]]
                    asked.append(kind.id)
    return {kind: 1 / len(set(asked)) for kind in asked}, asks


def question_type(text: str, names: Iterable[str] = ()) -> str | None:
    """Return the id of the kind of answer that a question asks for first of all, or None when its words do not say.

    >>> question_type("How might multifocal motor neuropathy be treated?"), question_type("zinc")
    ('treatment', None)
    """
    return next(iter(asked_types(text, names)), None)


def asked_types(text: str, names: Iterable[str] = (), kinds: tuple[QuestionType, ...] | None = None) -> list[str]:
    """Return the ids of all kinds of answer that a question asks for, in the vocabulary's order.

    `names` are those of the subject, where it is known: their words say nothing about the kind of answer. `kinds` are
    the kinds of answer that there are, by default those of health.

    >>> asked_types("What causes Hartnup disease, and how is it inherited?")
    ['inheritance', 'causes']
    >>> asked_types("What is hereditary angioedema?", names=["Hereditary angioedema"])
    ['information']
    """
    found = _terms(text)
    for name in sorted(map(_terms, names), key=len, reverse=True):
        found = found.replace(name, " ") if name.strip() else found
    kinds = question_types() if kinds is None else kinds
    asked = [entry.id for entry in kinds if any(phrase in found for phrase in entry.phrases)]
    return asked or [entry.id for entry in kinds if found.startswith(entry.openings)]


def section_type(heading: str) -> str | None:
    """Return the kind of answer that a heading such as "Treatment" announces without asking, or None."""
    return _sections().get(fold(heading).rstrip(":")) if len(heading) <= _longest_section() else None


@lru_cache(maxsize=1)
def _sections() -> dict[str, str]:
    return {section: entry.id for entry in reversed(question_types()) for section in entry.sections}


@lru_cache(maxsize=1)
def _longest_section() -> int:
    """Return a length that no heading has which announces a kind of answer, white space and colon included."""
    return 2 * max(map(len, _sections()))


def _terms(text: str) -> str:
    return f" {' '.join(terms(text))} "
