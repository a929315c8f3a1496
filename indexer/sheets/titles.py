"""What a sheet is about, and its other names, when the page does not say so in so many words."""

import re
from collections.abc import Sequence
from itertools import takewhile

from indexer.language.analysis import analyse
from indexer.language.question_types import section_type
from indexer.model import Block
from indexer.sheets.wording import tells

_OTHER_NAMES = re.compile(
    r"(?:other names?|also (?:known as|called)|synonyms?|alternative names?|brand names?(?:\(s\))?|trade names?)"
    r"(?: for this condition)?\s*:\s*(.*)",
    re.IGNORECASE,
)

#: A title is among the first lines of a page; the bound keeps a page of nothing but lines from taking hours.
_NEAR_THE_TOP = 200
_BRACKET = re.compile(r"\s?\([^()]*\)$")


def find_title(preamble: Sequence[Block], questions: Sequence[str]) -> str | None:
    """Return the first heading of the first level, or the line above the questions that they share, or None.

    Among plain lines whose words, a bracket at the end aside, occur together in a question, the one with the most words
    wins, then the one in more questions. Where none does, the first line is the title if all others are sentences.
    """
    headings = [block.text for block in preamble if block.kind == "heading" and block.level == 1]
    asked = [f" {_terms(question)} " for question in questions]
    lines = [block.text for block in preamble[:_NEAR_THE_TOP] if not section_type(block.text)]
    shared = [(sum(f" {_terms(_BRACKET.sub('', line))} " in words for words in asked), line) for line in lines]
    ranked = [(len(line.split()), count, line) for count, line in shared if count]
    if headings or ranked:
        return headings[0] if headings else max(ranked, key=lambda entry: entry[:2])[2]
    first, others = preamble[:1], preamble[1:]
    alone = first and (others or questions) and not tells(first[0]) and all(map(tells, others))
    return first[0].text if alone and first[0].text in lines else None


def find_other_names(preamble: Sequence[Block]) -> tuple[str, ...]:
    """Return the names behind a label such as "Other names:", on its line, the next, or in the list below it.

    Semicolons part them; commas do so only where there is no semicolon, for names have commas of their own.
    """
    for place, block in enumerate(preamble):
        if match := _OTHER_NAMES.fullmatch(block.text):
            items = [below.text for below in takewhile(lambda below: below.kind == "list_item", preamble[place + 1 :])]
            text = match[1] or ";".join(items or [below.text for below in preamble[place + 1 : place + 2]])
            return tuple(filter(None, (name.strip(" .") for name in text.split(";" if ";" in text else ","))))
    return ()


def _terms(text: str) -> str:
    return " ".join(token.term for token in analyse(text))
