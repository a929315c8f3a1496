"""The operators of a query: "phrase", -word, word*, word~, type:, subject:, source:.

Any text is a query. An operator without a meaning is plain text, never an error.
"""

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from indexer.language.analysis import analyse, fold
from indexer.language.question_types import QuestionType, question_types
from indexer.model import Query

#: The filters of a query that its text can name, without their last letter.
FILTERS = ("types", "subjects", "sources")
#: A star or a tilde after fewer letters or digits is plain text, as it would expand to too many words. Of the 28,274
#: terms of MedQuAD, two letters and a star match 152 (median), three 20; two letters and a tilde 44, three 22.
OPERATOR_LETTERS = 3

#: English, German and French quotation marks. Single ones are left alone: they are apostrophes too.
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a", '"'))
#: A character that was pasted as HTML: "Crohn&#39;s".
_ENTITY = re.compile(r"&(?:#\d{2,6}|[a-z]{2,6});")
#: "w/fever" and "w/o fever": a W of its own begins names of diseases.
_WITH = re.compile(r"(?i)(?<![^\s(])w/(o(?:ut)?(?![^\W_])\s*)?(?=\w)")
_LETTER = re.compile(r"[^\W_]")
_SENTENCE_MARKS = ".,;:!?)"
#: Most texts have no operator and need no parsing.
_OPERATOR = re.compile(r'["*~:]|(?<!\S)-')
#: A piece starts after white space or a quote. A quote right after a letter or digit opens nothing: 6" is a length.
#: Linear: `"[^"]*"` can fail only at the last quote of a text, and everything else succeeds after one step back.
_PIECE = re.compile(r"""(?x)
    (?<!\S) - (?P<without> "[^"]*" | \w[^\s"]* )
    | -* (?: (?P<field> (?ai:type|subject|source) ) : )?
      (?: (?<![^\W_]) "(?P<phrase>[^"]*)" | (?P<word> [^\s"]+ ) )
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A parsed query.

    `text` has the words to search in order, including those of phrases and those with an operator, without operators.
    `vain` are quoted phrases that no document has, in a query with other words: only their words count.
    `phrases` and `without` (words and phrases that must not be there) have their words separated by one space,
    `prefixes` and `fuzzy` are single words. `query` is the query with the filters of its text beside its own.
    """

    text: str
    phrases: tuple[str, ...]
    without: tuple[str, ...]
    prefixes: tuple[str, ...]
    fuzzy: tuple[str, ...]
    query: Query
    vain: tuple[str, ...] = ()


def parse(query: Query, kinds: tuple[QuestionType, ...] | None = None) -> Asked:
    """Return the parsed text of a query. Never raises; parsing the `text` that it returns changes nothing.

    `kinds` are the kinds of answer that `type:` can ask for, by default those of health.

    >>> asked = parse(Query('cough "lung disease" -smok neuropath* type:treatment'))
    >>> asked.text, asked.phrases, asked.without, asked.prefixes, asked.query.types
    ('cough lung disease neuropath', ('lung disease',), ('smok',), ('neuropath',), ('treatment',))
    """
    text = unicodedata.normalize("NFC", query.text).translate(_QUOTES)
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    text = _WITH.sub(lambda short: "without " if short[1] else "with ", text)
    if not _OPERATOR.search(text):
        return Asked(" ".join(filter(_LETTER.search, text.split())), (), (), (), (), query)
    pieces: dict[str, list[str]] = {name: [] for name in ("text", "phrases", "without", "*", "~", *FILTERS)}
    for piece in _PIECE.finditer(text):
        field, phrase, word = piece["field"], piece["phrase"], piece["word"]
        if piece["without"]:
            pieces["without"].append(_words(piece["without"]))
        elif field and (value := _filter_value(field, phrase or (word or "").rstrip(_SENTENCE_MARKS), kinds)):
            pieces[f"{field.lower()}s"].append(value)
        elif phrase is not None:
            pieces["phrases"].append(_words(phrase))
            pieces["text"] += [f"{field}:" if field else "", pieces["phrases"][-1]]
        else:
            plain, operator, last = _split_operator(f"{field}:{word}" if field else word)
            pieces["text"].append(plain)
            if operator:
                pieces[operator].append(last)
    kept = {name: tuple(filter(_LETTER.search, values)) for name, values in pieces.items()}
    filters: dict[str, Any] = {name: tuple(dict.fromkeys(getattr(query, name) + kept[name])) for name in FILTERS}
    left, asked = " ".join(kept["text"]), replace(query, **filters)
    return Asked(left, kept["phrases"], kept["without"], kept["*"], kept["~"], asked)


def _words(text: str) -> str:
    return " ".join(text[token.start : token.end] for token in analyse(text))


def _filter_value(field: str, value: str, kinds: tuple[QuestionType, ...] | None) -> str | None:
    """Return the value of a filter; None if it is not a possible value, and then the text is plain."""
    if field.lower() == "type":
        return _kind_ids(kinds or question_types()).get(fold(_words(value)))
    return " ".join(value.split()) if _LETTER.search(value) else None


def _split_operator(word: str) -> tuple[str, str, str]:
    """Return a word without its star or tilde, that operator, and the last part of the word, which it expands."""
    bare = word.rstrip(_SENTENCE_MARKS)
    stem = bare.rstrip("*~")
    operator, last = bare[len(stem) :], _words(stem).rpartition(" ")[2] if stem != bare else ""
    if operator in ("*", "~") and len(last) >= OPERATOR_LETTERS and stem.endswith(last):
        return stem + word[len(bare) :], operator, last
    return word, "", ""


@lru_cache(maxsize=8)
def _kind_ids(kinds: tuple[QuestionType, ...]) -> dict[str, str]:
    """Return the id of each kind of answer by its id and its label: "exams and tests" and "diagnosis" are the same."""
    return {fold(_words(name)): kind.id for kind in kinds for name in (kind.label, kind.id)}
