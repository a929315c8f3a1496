"""Which blocks open a question, and what belongs to its answer.

What opens a question, in order:

1. A heading that ends in a question mark.
2. A heading below the first level that announces a kind of answer ("Treatment"); the vocabulary knows them.
3. On a page that marks no headings, a line that the page's own table of contents lists; where there is none, or its
   words differ from those below it, a paragraph that is one question and nothing else, and a line that announces a
   kind of answer with a whole sentence below it.

What does not: an entry of the contents itself; a question above the contents or below the references that they do not
list ("Was this helpful?"); a question with no more below it than a word or two ("Yes", "No").
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

#: A paragraph with more words is a text that ends in a question. The longest of MedQuAD's has 27.
_LONGEST_QUESTION = 40
#: Fewer words are a menu or a button ("Contact us"), not a sentence of an answer.
_SHORTEST_SENTENCE = 4
#: Below the last entry of a table of contents: a link, a hint how to use it.
_CHROME_LINES = 3


@dataclass(slots=True)
class Section:
    """A question, the blocks of its answer, and the date printed under it (as text).

    `cites` is the place of the reference list below it among those of the page; -1 is the last, where none is below.
    """

    heading: Block
    blocks: list[Block] = field(default_factory=list)
    date: str | None = None
    closed: bool = False
    cites: int = -1


@dataclass(slots=True)
class Outline:
    """A page taken apart. `left_out` are blocks that stand behind an answer's end and before the next question."""

    preamble: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    references: list[list[Block]] = field(default_factory=list)
    page_date: str | None = None
    left_out: list[Block] = field(default_factory=list)


def outline(blocks: Sequence[Block]) -> Outline:
    """Return the page's questions with their answers, and what stands before, between and after them."""
    has_headings = any(block.kind == "heading" and block.level > 1 for block in blocks)
    contents = set() if has_headings else _contents(blocks)
    listed = {fold(blocks[place].text) for place in contents}
    first, last = min(contents, default=0), max(contents, default=0)
    body = next((n for n in range(last + 1, len(blocks)) if fold(blocks[n].text) in listed), 0)
    # When every question of the contents is asked again in the same words, only these open answers.
    complete = not any(_is_question(blocks[place]) for place in range(first, body) if place not in contents)
    page, listing, scoped = Outline(), False, 0
    for place, (block, below) in enumerate(zip(blocks, [*blocks, None][1:], strict=True)):
        listing = listing and _is_entry(block, like=page.references[-1])
        in_doubt = bool(contents) and (complete or place < first or bool(page.references))
        if listing:
            page.references[-1].append(block)
        elif is_references_heading(block.text):
            if below and _is_entry(below, like=[]):
                listing = True
                page.references.append([])
            for section in page.sections[scoped:]:
                section.closed = True
                section.cites = len(page.references) - 1 if listing else -1
            scoped = len(page.sections)
        elif place in contents:
            continue
        elif fold(block.text) in listed or (not in_doubt and _opens_question(block, below, has_headings)):
            page.sections.append(Section(block))
        elif not (section_type(block.text) and below and _is_question(below)):  # else the name of what begins below
            _add(page, block)
    for section in page.sections:
        # Below an unlisted question in or near the contents, words without a full stop are chrome.
        spoken = any(_says_something(block, in_sentences=bool(contents)) for block in section.blocks)
        if section.heading.kind == "paragraph" and not section.date and not spoken:
            page.left_out += section.blocks
            section.blocks = []
    return page


def _contents(blocks: Sequence[Block]) -> set[int]:
    """Return the places of the entries of the page's own table of contents.

    An entry is a question that is asked again, with nothing said between it and the next question. The last one may
    have a line of chrome below it: then the next question is the first of the page again.
    """
    texts = [fold(block.text) for block in blocks]
    last = {text: place for place, text in enumerate(texts)}
    once = Counter(texts)
    questions = [place for place, block in enumerate(blocks) if _is_question(block)]
    entries: set[int] = set()
    for place, following in zip(questions, [*questions, len(blocks)][1:], strict=True):
        between = range(place + 1, following)
        said = [n for n in between if _says_something(blocks[n]) and once[texts[n]] == 1]
        starts_over = (
            following < len(blocks) and texts[following] == texts[questions[0]] and len(between) < _CHROME_LINES
        )
        backed = any(blocks[n].text[-1] == "]" or labelled_date(blocks[n].text) for n in between)
        if last[texts[place]] > place and (not said or (len(said) == 1 and starts_over and not backed)):
            entries.add(place)
    # A line among the entries that stands again below is one too, though it may have lost its question mark.
    among = range(min(entries, default=0), max(entries, default=0))
    return entries | {place for place in among if last[texts[place]] > place}


def _opens_question(block: Block, below: Block | None, has_headings: bool) -> bool:
    if block.kind == "heading":
        return block.text.endswith("?") or (block.level > 1 and section_type(block.text) is not None)
    if has_headings or block.kind != "paragraph":
        return False
    announced = below is not None and below.text[-1] in ".:]" and len(below.text.split()) >= _SHORTEST_SENTENCE
    return _is_question(block) or (announced and section_type(block.text) is not None)


def _is_question(block: Block) -> bool:
    short = block.text.endswith("?") and len(block.text.split()) <= _LONGEST_QUESTION
    return short and block.kind != "table_row" and len(sentence_spans(block.text)) == 1


def _says_something(block: Block, *, in_sentences: bool = False) -> bool:
    spoken = "." in block.text or block.text[-1] in "!:]" or block.kind in ("list_item", "table_row")
    return spoken or (not in_sentences and len(block.text.split()) >= _SHORTEST_SENTENCE)


def _is_entry(block: Block, like: list[Block]) -> bool:
    """Return whether a block goes on with a list of references: an item as numbered as those before, or a link."""
    if block.kind == "list_item":
        return not like or (like[0].kind, like[0].ordinal is None) == (block.kind, block.ordinal is None)
    return block.kind == "paragraph" and "://" in block.text and (not like or like[0].kind == block.kind)


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
