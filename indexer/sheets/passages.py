"""Passages that occur word for word on many sheets: publishers' notes on how to read a table, on sources, on trials.

They are found over all sheets of a build, sentence by sentence, for the sentence with the condition's name differs
where the rest of the passage is the same. Measured over MedQuAD, 5,490 sheets of nine publishers:

- *Sheets.* GARD's note on how to read a table of symptoms is on 2,243 sheets (41 %): 95 % of its 2,365 symptom
  answers carry it. Then come the words for patterns of inheritance on 102 to 490 (2 to 9 %), and CancerGov's
  explanations of spreading, scans and treatments on at most 94 (1.7 %), which are answers to somebody.
- *Words.* The note comes in runs of 36 and 135 words. What else is shared by 2 % is a sentence of 15 to 30 words; the
  one longer run, 51 words on recessive inheritance, is the whole answer in 348 of 356 places, and so is left alone.

With these bounds the two runs of the note are marked 2,243 times each, and the 51 words in the other 8 places.
"""

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from hashlib import blake2b
from itertools import chain, groupby

from indexer.language.analysis import fold
from indexer.model import Document, FactSheet, Span

#: A sentence is shared if it occurs on this share of the sheets (see above), and on so many, for a few sheets of a
#: small collection that have words in common are likely to be about related things.
SHARED_PART, SHARED_SHEETS = 0.02, 10

#: Shared sentences that follow each other are a shared passage when they have so many words: between 30 and 36.
SHARED_WORDS = 33


#: Where one sentence may end and the next begin. Abbreviations part sentences here, but no passages.
_BREAK = re.compile(r"(?<=[.!?])\s+|(?<!\s)\s*\n\s*")


def blanked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with spaces in place of some spans, which must be in order, so that all other offsets stay."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def sentence_keys(sheet: FactSheet) -> bytes:
    """Return the keys of the different sentences of a sheet, 8 bytes each."""
    return array("Q", sorted({key for document in sheet.documents for key, _ in _keyed(document)})).tobytes()


def shared_keys(sheets: Collection[bytes]) -> frozenset[int]:
    """Return the keys of the sentences that are shared, out of the `sentence_keys` of all sheets."""
    counts = Counter(chain.from_iterable(array("Q", keys) for keys in sheets))
    least = max(SHARED_SHEETS, SHARED_PART * len(sheets))
    return frozenset(key for key, count in counts.items() if count >= least)


def with_shared_passages(document: Document, shared: Collection[int]) -> Document:
    """Return an answer with its shared passages marked; without any where all of it is shared, for it is the answer."""
    passages: list[Span] = []
    own = False  # whether anything is not in a passage
    markers = {citation.start: citation.end for citation in document.citations}
    for is_shared, members in groupby(_keyed(document), lambda keyed: keyed[0] in shared):
        spans = [span for _, span in members]
        start, end = spans[0][0], spans[-1][1]
        while end in markers:  # those that follow the last full stop belong to its sentence
            end = markers[end]
        if is_shared and len(document.answer[start:end].split()) >= SHARED_WORDS:
            passages.append((start, end))
        else:
            own = True
    return replace(document, shared=tuple(passages)) if passages and own else document


def _keyed(document: Document) -> list[tuple[int, Span]]:
    """Return the sentences of an answer with their keys: a hash (64 bits) of each without case, accents and markers."""
    markers = [(citation.start, citation.end) for citation in document.citations]
    plain, found, at = blanked(document.answer, markers), [], 0
    for end, following in [*(match.span() for match in _BREAK.finditer(plain)), (len(plain), 0)]:
        if text := fold(plain[at:end]):
            found.append((int.from_bytes(blake2b(text.encode(), digest_size=8).digest()), (at, end)))
        at = following
    return found
