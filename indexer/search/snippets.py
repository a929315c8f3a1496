"""The fragments of an answer that show why it was found: whole sentences, marked by position in the answer.

Only blocks with marked words are parted into sentences: that is most of the time that a snippet takes.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter
from typing import NamedTuple

from indexer.language.analysis import Token
from indexer.language.sentences import sentence_spans, with_markers_hidden
from indexer.model import Document, Snippet, Span
from indexer.search.marks import marks
from indexer.settings import SNIPPET_CHARS, SNIPPET_FRAGMENTS

#: How much of a sentence that is too long stands before its marked words: about ten words, chosen by eye.
_LEAD_CHARS = 60

#: Where such a sentence may be cut: not before a marker, not after a number, whose unit follows, nor after a sign.
_CUT = re.compile(r"(?<![\s\d<>=\u2264\u2265~\u00b1\u00d7/\u2013-])\s+(?![\s\0])")

#: What a question ends with, its markers hidden.
_ASKS = re.compile(r"\?[\"'\u201d\u2019)\]\s\0]*$")

_start, _end = attrgetter("start"), attrgetter("end")


class _Sentence(NamedTuple):
    """A sentence with its block's number and the marks in it."""

    start: int
    end: int
    block: int
    marks: list[Token]


def snippets(document: Document, terms: Collection[str], phrases: Sequence[Sequence[str]] = ()) -> tuple[Snippet, ...]:
    """Return at most two fragments of an answer, in its order, at most 285 characters in all.

    `terms` are marked wherever they stand, those of a phrase where they stand one after the other. The first sentence
    chosen has the most distinct terms; of several, the one where they stand nearest to each other; then the earliest.
    A second one has terms that the first lacks. Matching items of the same list and neighbours fill what room is left.
    A sentence of a list brings the one that leads in to the list. Without a match the answer's beginning is shown.

    A question that the answer opens with is not shown, nor is any shared passage (where nothing else is left, there are
    no fragments), and a marker stays with its sentence. Only a sentence that is too long is cut, between words.
    """
    marked = marks(document, terms, phrases)
    found = {mark.term for mark in marked}
    answer = _Answer(document)
    sentences = answer.sentences_with(marked)
    chosen: list[Span] = []
    shown: set[str] = set()
    while shown < found and (added := answer.added(_best_first(sentences, shown), chosen)):
        chosen = added
        shown = {mark.term for fragment in chosen for mark in _inside(marked, fragment)}
    chosen = chosen or answer.opening()
    for place, fragment in enumerate(chosen):
        chosen[place] = answer.grown(fragment, [*chosen[:place], *chosen[place + 1 :]], sentences)
    return tuple(_snippet(document, fragment, _inside(marked, fragment)) for fragment in answer.joined(chosen))


class _Answer:
    """The sentences of an answer that may be shown, looked for in a block when they are asked for."""

    def __init__(self, document: Document) -> None:
        self._document, self._blocks = document, document.blocks
        self._known: dict[int, list[Span]] = {}

    def sentences_with(self, marked: list[Token]) -> list[_Sentence]:
        """Return the sentences that have marks, in order."""
        found: list[_Sentence] = []
        for mark in marked:
            if not found or mark.start >= found[-1].end:
                block = self._block_at(mark.start)
                spans = self._sentences(block)
                place = bisect_right(spans, mark.start, key=itemgetter(0)) - 1
                if place < 0 or spans[place][1] <= mark.start:
                    continue  # in a question that opens the answer
                found.append(_Sentence(*spans[place], block, []))
            found[-1].marks.append(mark)
        return found

    def opening(self) -> list[Span]:
        """Return the first sentence as the only fragment."""
        first = next((spans[0] for block in range(len(self._blocks)) if (spans := self._sentences(block))), None)
        return [self._piece(first, SNIPPET_CHARS, first[0])] if first else []

    def added(self, candidates: Iterable[_Sentence], chosen: list[Span]) -> list[Span]:
        """Return the chosen fragments with the first candidate that there is room for, nothing where there is none."""
        for sentence in candidates:
            fragments = self._fragments(sentence, whole=bool(chosen))
            together = self.joined([*chosen, *fragments])
            if fragments and len(together) <= SNIPPET_FRAGMENTS and _length(together) <= SNIPPET_CHARS:
                return together
        return []

    def grown(self, fragment: Span, others: list[Span], sentences: list[_Sentence]) -> Span:
        """Return a fragment with what follows it, then with what precedes it, while there is room."""
        (start, end), room = fragment, SNIPPET_CHARS - _length(others)
        barriers = [*others, *self._document.shared]
        most = min([start + room, *(first for first, _ in barriers if first >= end)])
        around = self._around(fragment, most, others, sentences)
        end = max((last for first, last in around if first >= end and last <= most), default=end)
        least = max([end - room, *(last for _, last in barriers if last <= start)])
        return min((first for first, last in around if last <= start and first >= least), default=start), end

    def _around(self, fragment: Span, most: int, others: list[Span], sentences: list[_Sentence]) -> list[Span]:
        """Return what may stand beside a fragment: its blocks, those they lead in to, its list's matching items."""
        blocks = self._blocks
        first, last = self._block_at(fragment[0]), self._block_at(fragment[1] - 1)
        spans = [span for block in range(first, last + 1) for span in self._sentences(block)]
        begin, stop = self._list_of(last)
        if begin < stop:
            return sorted({*spans, *((one.start, one.end) for one in sentences if begin <= one.block < stop)})
        begin, stop = self._list_of(last + 1)
        if any(begin <= self._block_at(other[0]) < stop for other in others):
            return spans  # it leads in to items that are shown already
        for block in range(last + 1, len(blocks)):
            leads_on = blocks[block - 1].kind == "heading" or blocks[block].kind == "list_item"
            if not leads_on or blocks[block].end > most:
                break
            spans += self._sentences(block)
        return spans

    def _fragments(self, sentence: _Sentence, whole: bool) -> list[Span]:
        """Return the fragments that show a sentence with its lead-in, none where all of it is wanted and too long."""
        span = sentence[:2]
        lead = self._lead_in(sentence.block)
        together = self.joined([lead, span]) if lead else [span]
        if _length(together) <= SNIPPET_CHARS:
            return together
        if whole:
            return []
        centre = _nearest(sentence.marks)[1]
        if not lead:
            return [self._piece(span, SNIPPET_CHARS, centre)]
        lead = self._piece(lead, SNIPPET_CHARS // 2, lead[0])
        room = SNIPPET_CHARS - _length([lead]) - len("\n\n")
        return self.joined([lead, self._piece(span, room, centre)])

    def joined(self, fragments: list[Span]) -> list[Span]:
        """Return fragments in order, those in one that have room together with all that stands between them."""
        if len(fragments) == 1:
            return fragments
        room = SNIPPET_CHARS - _length(fragments)
        joined: list[Span] = []
        for start, end in sorted(fragments):
            first, last = joined[-1] if joined else (start, start)
            between = start - min(last, end)  # negative where they overlap
            if between <= room and not any(last <= one[0] < start for one in self._document.shared):
                room -= between
                joined[-1:] = [(first, max(last, end))]
            else:
                joined.append((start, end))
        return joined

    def _lead_in(self, block: int) -> Span | None:
        """Return the sentence before the list that a block is in ("Signs may include:")."""
        begin, stop = self._list_of(block)
        spans = self._sentences(begin - 1) if 0 < begin < stop else []
        return spans[-1] if spans and spans[-1][1] == self._blocks[begin - 1].end else None

    def _list_of(self, block: int) -> Span:
        """Return the number of the first block of the list that a block is in, and of the one after its last."""
        begin = stop = block
        while begin and self._blocks[begin - 1].kind == "list_item":
            begin -= 1
        while stop < len(self._blocks) and self._blocks[stop].kind == "list_item":
            stop += 1
        return (begin, stop) if block < stop else (block, block)

    def _block_at(self, place: int) -> int:
        return bisect_right(self._blocks, place, key=_start) - 1

    def _sentences(self, block: int) -> list[Span]:
        """Return the sentences of a block without those of shared passages and a question that opens the answer."""
        if block not in self._known:
            begin, stop = self._blocks[block].start, self._blocks[block].end
            spans: list[Span] = []
            for first, last in [*self._document.shared, (stop, stop)]:
                if begin < (end := min(first, stop)):
                    parted = sentence_spans(self._document.answer[begin:end], self._markers(begin, end))
                    spans += [(begin + one, begin + other) for one, other in parted]
                begin = max(begin, last)
            if block == 0 and spans and spans[0][1] < self._blocks[-1].end:
                plain = with_markers_hidden(self._document.answer[slice(*spans[0])], self._markers(*spans[0]))
                spans = spans[1:] if _ASKS.search(plain) else spans
            self._known[block] = spans
        return self._known[block]

    def _markers(self, start: int, end: int) -> list[Span]:
        """Return the markers in a part of the answer, counted from its beginning."""
        uses = self._document.citations
        inside = uses[bisect_left(uses, start, key=_start) : bisect_left(uses, end, key=_start)]
        return [(use.start - start, use.end - start) for use in inside]

    def _piece(self, span: Span, room: int, centre: int) -> Span:
        """Return a sentence, or where it is too long the part of it around some place, cut between words."""
        start, end = span
        if end - start <= room:
            return span
        plain = with_markers_hidden(self._document.answer[start:end], self._markers(start, end))
        cuts = [(start + cut.start(), start + cut.end()) for cut in _CUT.finditer(plain)]
        begins = [place for _, place in [(start, start), *cuts] if place <= centre]
        least = min(centre - _LEAD_CHARS, end - room)
        begin = next((place for place in begins if place >= least), begins[-1])
        stops = [place for place, _ in [*cuts, (end, end)] if begin < place <= begin + room]
        # Without a place to cut, this is no text in words; a marker is kept whole all the same.
        return begin, max(stops) if stops else begin + len(plain[begin - start :][:room].rstrip("\0"))


def _best_first(sentences: list[_Sentence], shown: set[str]) -> Iterator[_Sentence]:
    """Yield the sentences that have terms not shown yet: most of them first, then nearest together, then earliest."""
    counts = [len({mark.term for mark in sentence.marks} - shown) for sentence in sentences]
    for most in sorted({*counts} - {0}, reverse=True):
        alike = [sentence for sentence, count in zip(sentences, counts, strict=True) if count == most]
        yield from sorted(alike, key=lambda sentence: _nearest(sentence.marks)[0]) if most > 1 else alike


def _nearest(marked: list[Token]) -> tuple[int, int]:
    """Return the characters from the first to the last term where all are nearest together, and where the first is."""
    wanted = len({mark.term for mark in marked})
    latest: dict[str, int] = {}
    stretches = []
    for mark in marked:
        latest[mark.term] = mark.start
        if len(latest) == wanted:
            first = min(latest.values())
            stretches.append((mark.start - first, first))
    return min(stretches)


def _inside(marked: list[Token], span: Span) -> list[Token]:
    return marked[bisect_left(marked, span[0], key=_start) : bisect_right(marked, span[1], key=_end)]


def _length(fragments: Iterable[Span]) -> int:
    return sum(end - start for start, end in fragments)


def _snippet(document: Document, span: Span, marked: list[Token]) -> Snippet:
    start, end = span
    cited = tuple(use for use in document.citations if start <= use.start and use.end <= end)
    cut_before, cut_after = start > document.blocks[0].start, end < document.blocks[-1].end
    return Snippet(document.answer[start:end], start, tuple(m[1:] for m in marked), cited, cut_before, cut_after)
