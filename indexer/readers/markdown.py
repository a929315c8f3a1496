"""Markdown with front matter: the format in which people write sheets. `corpus/README.md` describes it.

A Markdown page is the HTML page that it makes, for it may hold HTML anywhere; its blocks keep their lines in the file.
"""

import re
from dataclasses import replace
from html import escape
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
    found: dict[str, Any] = {}
    tokens = markdown.parse(body, found)
    for token in tokens:
        if token.map:
            token.attrSet("data-line", str(token.map[0] + 1))
        for child, following in zip(token.children or [], [*(token.children or []), None][1:], strict=True):
            if child.type == "softbreak" and following and LABEL.match(following.content):
                child.type = "hardbreak"  # "Last updated: ..." stands on a line of its own
    html = markdown.renderer.render(tokens, markdown.options, found) + _numbered_definitions(found)
    page = page_of(html, path)
    unused = [name for name, number in found.get("footnotes", {}).get("refs", {}).items() if number < 0]
    warnings = [f"the footnote [^{name.removeprefix(':')}] is never cited" for name in unused]
    return described(replace(page, warnings=(*page.warnings, *warnings)), front)


def _numbered_definitions(found: dict[str, Any]) -> str:
    """Return the list of references that definitions such as `[1]: https://... "Title"` are: they show nowhere else."""
    numbered = sorted((int(name), link) for name, link in found.get("references", {}).items() if re.fullmatch(r"\d{1,3}", name))
    items = [f'<li value="{number}">{escape(link["title"])} {escape(link["href"])}</li>' for number, link in numbered]
    return f"<h2>References</h2><ol>{''.join(items)}</ol>" if items else ""
