"""Page -> FactSheet. Reads as the list of what is understood, in order."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from indexer.errors import PageError
from indexer.language.question_types import question_type, section_type
from indexer.model import AnswerBlock, Document, FactSheet, Page, PartialDate, Reference, SheetHeader
from indexer.sheets.citations import find_citations, read_references
from indexer.sheets.dates import parse_date
from indexer.sheets.identifiers import answer_ids, sheet_id
from indexer.sheets.questions import Outline, Section, outline
from indexer.sheets.titles import find_other_names, find_title

_BLANK_LINE = "\n\n"


def split_page(page: Page) -> FactSheet:
    """Return the fact sheet that a page is: its answers in reading order, with citations, dates and stable ids.

    What was left out or not understood is in `warnings`. Raises PageError when no question has an answer.
    """
    parts = outline(page.blocks)
    sections = [section for section in parts.sections if section.blocks]
    if not sections:
        raise PageError(page.path, "no question with an answer was found")
    warnings = [*page.warnings, *_leftovers(parts)]
    lists = [read_references(entries) for entries in parts.references]
    header = _header(page, parts, warnings)
    page_date = page.last_updated or _date(parts.page_date, warnings)
    numbered = [{entry.number: entry for entry in reversed(entries)} for entries in lists] or [{}]
    documents = tuple(
        _document(id, section, header, numbered[section.cites], _date(section.date, warnings) or page_date)
        for id, section in zip(answer_ids(header.id, (s.heading.text for s in sections)), sections, strict=True)
    )
    references = tuple(entry for entries in lists for entry in entries)
    return FactSheet(header, references, documents, (*warnings, *_citation_faults(documents, references)))


def _header(page: Page, parts: Outline, warnings: list[str]) -> SheetHeader:
    title = page.title or find_title(parts.preamble, [section.heading.text for section in parts.sections])
    if title is None:
        title = PurePosixPath(page.path).stem.replace("-", " ").replace("_", " ")
        warnings.append(f"no title found; named after the file: {title!r}")
    origin = page.provenance
    names = page.also_known_as or find_other_names(parts.preamble)
    return SheetHeader(sheet_id(title, origin.source, origin.url, page.path), title, names, origin, page.written)


def _document(
    id: str, section: Section, header: SheetHeader, references: Mapping[int, Reference], updated: PartialDate | None
) -> Document:
    blocks, start = [], 0
    for block in section.blocks:
        blocks.append(AnswerBlock(block.kind, start, start + len(block.text), block.ordinal))
        start += len(block.text) + len(_BLANK_LINE)
    question, answer = section.heading.text, _BLANK_LINE.join(block.text for block in section.blocks)
    kind = section_type(question) or question_type(question, [header.title, *header.also_known_as])
    return Document(id, question, kind, answer, tuple(blocks), find_citations(answer, references), updated)


def _date(text: str | None, warnings: list[str]) -> PartialDate | None:
    found = parse_date(text) if text else None
    if text and found is None:
        warnings.append(f"date not understood: {text!r}")
    return found


def _leftovers(parts: Outline) -> list[str]:
    empty = [section.heading for section in parts.sections if not section.blocks]
    return [f"line {block.line}: no answer under {block.text!r}" for block in empty] + [
        f"line {block.line}: left out, it belongs to no question: {block.text[:60]!r}" for block in parts.left_out
    ]


def _citation_faults(documents: Sequence[Document], references: Sequence[Reference]) -> list[str]:
    uses = [(use, document.question) for document in documents for use in document.citations]
    orphans = dict.fromkeys((use.number, question) for use, question in uses if use.reference is None)
    used = {id(use.reference) for use, _ in uses}
    return [
        *(f"marker [{number}] in {question!r} has no entry in the reference list" for number, question in orphans),
        *(
            f"reference {entry.number} is never cited: {entry.text[:60]!r}"
            for entry in references
            if id(entry) not in used
        ),
    ]
