"""Citation markers in an answer: which numbers are one, and which entry of a reference list each points to.

Forms: `[1]`, `[1,3]`, `[1-4]`, `[1]-[3]`; raised numbers; numbers that link into a list; and `(1,2)` on a page that
cites so. A raised or bare number is written `[1]` in the answer, for as plain text it would change the word or number
behind ("10 people1"). Each number of a group is one citation, with the span of the whole group.
"""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from indexer.errors import PageError
from indexer.model import Block, Citation, Link, Reference
from indexer.sheets.references import RAISED_TO_PLAIN, ReferenceList

#: Of so many numbers at most: no sentence has more behind it, and ranges multiply.
_NUMBERS = r"\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3}){0,30}"
_RAISED = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079"
#: The forms. A small letter right behind a bracket is chemistry: [1,2,4]triazolo.
_MARKER = re.compile(
    rf"(?P<square>\[(?:\^|(?:foot)?note )?{_NUMBERS}\](?:[-\u2013]\[\d{{1,3}}\])?)(?![a-z])"
    rf"|(?P<round>\({_NUMBERS}\))"
    rf"|(?P<raised>\u207d?[{_RAISED}]{{1,3}}(?:[,;\u207b][{_RAISED}]{{1,3}}){{0,30}}\u207e?)(?![\u207a\u207b+\w{_RAISED}])"
)
#: Most texts have no marker: this looks for how one begins, twenty times as fast.
_SIGN = re.compile(rf"[\[(](?:\^|(?:foot)?note )?\d|[\u207d{_RAISED}]")
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)
#: What a number behind it raises to a power. Source: SI symbols with prefixes that fact sheets use, and US measures.
_UNITS = frozenset("m cm mm km nm dm \u00b5m \u03bcm in ft yd mi s h min sq".split())
#: Words before a round bracket whose number belongs to them, not to a list: "Table (2)", "and (2) low beams".
_COUNTING = frozenset(
    "and or are is by of in at to with from than versus table figure fig box type step part stage grade phase chapter"
    " class item section equation appendix level group score aged".split()
)
#: Of the entries of a list, how many round brackets must cite to be the page's way of citing: half. On a page that
#: cites otherwise, or not at all, a stray "(1, 2)" names few of them.
_SHARE_CITED = 0.5
#: How far back the word before a marker is looked for, in characters.
_LONGEST_WORD = 40
#: What a citation takes beside the text and the address of its reference, as JSON.
_CITATION_CHARS = 100


@dataclass(slots=True)
class Allowance:
    """How many more characters the citations of one page may have: each is stored with its whole reference.

    "[1-999]" is 999 citations, and 2 MB of such markers would be 250 million. The starter sheet that cites most has
    34,000 characters of them.
    """

    path: str = ""
    left: int = 10_000_000

    def spend(self, citations: Iterable[Citation]) -> None:
        """Count some citations. Raises PageError when the page has too many."""
        entries = (use.reference for use in citations if use.reference)
        self.left -= sum(_CITATION_CHARS + len(entry.text) + len(entry.url or "") for entry in entries)
        if self.left < 0:
            raise PageError(self.path, "citations that repeat more than 10,000,000 characters of their references")


#: How an address begins that a reader may follow from an answer: no script, no file.
OUTWARD = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the markers of an answer point: the entries of its list by number, and of all lists by their places."""

    numbers: Mapping[int, Reference] = field(default_factory=dict)
    lists: Sequence[ReferenceList] = ()
    round_brackets: bool = False
    allowance: Allowance = field(default_factory=Allowance)


def mark(block: Block, scope: Scope) -> tuple[str, tuple[Citation, ...]]:
    """Return the text of a block as an answer shows it, and its citations in reading order, with spans in that text.

    `reference` is None where the list has no such entry. Raises PageError for more than the page may have.
    """
    pieces: list[str] = []
    citations: list[Citation] = []
    at = length = 0
    for start, end, shown in _markers(block, scope):
        pieces += [block.text[at:start], shown]
        length += start - at
        resolved = list(_resolve(block, start, end, scope))
        found = [Citation(number, length, length + len(shown), entry) for number, entry in resolved]
        scope.allowance.spend(found)
        citations += found
        length += len(shown)
        at = end
    return "".join([*pieces, block.text[at:]]), tuple(citations)


def outward_links(block: Block, scope: Scope) -> tuple[Link, ...]:
    """Return the links of a block that lead to other pages, with spans in the text that `mark` returns."""
    links = [link for link in block.links if link.url.lower().startswith(OUTWARD)]
    if not links:
        return ()
    moved: list[Link] = []
    markers, shift = deque(_markers(block, scope)), 0
    for link in links:  # both are in order
        while markers and markers[0][1] <= link.start:
            start, end, shown = markers.popleft()
            shift += len(shown) - (end - start)
        if not markers or link.end <= markers[0][0]:
            moved.append(replace(link, start=link.start + shift, end=link.end + shift))
    return tuple(moved)


def cites_in_round_brackets(blocks: Sequence[Block], lists: Sequence[ReferenceList]) -> bool:
    """Return whether `(1,2)` is how a page cites.

    Nothing else does, it does so more than once, all such numbers have an entry, and they name half of the entries.
    """
    entries = {entry.number: entry for found in lists for entry in found.entries}
    cited: set[int] = set()
    markers = 0
    blocks = blocks if entries else ()
    for block in blocks:
        if any(_markers(block, Scope(entries, lists))):
            return False
        for match in _MARKER.finditer(block.text):
            if match["round"] and _backs_something(block.text, match.start(), match.end()):
                cited |= {number for number, _ in _expanded(match[0], entries)}
                markers += 1
    return markers > 1 and cited <= entries.keys() and len(cited) >= len(entries) * _SHARE_CITED


def _markers(block: Block, scope: Scope) -> Iterator[tuple[int, int, str]]:
    """Yield the span of each marker in a block, and how it is shown."""
    found = _MARKER.finditer(block.text) if _SIGN.search(block.text) else ()
    taken = [match.span() for match in found if _is_marker(block, match, scope)]
    inside = {link.start for start, end in taken for link in _links(block, start, end)}
    bare = [
        (link.start, link.end)
        for link in block.links
        if link.start not in inside
        and _NUMBER.fullmatch(block.text[link.start : link.end])
        and _is_bare_marker(block.text, link, scope)
    ]
    for start, end in sorted([*taken, *bare]):
        text = block.text[start:end]
        plain = text.translate(RAISED_TO_PLAIN).strip("()")
        yield start, end, text if text[0] in "[(" else f"[{plain}]"


def _is_marker(block: Block, match: re.Match[str], scope: Scope) -> bool:
    start, end = match.span()
    linked = any(_leads_to_an_entry(link, scope) for link in _links(block, start, end))
    numbers = [int(number) for number in _NUMBER.findall(match[0].translate(RAISED_TO_PLAIN))]
    if not all(numbers):
        return False  # an interval, [0, 5]: lists count from one
    if match["square"]:
        return len(numbers) == 1 or linked or any(number in scope.numbers for number in numbers)
    if match["round"]:
        known = all(number in scope.numbers for number in numbers)
        return linked or (scope.round_brackets and known and _backs_something(block.text, start, end))
    return linked or _is_raised_marker(_before(block.text, start), numbers, scope)


def _is_raised_marker(before: str, numbers: Sequence[int], scope: Scope) -> bool:
    """Return whether raised numbers cite: they follow a word or a full stop, and are no power of a number or unit."""
    if not before.strip():
        return False
    word = re.search(rf"[^\W\d_{_RAISED}]*$", before.rstrip())
    power = word is not None and (word[0] in _UNITS or len(word[0]) == 1)
    if before[-1].isdigit() or before[-1] in "\u207b\u207a" or power:
        return False
    return (
        bool(scope.numbers)
        if before[-1].isalpha()
        else any(n in scope.numbers for n in numbers) or before[-1] in ".,;:!?"
    )


def _is_bare_marker(text: str, link: Link, scope: Scope) -> bool:
    """Return whether a linked number cites: it leads into a list, or directly follows what it backs."""
    behind = text[link.start - 1 : link.start]
    follows = behind.isalpha() or (bool(behind) and behind in ".,;:!?)]\"'\u201d\u2019")
    return _leads_to_an_entry(link, scope) or (follows and re.match(r"#.|https?://", link.url) is not None)


def _before(text: str, start: int) -> str:
    """Return the text before a marker: enough to see the word, for a text may be nothing but markers."""
    return text[max(0, start - _LONGEST_WORD) : start]


def _links(block: Block, start: int, end: int) -> tuple[Link, ...]:
    first, stop = (bisect_left(block.links, place, key=lambda link: link.start) for place in (start, end))
    return block.links[first:stop]


def _leads_to_an_entry(link: Link, scope: Scope) -> bool:
    return link.url.startswith("#") and any(link.url[1:] in found.by_anchor for found in scope.lists)


def _backs_something(text: str, start: int, end: int) -> bool:
    """Return whether round brackets follow what they back. A count, "(1) dust, (2) ...", precedes it."""
    before = _before(text, start).rstrip()
    word = re.search(r"\w+$", before)
    if not before or before[-1] in ",:;(-\u2013/" or (word and word[0].casefold() in _COUNTING):
        return False
    return not text[end : end + 1].isalnum()


def _resolve(block: Block, start: int, end: int, scope: Scope) -> Iterator[tuple[int, Reference | None]]:
    """Yield each number of a marker, ranges expanded, with its entry, found by its link or else by the number."""
    links = {link.start: link for link in _links(block, start, end)}
    text = block.text[start:end].translate(RAISED_TO_PLAIN)
    targets = {
        place - start: found
        for place, link in links.items()
        for found in scope.lists
        if link.url[1:] in found.by_anchor and link.url.startswith("#")
    }
    numbers = next(iter(targets.values())).by_number() if targets else scope.numbers
    for number, offset in _expanded(text, numbers, frozenset(place - start for place in links)):
        inside = [place for place in targets if place <= offset and links[place + start].end > offset + start]
        link = links[inside[0] + start] if inside else None
        yield number, targets[inside[0]].by_anchor[link.url[1:]] if link else numbers.get(number)


def _expanded(text: str, known: Mapping[int, object], cuts: frozenset[int] = frozenset()) -> Iterator[tuple[int, int]]:
    """Yield the numbers of a marker with their offsets in it (-1: between the ends of a range).

    A range gives the numbers between its ends where the list has them all.

    `cuts` are offsets where a new number begins although digits directly precede it: two raised links side by side.
    """
    marks = sorted({match.start() for match in _NUMBER.finditer(text)} | cuts)
    split = [(at, match[0]) for at, stop in pairwise([*marks, len(text)]) if (match := _NUMBER.match(text, at, stop))]
    last: tuple[int, int] | None = None
    for at, digits in split:
        number = int(digits)
        dash = last is not None and re.fullmatch(r"\]?\s?[-\u2013]\s?\[?", text[last[1] : at])
        if dash and last and all(between in known for between in range(last[0], number + 1)):
            yield from ((between, -1) for between in range(last[0] + 1, number))
        yield number, at
        last = number, at + len(digits)
