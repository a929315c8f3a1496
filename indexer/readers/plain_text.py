"""Saved plain text: what a browser writes for "save as text", or a person types. Lines become blocks."""

import re
from dataclasses import replace

from indexer.model import Block, Page

#: Nobody wraps text wider than this, so a file with a longer line has a paragraph on each line.
_WIDEST_WRAP = 120
_ITEM = re.compile(r"\s*(?:[-*\u2022\u00b7\u2013]|(?P<number>\d{1,3})[.)])\s+(?=\S)")
_BRACKETED = re.compile(r"\s*\[(?P<number>\d{1,3})\]\s+(?=\S)")


def read_plain_text(text: str, path: str) -> Page:
    """Return the page of a plain text: a block for each paragraph and list item. Nothing in it marks a title."""
    lines = text.split("\n")
    width = max(map(len, lines))
    blocks: list[Block] = []
    above = ""
    for number, line in enumerate(lines, start=1):
        words = line.split()
        # A line goes on from the one above when its first word would not have fitted there.
        wrapped = bool(above and words) and width <= _WIDEST_WRAP and len(above) + 1 + len(words[0]) > width
        # "[1] ..." opens an entry of a list, unless it is a marker that was wrapped to the start of a line.
        match = _ITEM.match(line) or (None if wrapped else _BRACKETED.match(line))
        if match:
            ordinal = int(match["number"]) if match["number"] else None
            blocks.append(Block("list_item", " ".join(line[match.end() :].split()), number, ordinal=ordinal))
        elif wrapped:
            blocks[-1] = replace(blocks[-1], text=f"{blocks[-1].text} {' '.join(words)}")
        elif words:
            blocks.append(Block("paragraph", " ".join(words), number))
        above = line.rstrip()
    return Page(path, tuple(blocks))
