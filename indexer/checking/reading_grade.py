"""The reading grade of a text: after how many years of school in the United States it is read with ease.

The Automated Readability Index, 4.71 letters a word + 0.5 words a sentence - 21.43 (R. J. Senter & E. A. Smith,
AMRL-TR-66-220, Aerospace Medical Research Laboratories, 1967). It counts letters where others count syllables, so that
it needs no dictionary. The name of a condition counts as one word of five letters: nobody can write it more plainly.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.language.detection import is_english_text
from indexer.language.sentences import plain_answer, sentence_spans
from indexer.model import Document

#: The formula is made of averages, which say little of fewer: Flesch (1948) and Gunning (1952) took samples of 100.
_FEWEST_WORDS = 100
_MASK = "names"


def reading_grade(documents: Sequence[Document], names: tuple[str, ...]) -> float | None:
    """Return the reading grade of some answers together, or None where they are too short, or not English.

    Counted are the sentences of paragraphs and list items, without their markers; `names` are those of the condition.
    """
    named = _any_of(names)
    sentences = [named.sub(_MASK, sentence) for document in documents for sentence in _sentences(document)]
    words = [word for sentence in sentences for word in sentence.split() if any(map(str.isalnum, word))]
    if len(words) < _FEWEST_WORDS or is_english_text(" ".join(words)) is False:
        return None
    letters = sum(sum(map(str.isalnum, word)) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43


@lru_cache(maxsize=1)  # the answers of a sheet follow each other
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _sentences(document: Document) -> Iterator[str]:
    plain = plain_answer(document)
    for block in document.blocks:
        if block.kind in ("paragraph", "list_item"):
            text = plain[block.start : block.end]
            spans = (text[start:end].replace("\0", "") for start, end in sentence_spans(text))
            yield from (sentence for sentence in spans if any(map(str.isalnum, sentence)))
