"""What a sheet is about, and its other names, when the page does not say so in so many words."""

import re
from collections.abc import Sequence

from indexer.language.analysis import analyse
from indexer.model import Block

_OTHER_NAMES = re.compile(
    r"(?:other names?|also (?:known as|called)|synonyms?|alternative names?)(?: for this condition)?\s*:\s*(.*)",
    re.IGNORECASE,
)


def find_title(preamble: Sequence[Block], questions: Sequence[str]) -> str | None:
    """Return the first heading of the first level, or the line above the questions that they share, or None.

    Among plain lines, the one whose words stand together in the most questions wins, then the one with more words.
    """
    headings = [block.text for block in preamble if block.kind == "heading" and block.level == 1]
    asked = [f" {_terms(question)} " for question in questions]
    lines = [(sum(f" {_terms(block.text)} " in words for words in asked), block) for block in preamble]
    shared = [(count, len(block.text.split()), block.text) for count, block in lines if count and _terms(block.text)]
    return headings[0] if headings else max(shared, key=lambda entry: entry[:2])[2] if shared else None


def find_other_names(preamble: Sequence[Block]) -> tuple[str, ...]:
    """Return the names behind a label such as "Other names:", on its line or the next.

    Semicolons part them; commas do so only where there is no semicolon, for names have commas of their own.
    """
    for block, below in zip(preamble, [*preamble, None][1:], strict=True):
        if match := _OTHER_NAMES.fullmatch(block.text):
            text = match[1] or (below.text if below else "")
            return tuple(filter(None, (name.strip(" .") for name in text.split(";" if ";" in text else ","))))
    return ()


def _terms(text: str) -> str:
    return " ".join(token.term for token in analyse(text))
