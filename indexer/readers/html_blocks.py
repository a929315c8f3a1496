"""HTML elements -> blocks: paragraphs, headings, list items and table rows, each with its links and its place.

The walk keeps no recursion, for pages nest as deep as they like. Text gathers in a run until an element on
its own line begins or ends. The run then becomes a block, or several if it has lines of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from indexer.model import BOLD_RANK, LABEL_RANK, Block, BlockKind, Link
from indexer.readers.decoding import UNSEEN
from indexer.readers.html_chrome import Chrome
from indexer.readers.html_lines import BREAK, LABEL, Line, Piece, heading_of, label_end, lines_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
#: Elements that browsers show inside a line. All other known elements begin a line of their own.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp"
    " small span strike strong sub sup time tt u var wbr button".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table tbody td"
    " tfoot th thead tr ul".split()
)
#: Elements whose text is a label. They and paragraphs hold one line of thought: no place of their own.
_LABELS = frozenset(("summary", "dt", "caption", "legend"))
_LEAVES = frozenset(("p", "pre", *_HEADINGS, *_LABELS))
_BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_TOGGLES = ("aria-controls", "aria-expanded", "data-target", "data-bs-target", "data-toggle", "data-bs-toggle")
_RAISED = str.maketrans(
    "0123456789+-\u2013\u2212()",
    "\u2070\u00b9\u00b2\u00b3" + "".join(map(chr, range(0x2074, 0x207B))) + "\u207b" * 3 + "\u207d\u207e",
)
_RAISED_DIGITS = tuple("0123456789".translate(_RAISED))
_RAISED_NUMBERS = re.compile(r"[\s,;()+\u2013\u2212-]*\d[\s\d,;()+\u2013\u2212-]*", re.ASCII)
_LONGEST_NUMBER = 6  # digits
#: Elements around a block that its place names, from the outermost on. Real pages have up to 33 (of 66).
_DEEPEST_PATH = 64
#: A cell of so many words beside a menu is the text of the page.
_SHORTEST_TEXT = 20
_CELL_THAT_ASKS = re.compile(r"[A-Z\u201c\"][^?]{10,300}\?(?:\s|$)")
#: A line below a break that is not the rest of the one above: a label, "Q: ", "A: ", or a number.
_OPENS_A_LINE = re.compile(
    rf"{LABEL.pattern}|[QA](?:uestion|nswer)?[\s-]?[A-Z]?\d{{0,3}}[:.]\s|(?:[\[(]\d{{1,3}}[\])]|\d{{1,3}}[.)])\s"
)


@dataclass(slots=True)
class _List:
    """A list that is open: the number of its next item, that of the open one, and whether that has no text yet."""

    number: int | None
    ordinal: int | None = None
    fresh: bool = False
    depth: int = 0  # of the open item among the elements around


def blocks_of(root: LexborNode, base: str) -> list[Block]:
    """Return the blocks of an element in reading order, without chrome; addresses are resolved against `base`."""
    chrome, walk = Chrome(root), _Walk(base)
    node, entering = root, True
    while True:
        left_out = entering and node.mem_id != root.mem_id and (chrome.covers(node) or walk.is_button(node))
        whole = entering and not left_out and walk.take_whole(node)
        if entering and not left_out and not whole:
            walk.enter(node)
        left_out = left_out or whole
        child = node.child if entering and not left_out else None
        if child is not None:
            node = child
            continue
        if not left_out:
            walk.leave(node)
        if node.mem_id == root.mem_id or (node.next is None and node.parent is None):
            break
        following = node.next
        node, entering = (following, True) if following is not None else (node.parent or root, False)
    walk.flush()
    return walk.blocks


class _Walk:
    """What is known at one moment of the walk through a tree, and the blocks that were made."""

    def __init__(self, base: str) -> None:
        self.blocks: list[Block] = []
        self._base = base
        self._run: list[Piece] = []
        self._path: list[int] = []  # the elements around, each by its place among all
        self._place: tuple[int, ...] | None = None  # the same, for all blocks that share it; None: not made yet
        self._met = 0
        self._anchors: list[str] = []
        self._line = 0
        self._ranks: list[int] = []  # of the headings and labels that are open
        self._bold = 0
        self._links: list[tuple[int, str]] = []
        self._lists: list[_List] = []
        self._raised: list[int] = []  # where in the run each open <sup> began
        self._cells = 0  # of the row that is open
        self._tables: list[bool] = []  # for each open table whether it holds data: then a row is a block

    def is_button(self, node: LexborNode) -> bool:
        """Return whether an element is a button that opens nothing here: "Print", "Search"."""
        if node.tag != "button" or self._ranks or node.text().strip().endswith("?"):
            return False
        headed = bool(self.blocks) and self.blocks[-1].kind == "heading"  # "Expand section": its heading says what
        return headed or not any(name in node.attributes for name in _TOGGLES)

    def take_whole(self, node: LexborNode) -> bool:
        """Take an element that is not walked into: code keeps its lines, a formula and a picture leave their words."""
        tag, attributes = node.tag, node.attributes
        if tag == "pre" and not self._ranks and not self._tables:
            self.flush()
            self._line = _number(attributes.get("data-line")) or self._line
            code = node.css_first("[data-line]")
            self._line = (code and _number(code.attributes.get("data-line"))) or self._line
            self._emit_code((node.text() or "").translate(UNSEEN).expandtabs().strip("\n").rstrip())
        elif tag == "math":
            self._run.append(Piece(f" {attributes.get('alttext') or node.text(separator=' ')} "))
        elif tag == "img":
            if words := " ".join((attributes.get("alt") or "").split()):
                self._run.append(Piece(f" [Image: {words}] "))
        else:
            return False
        return True

    def enter(self, node: LexborNode) -> None:
        """Take note of a node that begins, or of a text."""
        if node.is_text_node:
            link = self._links[-1] if self._links and self._links[-1][1] else None
            self._run.append(Piece((node.text_content or "").translate(UNSEEN), self._bold > 0, link))
            return
        tag, attributes = str(node.tag), node.attributes
        self._met += 1
        self._begin(tag, node)
        names = [attributes.get(name) for name in ("id", *(("name",) if tag == "a" else ()))]
        names += [attributes.get("aria-controls")] if tag == "button" else []
        self._anchors += [name for name in names if name]
        self._line = _number(attributes.get("data-line")) or self._line
        if tag == "br":
            self._run.append(BREAK)
        elif tag == "a":
            self._links.append((self._met, _resolved((attributes.get("href") or "").strip(), self._base)))
        elif tag == "sup":
            self._raised.append(len(self._run))
        elif tag == "rt":
            self._run.append(Piece(" ("))
        elif tag in ("ol", "ul", "menu", "dir"):
            self._lists.append(_List((_number(attributes.get("start")) or 1) if tag == "ol" else None))
        elif tag == "li" and self._lists:
            self._begin_item(self._lists[-1], _number(attributes.get("value")))
        self._bold += _is_bold(tag, attributes)

    def leave(self, node: LexborNode) -> None:
        """Take note of a node that ends."""
        if not node.is_element_node:
            return
        tag, attributes = str(node.tag), node.attributes
        self._bold -= _is_bold(tag, attributes)
        if tag == "a":
            self._links.pop()
        elif tag == "sup":
            self._raise(self._raised.pop())
        elif tag == "rt":
            self._run.append(Piece(")"))
        elif tag == "abbr" and (title := (attributes.get("title") or "").strip()):
            self._run.append(Piece(f" ({title})"))
        self._end(tag, node)
        if tag in ("ol", "ul", "menu", "dir"):
            self._lists.pop()

    def flush(self) -> None:
        """Make blocks of the run, and begin a new one."""
        lines, self._run = lines_of(self._run), []
        if self._ranks:
            self._emit("heading", [heading_of(line) for line in lines], self._ranks[-1])
            return
        paragraph: list[Line] = []
        for line in lines:
            label = label_end(line)
            item = self._lists and self._lists[-1].fresh
            if label and not (item and not line.text[:label].rstrip().endswith("?")):
                self._emit_text(paragraph)
                self._emit("heading", [line.cut(0, label)], BOLD_RANK)
                lead = len(line.text) - len(line.text[label:].lstrip())
                paragraph = [line.cut(lead, len(line.text))] if lead < len(line.text) else []
            elif not line.text or _OPENS_A_LINE.match(line.text):
                self._emit_text(paragraph)
                paragraph = [line]
            else:
                paragraph.append(line)
        self._emit_text(paragraph)

    def _begin(self, tag: str, node: LexborNode) -> None:
        """Begin a new line of thought, where an element does."""
        rank = _rank(node)
        if self._tables and self._tables[-1] and tag != "table":
            if tag in ("td", "th"):
                self._run += [Piece(" | ")] if self._cells else []
                self._cells += 1
            elif tag == "tr":
                self.flush()
                self._cells = 0
            elif tag in _BLOCKS:
                self._run.append(Piece(" "))
            return
        if tag in _BLOCKS or rank:
            self.flush()
        if tag == "table":
            self._tables.append(_holds_data(node))
        if rank:  # a button inside a heading has the heading's rank
            self._ranks.append(min([rank, *self._ranks]) if tag == "button" else rank)
        elif tag not in _LEAVES and tag not in _INLINE:
            self._path.append(self._met)
            self._place = None

    def _end(self, tag: str, node: LexborNode) -> None:
        if self._tables and self._tables[-1] and tag != "table":
            if tag == "tr":
                lines, self._run = lines_of(self._run), []
                self._emit("table_row", lines)
            return
        if tag in _BLOCKS or _rank(node):
            self.flush()
        if tag == "table":
            self._tables.pop()
        if _rank(node):
            self._ranks.pop()
        elif tag not in _LEAVES and tag not in _INLINE:
            self._path.pop()
            self._place = None

    def _begin_item(self, around: _List, value: int | None) -> None:
        around.fresh, around.depth = True, len(self._path)
        if around.number is not None:
            around.ordinal = around.number if value is None else value
            around.number = around.ordinal + 1

    def _raise(self, start: int) -> None:
        """Write raised numbers as Unicode's, for 10\u2076 must not read 106, and linked letters in brackets."""
        pieces = self._run[start:]
        text = "".join(piece.text for piece in pieces)
        if _RAISED_NUMBERS.fullmatch(text):
            raised = [replace(piece, text="".join(piece.text.split()).translate(_RAISED)) for piece in pieces]
            apart = self._run[start - 1 : start] and self._run[start - 1].text[-1:] in _RAISED_DIGITS
            self._run[start:] = [Piece(","), *raised] if apart else raised  # two markers, not a number of two digits
        elif pieces and len(text.strip()) == 1 and text.strip().isalpha() and pieces[0].link:
            self._run[start:] = [replace(pieces[0], text=f"[{text.strip()}]")]

    def _emit_text(self, lines: list[Line]) -> None:
        around = self._lists[-1] if self._lists else None
        if around and around.fresh:
            self._emit("list_item", lines, len(self._lists), around.ordinal)
        else:
            self._emit("paragraph", lines, len(self._lists))

    def _emit_code(self, text: str) -> None:
        """Make a block of code: its lines and spaces count."""
        if text.strip():
            path = tuple(self._path[:_DEEPEST_PATH])
            self.blocks.append(
                Block("code", text, self._line, len(self._lists), anchors=tuple(self._anchors), path=path)
            )
            self._anchors = []

    def _emit(self, kind: BlockKind, lines: list[Line], level: int = 0, ordinal: int | None = None) -> None:
        texts, links, length = [], [], 0
        for line in lines:
            if line.text:
                links += [Link(one.start + length, one.end + length, one.url) for one in line.links]
                texts.append(line.text)
                length += len(line.text) + 1
        text = " ".join(texts)
        if text.strip(" |"):
            self._place = tuple(self._path[:_DEEPEST_PATH]) if self._place is None else self._place
            anchors = tuple(dict.fromkeys(self._anchors))
            # An item has the path of its list item, whatever is around its first words, and so has the rest of it.
            place = self._place[: self._lists[-1].depth] if kind == "list_item" else self._place
            self.blocks.append(Block(kind, text, self._line, level, ordinal, tuple(links), anchors, place))
            self._anchors = []
            if self._lists:
                self._lists[-1].fresh = False


def _number(value: str | None) -> int | None:
    """Return a number that an attribute gives, or None where it gives none that makes sense."""
    return int(value) if value and value.isdecimal() and len(value) <= _LONGEST_NUMBER else None


def _rank(node: LexborNode) -> int:
    """Return the rank of a heading or label, 0 for any other element."""
    tag = str(node.tag)
    if node.attributes.get("role") == "heading":
        level = node.attributes.get("aria-level") or ""
        return int(level) if level in ("1", "2", "3", "4", "5", "6") else 2  # ARIA's default
    return _HEADINGS.get(tag, LABEL_RANK if tag in _LABELS or tag == "button" else 0)


def _is_bold(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Return whether an element's text looks like a label: bold, or a link that folds and unfolds what is below."""
    opens = (attributes.get("href") or "").startswith("javascript:")
    toggle = tag == "a" and (opens or any(name in attributes for name in _TOGGLES))
    return tag in ("b", "strong") or toggle or bool(_BOLD.search(attributes.get("style") or ""))


def _holds_data(table: LexborNode) -> bool:
    """Return whether a table is one, not a frame for a layout.

    It has more than one column, no heading, rule or table inside, no cell of several paragraphs, and no cell that asks
    something: questions beside or above their answers are text, not data.
    """
    framing = "h1, h2, h3, h4, h5, h6, hr, td p + p + p"
    inside = len(table.css("table")) > 1  # the table itself is one of them
    if table.attributes.get("role") in ("presentation", "none") or inside or table.css_first(framing):
        return False
    if any(_is_menu_beside_text(row) for row in table.css("tr")):
        return False
    rows = [[cell.text().strip() for cell in row.css("td, th")] for row in table.css("tr")]
    asking = sum(1 for cells in rows if any(_CELL_THAT_ASKS.match(cell) for cell in cells))
    return any(len(cells) > 1 for cells in rows) and asking < 2


def _is_menu_beside_text(row: LexborNode) -> bool:
    """Return whether a row of a table has a cell of nothing but links, and one with a text."""
    cells = row.css("td, th")
    menu = any(len(links := cell.css("a")) > 1 and _letters(cell) == sum(map(_letters, links)) for cell in cells)
    return menu and any(len(cell.text().split()) >= _SHORTEST_TEXT for cell in cells)


def _letters(node: LexborNode) -> int:
    return sum(map(str.isalnum, node.text()))


def _resolved(url: str, base: str) -> str:
    """Return an address as seen from the page; places on the page itself become "#name"."""
    try:
        full = urljoin(base, url) if url else ""
    except ValueError:  # an address such as http://[bad
        return url
    page, sign, place = full.partition("#")
    return f"#{place}" if sign and page in ("", base.partition("#")[0]) else full
