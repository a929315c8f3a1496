"""The only place where text becomes HTML: segments, each escaped, with marks and links to references around them."""

import re
from itertools import groupby

from markupsafe import Markup, escape

from indexer.presentation import Body

#: What parts the cells of a row; a cell may be empty.
_CELL = re.compile(r"(?:^| )\|(?= |$)")
_MARK = Markup("<mark>{}</mark>")
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


def snippet_markup(snippet: Body, references: list[Body], url: str) -> Markup:
    """Return a fragment as HTML; its markers lead to the references on the answer's own page, `url`.

    A fragment of several blocks, such as a list with what leads in to it, has a dot between them.
    """
    segments = [segment | {"text": segment["text"].replace("\n\n", " \u00b7 ")} for segment in snippet["segments"]]
    parts = [_CUT] if snippet["cut_before"] else []
    parts += [_inline(segments, references, url), *([_CUT] if snippet["cut_after"] else [])]
    return Markup(" ").join(parts)


def answer_markup(blocks: list[Body], references: list[Body], url: str = "") -> Markup:
    """Return an answer as HTML: list items side by side as one list, table rows as one table, shared passages folded.

    Markers lead to the references of the page they stand on, or to those of the answer's own page, `url`.
    """
    runs = ((shared, _blocks(list(members), references, url)) for shared, members in groupby(blocks, _is_shared))
    return Markup().join(_SHARED.format(inner) if shared else inner for shared, inner in runs)


def _blocks(blocks: list[Body], references: list[Body], url: str) -> Markup:
    parts: list[Markup] = []
    for kind, members in groupby(blocks, _kind):
        holder, element = _BLOCKS[kind]
        inner = Markup().join(_block(block, element, references, url) for block in members)
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(holder), inner) if holder else inner)
    return Markup().join(parts)


def _is_shared(block: Body) -> bool:
    shared: bool = block["shared"]
    return shared


def _kind(block: Body) -> str:
    kind: str = block["kind"]
    return ("bullet" if block["ordinal"] is None else "numbered") if kind == "list_item" else kind


def _block(block: Body, element: str, references: list[Body], url: str) -> Markup:
    cells: list[list[Body]] = [[]]
    for segment in block["segments"]:
        parted = element == "tr" and segment["reference"] is None
        for place, piece in enumerate(_CELL.split(segment["text"]) if parted else [segment["text"]]):
            cells += [[]] if place else []
            cells[-1].append(segment | {"text": piece.lstrip() if place else piece})
    around = Markup("<td>{}</td>" if element == "tr" else "{}")
    inner = Markup().join(around.format(_inline(cell, references, url)) for cell in cells)
    value = Markup(' value="{}"').format(block["ordinal"]) if _kind(block) == "numbered" else ""
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(element), value, inner)


def _inline(segments: list[Body], references: list[Body], url: str) -> Markup:
    """Return segments as HTML; markers that stand side by side are kept on one line."""
    titles = {entry["number"]: entry["text"] for entry in references}
    parts: list[Markup] = []
    for cited, members in groupby(segments, lambda segment: segment["reference"] is not None):
        if cited:
            links = (_marker(segment, titles, url) for segment in members)
            parts.append(Markup('<span class="cites">{}</span>').format(Markup().join(links)))
        else:
            parts += [(_MARK.format if one["marked"] else escape)(one["text"]) for one in members]
    return Markup().join(parts)


def _marker(segment: Body, titles: dict[int, str], url: str) -> Markup:
    number = segment["reference"]
    return Markup('<a class="cite" href="{}#ref-{}" aria-label="Reference {}: {}">{}</a>').format(
        url, number, number, titles.get(number, ""), segment["text"]
    )
