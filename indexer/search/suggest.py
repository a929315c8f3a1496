"""Suggestions while typing: names of subjects by their words, then the best answers."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from string import ascii_lowercase
from weakref import WeakKeyDictionary

from indexer.index.names import Name
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import fold, forms, function_terms, terms
from indexer.language.lay_words import lay_words
from indexer.model import Query, Suggestion
from indexer.search.search import best
from indexer.search.spelling import ONE_ERROR
from indexer.search.syntax import parse
from indexer.search.understand import understand
from indexer.time_limit import check_time, give_way

#: One letter begins hundreds of names.
LEAST_LETTERS = 2
#: Built at the first request, and released with the snapshot. Queries are not kept.
_lookups: "WeakKeyDictionary[Snapshot, _Lookup]" = WeakKeyDictionary()
_WORD, _APOSTROPHE, _POSSESSIVE = map(re.compile, (r"[^\W_]+", r"['\u2019\u02bc]", r"['\u2019\u02bc]s\b"))
_UNFINISHED = re.compile(r"(?<![^\s(/-])[^\W_]+$")  # no filter's value, such as type:treat


def suggest(snapshot: Snapshot, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
    """Return names that have every word typed, the last as the beginning of a word, then answers, half of each.

    The name itself comes first, then those that begin with what was typed; titles, then the shorter. Then names with
    other spaces, hyphens, numerals or spelling: "chicken p" begins Chickenpox. Where there is none, one typing error is
    corrected, and then the names are suggested that a search would read in the text. Answers are ranked as soon as a
    word is whole.
    """
    typed = _words(fold(text))
    if sum(map(len, typed)) < LEAST_LETTERS:
        return ()
    lookup = _lookups.get(snapshot) or _lookups.setdefault(snapshot, _Lookup(snapshot))
    names = lookup.find(typed, limit, list(islice(snapshot.names.beginning_closed(forms(text)), limit)))
    if not names:
        question = understand(parse(Query(text), snapshot.kinds), snapshot)
        if all(word.focus is not None or word.frames for word in question.words):
            names = list(dict.fromkeys(question.names))
        names += question.rivals
    asked = _UNFINISHED.sub(lookup.completed(typed), text) if len(typed) > 1 else text
    answers = tuple(islice(_answers(snapshot, lookup.numbers, asked, limit), limit - min(len(names), limit // 2)))
    return (*(_subject(snapshot, name) for name in names[: limit - len(answers)]), *answers)


class _Lookup:
    """The names of a snapshot in the order of suggestion, and their positions by word."""

    def __init__(self, snapshot: Snapshot) -> None:
        columns = snapshot.columns
        self.numbers = {columns.ids[number]: number for number in snapshot.everything.tolist()}
        titles = {title for title, _ in columns.subject.counts(snapshot.everything)}
        folded = ((fold(name.text), name) for name in snapshot.names)
        ordered = sorted((text not in titles, len(text), text, name.text, name) for text, name in folded)
        self._names = [name for *_, name in ordered]
        self._spelt = [" ".join(_words(text)) for _, _, text, _, _ in ordered]
        self._having: dict[str, list[int]] = defaultdict(list)  # by word, the positions of the names with it
        for position, (_, _, text, _, _) in enumerate(ordered):
            give_way()
            bare = _words(_POSSESSIVE.sub("", text)) if _APOSTROPHE.search(text) else []
            for word in (*self._spelt[position].split(), *bare):
                self._having[word].append(position)
        self._words = sorted(self._having)

    def find(self, typed: Sequence[str], limit: int, others: Sequence[Name] = ()) -> list[Name]:
        """Return the first names that have the words, then `others`; if there is none, those that have one error."""
        having = [self._having_one(word, at == len(typed) - 1) for at, word in enumerate(typed)]
        readings = {" ".join(typed): set.intersection(*sorted(having, key=len))}
        if not any(readings.values()) and not others:
            readings = dict(self._with_one_error(typed, having))
        inside = sorted(set().union(*readings.values()))
        begun = [position for position in inside if self._spelt[position].startswith(tuple(readings))]
        exact = [position for position in begun if self._spelt[position] in readings]
        named = (self._names[position] for position in dict.fromkeys((*exact, *begun, *inside)))
        return list(islice(dict.fromkeys((*named, *others)), limit))

    def completed(self, typed: Sequence[str]) -> str:
        """Return the last word, completed as in most names with the word before it unless a name has it."""
        # A star finds no more (of 600 unfinished questions .873 had the answer in eight, this .865) and costs more.
        words = self._beginning(typed[-1])
        if not words or typed[-1] in self._having:
            return typed[-1]
        beside = set(self._having.get(typed[-2], ()))
        return max(words, key=lambda word: (len(beside.intersection(self._having[word])), len(self._having[word])))

    def _with_one_error(self, typed: Sequence[str], having: Sequence[set[int]]) -> Iterator[tuple[str, set[int]]]:
        """Yield readings with one typing error corrected, and the positions of the names with that reading."""
        for at, word in enumerate(typed):
            check_time()
            others = sorted((*having[:at], *having[at + 1 :]), key=len)
            if len(word) >= ONE_ERROR and (not others or set.intersection(*others)):
                for near in self._near(word):
                    if matching := set.intersection(*others, self._having_one(near, at == len(typed) - 1)):
                        yield " ".join((*typed[:at], near, *typed[at + 1 :])), matching

    def _near(self, word: str) -> Iterator[str]:
        """Yield the beginnings of words in names that are one typing error away (OSA distance 1)."""
        for at in range(len(word) + 1):
            before, after = word[:at], word[at:]
            if not self._beginning(before):
                return
            ends = {letter + rest for letter in ascii_lowercase for rest in (after, after[1:])}
            ends |= {after[1:], after[1:2] + after[:1] + after[2:]}
            yield from (before + end for end in ends if self._beginning(before + end))

    def _having_one(self, word: str, unfinished: bool) -> set[int]:
        """Return the positions of the names with a word, or if it is unfinished with a word that it begins."""
        return set().union(
            *(self._having.get(other, ()) for other in (self._beginning(word) if unfinished else [word]))
        )

    def _beginning(self, start: str) -> list[str]:
        return self._words[bisect_left(self._words, start) : bisect_left(self._words, start + "\U0010ffff")]


def _subject(snapshot: Snapshot, name: Name) -> Suggestion:
    """Return the suggestion of a name. Another name comes with the subject, if all its sheets are about one."""
    columns, first = snapshot.columns, name.sheets[0].start
    sheets, subjects = ({column[sheet.start] for sheet in name.sheets} for column in (columns.sheet, columns.subject))
    title = columns.titles[first] if len(subjects) == 1 and fold(name.text) not in subjects else None
    return Suggestion("subject", name.text, columns.sheet[first] if len(sheets) == 1 else None, title)


def _answers(snapshot: Snapshot, numbers: dict[str, int], asked: str, limit: int) -> Iterator[Suggestion]:
    """Yield the best answers, one for each question, if a word of the text occurs in an answer."""
    whole = terms(asked)
    if lay_words(whole) or any(snapshot.impacts.frequency(term) for term in set(whole) - function_terms()):
        shown: set[str] = set()
        for id in best(snapshot, Query(asked), limit):
            question = snapshot.columns.questions[numbers[id]]
            if fold(question) not in shown:
                shown.add(fold(question))
                yield Suggestion("answer", question, id)


def _words(folded: str) -> list[str]:
    return _WORD.findall(_APOSTROPHE.sub("", folded))
