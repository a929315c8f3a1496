"""Reference lists: where they are among a page's blocks, and what their entries say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from indexer.model import LABEL_RANK, Block, Link, PartialDate, Reference
from indexer.sheets.dates import parse_date
from indexer.sheets.wording import is_navigation

_HEADING = re.compile(
    r"(?:(?:selected|key|cited|main|general|numbered|scientific)\s+)?"
    r"(?:references?(?: cited| list| and notes)?|reference list|list of references|sources(?: and references)?"
    r"|bibliography|works cited|literature(?: cited)?|citations|foot ?notes|end ?notes|notes)(?: and sources)?:?",
    re.IGNORECASE,
)
#: "[1] ", "1. ", "1) " or a raised number before an entry that is no list item. At most three digits: no fact sheet
#: has a thousand references, and 2013 is a year.
_LABEL = re.compile(
    r"(?:\[\^?(?P<b>\d{1,3})\]:?|\((?P<p>\d{1,3})\)|(?P<n>\d{1,3})[.)]|(?P<r>[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}))\s*(?=\S)"
)
_TERM = re.compile(r"\[?(\d{1,3})[\].)]*")
#: Names of links that publishers put behind entries: they name a place, and are no part of what is cited.
_LINK_NAMES = frozenset(
    ("pubmed", "pubmed central", "pmc", "crossref", "google scholar", "web of science", "scopus", "article")
) | frozenset(("abstract", "full text", "full-text", "view article", "view", "link", "doi", "pdf"))
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ACCESSED = re.compile(r"[\s;,.(\[]{0,8}\b(?:last )?(?:accessed|retrieved|viewed)(?: on)?:? ", re.IGNORECASE)
_LONGEST_DATE = 4  # words: "Wednesday, May 1, 2013"
#: Identifiers outlive addresses: PubMed and PubMed Central numbers, and DOIs (ISO 26324: "10." prefix "/" suffix).
_IDENTIFIERS = {
    "pmid": re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/?(?:\?term=)?|\bPMID:?\s*)(\d{1,8})\b", re.IGNORECASE),
    "pmcid": re.compile(r"\b(PMC\d{1,8})\b"),
    "doi": re.compile(r"(?:doi\.org/|\bdoi:?\s*)(10\.\d{4,9}/[^\s\"<>]*[^\s\"<>.,;)])", re.IGNORECASE),
}
#: Unicode's raised digits, plus, minus and brackets -> plain ones.
RAISED_TO_PLAIN = str.maketrans(
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207d\u207e", "0123456789+\u2013()"
)
#: A footnote is below its answer; the bound keeps a page of nothing but footnotes from taking hours.
_NEAR = 200


@dataclass(slots=True)
class ReferenceList:
    """A list of references: the places of its blocks, its entries, and the entries by the names of their places."""

    places: range
    entries: list[Reference] = field(default_factory=list)
    by_anchor: dict[str, Reference] = field(default_factory=dict)

    def by_number(self) -> dict[int, Reference]:
        """Return the entries by number; the first of several with one number."""
        return {entry.number: entry for entry in reversed(self.entries)}


def is_references_heading(block: Block) -> bool:
    """Return whether a block announces the list of references."""
    return block.kind in ("heading", "paragraph") and _HEADING.fullmatch(block.text) is not None


def find_references(blocks: Sequence[Block]) -> list[ReferenceList]:
    """Return the reference lists of a page in reading order.

    A list is below a heading that announces it, or where markers link to, or is lines such as "[1] ..." below a
    text that has those markers.
    """
    cited = {link.url[1:] for block in blocks for link in block.links if _is_marker(block.text, link)}
    lists: list[ReferenceList] = []
    place = since = 0
    while place < len(blocks):
        block = blocks[place]
        announced = is_references_heading(block)
        linked = block.kind in ("list_item", "paragraph") and not cited.isdisjoint(block.anchors)
        if announced or linked or _is_footnote(blocks, since, place):
            found = _read_lists(blocks, place, announced=announced)
            lists += found
            place = since = found[-1].places.stop if found else place + 1
        else:
            place += 1
    return lists


def _is_marker(text: str, link: Link) -> bool:
    """Return whether a link within the page is a number in brackets, raised, or right behind what it backs."""
    words = text[link.start : link.end]
    numbered = _TERM.fullmatch(
        words.translate(RAISED_TO_PLAIN).strip("[]() ").removeprefix("foot").removeprefix("note ")
    )
    behind = not words[0].isascii() or not text[link.start - 1 : link.start].isspace()
    return link.url.startswith("#") and link.start > 0 and numbered is not None and (words[0] == "[" or behind)


def _is_footnote(blocks: Sequence[Block], since: int, place: int) -> bool:
    """Return whether a block is the text of a marker above it: "[1] ..." at the start of a line."""
    block = blocks[place]
    label = _LABEL.match(block.text)
    if label is None or label["n"] or label["p"] or block.kind not in ("list_item", "paragraph"):
        return False
    number = int(label["b"] or label["r"].translate(RAISED_TO_PLAIN))
    printed = re.escape(label["r"]) if label["r"] else rf"\[[\d,;\u2013 -]*\b{number}\b"
    return any(re.search(printed, other.text[1:]) for other in blocks[max(since, place - _NEAR) : place])


def _read_lists(blocks: Sequence[Block], start: int, *, announced: bool) -> list[ReferenceList]:
    """Return the lists that begin at a place; sub-headings part them. Empty when no entry follows."""
    lists: list[ReferenceList] = []
    raw: list[list[Block]] = []
    begun, place = start, start + announced
    term: int | None = None
    names: tuple[str, ...] = ()
    if announced and _is_introduction(blocks[place : place + 2]):
        place += 1
    while place <= len(blocks):
        block = blocks[place] if place < len(blocks) else None
        below = blocks[place + 1] if place + 1 < len(blocks) else None
        if block and not raw and is_navigation(block):
            pass  # "[edit]", "Back to top"
        elif block and (announced or block.level >= LABEL_RANK) and (match := _TERM.fullmatch(block.text)):
            term, names = int(match[1]), block.anchors
        elif block and raw and _goes_on(block, raw[-1][0]):
            raw[-1].append(block)
        elif block and (term or _is_entry(block, raw[0][0] if raw else None, announced)):
            if term:
                block = replace(block, ordinal=term, anchors=(*names, *block.anchors))
            raw += [[piece] for piece in _cut(block)]
            term = None
        else:
            if raw:
                lists.append(_reference_list(range(begun, place), raw))
                begun, raw = place, []
            part = block and below and announced and block.kind == "heading" and block.level > blocks[start].level
            if not (part and below and block and not block.text.endswith("?") and _is_entry(below, None, announced)):
                return lists
        place += 1
    return lists


def _is_introduction(blocks: Sequence[Block]) -> bool:
    """Return whether the first of two blocks is a sentence above a list: "These works were used:"."""
    if len(blocks) < 2 or blocks[0].kind != "paragraph" or _looks_cited(blocks[0]) or _TERM.fullmatch(blocks[0].text):
        return False
    return blocks[1].kind == "list_item"


def _goes_on(block: Block, entry: Block) -> bool:
    """Return whether a block is inside the list item that an entry opened."""
    inside = block.path[: len(entry.path)] == entry.path and entry.kind == "list_item" and len(entry.path) > 0
    return inside and block.kind != "heading" and (block.kind != "list_item" or len(block.path) > len(entry.path))


def _is_entry(block: Block, first: Block | None, announced: bool) -> bool:
    """Return whether a block is an entry: an item as numbered as the first, or a line with a number or a link."""
    like = first or block
    if block.kind == "table_row":
        return announced and _LABEL.match(block.text) is not None
    if block.kind != like.kind or block.kind not in ("list_item", "paragraph"):
        return False
    if block.kind == "list_item":
        return (like.ordinal is None) == (block.ordinal is None) and like.path[:-1] == block.path[:-1]
    if first is None:
        return not announced or _looks_cited(block)
    as_labelled = bool(_LABEL.match(block.text)) == bool(_LABEL.match(first.text))
    return as_labelled and first.path == block.path and _looks_cited(block)


def _looks_cited(block: Block) -> bool:
    """Return whether a paragraph reads as an entry. On plain lines only an address distinguishes it from other text."""
    nested = bool(block.path) and (bool(block.links) or _YEAR.search(block.text) is not None)
    return _LABEL.match(block.text) is not None or "://" in block.text or nested


def _cut(block: Block) -> Iterator[Block]:
    """Yield a block, or its parts where a line joins several entries: "[1] ... [2] ..."."""
    starts = list(re.finditer(r"(?:^|(?<=\s))\[(\d{1,3})\]:?\s", block.text))
    numbers = [int(match[1]) for match in starts]
    if len(starts) < 2 or starts[0].start() or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        yield block
        return
    for match, end in zip(starts, [*(other.start() for other in starts[1:]), len(block.text)], strict=True):
        yield block.part(match.start(), match.start() + len(block.text[match.start() : end].rstrip()))


def _reference_list(places: range, raw: Sequence[Sequence[Block]]) -> ReferenceList:
    found = ReferenceList(places)
    for place, pieces in enumerate(raw, start=1):
        entry = _reference(pieces, place)
        found.entries.append(entry)
        found.by_anchor |= {anchor: entry for piece in pieces for anchor in piece.anchors}
    return found


def _reference(pieces: Sequence[Block], place: int) -> Reference:
    """Return one entry; its text is what a reader would cite, without label, address, access date and backlinks.

    An entry without a printed number has that of its place in the list.
    """
    label = _LABEL.match(pieces[0].text)
    printed = label and (label["b"] or label["p"] or label["n"] or label["r"].translate(RAISED_TO_PLAIN))
    number = pieces[0].ordinal or int(printed or 0) or place
    whole = " ".join(piece.text for piece in pieces)
    shown = " ".join(_without_labels(piece) for piece in pieces)
    if (again := _LABEL.match(shown)) and (not again["n"] or not pieces[0].ordinal):
        shown = shown[again.end() :].lstrip("| ")
    text, accessed = _without_access_date(shown)
    links = [link.url for piece in pieces for link in piece.links if re.match(r"https?://", link.url, re.IGNORECASE)]
    url = links[0] if links else None
    if match := _URL.search(text):
        url = match[0].rstrip(".,;:'")
        for opening, closing in ("()", "[]"):  # a bracket that the sentence opened
            while url.endswith(closing) and url.count(closing) > url.count(opening):
                url = url[:-1].rstrip(".,;:'")
        text = f"{text[: match.start()].rstrip(' ([<')} {text[match.start() + len(url) :].lstrip('.,;)]> ')}"
    text = " ".join(text.split()).rstrip(" ;,:") or urlsplit(url or "").netloc
    sought = " ".join([whole, *links])
    identifiers = {name: match[1] for name, pattern in _IDENTIFIERS.items() if (match := pattern.search(sought))}
    return Reference(number, text if text[-1:] in ".?!" else f"{text}.", url, identifiers, accessed)


def _without_labels(piece: Block) -> str:
    """Return the text of an entry without links that lead back to its marker, and names of links ("[PubMed]")."""
    text, at = [], 0
    for link in piece.links:
        words = piece.text[link.start : link.end]
        if link.url.startswith("#") or (words[:1], words[-1:]) == ("[", "]") or words.casefold() in _LINK_NAMES:
            text.append(piece.text[at : link.start])
            at = link.end
    return " ".join("".join([*text, piece.text[at:]]).split()).strip("^\u2191\u21a9\ufe0e ")


def _without_access_date(text: str) -> tuple[str, PartialDate | None]:
    match = _ACCESSED.search(text)
    words = text[match.end() :].split() if match else []
    for count in range(min(len(words), _LONGEST_DATE), 0, -1):
        if match and (accessed := parse_date(" ".join(words[:count]))):
            return f"{text[: match.start()]}. {' '.join(words[count:]).removeprefix('from ')}", accessed
    return text, None
