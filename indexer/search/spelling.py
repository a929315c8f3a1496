"""A word that stands nowhere -> the word that was meant: names first, and never a guess between two of them."""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from rapidfuzz import process  # edit distances in C++
from rapidfuzz.distance import OSA

from indexer.index.names import Name, Names
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import function_terms
from indexer.language.english import is_english
from indexer.time_limit import check_time

#: Letters that a word must have to be put right at all, and from how many on two errors are taken back. 80 % of
#: misspellings have one error (Damerau, CACM 7:3, 1964); a short word with two is as near to many others.
ONE_ERROR, TWO_ERRORS = 4, 8

#: A rival name that is filled as far as this part of the best one is as good a guess. On the judged confusable names
#: 0.6 offers both of 51 in 55.
RIVAL = 0.6

#: Of so many candidates at the same distance the one that was meant is not told apart.
_MOST_CANDIDATES = 20
#: Names that are weighed for a candidate alone: those of a word like "syndrome" are thousands.
_MOST_NAMES = 100


class Spelling(NamedTuple):
    """What is put right, by the place of the word; and the names between which nothing decides."""

    corrected: dict[int, str]
    rivals: list[Name]


def spelling(typed: Sequence[str], words: Sequence[tuple[str, str]], snapshot: Snapshot, but: Set[int]) -> Spelling:
    """Return corrections for the words of a question that no document has; `words` are folded, with their terms.

    Words with digits, capitals (gene symbols, acronyms) and those at the places `but` are left alone, as is good
    English; but when what it may be meant for makes a whole name, that is offered.
    """
    found = Spelling({}, [])
    shouted = all(word.isupper() for word in typed)
    for place, (word, term) in enumerate(words):
        check_time()
        symbol = typed[place][1:] != typed[place][1:].lower() and not shouted
        if place in but or symbol or len(word) < ONE_ERROR or not (word.isascii() and word.isalpha()):
            continue
        if snapshot.impacts.frequency(term):
            continue
        context = {other for at, (_, other) in enumerate(words) if at != place} - function_terms()
        context |= {snapshot.names.words[used] for used in found.corrected.values() if used in snapshot.names.words}
        candidates = _of_names(word, context, snapshot)
        if len({snapshot.names.words[one] for one in candidates}) == 1 and not is_english(word):
            found.corrected[place] = candidates[0]
            continue
        fits = _fits(candidates, context, snapshot)
        if is_english(word):
            found.rivals.extend(fit.name for fit in fits if fit.filled == 1)
        elif len(fits) > 1:
            found.rivals.extend(fit.name for fit in fits)
        elif fits:
            found.corrected[place] = fits[0].word
        elif others := near(word, snapshot.impacts.spellings, errors=1):
            found.corrected[place] = max(others, key=lambda other: (snapshot.impacts.uses(other), other))
    return found


class _Fit(NamedTuple):
    """A candidate, the name that it fills best with the other words of the question, and how far it fills that."""

    score: float
    filled: float
    word: str
    name: Name


def _fits(candidates: Sequence[str], context: set[str], snapshot: Snapshot) -> list[_Fit]:
    """Return the best fit of each candidate that is not far worse than the best of all, which comes first."""
    by_term: dict[str, _Fit] = {}
    for word in candidates:
        term = snapshot.names.words[word]
        if term not in by_term:
            names = _names_with(term, context, snapshot.names)
            by_term[term] = max((_fit(word, term, name, context) for name in names), key=lambda fit: fit[:2])
    fits = sorted(by_term.values(), key=lambda fit: (-fit.score, fit.name.text))
    rivals = [fit for fit in fits if fit.score >= RIVAL * fits[0].score]
    # two spellings of one sheet's names are no rivals
    return rivals if any(fit.name.sheets != rivals[0].name.sheets for fit in rivals) else rivals[:1]


def _names_with(term: str, context: set[str], names: Names) -> list[Name]:
    """Return the names of a term that another word of the question is in, or else some that have it alone."""
    with_both = [name for other in context for name in names.with_term.get(other, ()) if term in name.terms]
    return with_both or names.with_term[term][:_MOST_NAMES]


def _fit(word: str, term: str, name: Name, context: set[str]) -> _Fit:
    words = set(name.terms)
    there = len(words & (context | {term}))
    filled = there / len(words)
    return _Fit(filled * there, filled, word, name)


def _of_names(word: str, context: set[str], snapshot: Snapshot) -> list[str]:
    """Return the words of names that may be meant: one error away, or two where another word of the name is there."""
    names = snapshot.names
    if one_away := near(word, names.spellings, errors=1):
        return one_away
    two_away = near(word, names.spellings, errors=2) if len(word) >= TWO_ERRORS else []
    return [
        other for other in two_away if any(context.intersection(n.terms) for n in names.with_term[names.words[other]])
    ]


def near(word: str, pool: Mapping[int, Sequence[str]], errors: int) -> list[str]:
    """Return the words of a pool, which has them by length, that are so many errors away or fewer, in their order."""
    found: list[str] = []
    for length in range(len(word) - errors, len(word) + errors + 1):
        hits = process.extract(word, pool.get(length, ()), scorer=OSA.distance, score_cutoff=errors, limit=None)
        found += [other for other, _, _ in hits]
    return sorted(found)[:_MOST_CANDIDATES]
