"""Impact arrays: for each term its documents, and what it adds to their scores, computed when they are built.

An impact is BM25F without the part that depends on other documents (Robertson, Zaragoza & Taylor, "Simple BM25
extension to multiple weighted fields", CIKM 2004): the counts of a term in the four fields, each weighed and made
relative to the field's length, are added up and saturate together:

    tf(d, t)     = sum over fields of WEIGHT * count / (1 - LENGTH + LENGTH * length / TYPICAL)
    impact(d, t) = tf * (K1 + 1) / (tf + K1)

TYPICAL is the average length of a field. It is a constant here, so that impacts depend on their own document
alone, and the arrays of a segment never change: generations share them. idf is left to the search for the same reason.
`tests/search/exhaustive.py` says the same, slowly.

    arrays/SEGMENT/terms.msgpack     what the rows are of: terms, and words of questions and answers as they are written
    arrays/SEGMENT/*.npy             where the rows start; their documents, impacts and covers
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.index.spellings import Spellings
from indexer.language.english import is_english
from indexer.time_limit import give_way

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]  # what NumPy counts with: others it would copy first
Mask = NDArray[np.bool_]

#: What a word counts in each field. Measured: `python -m tests.benchmarks ingredients`, as is all that follows.
WEIGHT = {"name": 6.0, "other_names": 3.0, "question": 2.0, "answer": 1.0}
#: How far a field's length counts (b): names are long or short for no reason that says how well they fit.
LENGTH = {"name": 0.3, "other_names": 0.3, "question": 0.3, "answer": 0.75}
#: Average lengths in MedQuAD's 16,423 answers, in words.
TYPICAL = {"name": 3.0, "other_names": 9.0, "question": 7.0, "answer": 176.0}
#: Lucene's; from 0.6 to 2 the measures stay within their intervals.
K1 = 1.2
#: How much of a word a document covers that has another form of it, or has it in its question only. All of it covers
#: the word itself, as it was typed, in the answer, and any form of it in a name.
COVERED_BY_STEM = 0.6

#: What the arrays depend on; part of the index fingerprint.
FORMULA = (WEIGHT, LENGTH, TYPICAL, K1, COVERED_BY_STEM)

_NAMES = ("name", "other_names")

#: The prefix of a row for a word as it is written. No term begins so.
_EXACT = "="


class Posting(NamedTuple):
    """The row of a term in one segment: documents in order, and for each its impact and how far it covers the word."""

    documents: Numbers
    impacts: Floats
    covers: Floats


#: The row of a term that a segment does not have.
NO_POSTING = Posting(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))

#: Opens an array of a segment, by the segment's folder and the array's name: something that gives slices.
Opener = Callable[[Path, str], Any]

#: The postings of a field by term, each (document number, count, ...), and how long the field is in each document.
Field = tuple[Mapping[bytes, Sequence[tuple[int, float, bytes]]], Sequence[int]]


def write_impacts(folder: Path, fields: Mapping[str, Field], words: Mapping[str, Sequence[int]]) -> None:
    """Write the arrays of a segment into a new folder.

    `words` are the documents, in order, whose answer has a word as it is written, and none of their names its term;
    none for a word that only questions have.
    """
    folder.mkdir(parents=True)
    terms = sorted(set().union(*(postings for postings, _ in fields.values())))
    rows = {term: row for row, term in enumerate(terms)}
    size = max((len(lengths) for _, lengths in fields.values()), default=0)
    keys, values, named = [], [], []
    for name, (postings, lengths) in fields.items():
        share = LENGTH[name] * np.asarray(lengths, dtype=np.float64) / TYPICAL[name]
        factor = WEIGHT[name] / (1 - LENGTH[name] + share)
        counts = np.fromiter(map(len, postings.values()), np.int64, len(postings))
        row = np.repeat(np.fromiter((rows[term] for term in postings), np.int64, len(postings)), counts)
        total = len(row)
        numbers = np.fromiter((one[0] for one in chain.from_iterable(postings.values())), np.int64, total)
        times = np.fromiter((one[1] for one in chain.from_iterable(postings.values())), np.float64, total)
        keys.append(row * size + numbers)
        values.append(times * factor[numbers])
        named.append(np.full(total, name in _NAMES))
    key, value, in_name = (np.concatenate(parts) if parts else np.zeros(0) for parts in (keys, values, named))
    order = np.argsort(key, kind="stable")
    key = key[order].astype(np.int64)
    first = np.flatnonzero(np.diff(key, prepend=-1))
    tf = np.add.reduceat(value[order], first) if len(first) else value
    in_name = np.logical_or.reduceat(in_name[order], first) if len(first) else in_name
    written = sorted(words)
    uses = np.fromiter((len(words[word]) for word in written), np.int64, len(written))
    exact = np.fromiter(chain.from_iterable(words[word] for word in written), np.int64, int(uses.sum()))
    starts = np.searchsorted(key[first], np.arange(len(terms) + 1) * size)
    cover = np.where(in_name, 1.0, COVERED_BY_STEM)
    _save(folder, "starts", np.concatenate([starts, starts[-1] + np.cumsum(uses)]), np.uint32)
    _save(folder, "documents", np.concatenate([key[first] % max(size, 1), exact]), np.int64)
    _save(folder, "impacts", np.concatenate([tf * (K1 + 1) / (tf + K1), np.zeros(len(exact))]), np.float32)
    _save(folder, "covers", np.concatenate([cover, np.full(len(exact), 1 - COVERED_BY_STEM)]), np.float32)
    rows_of = [*(term.decode() for term in terms), *(_EXACT + word for word in written)]
    (folder / "terms.msgpack").write_bytes(msgspec.msgpack.encode(rows_of))


class Part:
    """The arrays of one segment, mapped into memory. Its documents have numbers of their own, from 0 to `size`.

    In the whole index they are numbered from `base` on. `live` marks those that are not deleted; None: all are.
    """

    def __init__(self, folder: Path, base: int, size: int, deleted: Collection[int], opener: Opener) -> None:
        self.base, self.size, self._counts = base, size, folder / "counts.npy"
        self.live: Mask | None = None
        if deleted:
            self.live = np.ones(size, dtype=np.bool_)
            self.live[list(deleted)] = False
        terms = msgspec.msgpack.decode((folder / "terms.msgpack").read_bytes(), type=list[str])
        self._rows = dict(zip(terms, range(len(terms)), strict=True))
        self._starts = _load(folder, "starts").tolist()
        self._documents, self._impacts, self._covers = (opener(folder, n) for n in ("documents", "impacts", "covers"))

    def posting(self, term: str) -> Posting:
        """Return the row of a term."""
        row = self.row(term)
        return Posting(self._documents[row], self._impacts[row], self._covers[row]) if row else NO_POSTING

    def row(self, term: str) -> slice | None:
        """Return where the row of a term is in the arrays; None if the segment does not have the term."""
        row = self._rows.get(term)
        return None if row is None else slice(self._starts[row], self._starts[row + 1])

    def frequency(self, term: str) -> int:
        """Return how many documents that are not deleted have a term."""
        row = self._rows.get(term)
        return 0 if row is None else int(self.counts[row])

    def exact(self, word: str) -> Posting:
        """Return the row of a word as it is written: what that covers beside its term. It has no impact of its own."""
        return self.posting(exact_key(word))

    @cached_property
    def counts(self) -> NDArray[Any]:
        """How many documents that are not deleted each row has. A cluster stores them; here, counting takes 5 ms."""
        if self.live is None:
            return np.diff(self._starts)
        if self._counts.exists():
            return _load(self._counts.parent, "counts")
        return np.diff(np.concatenate([[0], np.cumsum(self.live[self._documents[:]])])[self._starts])

    def uses(self) -> Iterator[tuple[str, int]]:
        """Yield words as they are written, each with how many answers that are not deleted have it."""
        for row, count in zip(self._rows, self.counts.tolist(), strict=True):
            if row.startswith(_EXACT):
                yield row.removeprefix(_EXACT), count

    def count(self, numbers: Numbers) -> int:
        """Return how many of some documents are not deleted."""
        return len(numbers) if self.live is None else int(np.count_nonzero(self.live[numbers]))


class Impacts:
    """The arrays of a generation, a part for each segment, of name, size and numbers of deleted documents.

    `size` counts all numbers, `documents` only live ones. `live` marks these; None: all are live.
    """

    def __init__(
        self, folder: Path, segments: Iterable[tuple[str, int, Collection[int]]], opener: Opener | None = None
    ) -> None:
        self.parts: list[Part] = []
        self._frequencies: dict[str, int] = {}
        self.size = self.documents = 0
        for name, size, deleted in segments:
            self.parts.append(Part(folder / name, self.size, size, deleted, opener or _load))
            self.size += size
            self.documents += size - len(deleted)
        self.live: Mask | None = None
        if self.documents < self.size:
            all_live = (np.ones(part.size, np.bool_) if part.live is None else part.live for part in self.parts)
            self.live = np.concatenate(list(all_live))

    def frequency(self, term: str) -> int:
        """Return how many documents have a term."""
        known = self._frequencies.get(term)
        if known is None:
            known = sum(part.frequency(term) for part in self.parts)
            if known:  # words that nobody ever wrote are without number
                self._frequencies[term] = known
        return known

    def has(self, term: str, numbers: Numbers) -> Mask:
        """Return which of some documents have a term."""
        found = np.zeros(len(numbers), dtype=np.bool_)
        for part in self.parts:
            documents = part.posting(term).documents
            if len(documents):
                wanted = numbers - part.base
                found |= documents[np.minimum(documents.searchsorted(wanted), len(documents) - 1)] == wanted
        return found

    def having(self, term: str) -> Numbers:
        """Return the documents that have a term and are not deleted, in order."""
        documents = np.concatenate([part.base + part.posting(term).documents for part in self.parts])
        return documents if self.live is None else documents[self.live[documents]]

    def words_beginning(self, letters: str) -> list[str]:
        """Return the words of answers that begin with some letters, the frequent first, and last those of questions.

        A word of deleted documents may be among them.
        """
        first = bisect_left(self.vocabulary, letters)
        begun = takewhile(lambda word: word.startswith(letters), islice(self.vocabulary, first, None))
        return sorted(begun, key=lambda word: (-self._uses[word], word))

    def uses(self, word: str) -> int:
        """Return how many answers contain a word as it is written."""
        return self._uses[word]

    @cached_property
    def spellings(self) -> Spellings:
        """The words of answers, but those of a single document that may be misspelt themselves."""
        return Spellings(word for word, uses in self._uses.items() if uses > 1 or (uses and is_english(word)))

    @cached_property
    def _uses(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for word, count in chain.from_iterable(part.uses() for part in self.parts):
            give_way()
            found[word] += count
        return found

    @cached_property
    def vocabulary(self) -> list[str]:
        """The words of answers and questions as they are written, by the alphabet."""
        return sorted(self._uses)


def exact_key(word: str) -> str:
    """Return the key of the row for a word as it is written."""
    return _EXACT + word


def _save(folder: Path, name: str, array: NDArray[Any], kind: type[Any]) -> None:
    np.save(folder / f"{name}.npy", array.astype(kind, copy=False), allow_pickle=False)


def _load(folder: Path, name: str) -> NDArray[Any]:
    array: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)  # a memmap's own slices cost twenty times an array's
