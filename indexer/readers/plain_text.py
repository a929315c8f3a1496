"""Saved plain text: what a browser writes for "save as text", or a person types. Lines become blocks."""

import re
from dataclasses import replace

from indexer.model import Block, Page
from indexer.readers.html import page_of
from indexer.readers.html_lines import opens_with_label
from indexer.readers.provenance import checked, described, facets_of

#: Nobody wraps text narrower or wider than this; else a file has a paragraph on each line.
_NARROWEST_WRAP, _WIDEST_WRAP = 60, 120
#: A longer word is an address, which editors leave whole: it does not show how wide a text is.
_LONGEST_WORD = 40
_ITEM = re.compile(r"\s*(?:[-*\u2022\u00b7\u2013]|(?P<n>\d{1,3})[.)]|[\[(](?P<entry>\d{1,3})[\])])\s+(?=\S)")


#: What the first lines of a text may say of it, and what that is called here.
_KEYS = {
    "title": "title",
    "topic": "title",
    "subject": "title",
    "date": "dated",
    "url": "url",
    "source": "source",
    "language": "language",
}
_KEYS |= {"licence": "licence", "license": "licence", "retrieved": "retrieved", "last updated": "dated"}
_SAID = re.compile(r"([A-Za-z][A-Za-z ]{1,20}):[ \t]+(\S.*)")
#: A line under another name that is text, not a value to filter by: a sentence, or other names of the subject.
_TEXT = re.compile(r"[.?!]\s*$|^\s*(?:also|synonyms?|(?:other|alternative) names?)\b", re.IGNORECASE)
#: The line below a title, and the rank that it gives it: ==== or ----.
_UNDERLINE, _RANKS = re.compile(r"(=|-){3,}"), {"=": 1, "-": 2}
#: From so many end tags on, a text is HTML that somebody saved without its head.
_LEAST_TAGS = 3
#: One such line may be the first of the text.
_FEWEST_LINES = 2
_END_TAG = re.compile(r"</(?:p|h[1-6]|li|ul|ol|div|table|tr|td|a|b|strong|em|i)>", re.IGNORECASE)


def read_plain_text(text: str, path: str) -> Page:
    """Return the page of a plain text: a block for each paragraph and list item.

    `Name: value` lines on top say where it came from. A text with the end tags of HTML is read as HTML below them.
    """
    said, below = _said_on_top(text)
    if len(_END_TAG.findall(below)) >= _LEAST_TAGS:
        return described(page_of(below, path), said)
    return described(_lines_of(below, path), said)


def _said_on_top(text: str) -> tuple[dict[str, str], str]:
    """Return what the first lines say of a text, two at least, and the text with empty lines in their place."""
    lines = text.lstrip("\ufeff").split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    said: dict[str, str] = {}
    others: dict[str, str] = {}  # what only the site file may know
    end = first
    for line in lines[first:]:
        match = _SAID.fullmatch(line.strip())
        name = match[1].casefold() if match else ""
        if not match or (name not in _KEYS and _TEXT.search(line)):
            break
        (said if name in _KEYS else others).setdefault(_KEYS.get(name, name), match[2])
        end += 1
    if (
        not said
        or end - first < _FEWEST_LINES
        or ("url" in said and not said["url"].startswith(("http://", "https://")))
    ):
        return {}, text
    try:
        return checked(said) | facets_of(others), "\n".join([""] * end + lines[end:])
    except ValueError:  # a date or address that is none: it is text
        return {}, text


def _lines_of(text: str, path: str) -> Page:
    lines = text.split("\n")
    width = max((len(line) for line in lines if max(map(len, line.split()), default=0) <= _LONGEST_WORD), default=0)
    blocks: list[Block] = []
    texts: list[list[str]] = []  # the words of each block, joined when it is known where it ends
    above = ""
    for number, line in enumerate(lines, start=1):
        words, last = line.split(), blocks[-1] if above else None
        # A line goes on from the one above when its first word would not have fitted there.
        overflows = _NARROWEST_WRAP <= width <= _WIDEST_WRAP and len(above) + 1 + len("".join(words[:1])) > width
        new_question = above[-1:] in (*".?!]",) and line.rstrip().endswith("?")
        goes_on = last is not None and overflows and not opens_with_label(line) and not new_question
        match = _ITEM.match(line)
        ordinal = int(match["n"] or match["entry"] or 0) or None if match else None
        follows = last is not None and last.kind == "list_item" and ordinal == (last.ordinal and last.ordinal + 1)
        if match and not follows and goes_on:
            match = None  # a number or a dash that was wrapped to the start of a line
        if (
            (under := _UNDERLINE.fullmatch(line.strip()))
            and last
            and last.kind == "paragraph"
            and last.line == number - 1
        ):
            blocks[-1] = replace(last, kind="heading", level=_RANKS[under[1]])
            above = ""
            continue
        if last and words and not match and (goes_on or (last.kind == "list_item" and line[0].isspace())):
            texts[-1] += words
        elif words:
            blocks.append(Block("list_item" if match else "paragraph", "", number, ordinal=ordinal if match else None))
            # "[1]" stays in the text: unlike a list's own number it distinguishes an entry from a step.
            texts.append(line[match.end() :].split() if match and words[0][0] != "[" else words)
        above = line.rstrip()
    return Page(path, tuple(replace(block, text=" ".join(text)) for block, text in zip(blocks, texts, strict=True)))
