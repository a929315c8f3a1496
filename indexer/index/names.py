"""The names of what the sheets are about: where a question names one, and which words names are made of."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from indexer.index.spellings import Spellings
from indexer.language.analysis import forms, function_terms
from indexer.language.respelling import closed, singular
from indexer.time_limit import give_way

#: An acronym has two capitals or digits among at most so many letters; longer ones are not English words by accident.
ACRONYM_CHARS = 6


#: What people leave out: "moyamoya" is moyamoya disease.
_ENDINGS = (" syndrom", " diseas", " disord")

#: The terms of words that narrow a subject to people of some age or sex, or to a type.
_QUALIFIERS = frozenset(
    term
    for _, term in forms(
        "type adult adults child children childhood pediatric juvenile infant infants infancy infantile newborn "
        "neonatal teen teens adolescent adolescents women men elderly older in and of the"
    )
)

#: A name that is written with other spaces has at most so many words.
_CLOSED_WORDS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A name as a sheet prints it, its terms, and the documents of each sheet that has it, by their numbers."""

    text: str
    terms: tuple[str, ...]
    sheets: list[range]

    def is_acronym(self) -> bool:
        """Return whether it is one short word with capitals inside, such as "ALL": English has a word for many."""
        return len(self.terms) == 1 and _is_acronym(self.text)


def _is_acronym(text: str) -> bool:
    return len(text) <= ACRONYM_CHARS and not text[1:].islower()


def name_key(text: str) -> str:
    """Return the terms of a name joined by spaces, by which it is found; of an acronym the word itself, not its stem.

    >>> name_key("Parkinson's diseases"), name_key("POTS"), name_key("pots")
    ('parkinson diseas', 'pots', 'pot')
    """
    found = forms(text)
    if len(found) == 1 and _is_acronym(text):
        return found[0][0]
    # A word may have no letters, or fold to several: a name is found by what is left.
    return " ".join(" ".join(term for _, term in found).split())


class Names:
    """Every name in an index, whatever the order of its sheets.

    Names of the same terms are one; its text is then a title, if one of them is, and the plainest of several.
    `words` are those that names are made of, as they are written, with their terms; of deleted sheets, too.
    """

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self._names: dict[str, Name] = {}
        self._shortened: dict[str, list[str]] = defaultdict(list)  # without their endings, which they are
        self._titles: set[str] = set()
        self._longest: dict[str, int] = {}  # by its first term, how many terms a name may have

    def add(self, documents: range, names: Sequence[tuple[str, str]]) -> None:
        """Add the names of a sheet, the title first, each with its terms joined by spaces."""
        for place, (text, key) in enumerate(names):
            known = self._names.get(key)
            if known is None:
                self._add_first(documents, text, key)
            else:
                is_title, was_title = place == 0, key in self._titles
                if is_title > was_title or (is_title == was_title and _plainness(text) < _plainness(known.text)):
                    known = self._names[key] = Name(text, known.terms, known.sheets)
                if known.sheets[-1] != documents:
                    known.sheets.append(documents)
            if place == 0:
                self._titles.add(key)

    def _add_first(self, documents: range, text: str, key: str) -> None:
        if not (terms := tuple(key.split())):
            return
        self._names[key] = Name(text, terms, [documents])
        if self._longest.get(terms[0], 0) < len(terms):
            self._longest[terms[0]] = len(terms)
        if key.endswith(_ENDINGS):
            self._shortened[key.rpartition(" ")[0]].append(key)

    def __iter__(self) -> Iterator[Name]:
        return iter(self._names.values())

    def get(self, key: str) -> Name | None:
        """Return the name of some terms, joined by spaces."""
        return self._names.get(key)

    def find(self, words: Sequence[tuple[str, str]]) -> list[tuple[int, int, Name]]:
        """Return the names in a question, each with its first word and the one after its last; the longest win.

        `words` are folded, with their terms. A name also matches without "syndrome", "disease" or "disorder" at its
        end, an acronym only as it is written. Function words alone name nothing, unless as an acronym ("AS").
        """
        matches = []
        names, shortened = self._names, self._shortened
        for start, (word, first) in enumerate(words):
            key, longest = "", None
            if (name := names.get(word)) and name.is_acronym():
                longest = (start, start + 1, name)
            for end in range(start, min(start + self._longest.get(first, 0), len(words))):
                key = f"{key} {words[end][1]}" if key else words[end][1]
                if key in names:
                    if end > start or not names[key].is_acronym():
                        longest = (start, end + 1, names[key])
                elif key in shortened and not (longest and end == start):
                    longest = (start, end + 1, self._ending_otherwise(key))
            if longest and (
                longest[2].is_acronym() or not all(term in function_terms() for _, term in words[start : longest[1]])
            ):
                matches.append(longest)
        return without_overlaps(matches)

    def find_closed(self, words: Sequence[tuple[str, str]]) -> list[tuple[int, int, Name]]:
        """Return the names that a question has with other spaces, hyphens, numerals or spelling, as `find` does.

        "kidneystones", "chicken pox", "type3b", "A D H D" and "type iv" are such. An acronym has to be spelt out.
        """
        matches, parts = [], closed(words)
        for start in range(len(parts)):
            text, longest = "", None
            for end in range(start, min(start + _CLOSED_WORDS, len(parts))):
                text += parts[end]
                if key := self._closed.get(singular(text)):
                    name = self._names[key]
                    letters, rest = parts[start : end + 1], parts[start + 1 : end + 1]
                    spelt = all(len(part) == 1 for part in letters) or all(map(str.isdigit, rest))
                    if not name.is_acronym() or (spelt and end > start):
                        longest = (start, end + 1, name)
            if longest and not all(term in function_terms() for _, term in words[start : longest[1]]):
                matches.append(longest)
        return without_overlaps(matches)

    def beginning_closed(self, words: Sequence[tuple[str, str]]) -> Iterator[Name]:
        """Yield the names that begin with some words, with other spaces, hyphens, numerals or spelling."""
        text = "".join(closed(words))
        first = bisect_left(self._sorted_closed, text)
        for key in takewhile(lambda key: key.startswith(text), islice(self._sorted_closed, first, None)):
            yield self._names[self._closed[key]]

    @cached_property
    def _sorted_closed(self) -> list[str]:
        return sorted(self._closed)

    @cached_property
    def _closed(self) -> dict[str, str]:
        """The key of each name by the name without spaces; of several alike, that of a title."""
        keys: dict[str, str] = {}
        for key in sorted(self._names, key=lambda key: (key not in self._titles, key), reverse=True):
            give_way()
            parts = closed(forms(self._names[key].text))
            keys[singular("".join(parts))] = key
            if key.endswith(_ENDINGS):
                keys.setdefault(singular("".join(parts[:-1])), key)
        return keys

    def _ending_otherwise(self, key: str) -> Name:
        return self._names[min(self._shortened[key], key=lambda key: (key not in self._titles, key))]

    @cached_property
    def with_term(self) -> dict[str, list[Name]]:
        """The names that have a term, by the alphabet."""
        found: dict[str, list[Name]] = defaultdict(list)
        for key in sorted(self._names):
            give_way()
            name = self._names[key]
            for term in set(name.terms):
                found[term].append(name)
        return found

    def containing(self, name: Name) -> list[Name]:
        """Return the names that have all terms of a name, itself among them."""
        rarest = min((self.with_term[term] for term in name.terms), key=len)
        return [other for other in rarest if set(name.terms) <= set(other.terms)]

    def narrower(self, name: Name) -> list[Name]:
        """Return the names of a subject in people of some age or sex, or of a numbered type: "type 2 diabetes"."""
        return [
            other
            for other in self.containing(name)
            if other is not name
            and all(term in _QUALIFIERS or term.isdigit() for term in set(other.terms) - set(name.terms))
        ]

    def words_beginning(self, letters: str) -> Iterator[str]:
        """Yield the words that names are made of and that begin with some letters, by the alphabet."""
        first = bisect_left(self._sorted_words, letters)
        return takewhile(lambda word: word.startswith(letters), islice(self._sorted_words, first, None))

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(word for word, term in self.words.items() if term in self.with_term)

    @cached_property
    def spellings(self) -> Spellings:
        """The words that names are made of, without acronyms, which are near to all short words."""
        with_term = self.with_term
        return Spellings(w for w in self._sorted_words if not all(n.is_acronym() for n in with_term[self.words[w]]))


def without_overlaps(matches: Iterable[tuple[int, int, Name]]) -> list[tuple[int, int, Name]]:
    """Return the matches that are left in order when of those that overlap the longest are chosen, then the first."""
    chosen: list[tuple[int, int, Name]] = []
    for match in sorted(matches, key=lambda match: (match[0] - match[1], match[0])):
        if all(match[1] <= start or end <= match[0] for start, end, _ in chosen):
            chosen.append(match)
    return sorted(chosen, key=lambda match: match[0])


def _plainness(text: str) -> tuple[bool, str]:
    """Return what puts "Usher syndrome" before "USHER syndrome", and that before "usher syndrome"."""
    return text[:1].islower(), text.swapcase()
