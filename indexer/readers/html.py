"""HTML pages: what a browser would show of the page's own text, as blocks, and what the page says of itself.

Here is the page as a whole: its main part, its title and address, the questions that its markup declares. How elements
become blocks is in `html_blocks.py`, lines of text are in `html_lines.py`, and chrome is in `html_chrome.py`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode  # an HTML5 parser: reads what browsers read, at C's speed

from indexer.errors import PageError
from indexer.language.analysis import fold
from indexer.model import LABEL_RANK, Block, Page, PageWarning, Provenance
from indexer.readers.decoding import UNSEEN
from indexer.readers.front_matter import split_front_matter
from indexer.readers.html_blocks import blocks_of
from indexer.readers.html_chrome import FOOTERS, STRUCK
from indexer.readers.provenance import described

#: Deeper trees and longer lists of attributes cost the parser their square: 10,000 elements deep 0.2 s, 400,000 more
#: than a minute; 2,000 attributes 0.01 s, 100,000 of them 35 s. Browsers flatten a page at 512 elements deep; the
#: deepest real page that was looked at has 66.
_DEEPEST, _MOST_ATTRIBUTES = 512, 2_000
#: Open styles begin again in every paragraph: 33 kB can make 1.9 million elements, 700 MB. Counted so, no real page
#: that was looked at makes more than 466.
_MOST_REPEATED = 500_000
_STYLES = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_LONGEST_DRAWN = 4_000  # characters of an element in a drawing; the longest are paths
#: Scripts, styles and comments, whose tags are none; then each tag as it opens; then the whole of those that have one.
_NO_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
_WHOLE_TAG = re.compile(r"<[a-zA-Z](?:[^\"'>]++|\"[^\"]*+\"?|'[^']*+'?)*+")
_QUOTED = re.compile(r"\"[^\"]*\"?|'[^']*'?")
#: Elements that have no end tag, or whose end tag may be left out: they do not nest by being opened again.
_ENDLESS = frozenset(
    "area base br col embed hr img input link meta source track wbr"
    " p li dt dd tr td th tbody thead tfoot option".split()
)
_FOOTERS = 5  # that are looked into: a page has one, and some of its parts may
_DATED = re.compile(
    r"\b(?:last )?(?:updated?|reviewed|revised|modified|edited)(?: on)?:? [^|\u2022]{0,30}?\b\d{4}\b(?:-\d\d-\d\d)?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"(?<!\s)\s+[|\u2013\u2014:\u00b7\u00bb-]{1,2}\s+")


def read_html(text: str, path: str) -> Page:
    """Return the page of an HTML text, with or without front matter above it.

    Raises PageError for elements that nest too deep, and for bad front matter.
    """
    front, body = split_front_matter(text, path)
    return described(page_of(body, path), front)


def page_of(html: str, path: str) -> Page:
    """Return the page of an HTML text without front matter. Raises PageError for elements that nest too deep."""
    _check_bounds(html, path)
    tree = LexborHTMLParser(html)
    if tree.root is None or tree.body is None:
        return Page(path, ())
    warnings: list[PageWarning] = []
    url = _first(tree, "link[rel=canonical]", "href") or _first(tree, 'meta[property="og:url"]', "content")
    own = _absolute(path.partition("#")[2]) or url  # a page in a web archive has its address in its path
    base = _first(tree, "base", "href") or own or path.rpartition("/")[2]  # saved pages link to themselves by name
    struck = (" ".join(node.text().split()) for node in _main_part(tree, tree.body).css(STRUCK))
    warnings += [PageWarning(f"crossed-out text is left out: {text[:60]!r}") for text in struck if text]
    declared = {fold(name): (name, answer) for name, answer in _declared_questions(tree, path, warnings) if name}
    blocks = [
        _declared(block) if _asks(block, declared) else block for block in blocks_of(_main_part(tree, tree.body), base)
    ]
    shown = {fold(block.text) for block in blocks}
    for folded, (name, answer) in declared.items():
        if folded not in shown and answer:  # the page builds its questions with a script: only the data has them
            blocks += [Block("question", name, level=LABEL_RANK), *_fragment(answer, base)]
    return Page(
        path,
        tuple(blocks),
        title=_title(tree, blocks),
        dated=_dated(tree),
        provenance=Provenance(_first(tree, 'meta[property="og:site_name"]', "content"), _absolute(url)),
        language=(tree.root.attributes.get("lang") or "").strip() or None,
        warnings=tuple(warnings),
    )


def _check_bounds(html: str, path: str) -> None:
    """Raise PageError for a page that costs the parser too much, however its tags are spelt."""
    bare = _NO_TAGS.sub(lambda match: "\n" * match[0].count("\n"), html)
    still_open: Counter[str] = Counter()
    depth = styles = repeated = 0
    for tag in _TAG.finditer(bare):
        name = tag[2].lower()
        step = 0 if name in _ENDLESS else -1 if tag[1] else 1
        if still_open["svg"] and bare[bare.find(">", tag.end(), tag.end() + _LONGEST_DRAWN) - 1] == "/":
            step = 0  # in a drawing, a slash ends an element where it begins
        if step > 0 or (step < 0 and still_open[name]):
            still_open[name] += step
            depth += step
            styles += step if name in _STYLES else 0
        repeated += styles if step >= 0 else 0
        line = bare.count("\n", 0, tag.start()) + 1 if max(depth / _DEEPEST, repeated / _MOST_REPEATED) > 1 else 0
        if line and depth > _DEEPEST:
            raise PageError(path, f"elements nested more than {_DEEPEST:,} deep", line)
        if line:
            raise PageError(path, f"styles that nobody ends make more than {_MOST_REPEATED:,} elements", line)
    for whole in _WHOLE_TAG.finditer(bare):
        if whole.end() - whole.start() > 2 * _MOST_ATTRIBUTES:
            names = re.findall(r"[^\s/=\"']+", _QUOTED.sub('"', whole[0]))
            if len(names) > _MOST_ATTRIBUTES:
                reason = f"an element with more than {_MOST_ATTRIBUTES:,} attributes"
                raise PageError(path, reason, bare.count("\n", 0, whole.start()) + 1)


def _main_part(tree: LexborHTMLParser, body: LexborNode) -> LexborNode:
    """Return the element that holds the page's own text: its one `<main>`, else the body."""
    mains = tree.css("main, [role=main]")
    if not mains or not mains[0].text(strip=True) or not all(_holds(mains[0], other) for other in mains[1:]):
        return body
    return mains[0]


def _holds(outer: LexborNode, inner: LexborNode) -> bool:
    node = inner.parent
    while node is not None and node.mem_id != outer.mem_id:
        node = node.parent
    return node is not None


def _title(tree: LexborHTMLParser, blocks: list[Block]) -> str | None:
    """Return the first heading of the first level, in the main part or else anywhere, or else the window's title."""
    headings = [block.text for block in blocks if block.level == 1 and block.kind in ("heading", "question")]
    headings += [" ".join(node.text().translate(UNSEEN).split()) for node in tree.css("h1")]
    window = tree.css_first("head > title")
    texts = [_first(tree, 'meta[property="og:title"]', "content"), window and window.text()]
    titles = [" ".join(text.translate(UNSEEN).split()) for text in texts if text]
    # "Hay fever - Health A to Z": the site's name follows the page's.
    return next(filter(None, headings), None) or next((_SEPARATOR.split(title)[0] for title in titles if title), None)


def _dated(tree: LexborHTMLParser) -> str | None:
    """Return the line of a page's footer that dates the page; the footer itself is chrome."""
    texts = (" ".join(node.text(separator=" ").split()) for node in tree.css(FOOTERS)[:_FOOTERS])
    return next((match[0] for text in texts if (match := _DATED.search(text))), None)


def _first(tree: LexborHTMLParser, selector: str, attribute: str) -> str | None:
    return next((value.strip() for node in tree.css(selector) if (value := node.attributes.get(attribute))), None)


def _absolute(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:  # an address such as http://[bad
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _declared(block: Block) -> Block:
    return replace(block, kind="question", level=block.level if block.kind == "heading" else LABEL_RANK)


def _asks(block: Block, declared: dict[str, tuple[str, str]]) -> bool:
    return bool(declared) and block.kind != "table_row" and fold(block.text) in declared


def _declared_questions(tree: LexborHTMLParser, path: str, warnings: list[PageWarning]) -> Iterator[tuple[str, str]]:
    """Yield the questions that schema.org markup names, each with its answer as HTML ("" where the page shows it)."""
    for node in tree.css('[itemtype$="schema.org/Question"] [itemprop=name]'):
        yield " ".join(node.text().split()), ""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text())
        except (ValueError, RecursionError) as error:
            warnings.append(PageWarning(f"structured data (JSON-LD) that cannot be read is left out: {error}"))
            continue
        yield from _json_questions(data, path)


def _json_questions(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the name and answer of every Question in JSON-LD, at any depth."""
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            answer = _one(item.get("acceptedAnswer"))
            if _one(item.get("@type")) == "Question" and isinstance(answer, dict):
                texts = _one(item.get("name")), _one(answer.get("text"))
                name, text = (value if isinstance(value, str) else "" for value in texts)
                _check_bounds(f"{name}{text}", path)  # what is escaped in the data was not seen in the page
                yield " ".join(LexborHTMLParser(name).text().split()), text  # a name may hold entities and tags
            else:
                waiting.extend(reversed(item.values()))


def _one(value: Any) -> Any:
    """Return a value, or the first of a list: JSON-LD has a list wherever it has a value."""
    return value[0] if isinstance(value, list) and value else value


def _fragment(html: str, base: str) -> list[Block]:
    tree = LexborHTMLParser(html)
    return blocks_of(tree.body, base) if tree.body else []
