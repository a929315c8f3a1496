"""Stable ids: they depend on the sheet's address and the question's words, not on neighbours.

Only equal questions of one sheet are numbered in their order. A build keeps their ids as the last one gave them.

`gard-multifocal-motor-neuropathy-3f2a9c1d.5e6f7a8b`: a slug for people, a hash of where the sheet is, a hash of the
question. The hashes alone find the answer, so that a link outlives a corrected title.
"""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, filterfalse, product
from urllib.parse import urlsplit

from indexer.model import Document

#: 32 bits: two of 10,000 sheets share a hash in 1 of 86 collections (birthday bound, n^2 / 2^33), and a build
#: refuses the second of two sheets with one id.
_HASH_CHARS = 8
_SLUG_CHARS = 60
#: Of so many equal questions the answers are compared: pages seldom have more than three, and pairs take the square.
_COMPARED = 20

#: The words that ids are made of. They must never change, whatever the analysis of texts and questions becomes.
_WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+|\.(?=\d)[^\W_]+)*")


def sheet_id(title: str, source: str | None, url: str | None, path: str) -> str:
    """Return the id of a sheet: a slug of source and title, and a hash of its address or else its relative path.

    An address counts without scheme, fragment and last slash, for it is the same page with and without them.
    """
    slug = "-".join(re.findall(r"[a-z0-9]+", _fold(f"{source or ''} {title}")))
    slug = slug if len(slug) <= _SLUG_CHARS else slug[:_SLUG_CHARS].rpartition("-")[0]
    parts = urlsplit(url or "")
    place = f"{parts.netloc.casefold()}{parts.path.rstrip('/')}?{parts.query}" if url else path
    return f"{slug}-{_hash(place)}" if slug else _hash(place)


def answer_ids(sheet: str, questions: Iterable[str]) -> list[str]:
    """Return the ids of a sheet's answers, in order; equal questions are distinguished by their ordinal."""
    seen: Counter[str] = Counter()
    ids = []
    for words in map(_words, questions):
        seen[words] += 1
        ids.append(f"{sheet}.{_hash(f'{words}#{seen[words]}')}")
    return ids


def repeats(questions: Iterable[str]) -> bool:
    """Return whether two questions have the same words, so that their ids depend on their order."""
    words = list(map(_words, questions))
    return len(set(words)) < len(words)


def lasting_ids(before: Iterable[Document], now: Iterable[Document]) -> tuple[str, ...]:
    """Return the hashes of a sheet's questions so that each answer keeps the id that it had before.

    Of equal questions, the one with the same answer keeps the id, then the one whose answer shares the most words. An
    id that another answer had is not used again.
    """
    earlier: dict[str, list[Document]] = defaultdict(list)
    for document in before:
        earlier[_words(document.question)].append(document)
    equal: dict[str, list[Document]] = defaultdict(list)
    for document in (documents := list(now)):
        equal[_words(document.question)].append(document)
    kept = {document.id: id for words, new in equal.items() for document, id in _matched(earlier[words], new)}
    used = {_question_part(document.id) for documents in earlier.values() for document in documents}
    free = {words: filterfalse(used.__contains__, _hashes(words)) for words in equal}
    return tuple(kept.get(document.id) or next(free[_words(document.question)]) for document in documents)


def _matched(before: list[Document], now: list[Document]) -> Iterator[tuple[Document, str]]:
    """Yield answers to one question with the question hashes that they had before."""
    before, now = list(before), list(now)
    answers = {document.answer: document for document in reversed(now)}
    for earlier in [document for document in before if document.answer in answers]:
        if same := answers.pop(earlier.answer, None):
            yield same, _question_part(earlier.id)
            before.remove(earlier)
            now.remove(same)
    while before and now:
        pairs = product(before[:_COMPARED], now[:_COMPARED])
        earlier, later = max(pairs, key=lambda pair: _alike(pair[0].answer, pair[1].answer))
        yield later, _question_part(earlier.id)
        before.remove(earlier)
        now.remove(later)


def _alike(answer: str, other: str) -> float:
    """Return how many of the words of two answers both have, from 0 to 1 (Jaccard index)."""
    words, others = set(answer.split()), set(other.split())
    return len(words & others) / len(words | others)


def _hashes(words: str) -> Iterator[str]:
    """Yield the hashes of a question that is asked again and again."""
    return (_hash(f"{words}#{number}") for number in count(1))


def _question_part(id: str) -> str:
    return id.rpartition(".")[2]


def _words(question: str) -> str:
    return " ".join(map(_fold, _WORD.findall(question)))


def stable_part(id: str) -> str:
    """Return the part of an id that stays when a title or a source is corrected: its hashes, without the slug."""
    return id.rpartition("-")[2]


def _fold(text: str) -> str:
    """Return a text without case and accents, as ids have always had it."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).casefold().split())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARS]
