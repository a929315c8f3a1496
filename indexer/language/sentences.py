"""Where sentences begin and end. A citation marker after a full stop belongs to the sentence before it."""

import re
from collections.abc import Iterable

from indexer.model import Document, Span

#: Replaces each character of a marker, which may look like words or like nothing: no text has it.
_MARKER = "\0"
#: What comes before a full stop that ends no sentence: an initial, or a short form, by their lengths.
_ABBREVIATIONS = ("[A-Z]", "al|ca|cf|dr|ed|mr|ms|pp|st|vs|sp", r"e\.g|i\.e|eds|fig|mrs|vol|spp|var", "prof", "approx")
_NOT_ABBREVIATED = "".join(
    rf"(?<!\b(?:{forms})\.)" if forms == "[A-Z]" else rf"(?<!\b(?i:{forms})\.)" for forms in _ABBREVIATIONS
)
#: A sentence ends at . ! or ?, with closing quotes or brackets; then come its markers, or white space before anything
#: but a small letter (after quotes and brackets), or the end. It begins with what it looks for: so it is searched fast.
_END = re.compile(
    r"([.!?](?<![.!?]{2})[.!?]*+[\"'\u201d\u2019)\]]*+(?:\s*\0++)*+)"
    rf"(?:(?<=\0)\s*+|{_NOT_ABBREVIATED}(?:\s++(?=[\"'\u201c\u2018(\[]*+[^\sa-z])|\s*+$))"
)
#: What a question ends with, its markers hidden.
_ASKS = re.compile(r"\?[\"'\u201d\u2019)\]\s\0]*$")


def sentences_to_show(document: Document) -> tuple[Span, ...]:
    """Return the sentences of an answer that a snippet may show, in order, each in one block.

    Those of shared passages are none of them, nor is a question that opens the answer.
    """
    plain = plain_answer(document)
    spans: list[Span] = []
    for block in document.blocks:
        begin = block.start
        for first, last in [*document.shared, (block.end, block.end)]:
            end = min(first, block.end)
            if begin < end:
                spans += [(begin + one, begin + other) for one, other in sentence_spans(plain[begin:end])]
            begin = max(begin, last)
    if spans and spans[0][1] <= document.blocks[0].end and spans[0][1] < document.blocks[-1].end:
        spans = spans[1:] if _ASKS.search(plain[slice(*spans[0])]) else spans
    return tuple(spans)


def plain_answer(document: Document) -> str:
    """Return the answer, of the same length, in which no marker looks like words or the end of a sentence."""
    return with_markers_hidden(document.answer, [(use.start, use.end) for use in document.citations])


def sentence_spans(text: str, markers: Iterable[Span] = ()) -> list[Span]:
    """Return the span of each sentence, without the white space around it.

    `markers` are the spans of citation markers in the same text, in order. Those that follow a full stop, with or
    without a space, go to the sentence that it ends.

    >>> text = "It wastes muscles.[1] It is treated, e.g. by IVIg. [2] Why?"
    >>> [text[a:b] for a, b in sentence_spans(text, [(18, 21), (51, 54)])]
    ['It wastes muscles.[1]', 'It is treated, e.g. by IVIg. [2]', 'Why?']
    """
    plain = with_markers_hidden(text, markers)
    spans: list[Span] = []
    start = len(plain) - len(plain.lstrip())
    for match in _END.finditer(plain):
        spans.append((start, match.end(1)))
        start = match.end()
    end = len(plain.rstrip())
    return [*spans, (start, end)] if start < end else spans


def with_markers_hidden(text: str, markers: Iterable[Span]) -> str:
    """Return a text of the same length in which no character of a marker is a letter, a digit, a stop or a space."""
    pieces, at = [], 0
    for start, end in markers:
        pieces += [text[at:start], _MARKER * (end - max(start, at))]
        at = end
    return "".join([*pieces, text[at:]]) if pieces else text
