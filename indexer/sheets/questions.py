"""Which blocks open a question.

In order:

1. A block that the format declares to be one (FAQ markup, MedQuAD), and a line that says so itself ("Q: ...").
2. A heading, or a line that looks like one (all bold, the label of a part that folds), that ends in a question mark.
3. A list item that is a question with a paragraph of its own below it.
4. A heading below the first level that announces a kind of answer ("Treatment"); the vocabulary knows them. Below a
   heading that asks, a deeper one only parts the answer.
5. A heading of the same rank among those: a page that asks, or announces, one thing a heading does so in all of them.
6. Where no heading asks or announces anything, two paragraphs or more that are one question each and nothing else;
   where there are none either, the headings of an article: of the highest rank with prose, not links, below them.
7. On a page that marks no headings, a line that the page's own table of contents lists; where there is none, or its
   words differ from those below it, a paragraph that is one question and nothing else, and a line that announces a
   kind of answer with a whole sentence below it.

8. A heading outside the answers that these open, with a sentence below it: a section of a page that asks elsewhere, or
   that asks nothing. Not on a page of teasers, most of whose sections lead to other pages.

What does not: an entry of the contents itself; a line that is only a link, and a heading that only leads to another
page; a question above the contents or below the references that they do not list ("Was this helpful?").
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from indexer.language.analysis import fold
from indexer.language.question_types import question_type, section_type
from indexer.model import LABEL_RANK, Block
from indexer.sheets.contents import contents_of
from indexer.sheets.dates import labelled_date
from indexer.sheets.references import is_references_heading
from indexer.sheets.wording import (
    OWN_SHARE,
    SHORTEST_SENTENCE,
    asks,
    is_about_the_page,
    is_link,
    is_number,
    is_numbered,
    is_question,
    is_told,
    leads_away,
    opens_as_question,
    says_something,
    without_links,
)

#: The headings that make a row: two that ask or announce something, or three that only hint at it. Chosen by eye.
_ROW, _ROW_OF_HINTS = 2, 3
#: The words of a section that are in no link that distinguish an article from a page of teasers: sections of three
#: articles have 30 to 312, cards on two landing pages at most 26. Their share of all words: `wording.OWN_SHARE`.
_ARTICLE_WORDS = 40
#: More words below a heading that leads to another page are its answer; teasers on two landing pages have at most 14.
_LONGEST_TEASER = 20
_INTERROGATIVE = re.compile(r"(?:what|how|why|when|where|who|which)(?:['\u2019]s)?\b", re.IGNORECASE)


def find_openings(blocks: Sequence[Block], taken: Collection[int]) -> tuple[set[int], set[int]]:
    """Return the places of the blocks that open a question, and those of the page's own table of contents.

    `taken` are places that belong to reference lists.
    """
    if any(block.kind == "question" or (block.kind == "heading" and block.level != 1) for block in blocks):
        openings = _among_headings(blocks, taken)
        return openings | _other_sections(blocks, openings, taken), set()
    contents = contents_of(blocks)
    return _among_lines(blocks, taken, contents), contents


def _among_headings(blocks: Sequence[Block], taken: Collection[int]) -> set[int]:
    pairs = [
        (n, block, below) for n, (block, below) in enumerate(pairwise([*blocks, None])) if n not in taken and block
    ]
    asked = {place for place, block, below in pairs if _asks(block, below) and not _is_teaser(blocks, place)}
    asked |= {place + 1 for place, block, below in pairs if is_number(block) and below and is_question(below)}
    own = ((n, b) for n, b, _ in pairs if b.kind == "heading" and not labelled_date(b.text))
    headings = [(place, block) for place, block in own if not leads_away(block) or place in asked]
    ranks = {blocks[place].level for place in asked if blocks[place].kind == "heading"}
    announced: set[int] = set()
    around: Block | None = None  # the heading that the walk is below
    for place, block in headings:
        inside = around is not None and asks(around.text) and block.level > around.level
        label = block.level >= LABEL_RANK and (asked or announced) and block.level not in ranks
        if place in asked:
            around = block
        elif block.level > 1 and section_type(block.text) and not inside and not label:
            announced.add(place)
            around = block
        elif not inside and block.level < LABEL_RANK:
            around = None
    found = asked | announced
    found |= _in_series(blocks, headings, asked, announced)
    if found and not asked:  # what announces a kind of answer may be below the headings of an article
        article = _of_an_article(blocks, headings)
        above = min(blocks[place].level for place in found)
        found |= {place for place in article if blocks[place].level < above}
    if not found:
        lines = {
            n
            for n, b, below in pairs
            if b.kind == "paragraph" and is_question(b) and not is_link(b) and _answers(below)
        }
        found = lines if len(lines) > 1 else _of_an_article(blocks, headings)
    return found


def _asks(block: Block, below: Block | None) -> bool:
    """Return whether a block asks, whatever is around it."""
    if block.kind == "question" or opens_as_question(block):
        return True
    if block.kind == "heading":
        return asks(block.text)
    own = below is not None and below.kind == "paragraph" and below.path == block.path and below.level == block.level
    return block.kind == "list_item" and bool(block.path) and own and is_question(block) and not is_link(block)


def _is_teaser(blocks: Sequence[Block], place: int) -> bool:
    """Return whether a heading only leads to another page, which has the answer."""
    heading = blocks[place].kind == "heading"
    return heading and leads_away(blocks[place]) and not _stands_over_prose(blocks, place, _LONGEST_TEASER)


def _answers(below: Block | None) -> bool:
    return below is not None and below.kind != "heading" and not is_question(below) and says_something(below)


def _in_series(
    blocks: Sequence[Block], headings: Sequence[tuple[int, Block]], asked: set[int], announced: set[int]
) -> set[int]:
    """Return the headings that ask or announce nothing by their words, but are in a row of headings that do.

    A row is of one rank. Headings that only hint at a kind of answer ("Causes of zinc fever", "How it spreads") make
    one too, but it takes three of them, for "Who we are" and "What is new" hint as well.
    """
    known = asked | announced
    others = ((place, block.text) for place, block in headings if place not in known)
    hinting = {place for place, text in others if _hints(text) and not is_about_the_page(text)}
    telling = known | hinting
    ranks = Counter(block.level for place, block in headings if place in telling)
    found: set[int] = set()
    for rank, count in sorted(ranks.items()):
        places = [place for place, block in headings if block.level == rank]
        sure = [place for place in places if place in known]
        asking = len([place for place in places if place in asked])
        # Headings of one rank each open a subject; those of another rank divide it.
        if rank == 1 or count < (_ROW if sure else _ROW_OF_HINTS) or (not asking and (len(asked) >= _ROW or found)):
            continue
        first, last = (min(sure), max(sure)) if asking >= _ROW else (0, len(blocks))
        found |= {
            place
            for place in places
            if (first < place < last or place in hinting or is_numbered(blocks[place]))
            and (rank < LABEL_RANK or (rank == LABEL_RANK and asking) or is_numbered(blocks[place]))
            and not is_about_the_page(blocks[place].text)
            and not is_references_heading(blocks[place])
            and _has_prose(blocks, place)
        }
    return found


def _hints(text: str) -> bool:
    return _INTERROGATIVE.match(text) is not None or question_type(text) is not None


def _of_an_article(blocks: Sequence[Block], headings: Sequence[tuple[int, Block]]) -> set[int]:
    for rank in range(2, LABEL_RANK):
        row = [place for place, block in headings if block.level == rank and not is_about_the_page(block.text)]
        over_prose = [place for place in row if _stands_over_prose(blocks, place, _ARTICLE_WORDS)]
        if len(over_prose) >= max(_ROW, len(row) / 2):
            return {place for place in row if _has_prose(blocks, place) and not is_references_heading(blocks[place])}
    return set()


def _other_sections(blocks: Sequence[Block], openings: Collection[int], taken: Collection[int]) -> set[int]:
    """Return the headings outside the answers of a page that have a sentence below them; none on a page of teasers."""
    if leads_elsewhere(blocks, openings):
        return set()
    sections: set[int] = set()
    labels = {n for n, block in enumerate(blocks) if block.kind == "heading" and block.level >= LABEL_RANK}
    labels -= _label_sections(blocks, labels, openings)
    labels -= set(openings)
    around: Block | None = None  # the question or section that the walk is in
    for place, block in enumerate(blocks):
        inside = around is not None and bool(openings) and block.level > (around.level or LABEL_RANK)
        if place in openings:
            around = block
        elif (
            place not in taken
            and place not in labels
            and _is_section(block)
            and not inside
            and any(map(is_told, _directly_below(blocks, place, labels)))
        ):
            sections.add(place)
            around = block
    return sections


def _label_sections(blocks: Sequence[Block], labels: Collection[int], openings: Collection[int]) -> set[int]:
    """Return the labels that are the headings of a page without others: a row of one rank with text below each."""
    proper = any(block.kind == "heading" and 1 < block.level < LABEL_RANK for block in blocks)
    if proper or any(asks(blocks[place].text) for place in openings):
        return set()
    told = [place for place in labels if any(map(is_told, _directly_below(blocks, place)))]
    rank, count = next(iter(Counter(blocks[place].level for place in told).most_common(1)), (0, 0))
    return {place for place in told if blocks[place].level == rank} if count >= _ROW_OF_HINTS else set()


def leads_elsewhere(blocks: Sequence[Block], openings: Collection[int] = ()) -> bool:
    """Return whether half of a page's sections or more are teasers: their heading, or a line below it, leads away."""
    sections = [place for place, block in enumerate(blocks) if block.kind == "heading" and 1 < block.level < LABEL_RANK]
    away = [place for place in sections if any(map(leads_away, [blocks[place], *_directly_below(blocks, place)]))]
    return len(away) > 1 and len(set(away) - set(openings)) >= len(sections) / 2


def _is_section(block: Block) -> bool:
    if block.kind != "heading" or block.level == 1 or leads_away(block):
        return False
    return not (is_about_the_page(block.text) or is_references_heading(block) or labelled_date(block.text))


def _directly_below(blocks: Sequence[Block], place: int, labels: Collection[int] = ()) -> Iterator[Block]:
    """Yield the blocks below a heading, before the next question or heading that is not one of some labels."""
    below = range(place + 1, len(blocks))
    ends = (n for n in below if blocks[n].kind in ("heading", "question") and n not in labels)
    return map(blocks.__getitem__, range(place + 1, next(ends, len(blocks))))


def _stands_over_prose(blocks: Sequence[Block], place: int, least: int) -> bool:
    words = own = 0
    for block in _below(blocks, place):
        words += len(block.text.split())
        own += len(without_links(block).split())
    return own >= least and own >= words * OWN_SHARE


def _below(blocks: Sequence[Block], place: int) -> Iterator[Block]:
    """Yield the blocks below a heading, before the next one of its rank."""
    for block in map(blocks.__getitem__, range(place + 1, len(blocks))):
        if block.kind in ("heading", "question") and block.level <= blocks[place].level:
            return
        yield block


def _has_prose(blocks: Sequence[Block], place: int) -> bool:
    """Return whether a whole sentence is below a heading."""
    return any(
        len(block.text.split()) >= SHORTEST_SENTENCE and not set(".:!?").isdisjoint(block.text) and not is_link(block)
        for block in _below(blocks, place)
    )


def _among_lines(blocks: Sequence[Block], taken: Collection[int], contents: set[int]) -> set[int]:
    listed = {fold(blocks[place].text) for place in contents}
    first, last = min(contents, default=0), max(contents, default=0)
    body = next((n for n in range(last + 1, len(blocks)) if fold(blocks[n].text) in listed), 0)
    # When every question of the contents is asked again in the same words, only these open answers.
    complete = not any(is_question(blocks[place]) for place in range(first, body) if place not in contents)
    references = min(taken, default=len(blocks))
    found = _asking_items(blocks) - contents - set(taken)
    for place, (block, below) in enumerate(pairwise([*blocks, None])):
        if block is None or place in taken or place in contents:
            continue
        in_doubt = bool(contents) and (complete or place < first or place > references)
        if fold(block.text) in listed or (not in_doubt and _line_opens(block, below)):
            found.add(place)
    return found


def _asking_items(blocks: Sequence[Block]) -> set[int]:
    """Return the numbered items of a plain text that ask and have an answer below them; none for a single one."""
    pairs = enumerate(pairwise(blocks))
    items = {n for n, (item, below) in pairs if item.ordinal and is_question(item) and _answers(below)}
    return items if len(items) >= _ROW else set()


def _line_opens(block: Block, below: Block | None) -> bool:
    if block.kind in ("heading", "question"):
        return _asks(block, below) and not leads_away(block)
    if _asks(block, below):
        return True
    if block.kind != "paragraph" or is_link(block):
        return False
    announced = below is not None and below.text[-1] in ".:]" and len(below.text.split()) >= SHORTEST_SENTENCE
    return is_question(block) or (announced and section_type(block.text) is not None)
