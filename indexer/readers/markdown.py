"""Markdown with front matter: the format in which people write sheets. `corpus/README.md` describes it."""

import re
from collections.abc import Iterator
from typing import Any

import yaml  # PyYAML: front matter is YAML everywhere
from markdown_it import MarkdownIt  # CommonMark, with the line of each block
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from indexer.errors import PageError
from indexer.model import Block, BlockKind, Link, Page
from indexer.readers.plain_text import LABEL
from indexer.readers.provenance import checked, described

_TAGS = re.compile(r"<[^<>]*>")


def read_markdown(text: str, path: str) -> Page:
    """Return the page of a Markdown text. Raises PageError for front matter that is not what it should be.

    Keys of other programs (layout, menu order) are left alone; text inside HTML is left out, with a warning.
    """
    found: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).parse(text, found)
    html = [token for token in tokens if token.type == "html_block" and _TAGS.sub("", token.content).strip()]
    warnings = [f"line {token.map[0] + 1}: text inside HTML is left out" for token in html if token.map]
    warnings += [f"the definition [{name}]: is left out; is it a reference?" for name in found.get("references", {})]
    blocks = tuple(block for block in _blocks(tokens) if block.text.strip(" |"))
    return described(Page(path, blocks, warnings=tuple(warnings)), _front_matter(tokens, path))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    """Yield a block for each run of text; list items and table rows keep what they are."""
    lists: list[int | None] = []  # the next number of each list that is open, None for bullets
    item: int | None = None
    cells: list[str] = []
    line = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        opened, line = before.type if before else "", token.map[0] + 1 if token.map else line
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            item = lists[-1]
            lists[-1] = item + 1 if item is not None else None
        elif token.type == "inline" and opened in ("th_open", "td_open"):
            cells.append(" ".join(_plain(token)))
        elif token.type == "tr_close":
            yield Block("table_row", " | ".join(cells), line)
            cells = []
        elif token.type in ("fence", "code_block"):
            yield Block("paragraph", " ".join(token.content.split()), line)
        elif token.type == "inline" and before:
            kind: BlockKind = "heading" if opened == "heading_open" else "list_item" if lists else "paragraph"
            links = tuple(Link(0, 0, str(c.attrs["href"])) for c in token.children or [] if c.type == "link_open")
            level = int(before.tag[1]) if kind == "heading" else len(lists)
            for text in _plain(token):
                yield Block(kind, text, line, level, item if lists else None, links)


def _plain(inline: Token) -> list[str]:
    """Return the visible text of a paragraph, its lines joined, but for one that opens with a label ("Updated: ...").

    A link whose text is a number of up to three digits was a marker: `[1]`.
    """
    parts = [""]
    for child in inline.children or []:
        if child.type in ("link_open", "link_close"):
            parts.append("")
        elif child.type in ("softbreak", "hardbreak") or child.content.startswith("<br"):
            parts[-1] += "\n"
        elif child.type != "html_inline":
            parts[-1] += child.content
    parts[1::2] = [f"[{part}]" if re.fullmatch(r"\d{1,3}", part) else part for part in parts[1::2]]
    pieces = re.split(rf"\n(?={LABEL.pattern})", "".join(parts))
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def _front_matter(tokens: list[Token], path: str) -> dict[str, Any]:
    if not tokens or tokens[0].type != "front_matter":
        return {}
    try:
        # BaseLoader keeps every value as it is written: "2013-05" stays a month, "no" stays a word.
        front = yaml.load(tokens[0].content, Loader=yaml.BaseLoader)  # noqa: S506 - it makes only str, list and dict
        if not isinstance(front, dict):
            raise ValueError("must be `key: value` lines")
        return checked(front)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        raise PageError(path, f"front matter: {reason}", mark.line + 2 if mark else 1) from error
