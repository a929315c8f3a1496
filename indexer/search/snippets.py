"""The fragments of an answer that show why it was found: whole sentences, marked by position in the answer.

Where the sentences are was found out when the index was built; here they go by their numbers.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter

from indexer.language.sentences import plain_answer
from indexer.model import Document, Snippet, Span
from indexer.search.marks import Mark
from indexer.settings import SNIPPET_CHARS, SNIPPET_FRAGMENTS

#: How much of a sentence that is too long is kept before its marked words: about ten words, chosen by eye.
_LEAD_CHARS = 60

#: Where such a sentence may be cut: not before a marker, not after a number, whose unit follows, nor after a sign.
_CUT = re.compile(r"\s(?<![\s\d<>=\u2264\u2265~\u00b1\u00d7/\u2013-]\s)\s*+(?!\0)")

#: A cut is seen with so much of what follows it: the rest of the white space, and whether a marker comes then.
_BEYOND = 10

_block_start, _end = attrgetter("start"), itemgetter(1)


def snippets(document: Document, sentences: Sequence[Span], marked: list[Mark]) -> tuple[Snippet, ...]:
    """Return at most two fragments of an answer, in its order, at most 285 characters in all.

    `sentences` are those of `sentences_to_show`: no question that opens the answer, and none of a shared passage (where
    nothing else is left, there are no fragments). `marked` are the words that match, in order.

    The first sentence chosen has the most distinct terms; of several, the one where they are nearest to each other;
    then the earliest. A second one has terms that the first lacks. Matching items of the same list and neighbours fill
    what room is left. A sentence of a list brings the one that leads in to the list. Without a match the answer's
    beginning is shown. A marker stays with its sentence. Only a sentence that is too long is cut, between words.
    """
    answer = _Answer(document, sentences, marked)
    chosen = answer.chosen(marked) or answer.opening()
    for place, fragment in enumerate(chosen):
        chosen[place] = answer.grown(fragment, [*chosen[:place], *chosen[place + 1 :]])
    return tuple(_snippet(document, fragment, _inside(marked, fragment)) for fragment in answer.joined(chosen))


class _Answer:
    """The sentences of an answer that may be shown, and the marks in them, both by the sentence's number."""

    def __init__(self, document: Document, sentences: Sequence[Span], marked: list[Mark]) -> None:
        self._document, self._blocks, self._sentences = document, document.blocks, sentences
        self._marks: dict[int, list[Mark]] = {}
        place = 0
        while place < len(marked):
            start = marked[place][0]
            number = bisect_left(sentences, (start + 1,)) - 1
            if number >= 0 and start < (end := sentences[number][1]):
                stop = bisect_left(marked, (end,))
                self._marks[number] = marked[place:stop]
                place = stop
            else:
                place += 1  # in a question that opens the answer
        self._terms = {number: {term for _, _, term in inside} for number, inside in self._marks.items()}

    def chosen(self, marked: list[Mark]) -> list[Span]:
        """Return the fragments with the sentences that say most, in order; none where nothing is marked."""
        found = set().union(*self._terms.values())
        chosen: list[Span] = []
        shown: set[str] = set()
        while shown < found and (added := self._added(self._best_first(shown), chosen)):
            chosen = added
            shown = {term for fragment in chosen for _, _, term in _inside(marked, fragment)}
        return chosen

    def opening(self) -> list[Span]:
        """Return the first sentence as the only fragment."""
        return [self._piece(span, SNIPPET_CHARS, span[0]) for span in self._sentences[:1]]

    def grown(self, fragment: Span, others: list[Span]) -> Span:
        """Return a fragment with what follows it, then with what precedes it, while there is room."""
        (start, end), room = fragment, SNIPPET_CHARS - _length(others)
        least, most = 0, start + room
        for first, last in [*others, *self._document.shared]:  # which it may not run in to
            if last <= start:
                least = max(least, last)
            elif first >= end:
                most = min(most, first)
        beside = self._beside(fragment, most, others)
        for _, last in beside[bisect_left(beside, (end,)) :]:
            if last > most:
                break
            end = last
        for first, last in reversed(beside[: bisect_left(beside, (start,))]):
            if first < max(least, end - room):
                break
            start = first if last <= start else start
        return start, end

    def _best_first(self, shown: set[str]) -> Iterator[int]:
        """Yield the sentences that have terms not shown yet: most of them, then nearest together, then earliest."""
        counts = {number: len(terms - shown) for number, terms in self._terms.items()}
        for most in range(max(counts.values(), default=0), 0, -1):
            alike = [number for number, count in counts.items() if count == most]
            if most > 1 and len(alike) > 1:
                alike.sort(key=lambda number: _nearest(self._marks[number])[0])
            yield from alike

    def _added(self, candidates: Iterable[int], chosen: list[Span]) -> list[Span]:
        """Return the chosen fragments with the first candidate that there is room for, nothing where there is none."""
        room = SNIPPET_CHARS - _length(chosen)
        for number in candidates:
            start, end = self._sentences[number]
            if end - start <= room or not chosen:
                fragments = self._fragments(number, whole=bool(chosen))
                together = self.joined([*chosen, *fragments])
                if fragments and len(together) <= SNIPPET_FRAGMENTS and _length(together) <= SNIPPET_CHARS:
                    return together
        return []

    def _fragments(self, number: int, whole: bool) -> list[Span]:
        """Return the fragments that show a sentence with its lead-in, none where all of it is wanted and too long."""
        span = self._sentences[number]
        lead = self._lead_in(span)
        together = self.joined([lead, span]) if lead else [span]
        if _length(together) <= SNIPPET_CHARS:
            return together
        if whole:
            return []
        centre = _nearest(self._marks[number])[1]
        if not lead:
            return [self._piece(span, SNIPPET_CHARS, centre)]
        lead = self._piece(lead, SNIPPET_CHARS // 2, lead[0])
        room = SNIPPET_CHARS - _length([lead]) - len("\n\n")
        return self.joined([lead, self._piece(span, room, centre)])

    def joined(self, fragments: list[Span]) -> list[Span]:
        """Return fragments in order, joined if they fit together with all text between them."""
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

    def _beside(self, fragment: Span, most: int, others: list[Span]) -> Sequence[Span]:
        """Return what may be shown beside a fragment: its blocks, those they lead in to, its list's matching items."""
        first = last = self._block_at(fragment[0])
        if fragment[1] > self._blocks[first].end:
            last = self._block_at(fragment[1] - 1)
        begin, stop = self._list_of(last)
        if begin < stop:
            low, high = self._numbers(begin, stop)
            items = [self._sentences[number] for number in self._marks if low <= number < high]
            return sorted({*self._sentences[slice(*self._numbers(first, last + 1))], *items})
        begin, stop = self._list_of(last + 1)
        if not any(begin <= self._block_at(other[0]) < stop for other in others):  # else its items are shown already
            last = self._led_to(last, most)
        return self._sentences[slice(*self._numbers(first, last + 1))]

    def _led_to(self, block: int, most: int) -> int:
        """Return the last of the blocks that a block leads in to, up to some place: what follows a heading, items."""
        blocks = self._blocks
        for following in range(block + 1, len(blocks)):
            leads_on = blocks[following - 1].kind == "heading" or blocks[following].kind == "list_item"
            if not leads_on or blocks[following].end > most:
                break
            block = following
        return block

    def _lead_in(self, span: Span) -> Span | None:
        """Return the sentence before the list that a sentence is in ("Signs may include:")."""
        begin, stop = self._list_of(self._block_at(span[0]))
        before = self._sentences[: self._numbers(begin, stop)[0]] if 0 < begin < stop else ()
        return before[-1] if before and before[-1][1] == self._blocks[begin - 1].end else None

    def _list_of(self, block: int) -> Span:
        """Return the number of the first block of the list that a block is in, and of the one after its last."""
        begin = stop = block
        while stop < len(self._blocks) and self._blocks[stop].kind == "list_item":
            stop += 1
        while begin < stop and begin and self._blocks[begin - 1].kind == "list_item":
            begin -= 1
        return begin, stop

    def _block_at(self, place: int) -> int:
        return bisect_right(self._blocks, place, key=_block_start) - 1

    def _numbers(self, begin: int, stop: int) -> Span:
        """Return the numbers of the first sentence of some blocks, and of the one after their last."""
        start, end = self._blocks[begin].start, self._blocks[stop - 1].end
        return bisect_left(self._sentences, (start,)), bisect_left(self._sentences, (end,))

    def _piece(self, span: Span, room: int, centre: int) -> Span:
        """Return a sentence, or where it is too long the part of it around some place, cut between words."""
        start, end = span
        if end - start <= room:
            return span
        plain = plain_answer(self._document)[start:end]
        least = min(centre - _LEAD_CHARS, end - room) - start
        begins = [0] if least <= 0 else [cut.end() for cut in _CUT.finditer(plain, least - 1, centre - start)]
        begin = begins[0] if begins else max((cut.end() for cut in _CUT.finditer(plain, 0, centre - start)), default=0)
        if len(plain) <= begin + room:
            return start + begin, end
        cuts = _CUT.finditer(plain, begin, begin + room + _BEYOND)
        stops = [cut.start() for cut in cuts if begin < cut.start() <= begin + room]
        # Without a place to cut, this is no text in words; a marker is kept whole all the same.
        stop = stops[-1] if stops else begin + len(plain[begin : begin + room].rstrip("\0"))
        return start + begin, start + stop


def _nearest(marked: list[Mark]) -> tuple[int, int]:
    """Return the characters from the first to the last term where all are nearest together, and where the first is."""
    wanted = len({term for _, _, term in marked})
    if wanted == len(marked):  # each occurs once
        return marked[-1][0] - marked[0][0], marked[0][0]
    latest: dict[str, int] = {}
    stretches = []
    for start, _, term in marked:
        latest[term] = start
        if len(latest) == wanted:
            first = min(latest.values())
            stretches.append((start - first, first))
    return min(stretches)


def _inside(marked: list[Mark], span: Span) -> list[Mark]:
    return marked[bisect_left(marked, span[:1]) : bisect_right(marked, span[1], key=_end)]


def _length(fragments: Iterable[Span]) -> int:
    return sum([end - start for start, end in fragments])


def _snippet(document: Document, span: Span, marked: list[Mark]) -> Snippet:
    start, end = span
    cited = tuple([use for use in document.citations if start <= use.start and use.end <= end])
    cut_before, cut_after = start > document.blocks[0].start, end < document.blocks[-1].end
    spans = tuple([(first, last) for first, last, _ in marked])
    return Snippet(document.answer[start:end], start, spans, cited, cut_before, cut_after)
