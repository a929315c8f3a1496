"""A sheet with the lines of its file, so that a finding can say where to look. HTML has none: there a line is 0."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from indexer.language.sentences import plain_answer
from indexer.model import Block, Document, Page, PartialDate, Reference
from indexer.readers.decoding import decode
from indexer.sheets.references import ReferenceList
from indexer.sheets.split import split_with_outline


@dataclass(frozen=True, slots=True)
class LocatedAnswer:
    """An answer, the line of its question, and the line of each of its blocks; `dated`: it has a date of its own."""

    document: Document
    line: int
    block_lines: tuple[int, ...]
    dated: bool

    def line_at(self, place: int) -> int:
        """Return the line of the block that holds a character of the answer."""
        blocks = zip(self.document.blocks, self.block_lines, strict=False)
        return next((line for block, line in blocks if block.start <= place < block.end), self.line)

    def said(self) -> str:
        """Return the text of the answer without its markers."""
        return plain_answer(self.document).replace("\0", "")


LocatedReference = tuple[Reference, int]


class LocatedSheet:
    """The sheet that a page is, and the lines of its parts. Raises PageError where a build would."""

    def __init__(self, page: Page, file: Path) -> None:
        self.sheet, self._parts = split_with_outline(page)
        self._page, self._file = page, file

    @cached_property
    def answers(self) -> list[LocatedAnswer]:
        """The answers in reading order."""
        answered = [section for section in self._parts.sections if section.blocks]
        return [
            LocatedAnswer(
                document,
                section.heading.line,
                tuple(block.line for block in section.blocks),
                section.date is not None,
            )
            for document, section in zip(self.sheet.documents, answered, strict=True)
        ]

    @cached_property
    def reference_lists(self) -> list[list[LocatedReference]]:
        """The entries of each list of references."""
        entries = iter(self.sheet.references)
        return [
            [(next(entries), line) for line in _entry_lines(found, self._page.blocks)]
            for found in self._parts.references
        ]

    @property
    def references(self) -> list[LocatedReference]:
        """The entries of all lists."""
        return [entry for entries in self.reference_lists for entry in entries]

    def left_out(self) -> Iterator[list[Block]]:
        """Yield what belongs to no answer: each heading with the blocks below it, and every other block alone."""
        places = {id(block): place for place, block in enumerate(self._page.blocks)}
        section: list[Block] = []
        for block in self._parts.left_out:
            follows = section and places.get(id(block)) == places.get(id(section[-1]), -2) + 1
            inside = follows and section[0].kind == "heading"
            if inside and (block.kind != "heading" or block.level > section[0].level):
                section.append(block)
                continue
            if section:
                yield section
            section = [block]
        if section:
            yield section

    def dates(self) -> Iterator[tuple[str, PartialDate, int]]:
        """Yield every date with what it says and its line; that of several answers once."""
        header, seen = self.sheet.header, set()
        for key, date in (("written", header.written), ("retrieved", header.provenance.retrieved)):
            if date:
                yield key, date, self.line_of(key)
        for answer in self.answers:
            date = answer.document.last_updated
            if date and (answer.dated or date not in seen):
                seen.add(date)
                of_the_page = 0 if answer.dated else self.line_of("last_updated") or self.line_of(date)
                yield "last updated", date, of_the_page or answer.line
        for entry, line in self.references:
            if entry.accessed:
                yield f"reference {entry.number} accessed", entry.accessed, line

    def line_of(self, words: str) -> int:
        """Return the first line above the first answer that has some words between signs, else that of such a block.

        So "Usher syndrome" is not found in "Usher syndrome type 2".
        """
        lines = (*enumerate(self._head, start=1), *((block.line, block.text) for block in self._page.blocks))
        return next((number for number, text in lines if words in text and _stand_alone(words, text)), 0)

    @cached_property
    def _head(self) -> list[str]:
        """The lines above the first answer, front matter for the most part: no block knows those."""
        first = self.answers[0].line or next(iter(self.answers[0].block_lines), 0)
        if first < 2 or self._page.inside or self._page.unit != "line":
            return []
        return decode(self._file.read_bytes(), self._page.path)[0].split("\n")[: max(first - 1, 0)]


def _stand_alone(words: str, text: str) -> bool:
    sides = ((before.rstrip()[-1:], behind.lstrip()[:1]) for before, behind in pairwise(text.split(words)))
    return any(not before.isalnum() and not behind.isalnum() for before, behind in sides)


def _entry_lines(found: ReferenceList, blocks: Sequence[Block]) -> list[int]:
    """Return the line of each entry of a list; that of the list where its blocks are not one for each entry."""
    shown = [blocks[place] for place in found.places if blocks[place].kind != "heading"]
    items = [block for block in shown if block.kind == "list_item"] or shown
    if len(items) != len(found.entries):
        items = items[:1] * len(found.entries)
    return [item.line for item in items]
