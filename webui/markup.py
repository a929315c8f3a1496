"""The only place where text becomes HTML: segments, each escaped, with marks and links to references around them."""

import re
from collections import defaultdict
from itertools import groupby
from textwrap import shorten

from markupsafe import Markup, escape

from indexer.presentation import Body
from webui.linked_data import script_text

#: What parts the cells of a row; a cell may be empty.
_CELL = re.compile(r"(?:^| )\|(?= |$)")
_CUT = Markup('<span class="cut">\u2026</span>')
#: A browser prints it open: site.css.
_SHARED = Markup("<details><summary>Words that many fact sheets here have in common</summary>{}</details>")
#: The element that holds neighbouring blocks of a kind, and the one around each of them.
_BLOCKS = {
    "paragraph": ("", "p"),
    "heading": ("", "h3"),
    "bullet": ("ul", "li"),
    "numbered": ("ol", "li"),
    "table_row": ("table", "tr"),
}


#: How much of a reference a marker says aloud, in characters: chosen by eye, an author and the beginning of a title.
_SPOKEN_CHARS = 80


class Uses:
    """The places of one page that cite each reference, by their ids: where "back to text" leads."""

    def __init__(self) -> None:
        self._places: dict[int, list[str]] = defaultdict(list)

    def __getitem__(self, number: int) -> list[str]:
        return self._places[number]

    def add(self, number: int) -> str:
        """Return the id of the next place that cites a reference."""
        self._places[number].append(f"use-{number}-{len(self._places[number]) + 1}")
        return self._places[number][-1]


class _Markers:
    """Markers as links to the references of a page, `url`, or of the page they stand on."""

    def __init__(self, references: list[Body], url: str, uses: Uses | None = None) -> None:
        self._url, self._uses = url, uses
        self._titles = {one["number"]: shorten(one["text"], _SPOKEN_CHARS, placeholder=" …") for one in references}

    def link(self, segment: Body) -> Markup:
        number = segment["reference"]
        own_id = Markup(' id="{}"').format(self._uses.add(number)) if self._uses else ""
        return Markup('<a class="cite"{} href="{}#ref-{}" aria-label="Reference {}: {}">{}</a>').format(
            own_id, self._url, number, number, self._titles.get(number, ""), segment["text"]
        )


def linked_data_markup(data: Body) -> Markup:
    """Return linked data as it can stand in a script element."""
    return Markup(script_text(data))


def snippet_markup(snippet: Body, references: list[Body], url: str) -> Markup:
    """Return a fragment as HTML; its markers lead to the references on the answer's own page, `url`.

    A fragment of several blocks, such as a list with what leads in to it, has a dot between them.
    """
    segments = [segment | {"text": segment["text"].replace("\n\n", " \u00b7 ")} for segment in snippet["segments"]]
    parts = [_CUT] if snippet["cut_before"] else []
    parts += [_inline(segments, _Markers(references, url)), *([_CUT] if snippet["cut_after"] else [])]
    return Markup(" ").join(parts)


def answer_markup(blocks: list[Body], references: list[Body], url: str = "", uses: Uses | None = None) -> Markup:
    """Return an answer as HTML: list items side by side as one list, table rows as one table, shared passages folded.

    Markers lead to the references of the page they stand on, or to those of the answer's own page, `url`. With `uses`
    each has an id, and stands there.
    """
    markers = _Markers(references, url, uses)
    runs = ((shared, _blocks(list(members), markers)) for shared, members in groupby(blocks, _is_shared))
    return Markup().join(_SHARED.format(inner) if shared else inner for shared, inner in runs)


def _blocks(blocks: list[Body], markers: _Markers) -> Markup:
    parts: list[Markup] = []
    for kind, members in groupby(blocks, _kind):
        holder, element = _BLOCKS[kind]
        inner = Markup().join(_block(block, element, markers) for block in members)
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(holder), inner) if holder else inner)
    return Markup().join(parts)


def _is_shared(block: Body) -> bool:
    shared: bool = block["shared"]
    return shared


def _kind(block: Body) -> str:
    kind: str = block["kind"]
    return ("bullet" if block["ordinal"] is None else "numbered") if kind == "list_item" else kind


def _block(block: Body, element: str, markers: _Markers) -> Markup:
    cells: list[list[Body]] = [[]]
    for segment in block["segments"]:
        parted = element == "tr" and segment["reference"] is None
        for place, piece in enumerate(_CELL.split(segment["text"]) if parted else [segment["text"]]):
            cells += [[]] if place else []
            cells[-1].append(segment | {"text": piece.lstrip() if place else piece})
    around = Markup("<td>{}</td>" if element == "tr" else "{}")
    inner = Markup().join(around.format(_inline(cell, markers)) for cell in cells)
    value = Markup(' value="{}"').format(block["ordinal"]) if _kind(block) == "numbered" else ""
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(element), value, inner)


def _inline(segments: list[Body], markers: _Markers) -> Markup:
    """Return segments as HTML; markers that stand side by side are kept on one line."""
    parts: list[Markup] = []  # joined as strings: Markup.join would look at each again
    for cited, members in groupby(segments, lambda segment: segment["reference"] is not None):
        if cited:
            parts.append(Markup(f'<span class="cites">{"".join(map(markers.link, members))}</span>'))
        else:
            texts = ((one["marked"], escape(one["text"])) for one in members)
            parts += [Markup(f"<mark>{text}</mark>") if marked else text for marked, text in texts]
    return Markup("".join(parts))
