"""Markdown with front matter: the format in which people write sheets. `corpus/README.md` describes it.

A Markdown page is the HTML page that it makes, for it may hold HTML anywhere; its blocks keep their lines in the file.
"""

import re
from dataclasses import replace
from html import escape
from itertools import count, pairwise
from typing import Any

from markdown_it import MarkdownIt  # CommonMark, with the line of each block
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from indexer.errors import PageError
from indexer.model import Page, PageWarning
from indexer.readers.front_matter import split_front_matter
from indexer.readers.html import page_of
from indexer.readers.html_lines import opens_with_label
from indexer.readers.provenance import described

#: How deep quotes (one level each) and lists (two) may nest, as in CommonMark's preset; how many blocks and how many
#: signs a page may have. A block costs markdown-it up to 0.13 ms and 3 kB, a sign 0.07 ms: 2 MB of them took minutes
#: and gigabytes. The starter sheets have 67 blocks and 231 signs at most.
_DEEPEST, _MOST_BLOCKS, _MOST_SIGNS = 20, 50_000, 50_000
#: What may begin a link, a cell, emphasis, code, an element, an entity, an escape or a line.
_SIGN = re.compile(r"[\[|*_`<&\\\n]")


def read_markdown(text: str, path: str) -> Page:
    """Return the page of a Markdown text. Raises PageError beyond the bounds, and for bad front matter."""
    front, body = split_front_matter(text, path)
    if len(_SIGN.findall(body)) > _MOST_SIGNS:
        raise PageError(path, f"more than {_MOST_SIGNS:,} lines and signs of Markdown")
    markdown = (
        MarkdownIt("commonmark", {"maxNesting": _DEEPEST + 2}).enable(["table", "strikethrough"]).use(footnote_plugin)
    )
    markdown.block.ruler.before("table", "bounds", _Bounds(path))
    markdown.add_render_rule("footnote_caption", _caption)
    markdown.add_render_rule("footnote_open", _item)
    found: dict[str, Any] = {}
    tokens = markdown.parse(body, found)
    for token in tokens:
        if token.map:
            token.attrSet("data-line", str(token.map[0] + 1))
        for child, following in pairwise(token.children or []):
            if child.type == "softbreak" and opens_with_label(following.content):
                child.type = "hardbreak"  # "Last updated: ..." is on a line of its own
            elif child.type == "link_open" and _names_a_definition(following.content, child.attrs["href"], found):
                following.content = f"[{following.content}]"
    html = markdown.renderer.render(tokens, markdown.options, found) + _numbered_definitions(found)
    page = page_of(html, path)
    uses = found.get("footnotes", {}).get("refs", {})
    unused = [name.removeprefix(":") for name, number in uses.items() if number < 0]
    warnings = [PageWarning(f"the footnote [^{name}] is never cited", kind="footnote") for name in unused]
    return described(replace(page, warnings=(*page.warnings, *warnings)), front)


class _Bounds:
    """A rule that no block fits: it is asked where each may begin, and counts them."""

    def __init__(self, path: str) -> None:
        self._path, self._blocks = path, 0

    def __call__(self, state: StateBlock, line: int, end: int, silent: bool) -> bool:
        """Raise PageError below too many quotes and lists, whose text would be left out without a word, or blocks."""
        self._blocks += 1
        if state.level >= _DEEPEST:
            raise PageError(self._path, f"quotes and lists nested more than {_DEEPEST} deep", line + 1)
        if self._blocks > _MOST_BLOCKS:
            raise PageError(self._path, f"more than {_MOST_BLOCKS:,} blocks", line + 1)
        return False


def _number(found: dict[str, Any], place: int) -> int:
    """Return a footnote's number: its label if it is one, else the next number above all labels, by first use."""
    notes = found["footnotes"]
    if "numbers" not in notes:  # all of them at once: a page may have a hundred thousand
        labels = [str(note.get("label", "")) for note in notes["list"].values()]
        above = count(1 + max((int(label) for label in labels if label.isdecimal()), default=0))
        notes["numbers"] = [int(label) if label.isdecimal() else next(above) for label in labels]
    return int(notes["numbers"][place])


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
