"""Spelling: a query word that is probably an error -> the word that was meant. A tie is offered, never guessed.

A word that no document contains is compared with the words of names first. A word that few documents contain is an
error if a word one edit away is far more frequent: the noisy channel (Kernighan, Church & Gale, COLING 1990) with the
collection's own frequencies, or those of English for words that the collection lacks.
"""

from collections.abc import Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from jellyfish import metaphone, soundex  # phonetic codes: Philips (1990) and Russell (US patent 1,261,167)
from rapidfuzz import process  # edit distances in C++
from rapidfuzz.distance import OSA

from indexer.index.names import Name, Names
from indexer.index.snapshot import Snapshot
from indexer.index.spellings import Spellings
from indexer.language.analysis import form, function_terms
from indexer.language.english import english_frequency, is_english
from indexer.time_limit import check_time

#: The fewest letters of a word that is corrected, and of one that may have two errors. 80 % of misspellings have one
#: error (Damerau, CACM 7:3, 1964); a short word with two is as near to many others, unless it sounds the same.
ONE_ERROR, TWO_ERRORS = 4, 8
#: The fewest letters of a word that may have three errors if it sounds the same: "craniofaringioma".
THREE_ERRORS = 12

#: A name whose fit is at least this share of the best one is as good a guess. On the judged confusable names
#: 0.6 offers both of 51 in 55.
RIVAL = 0.6

#: A word that documents contain is an error if another is MORE_FREQUENT times as frequent and has LEAST_KNOWN letters.
MORE_FREQUENT, LEAST_KNOWN = 30, 5
#: An English word that no document contains is an error if another is this many times as frequent in English.
MORE_ENGLISH = 100

#: More candidates at the same distance cannot be told apart.
_MOST_CANDIDATES = 20
#: The most names that are compared for one candidate: a word like "syndrome" is in thousands.
_MOST_NAMES = 100


class Spelling(NamedTuple):
    """The corrections, by the position of the word, and the names between which nothing decides."""

    corrected: dict[int, str]
    rivals: list[Name]


def spelling(typed: Sequence[str], words: Sequence[tuple[str, str]], snapshot: Snapshot, kept: Set[int]) -> Spelling:
    """Return corrections for the words of a question; `words` are folded, with their terms.

    Words with digits or capitals (gene symbols, acronyms) and those at the positions `kept` are not corrected. If the
    correction of an English word completes a name, that name is offered.
    """
    result = Spelling({}, [])
    shouted = all(word.isupper() for word in typed) and max(map(len, typed), default=0) > ONE_ERROR
    for position, (word, term) in enumerate(words):
        check_time()
        symbol = typed[position][1:] != typed[position][1:].lower() and not shouted
        letters = word.isascii() and word.isalpha() and len(word) >= ONE_ERROR
        if position in kept or symbol or not letters or term in function_terms():
            continue
        if frequency := snapshot.impacts.frequency(term):
            if frequency * MORE_FREQUENT**2 > snapshot.impacts.documents:
                continue  # too frequent here to be an error
            likelier = _beside_its_neighbour(position, words, snapshot) or _far_likelier(word, term, snapshot)
            if likelier:
                result.corrected[position] = likelier
            continue
        context = {other for at, (_, other) in enumerate(words) if at != position} - function_terms()
        context |= {snapshot.names.words[used] for used in result.corrected.values() if used in snapshot.names.words}
        candidates = _of_names(word, context, snapshot)
        english = is_english(word)
        if len({snapshot.names.words[other] for other in candidates}) == 1 and not english:
            result.corrected[position] = candidates[0]
            continue
        fits = _fits(candidates, context, snapshot)
        if english:
            result.rivals.extend(fit.name for fit in fits if fit.filled == 1)
            if not result.rivals and (likelier := _likelier_english(word, snapshot)):
                result.corrected[position] = likelier
        elif len(fits) > 1:
            result.rivals.extend(fit.name for fit in fits)
        elif fits:
            result.corrected[position] = fits[0].word
        elif others := near(word, snapshot.impacts.spellings, errors=1) or _alike(word, snapshot.impacts.spellings):
            likely = max(others, key=lambda other: (snapshot.impacts.uses(other), other))
            if len(likely) >= ONE_ERROR:
                result.corrected[position] = likely
    return result


def _beside_its_neighbour(position: int, words: Sequence[tuple[str, str]], snapshot: Snapshot) -> str | None:
    """Return the only word that names have next to a neighbour, if no document contains the pair that was typed.

    "carpel tunnel" becomes carpal tunnel. Words that end many names, such as "syndrome", say nothing about their
    neighbours.
    """
    names, (word, term) = snapshot.names, words[position]
    meant: set[str] = set()
    for at in (position - 1, position + 1):
        beside = words[at][1] if 0 <= at < len(words) else ""
        if beside in function_terms() or not 0 < len(names.with_term.get(beside, ())) <= _MOST_NAMES:
            continue
        for other in near(word, names.spellings, errors=1):
            pair = (names.words[other], beside) if at > position else (beside, names.words[other])
            if pair[0] != pair[1] and any(pair in pairwise(name.terms) for name in names.with_term[names.words[other]]):
                typed = [term, beside] if at > position else [beside, term]
                if names.words[other] != term and not snapshot.with_phrase(typed, most=1):
                    meant.add(other)
    return meant.pop() if len({names.words[other] for other in meant}) == 1 else None


def _far_likelier(word: str, term: str, snapshot: Snapshot) -> str | None:
    """Return the English word that is meant by a rare word that is not English."""
    if len(word) < LEAST_KNOWN or is_english(word):
        return None
    uses, least = snapshot.impacts.uses, MORE_FREQUENT * snapshot.impacts.frequency(term)
    others = [word for word in near(word, snapshot.impacts.spellings, errors=1) if uses(word) >= least]
    return max((other for other in others if is_english(other) and form(other)[1] != term), key=uses, default=None)


def _likelier_english(word: str, snapshot: Snapshot) -> str | None:
    """Return the word that is meant by a rare English word that no document contains."""
    if len(word) < LEAST_KNOWN:
        return None
    least = MORE_ENGLISH * english_frequency(word)
    others = near(word, snapshot.impacts.spellings, errors=1)
    likelier = [other for other in others if english_frequency(other) >= least]
    return max(likelier, key=lambda other: (snapshot.impacts.uses(other), other), default=None)


class _Fit(NamedTuple):
    """A candidate, the name that it completes best with the other words of the question, and the share it completes."""

    score: float
    filled: float
    word: str
    name: Name


def _fits(candidates: Sequence[str], context: set[str], snapshot: Snapshot) -> list[_Fit]:
    """Return the best fit of each candidate, best first, without those far worse than the best."""
    by_term: dict[str, _Fit] = {}
    for word in candidates:
        term = snapshot.names.words[word]
        if term not in by_term:
            names = _names_with(term, context, snapshot.names)
            by_term[term] = max((_fit(word, term, name, context) for name in names), key=lambda fit: fit[:2])
    fits = sorted(by_term.values(), key=lambda fit: (-fit.score, fit.name.text))
    rivals = [fit for fit in fits if fit.score >= RIVAL * fits[0].score]
    # two names of the same sheets are no rivals
    return rivals if any(fit.name.sheets != rivals[0].name.sheets for fit in rivals) else rivals[:1]


def _names_with(term: str, context: set[str], names: Names) -> list[Name]:
    """Return the names with a term and another word of the question; without any, some names with the term."""
    with_both = [name for other in context for name in names.with_term.get(other, ()) if term in name.terms]
    return with_both or names.with_term[term][:_MOST_NAMES]


def _fit(word: str, term: str, name: Name, context: set[str]) -> _Fit:
    words = set(name.terms)
    present = len(words & (context | {term}))
    filled = present / len(words)
    return _Fit(filled * present, filled, word, name)


def _of_names(word: str, context: set[str], snapshot: Snapshot) -> list[str]:
    """Return the words of names that may be meant.

    They are one error away, or two if they sound the same or the question has another word of the name.
    """
    names = snapshot.names
    candidates = [other for other in near(word, names.spellings, errors=1) if len(other) >= ONE_ERROR]
    if not any(soundex(other) == soundex(word) for other in candidates):
        candidates += [other for other in _alike(word, names.spellings) if other not in candidates]
    if candidates:
        return candidates
    two_away = near(word, names.spellings, errors=2) if len(word) >= TWO_ERRORS else []
    return [
        other for other in two_away if any(context.intersection(n.terms) for n in names.with_term[names.words[other]])
    ]


def _alike(word: str, pool: Spellings) -> list[str]:
    """Return the words of a pool that sound like a word or its singular and are at most two errors away.

    Long words may have three.
    """
    readings = {word, word.removesuffix("s")} if len(word) > LEAST_KNOWN else {word}
    errors = 3 if len(word) >= THREE_ERRORS else 2
    return sorted(
        {
            other
            for reading in readings
            for other in near(reading, pool, errors, most=None)
            if len(other) >= ONE_ERROR  # "mpox" is no "mps"
            and (soundex(other) == soundex(reading) or metaphone(other) == metaphone(reading))
        }
    )[:_MOST_CANDIDATES]


def near(word: str, pool: Spellings, errors: int, most: int | None = _MOST_CANDIDATES) -> list[str]:
    """Return the words of a pool within a number of errors, in alphabetical order."""
    others = pool.candidates(word, errors)
    matches = process.extract(word, others, scorer=OSA.distance, score_cutoff=errors, limit=None)
    return sorted(other for other, _, _ in matches)[:most]
