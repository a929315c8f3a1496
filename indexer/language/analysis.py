"""The analysis chain, written once: text -> tokens, for documents, questions and snippets alike.

word -> folded (case and accents) -> possessive dropped -> stemmed. Words with a digit or of another script are left
as they are: `22q11.2`, `GM1` and `α` are names, not English.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import Stemmer  # PyStemmer: Snowball in C, the stems that Xapian and bm25s use too

#: Changes whenever the chain gives other terms for some text; part of the index fingerprint.
ANALYSIS_VERSION = 2

#: A word: letters and digits, with inner apostrophes ("Parkinson's") and dots before a digit ("22q11.2").
#: A hyphen parts words, so that "Charcot-Marie-Tooth" is found by each of its names.
_WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+|\.(?=\d)[^\W_]+)*")
_POSSESSIVE = re.compile(r"['\u2019\u02bc](s$)?")
_STEMMER = Stemmer.Stemmer("english")
#: What people ask and what sheets answer with, kept apart by Snowball: "how is it treated", "Treatment varies".
_SAME_STEM = {"treatment": "treat", "treatments": "treat", "diagnosis": "diagnos", "diagnoses": "diagnos"}


class Token(NamedTuple):
    """A term with the span of the word that it came from, in code points of the analysed text."""

    term: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text without case, accents and runs of white space, for comparing names.

    >>> fold("Guimarães  DISEASE")
    'guimaraes disease'
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).casefold().split())


def analyse(text: str) -> list[Token]:
    """Return the tokens of a text, function words included, in order.

    >>> [token.term for token in analyse("Charcot-Marie-Tooth, 22q11.2 and Parkinson's diseases")]
    ['charcot', 'mari', 'tooth', '22q11.2', 'and', 'parkinson', 'diseas']
    """
    return [Token(form(word[0])[1], word.start(), word.end()) for word in _WORD.finditer(text)]


def terms(text: str) -> list[str]:
    """Return the terms of the tokens of a text: `analyse` for whoever does not ask where they stand.

    >>> terms("Parkinson's diseases")
    ['parkinson', 'diseas']
    """
    return [form(word)[1] for word in _WORD.findall(text)]


def words(text: str) -> list[str]:
    """Return the words of a text in order, as they are written.

    >>> words("Parkinson's diseases")
    ["Parkinson's", 'diseases']
    """
    return _WORD.findall(text)


def forms(text: str) -> list[tuple[str, str]]:
    """Return the words of a text in order, each folded, with its term.

    >>> forms("Parkinson's diseases")
    [('parkinson', 'parkinson'), ('diseases', 'diseas')]
    """
    return [form(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=100_000)
def form(word: str) -> tuple[str, str]:
    """Return a word folded, and its term."""
    folded = _POSSESSIVE.sub("", fold(word)) or word  # of some letters nothing is left, such as a lone apostrophe
    if len(folded) < 3 or not (folded.isascii() and folded.isalpha()):
        return folded, folded
    return folded, _SAME_STEM.get(folded) or str(_STEMMER.stemWord(folded))


@lru_cache(maxsize=1)
def function_terms() -> frozenset[str]:
    """Return the terms of English function words: they say nothing of what a question is about."""
    return _listed("function_words.txt")


@lru_cache(maxsize=1)
def frame_terms() -> frozenset[str]:
    """Return the terms of words that people tell a story with, around what they ask."""
    return _listed("frame_words.txt")


def _listed(file: str) -> frozenset[str]:
    lines = resources.files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines()
    return frozenset(term for line in lines for term in terms(line.partition("#")[0]))
