"""A page taken apart: its questions with the blocks of their answers, its reference lists, and what is left over.

An answer goes on to the next question, to a heading of the same rank, or to the end of the element that holds it: the
part that folds, the card, the list item. Where every other question of a page ends with its element, so does the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from indexer.language.question_types import section_type
from indexer.model import LABEL_RANK, Block
from indexer.sheets.dates import labelled_date, leading_date
from indexer.sheets.questions import find_openings
from indexer.sheets.references import ReferenceList, find_references, is_references_heading
from indexer.sheets.wording import (
    asks,
    is_about_the_page,
    is_link,
    is_navigation,
    is_number,
    is_question,
    says_something,
    unlabelled_answer,
    unlabelled_question,
    word_count,
)

#: Below a question, "Yes" and "No" are buttons; an answer of so few words ends in a full stop.
_SHORTEST_ANSWER = 3
#: Fewer words below a question among headings that ask nothing are a teaser: "Feeling tired? Our experts can help."
_LONGEST_TEASER = 12


@dataclass(slots=True)
class Section:
    """A question, the blocks of its answer, and the date printed under it (as text).

    `cites` is the place of the reference list below it among those of the page; -1 is the last, where none is below.
    `region` is the element that the answer ends with; `own` says whether it holds no other question.
    """

    heading: Block
    region: tuple[int, ...] = ()
    own: bool = False
    blocks: list[Block] = field(default_factory=list)
    date: str | None = None
    closed: bool = False
    cites: int = -1

    def holds(self, block: Block) -> bool:
        """Return whether a block is in the element that the answer ends with."""
        return block.path[: len(self.region)] == self.region


@dataclass(slots=True)
class Outline:
    """A page taken apart. `left_out` are blocks between the end of an answer and the next question."""

    preamble: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    references: list[ReferenceList] = field(default_factory=list)
    page_dates: list[str] = field(default_factory=list)
    left_out: list[Block] = field(default_factory=list)


def outline(blocks: Sequence[Block]) -> Outline:
    """Return the page's questions with their answers, and the text before, between and after them."""
    page = Outline(references=find_references(blocks))
    in_list = {place: n for n, found in enumerate(page.references) for place in found.places}
    openings, contents = find_openings(blocks, in_list)
    regions = _regions(blocks, sorted(openings))
    scoped = 0
    dated = -1  # the place of a date whose label is above it
    for place, block in enumerate(blocks):
        below = blocks[place + 1] if place + 1 < len(blocks) else None
        announces = is_references_heading(block)
        if announces or (place in in_list and place == page.references[in_list[place]].places.start):
            for section in page.sections[scoped:]:
                section.closed = section.closed or announces
                section.cites = in_list.get(place, -1)
            scoped = len(page.sections)
        if announces or place in in_list or place in contents or place == dated:
            continue
        unanswered = bool(page.sections) and not page.sections[-1].blocks
        if is_navigation(block) or (is_number(block) and (place + 1 in openings or unanswered)):
            continue
        if below and (line := _date_below(block, below)):
            page.page_dates.append(line)
            dated = place + 1
            continue
        if place in openings:
            page.sections.append(Section(unlabelled_question(block), *regions[place]))
        elif block.kind == "heading" or not (section_type(block.text) and below and is_question(below)):
            _add(page, block, leads_around=_leads_around(blocks, place))  # else the name of what begins below
    _leave_out_chrome(page, on_lines=bool(contents))
    _end_with_the_element(page)
    _leave_out_teaser(page, blocks)
    return page


def _regions(blocks: Sequence[Block], openings: Sequence[int]) -> dict[int, tuple[tuple[int, ...], bool]]:
    """Return for each question the element that its answer ends with, and whether it has that for itself.

    It is the outermost element around it that holds no other question and something else than the question; where
    there is none, the one that it shares with its neighbours.
    """
    regions: dict[int, tuple[tuple[int, ...], bool]] = {}
    for before, place, after in zip([None, *openings], openings, [*openings[1:], None], strict=False):
        path = blocks[place].path
        shared = max((_shared(path, blocks[n].path) for n in (before, after) if n is not None), default=len(path))
        own = path[: shared + 1]
        inside = range(place + 1, len(blocks) if after is None else after)
        if len(path) > shared and any(blocks[n].path[: len(own)] == own for n in inside):
            regions[place] = own, True
        else:
            regions[place] = path[:shared], False
    return regions


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _date_below(block: Block, below: Block) -> str | None:
    """Return the line that a label makes with the date below it: "Content current as of:", or a term of a list."""
    if block.kind != "heading" or labelled_date(f"{block.text.rstrip(':')}: 2000") is None:
        return None
    date = leading_date(below.text)
    return f"{block.text.rstrip(':')}: {date}" if date else None


def _leads_around(blocks: Sequence[Block], place: int) -> bool:
    """Return whether a heading has nothing but links below: "Related pages"."""
    if blocks[place].kind != "heading" or not is_about_the_page(blocks[place].text):
        return False
    below = takewhile(lambda other: other.kind != "heading", map(blocks.__getitem__, range(place + 1, len(blocks))))
    return all(map(is_link, below))


def _add(page: Outline, block: Block, *, leads_around: bool) -> None:
    """Put a block where it belongs: before the questions, into the open answer, or aside when there is none."""
    section = page.sections[-1] if page.sections else None
    date = labelled_date(block.text)
    if section is None or section.closed:
        if date is not None:
            page.page_dates.append(block.text)
        else:
            (page.left_out if section else page.preamble).append(block)
    elif date is not None and not section.holds(block):
        page.page_dates.append(block.text)
    elif date is not None:
        section.date = date
        section.closed = bool(section.blocks)  # a date below its answer ends it; a date on top opens it
    elif leads_around or _ends(section, block):
        section.closed = True
        page.left_out.append(block)
    else:
        section.blocks.append(block if section.blocks else unlabelled_answer(block))


def _ends(section: Section, block: Block) -> bool:
    """Return whether a heading ends an answer: one of the question's rank or above, outside the answer's own element.

    A line in bold is emphasis more often than a heading: it ends nothing.
    """
    if block.kind != "heading" or block.level >= LABEL_RANK:
        return False
    return block.level <= (section.heading.level or LABEL_RANK) and not (section.own and section.holds(block))


def _leave_out_chrome(page: Outline, *, on_lines: bool) -> None:
    """Leave out what is below a question but answers nothing: links, buttons, and words without a full stop."""
    end = page.sections[-1].blocks if page.sections else []
    while len(end) > 1 and end[-1].path and end[-1].kind != "list_item" and is_link(end[-1]):
        page.left_out.append(end.pop())
    index = all(all(map(is_link, section.blocks)) for section in page.sections)  # of pages that answer elsewhere
    for section in page.sections:
        if section.heading.kind == "question":
            continue  # the format says that this is its answer
        plain = section.heading.kind == "paragraph"
        # Below an unlisted question in or near the contents, words without a full stop are chrome.
        spoken = any(says_something(block, in_sentences=on_lines) for block in section.blocks)
        answered = any(word_count(block.text) >= _SHORTEST_ANSWER or says_something(block) for block in section.blocks)
        elsewhere = len(section.blocks) == 1 and section.blocks[0].kind == "paragraph" and is_link(section.blocks[0])
        if index or elsewhere or (not section.date and not (spoken if plain else answered)):
            page.left_out += section.blocks
            section.blocks = []


def _end_with_the_element(page: Outline) -> None:
    """Cut what follows the element of the last answer, where every other answer ends with its element."""
    answered = [section for section in page.sections if section.blocks]
    if len(answered) < 2 or not answered[-1].region or any(map(_beyond, answered[:-1])):
        return
    last = answered[-1]
    if beyond := _beyond(last):
        page.left_out += last.blocks[-beyond:]
        del last.blocks[-beyond:]


def _leave_out_teaser(page: Outline, blocks: Sequence[Block]) -> None:
    """Leave out questions with a line for an answer each, when most headings of the page ask nothing."""
    asking = [section for section in page.sections if asks(section.heading.text)]
    asked = {section.heading.text for section in asking}
    if not all(section.heading.kind == "heading" for section in asking):
        return
    headings = [block for block in blocks if block.kind == "heading" and not is_references_heading(block)]
    others = sum(1 for block in headings if block.level > 1 and unlabelled_question(block).text not in asked)
    words = (sum(len(block.text.split()) for block in section.blocks) for section in asking)
    if others > len(asked) and max(words, default=0) < _LONGEST_TEASER:
        for section in asking:
            page.left_out += section.blocks
            section.blocks = []


def _beyond(section: Section) -> int:
    """Return how many blocks at an answer's end are outside the element that holds it."""
    return sum(1 for _ in takewhile(lambda block: not section.holds(block), reversed(section.blocks)))
