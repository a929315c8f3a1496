"""The words of a PDF file: where each is on its page, what it looks like, where it leads, and which tag it has.

PDFium reads the file, and knows the tags. Of pages of 620 words, 18 a second become blocks here; the layout analysis of
pdfminer.six alone takes 2.6 a second, pdftotext 157 (processor time, in turns in one run, on a busy machine).
"""

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

#: Beyond these a file is refused: a long report has 500 pages; a page of small print has 2,000 words.
MAX_PAGES, MAX_CHARS = 2_000, 10_000_000
#: Elements of a page's structure, and how deep they nest. A page of a table with 1,000 cells has 4,000.
_MAX_ELEMENTS, _DEEPEST = 50_000, 100
#: Text that runs upwards or downwards labels a margin, or is a watermark. In radians.
_MOST_ANGLE = 0.1
#: Letters of one line and size have boxes of one height, in points.
_SAME_HEIGHT = 0.1
_MOST_BOXES = 1_000
_BOLD = re.compile("bold|black|heavy|demi|semib", re.IGNORECASE)
#: A font of this weight or more is bold. Source: OpenType, OS/2 table, usWeightClass (600: semi-bold).
_BOLD_WEIGHT = 600
_LIGATURES = {ord(char): unicodedata.normalize("NFKC", char) for char in "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"}


#: Left, bottom, right, top, in points from the lower left corner of a page.
Box = tuple[float, float, float, float]
Link = tuple[Box, str]


class Style(NamedTuple):
    """How a word looks: height of its line in points, to half a point; bold or not; colour as red, green, blue."""

    size: float
    bold: bool
    colour: tuple[int, int, int]


class Word(NamedTuple):
    """A word of a page. Coordinates are in points from the lower left corner; `mark` is the number of its tag, or -1.

    `glued`: no space before it, as before a raised number. `link` is the address that it leads to.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    style: Style
    mark: int = -1
    glued: bool = False
    link: str | None = None

    @property
    def middle(self) -> float:
        """Half the way from its lower to its upper edge."""
        return (self.bottom + self.top) / 2


@dataclass(slots=True)
class Element:
    """An element of a page's structure: its type, such as "H1", the marks of its words, and its children, in order."""

    type: str
    content: list["int | Element"] = field(default_factory=list)
    alt: str = ""


@dataclass(slots=True)
class PdfPage:
    """A page: its words in the order of the file, its boxes, and its structure if it is tagged.

    `turned` is the number of words that run up or down the page and are left out.
    """

    width: float
    height: float
    words: list[Word]
    boxes: list[Box]
    structure: list[Element]
    pictures: int
    turned: int = 0


@dataclass(slots=True)
class PdfFile:
    """What a PDF file says, page by page. `outline` are its bookmarks of the first level, with their pages from 0."""

    pages: list[PdfPage]
    title: str
    modified: str
    outline: list[tuple[str, int]]


def read_words(data: bytes) -> PdfFile:
    """Return the words of a PDF file. Raises ValueError for one that is encrypted, damaged, or beyond the bounds."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        reason = "it is protected by a password" if "password" in str(error).casefold() else f"a damaged PDF: {error}"
        raise ValueError(reason) from error
    with document:
        if len(document) > MAX_PAGES:
            raise ValueError(f"{len(document):,} pages; a PDF may have {MAX_PAGES:,}")
        about = document.get_metadata_dict(skip_empty=True)
        pages: list[PdfPage] = []
        chars = 0
        for number in range(len(document)):
            try:
                page = _page(document, number)
            except pdfium.PdfiumError as error:
                raise ValueError(f"page {number + 1} is damaged: {error}") from error
            pages.append(page)
            chars += sum(len(word.text) for word in page.words)
            if chars > MAX_CHARS:
                raise ValueError(f"more than {MAX_CHARS:,} characters")
        outline = [
            (mark.get_title(), dest.get_index() or 0)
            for mark in document.get_toc(max_depth=1)
            if (dest := mark.get_dest()) is not None
        ]
        return PdfFile(pages, about.get("Title", ""), about.get("ModDate", about.get("CreationDate", "")), outline)


def _page(document: pdfium.PdfDocument, number: int) -> PdfPage:
    page = document[number]
    text = page.get_textpage()
    try:
        looks = _Looks(text.raw, _links(document, page))
        words = [*_words(text.raw, looks)]
        boxes, pictures = _shapes(page)
        width, height = page.get_size()
        return PdfPage(width, height, words, boxes, [*_structure(page)], pictures, looks.turned)
    finally:
        text.close()
        page.close()


def _shapes(page: pdfium.PdfPage) -> tuple[list[Box], int]:
    """Return the boxes of a page's drawings, and the number of its pictures; of forms only those at their top."""
    boxes: list[Box] = []
    pictures = 0
    corners = tuple(ctypes.c_float() for _ in range(4))
    for shape in (raw.FPDFPage_GetObject(page.raw, n) for n in range(raw.FPDFPage_CountObjects(page.raw))):
        for part in _parts(shape):
            kind = raw.FPDFPageObj_GetType(part)
            pictures += kind == raw.FPDF_PAGEOBJ_IMAGE
            is_box = kind == raw.FPDF_PAGEOBJ_PATH and len(boxes) < _MOST_BOXES
            if is_box and raw.FPDFPageObj_GetBounds(part, *corners):
                left, bottom, right, top = (corner.value for corner in corners)
                boxes.append((left, bottom, right, top))
    return boxes, pictures


def _parts(shape: Any) -> Iterable[Any]:
    """Return the shapes of a form, or else the shape."""
    if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_FORM:
        return (shape,)
    return (raw.FPDFFormObj_GetObject(shape, n) for n in range(raw.FPDFFormObj_CountObjects(shape)))


def _words(text: Any, looks: "_Looks") -> Iterator[Word]:
    """Yield the words of a page, split at white space and where the look changes."""
    for start, chars in _runs(text):
        if looks.turns(start):
            continue
        first, glued, end = start, False, start + len(chars)
        looks.begin(first)
        # To ask about every letter takes three times as long. Numbers may be raised, and links have brackets around.
        mixed = any(map(str.isdecimal, chars)) or (looks.has_links and not chars.isalpha())
        if mixed or not looks.goes_on(end - 1):
            for index in range(first + 1, end):
                if not looks.goes_on(index):
                    yield looks.word(first, index - 1, chars[first - start : index - start], glued)
                    first, glued = index, True
                    looks.begin(first)
        yield looks.word(first, end - 1, chars[first - start :], glued)


def _runs(text: Any) -> Iterator[tuple[int, str]]:
    """Yield what is between white space: the number of the first character, and all of them."""
    first, chars = 0, ""
    for index in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, index)
        is_hyphen, is_char = code in (2, 0xFFFE), code < 0x110000 and not 0xD800 <= code < 0xE000
        char = "-" if is_hyphen else chr(code) if is_char else "\ufffd"
        if code == 0 or char.isspace():
            if chars:
                yield first, chars
            chars = ""
            continue
        first, chars = (first, chars + char) if chars else (index, char)
        if is_hyphen:  # PDFium joins a word that is divided at the end of a line, and marks its hyphen
            yield first, chars
            chars = ""
    if chars:
        yield first, chars


class _Looks:
    """How the characters of a page look. Programs set letters apart to kern them, so a word may be many objects."""

    def __init__(self, text: Any, links: Sequence[Link]) -> None:
        self.turned, self.has_links = 0, bool(links)
        self._text, self._links = text, links
        self._box, self._other = raw.FS_RECTF(), raw.FS_RECTF()
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._font, self._mark = b"", 0  # the address of the font, and the number of the tag
        self._link: str | None = None
        self._bold: dict[bytes, bool] = {}

    def turns(self, index: int) -> bool:
        """Return whether a word runs up or down the page, and count it."""
        angle = (raw.FPDFText_GetCharAngle(self._text, index) + math.pi) % (2 * math.pi) - math.pi
        turns = bool(abs(angle) > _MOST_ANGLE)
        self.turned += turns
        return turns

    def begin(self, index: int) -> None:
        """Take note of the character with which a word begins."""
        raw.FPDFText_GetLooseCharBox(self._text, index, self._box)
        shape = raw.FPDFText_GetTextObject(self._text, index)
        self._font, self._mark = bytes(raw.FPDFTextObj_GetFont(shape)), raw.FPDFPageObj_GetMarkedContentID(shape)
        self._link = self._link_at(self._box)

    def goes_on(self, index: int) -> bool:
        """Return whether a character looks like that with which the word began: height, font, tag, link."""
        box, other = self._box, self._other
        raw.FPDFText_GetLooseCharBox(self._text, index, other)
        if abs(box.bottom - other.bottom) > _SAME_HEIGHT or abs(box.top - other.top) > _SAME_HEIGHT:
            return False
        shape = raw.FPDFText_GetTextObject(self._text, index)
        if raw.FPDFPageObj_GetMarkedContentID(shape) != self._mark or self._link_at(other) != self._link:
            return False
        return bytes(raw.FPDFTextObj_GetFont(shape)) == self._font

    def word(self, first: int, last: int, chars: str, glued: bool) -> Word:
        """Return the word of some characters, of which the first is where the word began."""
        text, box, end = self._text, self._box, self._other
        raw.FPDFText_GetLooseCharBox(text, last, end)
        raw.FPDFText_GetFillColor(text, first, *self._colour)
        red, green, blue = (part.value // 32 * 32 for part in self._colour[:3])  # shades of one colour are one colour
        # The colour of a link says that it leads elsewhere, not that it is a heading.
        colour = (0, 0, 0) if self._link else (red, green, blue)
        style = Style(round((box.top - box.bottom) * 2) / 2, self._is_bold(first), colour)
        word = unicodedata.normalize("NFC", chars.translate(_LIGATURES))
        right = max(end.right, box.right)
        return Word(word, box.left, box.bottom, right, box.top, style, self._mark, glued, self._link)

    def _is_bold(self, index: int) -> bool:
        if self._font not in self._bold:
            name = ctypes.create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(self._shape(index)), name, len(name))
            heavy = raw.FPDFText_GetFontWeight(self._text, index) >= _BOLD_WEIGHT
            self._bold[self._font] = heavy or bool(_BOLD.search(name.value.decode("latin-1")))
        drawn = raw.FPDFTextObj_GetTextRenderMode(self._shape(index))
        return self._bold[self._font] or drawn == raw.FPDF_TEXTRENDERMODE_FILL_STROKE

    def _shape(self, index: int) -> Any:
        return raw.FPDFText_GetTextObject(self._text, index)

    def _link_at(self, box: Any) -> str | None:
        if not self._links:
            return None
        x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        return next(
            (url for (left, bottom, right, top), url in self._links if left <= x <= right and bottom <= y <= top), None
        )


def _links(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> list[Link]:
    """Return the boxes of a page that lead to web addresses."""
    found: list[Link] = []
    place, link = ctypes.c_int(0), raw.FPDF_LINK()
    while len(found) < 1_000 and raw.FPDFLink_Enumerate(page.raw, place, link):
        action, box, address = raw.FPDFLink_GetAction(link), raw.FS_RECTF(), ctypes.create_string_buffer(2_000)
        if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI and raw.FPDFLink_GetAnnotRect(link, box):
            raw.FPDFAction_GetURIPath(document.raw, action, address, len(address))
            found.append(((box.left, box.bottom, box.right, box.top), address.value.decode("latin-1")))
    return found


def _structure(page: pdfium.PdfPage) -> Iterator[Element]:
    """Yield the outermost elements of a page's structure; none if it has no tags."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return
    left = [_MAX_ELEMENTS]
    try:
        for place in range(raw.FPDF_StructTree_CountChildren(tree)):
            if child := raw.FPDF_StructTree_GetChildAtIndex(tree, place):
                yield _element(child, left, 0)
    finally:
        raw.FPDF_StructTree_Close(tree)


def _element(node: Any, left: list[int], depth: int) -> Element:
    left[0] -= 1
    if left[0] < 0 or depth > _DEEPEST:
        raise ValueError(f"a page has more than {_MAX_ELEMENTS:,} tags, or tags nested more than {_DEEPEST} deep")
    element = Element(
        _string(raw.FPDF_StructElement_GetType, node), alt=_string(raw.FPDF_StructElement_GetAltText, node)
    )
    for place in range(raw.FPDF_StructElement_CountChildren(node)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(node, place):
            element.content.append(_element(child, left, depth + 1))
        elif (mark := raw.FPDF_StructElement_GetChildMarkedContentID(node, place)) >= 0:
            element.content.append(mark)
    return element


def _string(getter: Any, node: Any) -> str:
    size = getter(node, None, 0)
    if size <= 2:
        return ""
    text = ctypes.create_string_buffer(min(size, 4_000))
    getter(node, text, len(text))
    return text.raw[: size - 2].decode("utf-16-le", "replace")
