"""Where sentences begin and end. A citation marker after a full stop belongs to the sentence before it."""

import re
from collections.abc import Sequence

from indexer.model import Span

#: A sentence may end at . ! or ?, with closing quotes or brackets, before white space, a marker or the end.
_END = re.compile(r"(?<![.!?])[.!?]++[\"'\u201d\u2019)\]]*+(?=\s|\[|$)")
#: What stands before a full stop that ends no sentence: an initial, or a short form.
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|(?i:e\.g|i\.e|approx|al|ca|cf|dr|eds?|fig|mr|mrs|ms|pp|prof|st|vol|vs|spp?|var))\.$"
)
#: What a new sentence starts with: after optional quotes and brackets, anything but a small letter.
_START = re.compile(r"\s+[\"'\u201c\u2018(\[]*[^\sa-z]|\s*$")


def sentence_spans(text: str, markers: Sequence[Span] = ()) -> list[Span]:
    """Return the span of each sentence, without the white space around it.

    `markers` are the spans of citation markers in the same text. Those that follow a full stop, with or without a
    space, go to the sentence that it ends.

    >>> text = "It wastes muscles.[1] It is treated, e.g. by IVIg. [2] Why?"
    >>> [text[a:b] for a, b in sentence_spans(text, [(18, 21), (51, 54)])]
    ['It wastes muscles.[1]', 'It is treated, e.g. by IVIg. [2]', 'Why?']
    """
    ends_of_markers = dict(markers)
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        while (after := end + (text[end : end + 1] == " ")) in ends_of_markers:
            end = ends_of_markers[after]
        cited = end > match.end()
        ends_here = cited or (
            _START.match(text, end) and not _ABBREVIATION.search(text, max(start, match.start() - 8), match.end())
        )
        if match.start() >= start and ends_here:
            spans.append((start, end))
            start = end
    pieces = [(a, b, text[a:b]) for a, b in [*spans, (start, len(text))] if text[a:b].strip()]
    return [(b - len(piece.lstrip()), a + len(piece.rstrip())) for a, b, piece in pieces]
