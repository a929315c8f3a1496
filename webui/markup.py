"""The only place where text becomes HTML: segments, each escaped, with marks and links to references around them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from textwrap import shorten

from markupsafe import Markup, escape
from msgspec.structs import replace

from indexer.exchange.bodies import Block, Reference, Segment, Snippet
from webui.linked_data import LinkedData, script_text

#: Separates the cells of a table row. A cell may be empty.
_CELL = re.compile(r"(?:^| )\|(?= |$)")
_CUT = Markup('<span class="cut">\u2026</span>')
#: site.css opens it in print.
_SHARED = Markup("<details><summary>Text that many sheets here have in common</summary>{}</details>")
#: The element around neighbouring blocks of a kind, and the element of each block.
_BLOCKS = {
    "paragraph": ("", "p"),
    "heading": ("", "h3"),
    "bullet": ("ul", "li"),
    "numbered": ("ol", "li"),
    "table_row": ("table", "tr"),
    "code": ("", "pre"),
}


#: How many characters of a reference a screen reader says for a marker. Chosen by eye: an author and part of a title.
_SPOKEN_CHARS = 80


class Uses:
    """The places of a page that cite each reference, by their HTML ids: targets of "back to text"."""

    def __init__(self) -> None:
        self._places: dict[int, list[str]] = defaultdict(list)

    def __getitem__(self, number: int) -> list[str]:
        return self._places[number]

    def add(self, number: int) -> str:
        """Return the HTML id for the next place that cites a reference."""
        self._places[number].append(f"use-{number}-{len(self._places[number]) + 1}")
        return self._places[number][-1]


class _Markers:
    """Citation markers as links to the references on the page `url`; "": on the same page."""

    def __init__(self, references: Sequence[Reference], url: str, uses: Uses | None = None) -> None:
        self._url, self._uses = url, uses
        self._titles = {entry.number: shorten(entry.text, _SPOKEN_CHARS, placeholder=" …") for entry in references}

    def link(self, segment: Segment) -> Markup:
        number = segment.reference or 0
        own_id = Markup(' id="{}"').format(self._uses.add(number)) if self._uses else ""
        return Markup('<a class="cite"{} href="{}#ref-{}" aria-label="Reference {}: {}">{}</a>').format(
            own_id, self._url, number, number, self._titles.get(number, ""), segment.text
        )


def linked_data_markup(data: LinkedData) -> Markup:
    """Return linked data for a script element."""
    return Markup(script_text(data))


def snippet_markup(snippet: Snippet, references: Sequence[Reference], url: str) -> Markup:
    """Return a fragment as HTML. Its markers lead to the references on the answer's page, `url`.

    Dots separate the blocks of a fragment.
    """
    segments = [replace(segment, text=segment.text.replace("\n\n", " \u00b7 ")) for segment in snippet.segments]
    parts = [_CUT] if snippet.cut_before else []
    parts += [_inline(segments, _Markers(references, url)), *([_CUT] if snippet.cut_after else [])]
    return Markup(" ").join(parts)


def answer_markup(
    blocks: Sequence[Block], references: Sequence[Reference], url: str = "", uses: Uses | None = None
) -> Markup:
    """Return an answer as HTML. Neighbouring list items are one list, table rows one table; shared text is folded.

    Markers lead to the references on the page `url`; "": on the same page. With `uses` each marker gets an id, which is
    added there.
    """
    markers = _Markers(references, url, uses)
    runs = ((shared, _blocks(list(members), markers)) for shared, members in groupby(blocks, _is_shared))
    return Markup().join(_SHARED.format(inner) if shared else inner for shared, inner in runs)


def _blocks(blocks: Sequence[Block], markers: _Markers) -> Markup:
    parts: list[Markup] = []
    for kind, members in groupby(blocks, _kind):
        holder, element = _BLOCKS[kind]
        inner = Markup().join(_block(block, element, markers) for block in members)
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(holder), inner) if holder else inner)
    return Markup().join(parts)


def _is_shared(block: Block) -> bool:
    return block.shared


def _kind(block: Block) -> str:
    return ("bullet" if block.ordinal is None else "numbered") if block.kind == "list_item" else block.kind


def _block(block: Block, element: str, markers: _Markers) -> Markup:
    cells: list[list[Segment]] = [[]]
    for segment in block.segments:
        has_cells = element == "tr" and segment.reference is None
        for number, text in enumerate(_CELL.split(segment.text) if has_cells else [segment.text]):
            cells += [[]] if number else []
            cells[-1].append(replace(segment, text=text.lstrip() if number else text))
    around = Markup("<td>{}</td>" if element == "tr" else "{}")
    inner = Markup().join(around.format(_inline(cell, markers)) for cell in cells)
    value = Markup(' value="{}"').format(block.ordinal) if _kind(block) == "numbered" else ""
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(element), value, inner)


def _inline(segments: Sequence[Segment], markers: _Markers) -> Markup:
    """Return segments as HTML. Neighbouring markers stay on one line."""
    parts: list[Markup] = []  # joined as strings: Markup.join would escape each again
    for cited, members in groupby(segments, lambda segment: segment.reference is not None):
        if cited:
            parts.append(Markup(f'<span class="cites">{"".join(map(markers.link, members))}</span>'))
        else:
            for url, linked in groupby(members, lambda member: member.url):
                texts = ((member.marked, escape(member.text)) for member in linked)
                text = Markup("".join(Markup(f"<mark>{text}</mark>") if marked else text for marked, text in texts))
                parts.append(_outward(url, text) if url else text)
    return Markup("".join(parts))


def _outward(url: str, text: Markup) -> Markup:
    """Return a link to another site. An address that a browser would run, such as `javascript:`, stays text."""
    if not url.lower().startswith(("http://", "https://", "mailto:", "tel:")):
        return text
    return Markup('<a class="outward" href="{}" rel="external nofollow">{}</a>').format(url, text)
