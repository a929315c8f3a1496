"""Stable ids: they depend on the sheet's address and the question's words, never on neighbours or build order.

`gard-multifocal-motor-neuropathy-3f2a9c1d.5e6f7a8b`: a slug for people, a hash of where the sheet is, a hash of the
question. The hashes alone find the answer, so that a link outlives a corrected title.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

#: 32 bits: two of 10,000 sheets share a hash in 1 of 86 collections (birthday bound, n^2 / 2^33), and a build
#: refuses the second of two sheets with one id.
_HASH_CHARS = 8
_SLUG_CHARS = 60

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
    for question in questions:
        words = " ".join(map(_fold, _WORD.findall(question)))
        seen[words] += 1
        ids.append(f"{sheet}.{_hash(f'{words}#{seen[words]}')}")
    return ids


def stable_part(id: str) -> str:
    """Return the part of an id that stays when a title or a source is corrected: its hashes, without the slug."""
    return id.rpartition("-")[2]


def _fold(text: str) -> str:
    """Return a text without case and accents, as ids have always had it."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).casefold().split())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARS]
