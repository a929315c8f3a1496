"""Words of a PDF page -> lines in reading order, without running headers, footers, page numbers and empty boxes.

A line is what is printed side by side. Columns are read one after the other, rows of a table from left to right.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from indexer.readers.pdf_words import PdfPage, Style, Word

#: A gap between words that is wider than this, in heights of a line, separates columns or cells. Justified text has
#: gaps of up to one height.
_COLUMN_GAP = 1.4
#: Words whose boxes overlap by this share of the lower one are in one line.
_SAME_LINE = 0.4
#: A raised number is lower than this share of the words beside it.
_RAISED_SIZE = 0.85
#: The share of a page's height at its top and at its bottom where running headers and footers are.
_MARGIN = 0.12
#: Repeated lines of so many pages, and of this share of the pages, are running headers or footers.
_FEWEST_PAGES, _REPEATED = 2, 0.5
#: The lines that a gutter must separate to be one, and the share of a column's width that its lines fill: lines of
#: text fill nine tenths in the median, cells of a table mostly less than half. Chosen by eye.
_FEWEST_LINES, _FILLED = 3, 0.6
#: A box with so few words that cover less than this share of it is for notes that a reader writes by hand.
_BOX_WORDS, _BOX_SHARE = 12, 0.15
_BULLET = re.compile(
    r"[\u2022\u25cf\u25cb\u25e6\u25aa\u25ab\u25a0\u25a1\u2023\u2043\u00b7\u2219\u27a2\u2713\u2714\uf0b7\uf0a7*\u2013\u2014-]"
)
_ORDINAL = re.compile(r"(?:\(?\d{1,3}[.)]|\[\d{1,3}\])")
_NUMBER = re.compile(r"\d+")
_RULE = re.compile(r"[_.\u2026\s-]{4,}")


class Piece(NamedTuple):
    """Words of a line that look alike. `raised`: a number above the line, as of a footnote."""

    text: str
    bold: bool
    raised: bool
    link: str | None


@dataclass(slots=True)
class Line:
    """Words that are printed side by side. `number` counts pages from 1; `marker` is a bullet or the item's number."""

    number: int
    words: list[Word]
    marker: str | None = None
    cells: list["Line"] = field(default_factory=list)
    looks: Style | None = None  # its style, once that is known

    @property
    def left(self) -> float:
        """Where its first word begins, in points."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its words end."""
        return max(word.right for word in self.words)

    @property
    def top(self) -> float:
        """The upper edge of its highest word."""
        return max(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """The lower edge of its lowest word."""
        return min(word.bottom for word in self.words)

    @property
    def style(self) -> Style:
        """The style of most of its letters; bold if all its words are."""
        if self.looks is None:
            letters: Counter[Style] = Counter()
            for word in self.words:
                letters[word.style] += len(word.text)
            self.looks = letters.most_common(1)[0][0]._replace(bold=all(word.style.bold for word in self.words))
        return self.looks

    @property
    def text(self) -> str:
        """Its words, with the spaces between them."""
        return "".join(("" if word.glued and n else " ") + word.text for n, word in enumerate(self.words)).strip()

    def pieces(self) -> Iterator[Piece]:
        """Yield the words with the spaces before them."""
        size = self.style.size
        middle = median(word.middle for word in self.words)
        for n, word in enumerate(self.words):
            raised = word.style.size < _RAISED_SIZE * size and word.middle > middle and bool(_NUMBER.search(word.text))
            yield Piece(("" if n == 0 or word.glued else " ") + word.text, word.style.bold, raised, word.link)


def lines_in_order(pages: Sequence[PdfPage]) -> list[list[Line]]:
    """Return the lines of each page in reading order."""
    found = [_lines(page, number) for number, page in enumerate(pages, start=1)]
    found = [_without_boxes(lines, page) for lines, page in zip(found, pages, strict=True)]
    kept = _without_furniture(found, pages)
    gutters = Counter(round(gutter) for lines in kept if (gutter := _gutter(lines)) is not None)
    usual = gutters.most_common(1)[0] if gutters else (0, 0)
    return [_in_order(lines, usual[0] if usual[1] > 1 else None) for lines in kept]


def body_style(lines: Iterable[Line]) -> Style:
    """Return the style of most letters."""
    letters: Counter[Style] = Counter()
    for line in lines:
        letters[line.style] += len(line.text)
    return letters.most_common(1)[0][0] if letters else Style(10, bold=False, colour=(0, 0, 0))


def _lines(page: PdfPage, number: int) -> list[Line]:
    """Return the lines of a page in the order of the file, bullets and numbers of items as their markers."""
    lines: list[Line] = []
    for word in page.words:
        if _RULE.fullmatch(word.text) and len(word.text) > 3:
            continue
        if lines and _goes_on(lines[-1].words, word):
            lines[-1].words.append(word)
        else:
            lines.append(Line(number, [word]))
    return _with_markers(lines)


def _goes_on(words: list[Word], word: Word) -> bool:
    last = words[-1]
    base = max(words[-3:], key=lambda one: one.style.size)
    overlap = min(base.top, word.top) - max(base.bottom, word.bottom)
    if overlap < _SAME_LINE * min(base.style.size, word.style.size):
        return False
    gap = word.left - last.right
    return -0.5 * base.style.size < gap < _COLUMN_GAP * min(base.style.size, max(word.style.size, 1))


def _with_markers(lines: list[Line]) -> list[Line]:
    """Return the lines with lone bullets and numbers put before the line beside them."""
    marked: list[Line] = []
    waiting: Line | None = None
    for line in lines:
        first = line.words[0].text
        is_marker = bool(_BULLET.fullmatch(first) or _ORDINAL.fullmatch(first))
        if is_marker and len(line.words) == 1:
            if waiting:
                marked.append(waiting)
            waiting = line
            continue
        if waiting:
            beside = min(line.top, waiting.top) > max(line.bottom, waiting.bottom)
            if beside and 0 <= line.left - waiting.right < 5 * line.style.size:
                line.marker, waiting = waiting.words[0].text, None
            else:
                marked.append(waiting)
                waiting = None
        if line.marker is None and is_marker and not line.words[1].glued:
            line.marker, line.words, line.looks = first, line.words[1:], None
        marked.append(line)
    return [*marked, waiting] if waiting else marked


def _without_boxes(lines: list[Line], page: PdfPage) -> list[Line]:
    """Return the lines without those of boxes that are left empty, for notes."""
    empty: set[int] = set()
    for left, bottom, right, top in page.boxes:
        width, height = right - left, top - bottom
        if width < 60 or height < 30 or (width > 0.9 * page.width and height > 0.8 * page.height):
            continue
        inside = [
            line
            for line in lines
            if left <= line.left and line.right <= right and bottom <= line.bottom and line.top <= top
        ]
        words = sum(len(line.words) for line in inside)
        covered = sum((line.right - line.left) * (line.top - line.bottom) for line in inside)
        if 0 < words <= _BOX_WORDS and covered < _BOX_SHARE * width * height:
            empty |= {id(line) for line in inside}
    return [line for line in lines if id(line) not in empty]


def _without_furniture(found: list[list[Line]], pages: Sequence[PdfPage]) -> list[list[Line]]:
    """Return the lines without what is at the top or the bottom of many pages, numbers aside, and page numbers."""
    seen: Counter[tuple[str, str]] = Counter()
    placed: Counter[tuple[str, int, Style]] = Counter()
    body = body_style(line for lines in found for line in lines)
    alone: set[int] = set()
    for lines, page in zip(found, pages, strict=True):
        small = [line for line in lines if line.style.size < body.size and not line.marker]
        for edge in ("top", "bottom"):  # one line in small print: notes have several, or a number
            lone = [line for line in small if _edge(line, page) == edge]
            alone |= {id(line) for line in lone if len(lone) == 1 and len(line.words) <= _BOX_WORDS}
        edges = [(line, edge) for line in lines if (edge := _edge(line, page))]
        seen.update({(edge, _NUMBER.sub("#", line.text)) for line, edge in edges})
        placed.update({(edge, round(line.bottom / 4), line.style) for line, edge in edges if line.style != body})
    least = max(_FEWEST_PAGES, _REPEATED * len(pages))

    def is_furniture(line: Line, page: PdfPage) -> bool:
        edge = _edge(line, page)
        if not edge:
            return False
        text = _NUMBER.sub("#", line.text)
        low = line.style.size < body.size and placed[edge, round(line.bottom / 4), line.style] >= max(3, least)
        number = re.fullmatch(r"(?:page )?#(?: ?(?:of|/|\|) ?#)?|- ?# ?-", text, re.IGNORECASE) is not None
        return number or low or seen[edge, text] >= least or id(line) in alone

    return [[line for line in lines if not is_furniture(line, page)] for lines, page in zip(found, pages, strict=True)]


def _edge(line: Line, page: PdfPage) -> str:
    """Return at which edge of its page a line is, or "" if it is at none."""
    if line.bottom > (1 - _MARGIN) * page.height:
        return "top"
    return "bottom" if line.top < _MARGIN * page.height else ""


def _in_order(lines: list[Line], usual: float | None = None) -> list[Line]:
    """Return the lines of a page in reading order: columns one by one, else from top to bottom.

    `usual` is the gutter of other pages: a page that ends with a short column shows none of its own.
    """
    gutter = _gutter(lines)
    gutter = usual if gutter is None else gutter
    if gutter is None:
        return _rows(lines)
    ordered: list[Line] = []
    zone: list[Line] = []
    for line in [*sorted(lines, key=lambda line: -line.top), None]:
        if line is None or (line.left < gutter < line.right):
            ordered += _zone(zone, gutter)
            zone = []
            if line is not None:
                ordered.append(line)
        else:
            zone.append(line)
    return ordered


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return where the gap between two columns is: the place that most rows leave free, with words on both sides."""
    edges: list[tuple[float, int]] = []
    by_top = sorted(lines, key=lambda line: -line.top)
    for at, line in enumerate(by_top):
        for other in by_top[at + 1 : at + 12]:
            if other.top < line.bottom:
                break
            first, second = sorted((line, other), key=lambda one: one.left)
            if first.right < second.left and min(first.top, second.top) > max(first.bottom, second.bottom):
                edges += [(first.right, 1), (second.left, -1)]
    best, best_at, depth = 0, None, 0
    edges.sort()
    for (place, step), (after, _) in pairwise(edges):
        depth += step
        if depth > best:
            best, best_at = depth, (place + after) / 2
    return best_at if best >= _FEWEST_LINES else None


def _zone(lines: list[Line], gutter: float) -> list[Line]:
    """Return the lines on both sides of a gutter in reading order."""
    left = [line for line in lines if line.right <= gutter]
    right = [line for line in lines if line.right > gutter]
    if len(left) >= _FEWEST_LINES and _fills(left) and (len(right) < _FEWEST_LINES or _fills(right)):
        return [*_in_order(left), *_in_order(right)]
    return _rows(lines)


def _fills(lines: Sequence[Line]) -> bool:
    """Return whether lines fill their column or columns, as text does and cells of a table do not."""
    if _gutter(lines) is not None:
        return True
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return median(line.right - line.left for line in lines) >= _FILLED * (right - left)


def _rows(lines: list[Line]) -> list[Line]:
    """Return lines from top to bottom; what is side by side becomes one line of several cells."""
    rows: list[Line] = []
    for line in sorted(lines, key=lambda line: (-line.top, line.left)):
        last = rows[-1] if rows else None
        overlap = min(last.top, line.top) - max(last.bottom, line.bottom) if last else 0
        if last and overlap > _SAME_LINE * min(last.style.size, line.style.size):
            last.cells = sorted(
                [*(last.cells or [Line(last.number, last.words, last.marker)]), line], key=lambda one: one.left
            )
            last.words, last.looks = [word for cell in last.cells for word in cell.words], None
        else:
            rows.append(line)
    return rows


def pitches(lines: Sequence[Line]) -> dict[float, float]:
    """Return the usual distance of one line to the next, by the size of their style."""
    steps: dict[float, list[float]] = defaultdict(list)
    for line, following in pairwise(lines):
        step = line.bottom - following.bottom
        if line.number == following.number and line.style == following.style and 0 < step < 3 * line.style.size:
            steps[line.style.size].append(step)
    return {size: sorted(distances)[len(distances) // 4] for size, distances in steps.items()}
