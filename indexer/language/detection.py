"""Whether a text is English. Ranking and question words are made for English; other sheets get a warning."""

import re
from functools import lru_cache
from importlib import resources

#: The beginning is as telling as the whole.
_SAMPLE_CHARS = 2_000
#: Shorter texts give no verdict: a name or an address has no function words in any language.
_FEWEST_WORDS = 20
#: The least share of function words in an English text. The lowest of MedQuAD's 5,490 sheets with 20 words or more is
#: .150 (lists of links, tables of numbers), their median .26; the highest of 26 texts in 16 other languages is .098.
_ENGLISH_SHARE = 0.12
#: A word of plain letters; a letter with an accent or of another script counts by itself, for such words are not ours.
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[^\W\d_]")


def is_english_text(text: str) -> bool | None:
    """Return whether a text is English, by its share of function words; None if it is too short to decide.

    >>> is_english_text("Zinc fever")
    >>> is_english_text("La fièvre du zinc est une maladie des soudeurs, qui dure un jour." * 2)
    False
    """
    words = _WORD.findall(text[:_SAMPLE_CHARS].casefold().replace("\u2019", "'"))
    if len(words) < _FEWEST_WORDS:
        return None
    return sum(word in _function_words() for word in words) / len(words) >= _ENGLISH_SHARE


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    """Return "of" and the function words of three letters or more: shorter ones are words of many languages."""
    lines = resources.files(__package__).joinpath("function_words.txt").read_text(encoding="utf-8").splitlines()
    words = {word for line in lines for word in line.partition("#")[0].split()}
    return frozenset(word for word in words if len(word) > 2 or word == "of")
