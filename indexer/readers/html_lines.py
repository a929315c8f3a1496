"""Lines of a run of HTML text: white space as browsers show it, and what of a line is a label."""

import re
from dataclasses import dataclass, replace

from indexer.model import Link

#: A bold line that ends so is a remark ("Note:", "Call a doctor."), not a heading of what follows.
_NO_HEADING = (".", "!", ":", ";", ",")
_CONTROL = re.compile(r"(?<=\?)\s*(?:[^\w\s()\[\]\"'\u201d\u2019]{1,20}|[A-Z][a-z]+(?: [a-z]+){0,2})$")
#: A longer bold line is a warning, not a heading. The longest question of MedQuAD has 27 words.
_LONGEST_LABEL = 40
#: "Last updated: ...": a label opens a line of its own.
LABEL = re.compile(r"[A-Z]\w*(?: \w+){0,3}:\s")
_NUMBERED = re.compile(r"\(?\d{1,3}(?:\.\d{1,3})*[.:)]\s")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a run and how it looks; `link` is the place of its link among the page's, and the address."""

    text: str
    bold: bool = False
    link: tuple[int, str] | None = None


BREAK = Piece("\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a run, with white space as browsers show it; the first `bold` characters are bold."""

    text: str
    links: tuple[Link, ...]
    bold: int

    def cut(self, start: int, end: int) -> "Line":
        """Return a part of the line."""
        links = tuple(
            Link(one.start - start, min(one.end, end) - start, one.url)
            for one in self.links
            if start <= one.start < end
        )
        return Line(self.text[start:end], links, max(min(self.bold, end) - start, 0))


def opens_with_label(line: str) -> bool:
    """Return whether a line begins with a label, such as "Last updated:"."""
    return LABEL.match(line) is not None


def lines_of(run: list[Piece]) -> list[Line]:
    """Return the lines of a run; two breaks together leave an empty line between."""
    lines: list[Line] = []
    texts: list[str] = []
    links: list[tuple[int, Link]] = []
    length = bold = 0
    space = False
    for piece in [*run, BREAK]:
        words = piece.text.split()
        if piece is BREAK:
            lines.append(Line("".join(texts), tuple(link for _, link in links), bold))
            texts, links, length, bold, space = [], [], 0, 0, False
            continue
        if words:
            before = " " if texts and (space or piece.text[0].isspace()) else ""
            start = length + len(before)
            texts.append(before + " ".join(words))
            length += len(texts[-1])
            bold = length if piece.bold and bold == length - len(texts[-1]) else bold
            if piece.link and links and links[-1][0] == piece.link[0]:
                links[-1] = (piece.link[0], replace(links[-1][1], end=length))
            elif piece.link:
                links.append((piece.link[0], Link(start, length, piece.link[1])))
        space = piece.text[-1:].isspace() or (space and not words)
    return lines


def heading_of(line: Line) -> Line:
    """Return a line of a heading without what is no part of it.

    A sign that links to itself, before or behind it ("\u00b6"); a link in brackets ("[edit]"); and behind a question
    mark a word or two of a control ("Show", "+").
    """
    for link in line.links[-1:] + line.links[:1]:
        before, words, behind = line.text[: link.start], line.text[link.start : link.end], line.text[link.end :]
        if before.rstrip().endswith("[") and behind.strip() == "]" and not words.isdecimal():
            return line.cut(0, len(before.rstrip("[ ")))
        if not any(map(str.isalnum, words)):
            if before and not behind:
                return line.cut(0, len(before.rstrip()))
            if behind and not before:
                return line.cut(len(line.text) - len(behind.lstrip()), len(line.text))
    control = _CONTROL.search(line.text)
    return line.cut(0, control.start()) if control else line


def label_end(line: Line) -> int:
    """Return where the bold label ends that a line is, or opens with; 0 where there is none."""
    end = line.bold + line.text.startswith("?", line.bold)  # also where the question mark itself is not bold
    label = line.text[:end].rstrip()
    if not line.bold or len(label.split()) > _LONGEST_LABEL:
        return 0
    whole = end == len(line.text) and (not label.endswith(_NO_HEADING) or _NUMBERED.match(label) is not None)
    return end if whole or label.endswith("?") else 0
