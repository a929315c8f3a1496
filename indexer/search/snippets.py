"""The fragments of an answer that show why it was found: whole sentences, marked by position in the answer."""

from bisect import bisect_left
from collections.abc import Collection

from indexer.language.analysis import Token
from indexer.language.sentences import sentence_spans
from indexer.model import Document, Snippet, Span
from indexer.settings import SNIPPET_CHARS, SNIPPET_FRAGMENTS

#: How much of a sentence that is too long stands before its first marked word: about ten words, chosen by eye.
_LEAD_CHARS = 60


def snippets(document: Document, tokens: list[Token], terms: Collection[str]) -> tuple[Snippet, ...]:
    """Return at most two fragments of an answer, in its order, about 285 characters in all.

    `tokens` are those of the answer as it is searched, `terms` those of the question. The first sentence
    chosen has the most distinct terms, the earliest of several; neighbours of its block join while there is room; a
    second fragment comes only for a term that the first lacks. Without a match the answer's beginning is shown.
    A restated question never opens a snippet, a shared passage is never in one, and a marker is never parted from its
    sentence.
    """
    marks = [token for token in tokens if token.term in terms]
    sentences = _sentences(document)
    chosen: list[Span] = []
    shown: set[str] = set()
    room = SNIPPET_CHARS
    while sentences and len(chosen) < SNIPPET_FRAGMENTS:
        best = max(sentences, key=lambda sentence: len(_terms_in(sentence, marks) - shown))
        length = best[1] - best[0]
        if chosen and (length > room or not _terms_in(best, marks) - shown):
            break
        fragment = _grown(best, sentences, room) if length <= room else _piece(best, tokens, marks)
        shown |= _terms_in(fragment, marks)
        room -= fragment[1] - fragment[0]
        sentences = [sentence for sentence in sentences if not fragment[0] <= sentence[0] < fragment[1]]
        chosen.append(fragment)
    return tuple(_snippet(document, fragment, marks) for fragment in sorted(chosen))


def _sentences(document: Document) -> list[Span]:
    """Return the sentences of an answer without those of shared passages and a question that it opens with."""
    found: list[Span] = []
    starts = [citation.start for citation in document.citations]
    for block in document.blocks:
        inside = document.citations[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
        markers = [(citation.start - block.start, citation.end - block.start) for citation in inside]
        spans = sentence_spans(document.answer[block.start : block.end], markers)
        found += [(block.start + start, block.start + end) for start, end in spans]
    restated = len(found) > 1 and document.answer[: found[0][1]].endswith("?")
    own = found[1:] if restated else found
    return [one for one in own if not any(start <= one[0] < end for start, end in document.shared)] or found


def _terms_in(span: Span, marks: list[Token]) -> set[str]:
    first, end = (bisect_left(marks, place, key=lambda mark: mark.start) for place in span)
    return {mark.term for mark in marks[first:end]}


def _grown(sentence: Span, sentences: list[Span], room: int) -> Span:
    """Return a sentence with as many of those after it, then before it, as stand beside it and fit."""
    start, end = sentence
    for other in sentences:
        if 0 < other[0] - end <= 1 and other[1] - start <= room:
            end = other[1]
    for other in reversed(sentences):
        if 0 < start - other[1] <= 1 and end - other[0] <= room:
            start = other[0]
    return start, end


def _piece(sentence: Span, tokens: list[Token], marks: list[Token]) -> Span:
    """Return the part of a long sentence around its first marked word, cut between words, not after a number."""
    words = [token for token in tokens if sentence[0] <= token.start < sentence[1]]
    if not words:
        return sentence[0], min(sentence[1], sentence[0] + SNIPPET_CHARS)
    first = next((mark.start for mark in marks if sentence[0] <= mark.start < sentence[1]), sentence[0])
    lead = next(word.start for word in words if word.start >= first - _LEAD_CHARS)
    start = sentence[0] if lead == words[0].start else lead
    if sentence[1] - start <= SNIPPET_CHARS:
        return start, sentence[1]
    inside = [word for word in words if start <= word.start and word.end <= start + SNIPPET_CHARS]
    while len(inside) > 1 and inside[-1].term.isdigit():
        inside.pop()
    return start, inside[-1].end if inside else start + SNIPPET_CHARS


def _snippet(document: Document, span: Span, marks: list[Token]) -> Snippet:
    start, end = span
    marked = tuple((mark.start, mark.end) for mark in marks if start <= mark.start and mark.end <= end)
    cited = tuple(use for use in document.citations if start <= use.start and use.end <= end)
    cut_before, cut_after = start > document.blocks[0].start, end < document.blocks[-1].end
    return Snippet(document.answer[start:end], start, marked, cited, cut_before, cut_after)
