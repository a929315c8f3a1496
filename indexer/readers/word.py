"""Word files (.docx) -> pages. mammoth makes HTML of a file, which the HTML reader reads.

mammoth goes by the names of styles. In a file without headings by style, a short line that is larger or bolder than the
text is a heading. Headers, footers, comments, deleted text and tables of contents are left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

import mammoth  # the HTML of a Word file by its styles: lists, tables, notes, links
from mammoth.documents import Document, Paragraph, Run, Text
from mammoth.transforms import get_descendants_of_type, paragraph

from indexer.errors import PageError
from indexer.model import Page, PageWarning, Provenance
from indexer.readers.html import page_of

#: The most bytes of XML in a file. A MB of it takes 3 s and 40 MB; a book of 300 pages has 6 MB.
MAX_XML_BYTES = 12_000_000
#: Beyond mammoth's own map: titles, and what repeats headings. The names of Word's own styles are English in every
#: language of Word (ECMA-376, part 1, 17.7.4.9).
_STYLES = "\n".join(
    ["p[style-name='Title'] => h1:fresh", "p[style-name='TOC Heading'] => !"]
    + [f"p[style-name='toc {level}'] => !" for level in range(1, 10)]
)
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
#: Larger than the text by this factor is a heading. Word's sizes go by half points: 11.5 beside 11 is no heading.
_LARGER = 1.08
#: The most words of a heading by its size. The longest question of MedQuAD has 27.
_LONGEST_HEADING = 30
#: The size of text where a file names none, in points (ECMA-376, part 1, 17.3.2.38).
_DEFAULT_SIZE = 10.0
_META = re.compile(rb"<(?:\w{1,20}:)?(title|modified)\b[^<>]*+>([^<]*+)<")


class Look(NamedTuple):
    """How text looks: its size in points, and whether it is bold."""

    size: float
    bold: bool


def read_word(data: bytes, path: str) -> list[Page]:
    """Return the page of a Word file, in a list.

    Raises PageError for a file that is damaged, protected by a password, in Word's old format, or too large.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise PageError(path, "protected by a password, or in the format of Word 97: save it as .docx without one")
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check_bounds(archive, path)
            names = archive.namelist()
            about = archive.read("docProps/core.xml") if "docProps/core.xml" in names else b""
            styles = archive.read("word/styles.xml") if "word/styles.xml" in names else b""
        made = mammoth.convert_to_html(
            BytesIO(data),
            style_map=_STYLES,
            transform_document=_with_headings(_default_size(styles)),
            convert_image=mammoth.images.img_element(lambda _: {}),
        )
    except PageError:
        raise
    except Exception as error:
        # mammoth has no error of its own: a damaged file ends in any of Python's.
        raise PageError(path, f"a damaged Word file: {type(error).__name__}: {error}"[:200]) from error
    found = {key.decode(): text.decode("utf-8", "replace").strip() for key, text in _META.findall(about)}
    title = f"<title>{escape(found['title'])}</title>" if " " in found.get("title", "") else ""
    page = page_of(f"{title}<body>{made.value}</body>", path)
    modified = re.match(r"\d{4}-\d\d-\d\d", found.get("modified", ""))
    texts = dict.fromkeys(message.message for message in made.messages if "style" not in message.message)
    dated = page.dated or (modified[0] if modified else None)
    return [replace(page, dated=dated, warnings=(*page.warnings, *map(PageWarning, texts)), provenance=Provenance())]


def _check_bounds(archive: ZipFile, path: str) -> None:
    """Raise PageError for more XML than is read, and for entities, by which a small file becomes a large one."""
    parts = [info for info in archive.infolist() if _is_read(info.filename)]
    if (size := sum(info.file_size for info in parts)) > MAX_XML_BYTES:
        raise PageError(path, f"{size:,} bytes of text and styles; a Word file may have {MAX_XML_BYTES:,}")
    for info in parts:
        if b"<!DOCTYPE" in archive.read(info).replace(b"\0", b""):
            raise PageError(path, f"{info.filename} has a document type, which no Word file needs")


def _is_read(name: str) -> bool:
    """Return whether a part of a Word file is read: its text, and what belongs to that."""
    folder, _, file = name.casefold().rpartition("/")
    known = (
        folder == "word" or folder.endswith("_rels") or name.casefold() in ("[content_types].xml", "docprops/core.xml")
    )
    return known and file.endswith((".xml", ".rels"))


def _default_size(styles: bytes) -> float:
    """Return the size of text without a size of its own, in points: the first that the styles name is the default."""
    size = re.search(rb'<w:sz w:val="(\d+)"', styles)
    return int(size[1]) / 2 if size else _DEFAULT_SIZE


def _with_headings(default: float) -> Callable[[Document], Document]:
    """Return a function that gives the headings of a document their styles."""

    def change(document: Document) -> Document:
        paragraphs = get_descendants_of_type(document, Paragraph)
        styles = {(item.style_name or "").casefold() for item in paragraphs}
        lower = 1 if "title" in styles else 0  # a title is above the headings of the first level
        if any(map(_HEADING.fullmatch, styles)):
            return paragraph(_one_lower)(document) if lower else document
        looks: Counter[Look] = Counter()
        for item in paragraphs:
            looks.update(dict(_looks(item, default)))
        body = max(looks, key=lambda look: looks[look], default=Look(default, False))
        above = sorted((look for look in looks if _stands_out(look, body)), reverse=True)
        first = 1 if above and above[0].size > _LARGER * body.size and not lower else 2  # a title is larger
        ranks = {look: rank for rank, look in enumerate(above, first)}
        return paragraph(lambda item: _ranked(item, ranks, default))(document)

    return change


def _stands_out(look: Look, body: Look) -> bool:
    return look.size > _LARGER * body.size or (look.bold and not body.bold and look.size >= body.size)


def _one_lower(item: Paragraph) -> Paragraph:
    match = _HEADING.fullmatch(item.style_name or "")
    return _styled(item, int(match[1]) + 1) if match else item


def _ranked(item: Paragraph, ranks: dict[Look, int], default: float) -> Paragraph:
    """Return a paragraph as a heading if it is short, no sentence, and all of it looks like a heading."""
    looks = [*dict(_looks(item, default))]
    text = "".join(text.value for text in get_descendants_of_type(item, Text)).strip()
    is_short = len(text.split()) <= _LONGEST_HEADING and not text.endswith((".", ",", ";", ":", "!"))
    is_heading = len(looks) == 1 and is_short and not item.numbering and item.style_name in (None, "Normal")
    rank = ranks.get(looks[0]) if is_heading else None
    return _styled(item, rank) if rank else item


def _styled(item: Paragraph, rank: int) -> Paragraph:
    return item.copy(style_id=f"Heading{min(rank, 6)}", style_name=f"Heading {min(rank, 6)}")


def _looks(item: Paragraph, default: float) -> Iterator[tuple[Look, int]]:
    """Yield how the text of a paragraph looks, with the number of characters that look so."""
    for run in get_descendants_of_type(item, Run):
        if length := sum(len(text.value.strip()) for text in get_descendants_of_type(run, Text)):
            yield Look(run.font_size or default, bool(run.is_bold)), length
