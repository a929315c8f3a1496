"""The analysis chain, written once: text -> tokens, for documents, questions and snippets alike.

word -> folded (case, accents, apostrophes) -> possessive dropped -> written one way -> stemmed. Written one way are
Greek letters by their names, Roman numerals as digits, acronyms without dots, numbers without commas. Other words with
a digit or of another script are left as they are: `22q11.2` and `GM1` are names, not English.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import groupby
from typing import NamedTuple

import Stemmer  # PyStemmer: Snowball in C, the stems that Xapian and bm25s use too

#: Changes whenever the chain gives other terms for some text; part of the index fingerprint.
ANALYSIS_VERSION = 3

#: Every character that people type for an apostrophe: typewriter, quotation marks, primes, accents, modifier letters.
APOSTROPHES = "'\u2018\u2019\u201b\u2032\u02b9\u02bc\u0060\u00b4\uff07"
#: Soft hyphen, zero-width space, joiners, word joiner, byte order mark: a reader does not see them inside a word.
INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079"


def _marks() -> Iterator[str]:
    """Yield the ranges of combining characters, such as accents typed apart and Hindi vowel signs, for a class."""
    marks = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)).startswith("M")]
    for _, run in groupby(enumerate(marks), lambda numbered: numbered[1] - numbered[0]):
        codes = [code for _, code in run]
        yield f"{chr(codes[0])}-{chr(codes[-1])}"


#: They belong to the word before them.
_MARKS = "".join(_marks())
_UNITS = "(?:[mkµμ]?g|mcg|[mdµμ]?l|[mc]m|iu|mmhg|mmol)"
_LETTER = f"[^\\W_{_SUPERSCRIPTS}]"
_RUN = f"{_LETTER}(?:{_LETTER}|[{_MARKS}]|[{INVISIBLE}]+(?={_LETTER}))*"
#: A word, by the first form that fits. A hyphen separates words, so that "Charcot-Marie-Tooth" is found by each of its
#: names; separated are also numbers and units ("5mg"), exponents ("10\u2076") and percent signs.
_WORD = re.compile(
    rf"""(?xi)
    (?<![^\W_]) [^\W\d_] (?: \. [^\W\d_] (?![^\W_]) )+       # A.L.S
    | \d{{1,3}} (?: ,\d{{3}} )+ (?![\d,]) (?: \.\d+ )?        # 1,000
    | \d+ (?: \.\d+ )? (?= {_UNITS} (?![^\W_]) )              # 5 of 5mg
    | [{_SUPERSCRIPTS}]+
    | (?<=\d) %
    | {_RUN} (?: [{APOSTROPHES}] {_RUN} | \.(?=\d) {_RUN} )*   # Parkinson's, 22q11.2
    """
)
_POSSESSIVE = re.compile(f"[{APOSTROPHES}](s$)?")
_STEMMER = Stemmer.Stemmer("english")
#: What people ask and what sheets answer with, kept apart by Snowball: "how is it treated", "Treatment varies".
_SAME_STEM = {"treatment": "treat", "treatments": "treat", "diagnosis": "diagnos", "diagnoses": "diagnos"}

#: Letters that Unicode does not decompose, as English writes them, and what a reader does not see.
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"}
    | {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "\u0131": "i"}
    | dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys(map(chr, (0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
)
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon "
    "phi chi psi omega"
).split()
#: A Greek letter between letters of other scripts is read by its name; a Greek word is left as it is.
_GREEK_LETTER = re.compile("(?<![\u03b1-\u03c9])[\u03b1-\u03c9](?![\u03b1-\u03c9])")
_MICRO = re.compile("\u03bc(?=(?:g|l|m|mol)$)")  # "µg" is written "mcg", too
#: Roman numerals that are not English words or abbreviations; II and its like may have a letter, as in "type IIa".
_ROMAN = {"ii": 2, "iii": 3, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14}
_ROMAN |= {"xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20}
#: The numerals in small letters by their terms.
ROMAN_NUMERALS = {str(number): (numeral,) for numeral, number in _ROMAN.items()}
_LETTERED = re.compile("(ii|iii)([a-e])")


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
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).casefold().split())


def analyse(text: str) -> list[Token]:
    """Return the tokens of a text, function words included, in order.

    >>> [token.term for token in analyse("Charcot-Marie-Tooth, 22q11.2 and Parkinson's diseases")]
    ['charcot', 'mari', 'tooth', '22q11.2', 'and', 'parkinson', 'diseas']
    """
    return [Token(form(word[0])[1], word.start(), word.end()) for word in _WORD.finditer(text)]


def terms(text: str) -> list[str]:
    """Return the terms of the tokens of a text: `analyse` without the positions.

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
    """Return a word folded, and its term.

    >>> form("Tumors"), form("III"), form("C.H.A.R"), form("α"), form("1,000"), form("%")
    (('tumors', 'tumor'), ('iii', '3'), ('char', 'char'), ('alpha', 'alpha'), ('1000', '1000'), ('percent', 'percent'))
    """
    folded = _POSSESSIVE.sub("", fold(word)) or word  # of some characters nothing is left, such as a lone apostrophe
    if not folded.isascii():
        folded = _GREEK_LETTER.sub(lambda letter: _GREEK[ord(letter[0]) - 0x3B1], _MICRO.sub("mc", folded))
    if not folded.isalpha():
        folded = _joined(folded)
    if not (folded.isascii() and folded.isalpha()):
        return folded, folded
    if len(folded) < 3:
        return folded, str(_ROMAN.get(folded, folded))
    if folded in _ROMAN:
        return folded, str(_ROMAN[folded])
    if lettered := _LETTERED.fullmatch(folded):
        return folded, f"{_ROMAN[lettered[1]]}{lettered[2]}"
    return folded, _SAME_STEM.get(folded) or str(_STEMMER.stemWord(folded))


def _joined(word: str) -> str:
    """Return a dotted acronym without its dots, a number without its commas, and the percent sign as a word."""
    if word == "%":
        return "percent"
    if word[:1].isdigit():
        return word.replace(",", "")
    return word.replace(".", "") if len(word) > 2 and word[1] == "." and not word[-1].isdigit() else word


@lru_cache(maxsize=1)
def function_terms() -> frozenset[str]:
    """Return the terms of English function words: they say nothing of what a question is about."""
    return _listed("function_words.txt")


@lru_cache(maxsize=1)
def frame_terms() -> frozenset[str]:
    """Return the terms of words for the story around a question."""
    return _listed("frame_words.txt")


def _listed(file: str) -> frozenset[str]:
    lines = resources.files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines()
    return frozenset(term for line in lines for term in terms(line.partition("#")[0]))
