"""Page -> FactSheet. Reads as the list of what is understood, in order."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from pathlib import PurePosixPath
from urllib.parse import urldefrag

from indexer.errors import PageError
from indexer.language.analysis import fold
from indexer.language.detection import is_english_text
from indexer.language.question_types import question_type, section_type
from indexer.model import (
    LABEL_RANK,
    AnswerBlock,
    Block,
    Citation,
    Document,
    FactSheet,
    Link,
    Page,
    PageWarning,
    PartialDate,
    Reference,
    SheetHeader,
    WarningKind,
)
from indexer.sheets.citations import Allowance, Scope, cites_in_round_brackets, mark, outward_links
from indexer.sheets.dates import labelled_date, leading_date, page_date, parse_date, puts_day_first
from indexer.sheets.identifiers import answer_ids, sheet_id
from indexer.sheets.outline import Outline, Section, outline
from indexer.sheets.questions import leads_elsewhere
from indexer.sheets.titles import find_other_names, find_title
from indexer.sheets.wording import is_error, is_link, is_prose, is_told, leads_away, tells

_BLANK_LINE = "\n\n"
#: Fewer words between a title and the first question are a subtitle, or say how the page is used. Chosen by eye.
_SHORTEST_OVERVIEW = 8
#: A sheet with fewer may be little but lists, which have few function words in any language.
_FEWEST_WORDS = 100


def split_page(page: Page) -> FactSheet:
    """Return the fact sheet that a page is: its answers in reading order, with citations, dates and stable ids.

    What was left out or not understood is in `warnings`. Raises PageError when no question has an answer, and
    for more citations than a page may have.
    """
    return split_with_outline(page)[0]


def split_with_outline(page: Page) -> tuple[FactSheet, Outline]:
    """Return the fact sheet of a page and the outline that it was made from, whose blocks know their lines.

    The answered sections of the outline are the documents of the sheet, in the same order. Raises PageError like
    `split_page`.
    """
    parts = outline(page.blocks)
    title = page.title or find_title(parts.preamble, [section.heading.text for section in parts.sections])
    if title and (overview := _overview(parts, title)):
        parts.sections.insert(0, overview)
    sections = [section for section in parts.sections if section.blocks]
    if not sections:
        raise PageError(page.path, _why_refused(parts, title))
    warnings = [*page.warnings, *_language(page, sections), *_leftovers(parts, page.unit)]
    header = _header(page, title, parts, warnings)
    dates = _Dates(page, parts, warnings)
    scopes = _scopes(sections, parts, Allowance(page.path))
    questions = (section.heading.text for section in sections)
    documents = tuple(
        _document(id, section, header, scope, dates.of(section))
        for id, section, scope in zip(answer_ids(header.id, questions), sections, scopes, strict=True)
    )
    references = tuple(entry for found in parts.references for entry in found.entries)
    return FactSheet(header, references, documents, (*warnings, *_citation_faults(documents, references))), parts


def _overview(parts: Outline, title: str) -> Section | None:
    """Return the answer to a page's title: the text above its first question, or of a page that asks nothing all of it.

    None for a page that is an error or a list of links. Text that a section with the title as its heading has above it
    goes to the head of that section.
    """
    answered = any(section.blocks for section in parts.sections)
    titles = [n for n, block in enumerate(parts.preamble) if fold(block.text) == fold(title) and not tells(block)]
    line = parts.preamble[titles[-1]].line if titles else 0
    text = parts.preamble[titles[-1] + 1 if titles else 0 :]
    if answered:
        text = list(takewhile(lambda block: block.kind != "heading" or block.level >= LABEL_RANK, text))
    prose = is_prose(text)
    text = [block for block in text if not leads_away(block) and not find_other_names([block])]
    first = next((n for n, block in enumerate(text) if _begins(block) or (not answered and is_told(block))), len(text))
    while first and text[first - 1].kind == "heading" and text[first - 1].level >= LABEL_RANK:
        first -= 1
    text = text[first:]
    if answered and sum(len(block.text.split()) for block in text) < _SHORTEST_OVERVIEW:
        return None
    if not text or (not answered and (is_error(title) or not prose or leads_elsewhere(parts.preamble))):
        return None
    taken = set(map(id, text))  # equal blocks are different ones, and comparing all with all takes the square
    parts.preamble = [block for block in parts.preamble if id(block) not in taken]
    same = next((section for section in parts.sections if fold(section.heading.text) == fold(title)), None)
    if same is not None:
        same.blocks[:0] = text
        return None
    return Section(Block("question", title, line=line), blocks=text)


def _begins(block: Block) -> bool:
    """Return whether the text of a page can begin with a block; lines above it are names of the site and buttons."""
    return tells(block) or (block.kind == "table_row" and not is_link(block))


def _why_refused(parts: Outline, title: str | None) -> str:
    if parts.sections:
        return f"no answer to any of its {len(parts.sections)} questions"
    if title is None:
        return "no question and no title: begin with a heading, or add a title"
    return "no question was found, and no text but links or an error message: leave it out, or write what it says"


def _header(page: Page, title: str | None, parts: Outline, warnings: list[PageWarning]) -> SheetHeader:
    if title is None:
        title = PurePosixPath(page.path).stem.replace("-", " ").replace("_", " ")
        warnings.append(PageWarning(f"no title found; named after the file: {title!r}"))
    origin = page.provenance
    names = page.also_known_as or find_other_names(parts.preamble)
    if page.inside.startswith("#page="):  # pages before it may come and go, but its title stays
        place = f"{urldefrag(origin.url or '').url or page.path.removesuffix(page.inside)} {fold(title)}"
        id = sheet_id(title, origin.source, None, place)
    else:
        id = sheet_id(title, origin.source, origin.url, page.path)
    return SheetHeader(id, title, names, origin, page.written, page.front)


class _Dates:
    """When each answer was updated: its own date, else the page's."""

    def __init__(self, page: Page, parts: Outline, warnings: list[PageWarning]) -> None:
        self._source, self._warnings = page, warnings
        sections = [section for section in parts.sections if section.blocks]
        dated = [section for section in sections if section.date]
        # A date below the last of several answers, where no other has one, is the page's.
        alone = len(sections) > 1 and dated == sections[-1:] and not parts.page_dates and not page.dated
        printed = dated[0].date if alone else page_date(parts.page_dates)
        lines = (block.text for block in parts.preamble if block.level != 1)
        top = next((line for line in lines if parse_date(line)), None)  # a line that is a date and nothing else
        self._page = page.last_updated or self._read(
            printed or (page.dated and (labelled_date(page.dated) or page.dated)) or top
        )

    def of(self, section: Section) -> PartialDate | None:
        """Return the date of an answer, or None if the page has no date."""
        return self._read(section.date) or self._page

    @cached_property
    def _day_first(self) -> bool:
        page = self._source
        if page.day_first is not None:
            return page.day_first
        return puts_day_first((block.text for block in page.blocks), page.language)

    def _read(self, text: str | None) -> PartialDate | None:
        found = leading_date(text, day_first=self._day_first) if text else None
        if text and found is None:
            self._warnings.append(PageWarning(f"date not understood: {text!r}", kind="odd-date", quote=text))
        return found


def _scopes(sections: Sequence[Section], parts: Outline, allowance: Allowance) -> list[Scope]:
    """Return for each answer where its markers point: into the list below it, or into all where their numbers go on."""
    lists = parts.references
    numbers = [entry.number for found in lists for entry in found.entries]
    goes_on = {entry.number: entry for found in lists for entry in found.entries}
    answers = [block for section in sections for block in section.blocks]
    rounds = cites_in_round_brackets(answers, lists)
    if len(numbers) == len(set(numbers)):
        return [Scope(goes_on, lists, rounds, allowance) for _ in sections]
    below = [Scope(found.by_number(), lists, rounds, allowance) for found in lists]
    return [below[section.cites] for section in sections]


def _document(id: str, section: Section, header: SheetHeader, scope: Scope, updated: PartialDate | None) -> Document:
    blocks: list[AnswerBlock] = []
    citations: list[Citation] = []
    links: list[Link] = []
    texts: list[str] = []
    start = 0
    for block in section.blocks:
        text, found = mark(block, scope)
        kind = "heading" if block.kind == "question" else block.kind
        blocks.append(AnswerBlock(kind, start, start + len(text), block.ordinal))
        links += [replace(link, start=link.start + start, end=link.end + start) for link in outward_links(block, scope)]
        citations += [replace(one, start=one.start + start, end=one.end + start) for one in found]
        texts.append(text)
        start += len(text) + len(_BLANK_LINE)
    asked = section.heading
    names = [header.title, *header.also_known_as]
    kind_of_answer = asked.question_type or section_type(asked.text) or question_type(asked.text, names)
    anchor = next(iter(asked.anchors), None)
    answer = _BLANK_LINE.join(texts)
    return Document(
        id,
        asked.text,
        kind_of_answer,
        answer,
        tuple(blocks),
        tuple(citations),
        updated,
        asked.source_id,
        anchor,
        links=tuple(links),
    )


def _language(page: Page, sections: Sequence[Section]) -> list[PageWarning]:
    """Return a warning for a sheet that is not in English, by what it says of itself or by its words."""
    said = (page.language or "").partition("-")[0].casefold()
    words = " ".join(block.text for section in sections for block in section.blocks)
    if said == "en" or len(words.split()) < _FEWEST_WORDS or is_english_text(words) is not False:
        return []
    named = f" ({said})" if said not in ("", "en") else ""
    why = f"not in English{named}: its words are searched without stems, and kinds of question are not recognised"
    return [PageWarning(why)]


def _leftovers(parts: Outline, unit: str) -> list[PageWarning]:
    empty = [section.heading for section in parts.sections if not section.blocks]
    above = [block for block in parts.preamble if tells(block) and not find_other_names([block])]
    warned: list[tuple[Block, str, WarningKind]] = [
        *((block, f"no answer under {block.text!r}", "empty-answer") for block in empty),
        *((block, f"above the first question, and in no answer: {block.text[:60]!r}", "unsure") for block in above),
        *((block, f"left out, it belongs to no question: {block.text[:60]!r}", "left-out") for block in parts.left_out),
    ]
    return [PageWarning(text, block.line, kind, unit=unit) for block, text, kind in warned]


def _citation_faults(documents: Sequence[Document], references: Sequence[Reference]) -> list[PageWarning]:
    uses = [(use, document.question) for document in documents for use in document.citations]
    orphans = dict.fromkeys((use.number, question) for use, question in uses if use.reference is None)
    used = {id(use.reference) for use, _ in uses}
    return [
        *(
            PageWarning(
                f"marker [{number}] in {question!r} has no entry in the reference list", kind="marker-without-reference"
            )
            for number, question in orphans
        ),
        *(
            PageWarning(f"reference {entry.number} is never cited: {entry.text[:60]!r}", kind="reference-never-cited")
            for entry in references
            if id(entry) not in used
        ),
    ]
