"""PDF files -> pages. What a file looks like, or what its tags say, becomes HTML, which the HTML reader reads.

A tagged file says itself what is a heading. In others a heading is what is larger, bolder or of another colour than
most of the text, and alone on its lines. A file may hold many sheets: then a title begins a page again and again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from indexer.errors import PageError
from indexer.language.analysis import fold
from indexer.language.english import is_english
from indexer.model import Page, PageWarning, Provenance
from indexer.readers.html import page_of
from indexer.readers.pdf_layout import Line, body_style, lines_in_order, pitches
from indexer.readers.pdf_words import Element, PdfFile, Style, Word, read_words

#: A file with fewer letters a page than this and a picture on each is a scan: a page of text has 2,000.
_SCAN_CHARS = 20
#: Larger than the text by this factor is a heading.
_LARGER = 1.08
#: The most words of a heading. The longest question of MedQuAD has 27.
_LONGEST_HEADING = 30
#: The most characters of a question. The longest of seven real pages has 326.
_LONGEST_QUESTION = 400
#: A line further below the last than this many usual distances begins a paragraph.
_WIDE_STEP = 1.3
#: The share of a page's words with a tag from which on its tags are trusted.
_TAGGED = 0.8
#: Title pages that make a file of many sheets. Two may be a title page and a chapter.
_FEWEST_SHEETS = 3
_BLOCKS = {"P": "p", "Caption": "p", "BlockQuote": "p", "Note": "p", "TOCI": "p", "Title": "h1", "H": "h2", "Code": "p"}
_BLOCKS |= {f"H{rank}": f"h{rank}" for rank in range(1, 7)}
#: Syllables with hyphens in brackets, such as "(meth-oh-TREX-ate)".
_SYLLABLES = re.compile(
    r"(?<!\s)\s*+[(\[](?:[a-z]++ )*+(?:[a-z]++|[A-Z]++)-(?:[a-z]++|[A-Z]++)(?:[-\s](?:[a-z]++|[A-Z]++))*+[)\]]"
)
_CONTINUED = re.compile(r"(?<!\s)\s*+[(\[]?(?:continued|cont\.?|continuaci\u00f3n)[)\]]?$", re.IGNORECASE)
_ENDS = (".", "!", "?", ":", "]", "\u201d", '"', ")")


@dataclass(slots=True)
class Part:
    """A piece of HTML on a page: its element, what is in it, and its text. `style` is None where a tag decided."""

    number: int
    tag: str
    html: str
    text: str
    style: Style | None = None
    value: str = ""


def read_pdf(data: bytes, path: str) -> list[Page]:
    """Return the pages of a PDF file: one, or one for each sheet in it, whose addresses end in "#page=12".

    Raises PageError for a scan, and for what is encrypted, damaged or too large.
    """
    try:
        file = read_words(data)
    except ValueError as error:
        raise PageError(path, str(error)) from error
    chars = sum(len(word.text) for page in file.pages for word in page.words)
    if chars < _SCAN_CHARS * max(len(file.pages), 1):
        if any(page.pictures for page in file.pages):
            raise PageError(path, "no text: it is a scan; run OCR (for example `ocrmypdf`) first")
        raise PageError(path, "no text")
    tagged = _is_tagged(file)
    parts = [*(_tagged_parts(file) if tagged else _printed_parts(file))]
    sheets = _sheets(parts, file)
    ends = [*(sheet[0].number for sheet in sheets[1:]), len(file.pages) + 1]
    pages, first = [], 1
    for sheet, end in zip(sheets, ends, strict=True):
        page = _page(sheet, file, path, f"#page={sheet[0].number}" if len(sheets) > 1 else "")
        pages.append(replace(page, warnings=(*page.warnings, *_unread(file, first, end))))
        first = end
    return pages


def _page(parts: Sequence[Part], file: PdfFile, path: str, inside: str) -> Page:
    title = "" if inside or not _says_something(file.title, path) else f"<title>{escape(file.title)}</title>"
    page = page_of(f"{title}<body>{''.join(_html(parts))}</body>", path + inside)
    if page.title:
        page = replace(page, title=_SYLLABLES.sub(_unless_spoken, page.title))
    modified = re.match(r"D:(\d{4})(\d\d)(\d\d)", file.modified)
    dated = page.dated or (f"{modified[1]}-{modified[2]}-{modified[3]}" if modified and not inside else None)
    return replace(page, dated=dated, inside=inside, provenance=Provenance())


def _unless_spoken(syllables: re.Match[str]) -> str:
    """Return syllables in brackets, or nothing if they say how a name is spoken.

    They do if one of three or more is stressed, in capitals, or if most are no words: "(non-small cell)" says more.
    """
    parts = re.findall(r"[A-Za-z]+", syllables[0])
    stressed = len(parts) > 2 and not all(part.isupper() for part in parts) and any(part.isupper() for part in parts)
    strange = sum(not is_english(part.casefold()) for part in parts)
    return "" if stressed or 2 * strange > len(parts) else syllables[0]


def _unread(file: PdfFile, first: int, end: int) -> Iterator[PageWarning]:
    """Yield what the pages of a file from `first` up to `end`, counted from 1, have that cannot be read."""
    for number, page in enumerate(file.pages[first - 1 : end - 1], first):
        if page.pictures and sum(len(word.text) for word in page.words) < _SCAN_CHARS:
            text = "a picture without text: run OCR (for example `ocrmypdf`) to have it read"
            yield PageWarning(text, number, unit="page")
        if page.turned:
            text = f"left out, {page.turned} words that run up or down the page"
            yield PageWarning(text, number, unit="page")


def _says_something(title: str, path: str) -> bool:
    """Return whether the title that a program wrote into a file is more than the name of some file."""
    return " " in title.strip() and not re.search(r"\.\w{2,4}$|^Microsoft \w+ - |untitled", title, re.IGNORECASE)


def _html(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the elements of some parts; items that follow each other make a list, and rows a table."""
    for (tag, numbered), run in groupby(parts, key=lambda part: (part.tag, part.value != "")):
        around = {"li": "ol" if numbered else "ul", "tr": "table"}.get(tag)
        yield f"<{around}>" if around else ""
        for part in run:
            value = f' value="{part.value}"' if part.value else ""
            yield f'<{tag} id="page={part.number}" data-line="{part.number}"{value}>{part.html}</{tag}>'
        yield f"</{around}>" if around else ""


# --- by tags ---


def _is_tagged(file: PdfFile) -> bool:
    """Return whether most words have a tag, and some tag is that of a heading."""
    tagged = words = 0
    headings = False
    for page in file.pages:
        marks: dict[int, str] = {}
        for element in page.structure:
            _block_of(element, "", marks)
        words += len(page.words)
        tagged += sum(word.mark in marks for word in page.words)
        headings = headings or any(type_.startswith("H") for type_ in marks.values())
    return headings and tagged >= _TAGGED * words


def _block_of(element: Element, block: str, marks: dict[int, str]) -> None:
    block = element.type if element.type in _BLOCKS or element.type in ("LI", "TR") else block
    for child in element.content:
        if isinstance(child, Element):
            _block_of(child, block, marks)
        else:
            marks[child] = block


def _tagged_parts(file: PdfFile) -> Iterator[Part]:
    for number, page in enumerate(file.pages, start=1):
        words: dict[int, list[Word]] = {}
        for word in page.words:
            words.setdefault(word.mark, []).append(word)
        reading = _Tags(number, words)
        for element in page.structure:
            reading.visit(element)
        reading.end()
        yield from reading.parts


class _Tags:
    """The parts of a tagged page, as its elements are visited in order."""

    def __init__(self, number: int, words: dict[int, list[Word]]) -> None:
        self.parts: list[Part] = []
        self._number, self._words = number, words
        self._tag, self._value = "p", ""
        self._run: list[Word] = []
        self._cells: list[str] = []

    def visit(self, element: Element) -> None:
        """Take what an element says."""
        if element.type == "Artifact":
            return
        tag = {"LI": "li", "TR": "tr"}.get(element.type) or _BLOCKS.get(element.type)
        inside = self._tag in ("li", "tr") and tag == "p"
        if tag and not inside:
            self.end()
            self._tag = tag
        if element.alt and element.type == "Figure":
            self._cells.append(f"[Image: {escape(element.alt)}] ")
        for child in element.content:
            if isinstance(child, Element):
                self.visit(child)
            elif element.type == "Lbl":
                self._value = "".join(word.text for word in self._words.get(child, ()))
            else:
                self._run += self._words.get(child, ())
        if element.type in ("TD", "TH"):
            self._cells.append(f"<td>{_words_html(_as_lines(self._run, self._number))}</td>")
            self._run = []
        if tag and not inside:
            self.end()
            self._tag = "p"

    def end(self) -> None:
        """End the part that is open."""
        lines = _as_lines(self._run, self._number)
        html = "".join(self._cells) + _words_html(lines, plain=self._tag.startswith("h"))
        if html.strip():
            text = " ".join(line.text for line in lines)
            digits = re.sub(r"\D", "", self._value) if self._tag == "li" else ""
            self.parts.append(Part(self._number, self._tag, html, text, value=digits[:4]))
        self._run, self._cells, self._value = [], [], ""


def _as_lines(words: Sequence[Word], number: int) -> list[Line]:
    """Return words, in order, as lines."""
    lines: list[Line] = []
    for word in words:
        last = lines[-1].words[-1] if lines else None
        if (
            last
            and abs(word.middle - last.middle) < 0.8 * max(word.style.size, last.style.size)
            and word.left > last.left
        ):
            lines[-1].words.append(word)
        else:
            lines.append(Line(number, [word]))
    return lines


# --- by looks ---


def _printed_parts(file: PdfFile) -> Iterator[Part]:
    ordered = lines_in_order(file.pages)
    lines = [line for page in ordered for line in page]
    body, steps = body_style(lines), pitches(lines)
    ranks = _ranks(lines, body)
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and not _continues(paragraph, line, steps, body):
            yield _part(paragraph, ranks, body)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _part(paragraph, ranks, body)


def _ranks(lines: Sequence[Line], body: Style) -> dict[float, int]:
    """Return the rank of a heading by its size, from 1 for the largest."""
    sizes = sorted({line.style.size for line in lines if line.style.size > _LARGER * body.size}, reverse=True)
    return {size: min(rank, 6) for rank, size in enumerate(sizes, start=1)}


def _stands_out(style: Style, body: Style) -> bool:
    """Return whether a style is that of a heading."""
    coloured = style.colour != body.colour and max(style.colour) - min(style.colour) > 32
    return style.size > _LARGER * body.size or (
        style.size > 0.95 * body.size and ((style.bold and not body.bold) or coloured)
    )


def _continues(paragraph: Sequence[Line], line: Line, steps: dict[float, float], body: Style) -> bool:
    """Return whether a line goes on with a paragraph."""
    last, first = paragraph[-1], paragraph[0]
    if line.marker or line.cells or last.cells:
        return False
    if last.style.bold != line.style.bold or abs(last.style.size - line.style.size) > 0.05 * last.style.size:
        return False
    if _stands_out(last.style, body) != _stands_out(line.style, body):
        return False
    ended = last.text.endswith(_ENDS)
    step = last.bottom - line.bottom
    if line.number != last.number or step <= 0:  # on another page, or in another column
        return not ended and line.text[:1].islower()
    if step > _WIDE_STEP * max(steps.get(line.style.size, 0), line.style.size):
        return False
    if last.text.endswith("?") and _is_short(paragraph):
        return False
    if _stands_out(line.style, body):
        return True
    edge = max(one.right for one in paragraph)
    if first.marker:
        return line.left > first.left - 0.5 * line.style.size
    word = line.words[0]
    fits = last.right + (word.right - word.left) + line.style.size < edge and len(paragraph) > 1
    indented = line.left > last.left + 0.8 * line.style.size and ended
    return not (ended and (fits or indented))


def _is_short(lines: Sequence[Line]) -> bool:
    return sum(len(line.words) for line in lines) <= _LONGEST_HEADING


def _part(lines: Sequence[Line], ranks: dict[float, int], body: Style) -> Part:
    """Return the part that some lines make: a heading, an item, a row or a paragraph."""
    first = lines[0]
    text, style = " ".join(line.text for line in lines), first.style
    if first.cells:
        cells = "".join(f"<td>{_words_html([cell])}</td>" for cell in first.cells)
        return Part(first.number, "tr", cells, text, style)
    html = _words_html(lines)
    if first.marker:
        return Part(first.number, "li", html, text, style, re.sub(r"\D", "", first.marker)[:4])
    asks = text.endswith("?") and style != body
    asks = asks and len(text) <= _LONGEST_QUESTION
    heading = asks or (_stands_out(style, body) and _is_short(lines) and not text.endswith((".", ",", ";")))
    if heading and len(re.findall(r"[^\W\d_]", text)) > 1:
        rank = ranks.get(style.size, min(len(ranks) + 1, 6))
        return Part(first.number, f"h{rank}", _words_html(lines, plain=True), text, style)
    return Part(first.number, "p", html, text, style)


def _words_html(lines: Sequence[Line], *, plain: bool = False) -> str:
    """Return the words of lines as HTML; `plain`: without bold letters. Words divided at a line's end are joined."""
    html = ""
    for at, line in enumerate(lines):
        pieces = [*line.pieces()]
        if at and html.endswith("-") and pieces[0].text[:1].islower():
            html = html if _is_compound(lines[at - 1], line) else html[:-1]
        elif at:
            html += " "
        for (bold, raised, link), run in groupby(
            pieces, key=lambda piece: (piece.bold and not plain, piece.raised, piece.link)
        ):
            words = "".join(piece.text for piece in run)
            space, words = (" ", words[1:]) if words.startswith(" ") else ("", words)
            words = escape(words)
            words = f"<sup>{words}</sup>" if raised else words
            words = f'<a href="{escape(link)}">{words}</a>' if link else words
            html += space + (f"<b>{words}</b>" if bold else words)
    return html


def _is_compound(line: Line, following: Line) -> bool:
    """Return whether a word keeps its hyphen at the end of a line: its parts are words, and without it, it is none."""
    before = line.text.split()[-1].rstrip("-").split("-")[-1].casefold()
    after = re.split(r"[^\w]", following.words[0].text)[0].casefold()
    return is_english(before) and is_english(after) and not is_english(before + after)


# --- many sheets in one file ---


def _sheets(parts: list[Part], file: PdfFile) -> list[list[Part]]:
    """Return the parts of each sheet. A file is one sheet unless a style of title begins pages again and again.

    The bookmarks must name most titles, or the sheets must have a heading in common.
    """
    firsts: dict[int, int] = {}
    for place, part in enumerate(parts):
        firsts.setdefault(part.number, place)
    styles = Counter((parts[place].tag, parts[place].style) for place in firsts.values() if _is_heading(parts[place]))
    if not styles or (most := styles.most_common(1)[0])[1] < _FEWEST_SHEETS:
        return [parts]
    starts: list[int] = []
    title = ""
    for place in firsts.values():
        part = parts[place]
        if (part.tag, part.style) != most[0] or not _is_heading(part):
            continue
        named = fold(_CONTINUED.sub("", part.text))
        if named != title:
            starts.append(place)
        title = named
    if len(starts) < _FEWEST_SHEETS:
        return [parts]
    starts[0] = starts[0] if any(_is_heading(part) for part in parts[: starts[0]]) else 0
    sheets = [parts[start:end] for start, end in zip(starts, [*starts[1:], len(parts)], strict=True)]
    if parts[: starts[0]]:
        sheets.insert(0, parts[: starts[0]])
    titles = {fold(parts[start].text) for start in starts}
    bookmarks = {fold(title) for title, _ in file.outline}
    shared: Counter[str] = Counter()
    for sheet in sheets:
        shared.update({fold(part.text) for part in sheet[1:] if _is_heading(part) or part.text.endswith("?")})
    common = sum(count > 1 for count in shared.values())
    return sheets if len(titles & bookmarks) * 2 >= len(titles) or common else [parts]


def _is_heading(part: Part) -> bool:
    return part.tag[0] == "h"
