"""Which blocks open a question, and what belongs to its answer.

What opens a question, in order:

1. A heading that ends in a question mark.
2. A heading below the first level that announces a kind of answer ("Treatment"); the vocabulary knows them.
3. On a page that marks no headings, a paragraph that is one question and nothing else, and a line that announces
   a kind of answer with a whole sentence below it.

What does not: an entry of the page's own table of contents (a question beside another that is asked again below); on
a page with such contents, a line above them or below the references that they do not list ("Was this helpful?"); and
a line with no more below it than a word or two ("Yes", "No").
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.language.analysis import fold
from indexer.language.question_types import section_type
from indexer.language.sentences import sentence_spans
from indexer.model import Block
from indexer.sheets.citations import is_references_heading
from indexer.sheets.dates import labelled_date

#: A paragraph with more words is a text that ends in a question. The longest of MedQuAD's 16,407 questions has 41.
_LONGEST_QUESTION = 45
#: Fewer words are a menu or a button ("Contact us"), not a sentence of an answer.
_SHORTEST_SENTENCE = 4


@dataclass(slots=True)
class Section:
    """A question, the blocks of its answer, and the date printed under it (as text)."""

    heading: Block
    blocks: list[Block] = field(default_factory=list)
    date: str | None = None
    closed: bool = False


@dataclass(slots=True)
class Outline:
    """A page taken apart. `left_out` are blocks that stand behind an answer's end and before the next question."""

    preamble: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    references: list[Block] = field(default_factory=list)
    page_date: str | None = None
    left_out: list[Block] = field(default_factory=list)


def outline(blocks: Sequence[Block]) -> Outline:
    """Return the page's questions with their answers, and what stands before, between and after them."""
    blocks, contents = _without_contents(blocks)
    has_headings = any(block.kind == "heading" and block.level > 1 for block in blocks)
    page, listing = Outline(), False
    for block, below in zip(blocks, [*blocks, None][1:], strict=True):
        listing = listing and block.kind == "list_item"
        if listing:
            page.references.append(block)
        elif is_references_heading(block.text) and below and below.kind == "list_item":
            listing = True
            if page.sections:
                page.sections[-1].closed = True
        elif _opens_question(block, below, has_headings) and not (
            contents and (page.references or not page.sections) and fold(block.text) not in contents
        ):
            page.sections.append(Section(block))
        elif not (section_type(block.text) and below and _is_question(below)):  # else the name of what begins below
            _add(page, block)
    for section in page.sections:
        if section.heading.kind == "paragraph" and not any(map(_says_something, section.blocks)):
            page.left_out += section.blocks
            section.blocks = []
    return page


def _opens_question(block: Block, below: Block | None, has_headings: bool) -> bool:
    if block.kind == "heading":
        return block.text.endswith("?") or (block.level > 1 and section_type(block.text) is not None)
    if has_headings or block.kind != "paragraph":
        return False
    announced = below is not None and below.text[-1] in ".:]" and len(below.text.split()) >= _SHORTEST_SENTENCE
    return _is_question(block) or (announced and section_type(block.text) is not None)


def _says_something(block: Block) -> bool:
    return block.text[-1] in ".!:]" or len(block.text.split()) >= _SHORTEST_SENTENCE


def _is_question(block: Block) -> bool:
    short = block.text.endswith("?") and len(block.text.split()) <= _LONGEST_QUESTION
    return short and block.kind != "table_row" and len(sentence_spans(block.text)) == 1


def _without_contents(blocks: Sequence[Block]) -> tuple[list[Block], set[str]]:
    """Return the blocks without the page's own table of contents, and the questions that it lists, folded."""
    asks = [False, *map(_is_question, blocks), False]
    later = Counter(fold(block.text) for block in blocks)
    kept, listed = [], set()
    for place, block in enumerate(blocks, start=1):
        text = fold(block.text)
        later[text] -= 1
        if later[text] and block.kind != "heading" and asks[place] and (asks[place - 1] or asks[place + 1]):
            listed.add(text)
        else:
            kept.append(block)
    return kept, listed


def _add(page: Outline, block: Block) -> None:
    """Put a block where it belongs: before the questions, into the open answer, or aside when there is none."""
    section = page.sections[-1] if page.sections else None
    date = labelled_date(block.text)
    if section is None or section.closed:
        if date is not None:
            page.page_date = date
        else:
            (page.left_out if section else page.preamble).append(block)
    elif date is not None:
        section.date = date
        section.closed = bool(section.blocks)  # the date stands under its answer; on top, it opens it
    elif block.kind == section.heading.kind == "heading" and block.level <= section.heading.level:
        section.closed = True
        page.left_out.append(block)
    else:
        section.blocks.append(block)
