"""Markdown with front matter: the format in which people write sheets. `corpus/README.md` describes it.

A Markdown page is the HTML page that it makes, for it may hold HTML anywhere; its blocks keep their lines in the file.
"""

import re
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt  # CommonMark, with the line of each block
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from indexer.model import Page
from indexer.readers.front_matter import split_front_matter
from indexer.readers.html import page_of
from indexer.readers.plain_text import LABEL
from indexer.readers.provenance import described


def read_markdown(text: str, path: str) -> Page:
    """Return the page of a Markdown text. Raises PageError for front matter that is not what it should be."""
    front, body = split_front_matter(text, path)
    markdown = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    markdown.add_render_rule("footnote_caption", _caption)
    markdown.add_render_rule("footnote_open", _item)
    found: dict[str, Any] = {}
    tokens = markdown.parse(body, found)
    for token in tokens:
        if token.map:
            token.attrSet("data-line", str(token.map[0] + 1))
        for child, following in pairwise(token.children or []):
            if child.type == "softbreak" and LABEL.match(following.content):
                child.type = "hardbreak"  # "Last updated: ..." stands on a line of its own
            elif child.type == "link_open" and _names_a_definition(following.content, child.attrs["href"], found):
                following.content = f"[{following.content}]"
    html = markdown.renderer.render(tokens, markdown.options, found) + _numbered_definitions(found)
    page = page_of(html, path)
    unused = [name for name, number in found.get("footnotes", {}).get("refs", {}).items() if number < 0]
    warnings = [f"the footnote [^{name.removeprefix(':')}] is never cited" for name in unused]
    return described(replace(page, warnings=(*page.warnings, *warnings)), front)


def _number(found: dict[str, Any], place: int) -> int:
    """Return a footnote's number: its label where that is one, else the next above all of those, by first use."""
    labels = [str(note.get("label", "")) for note in found["footnotes"]["list"].values()]
    highest = max((int(label) for label in labels if label.isdecimal()), default=0)
    named = sum(1 for label in labels[: place + 1] if not label.isdecimal())
    return int(labels[place]) if labels[place].isdecimal() else highest + named


def _caption(_: object, tokens: list[Token], at: int, __: object, found: dict[str, Any]) -> str:
    """Return a footnote's marker, the same wherever it is cited."""
    return f"[{_number(found, tokens[at].meta['id'])}]"


def _item(_: object, tokens: list[Token], at: int, __: object, found: dict[str, Any]) -> str:
    """Return how a footnote's text begins: an item with its number, to which its markers lead."""
    place = tokens[at].meta["id"]
    return f'<li id="fn{place + 1}" value="{_number(found, place)}">'


def _names_a_definition(text: str, url: object, found: dict[str, Any]) -> bool:
    """Return whether a link is the marker `[1]` of a definition `[1]: https://...`."""
    return text.isdecimal() and found.get("references", {}).get(text, {}).get("href") == url


def _numbered_definitions(found: dict[str, Any]) -> str:
    """Return the list of references that definitions such as `[1]: https://... "Title"` are: they show nowhere else."""
    numbers = sorted((name for name in found.get("references", {}) if re.fullmatch(r"\d{1,3}", name)), key=int)
    links = [(number, found["references"][number]) for number in numbers]
    items = [f'<li value="{number}">{escape(link["title"])} {escape(link["href"])}</li>' for number, link in links]
    return f"<h2>References</h2><ol>{''.join(items)}</ol>" if items else ""
