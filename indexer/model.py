"""The values that cross from one room to another. Frozen, so that nobody changes them on the way.

Offsets are Unicode code points into the answer text, spans half-open: `text[start:end]`.
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal, NewType

#: "code" is text whose lines and spaces count.
BlockKind = Literal["heading", "question", "paragraph", "list_item", "table_row", "code"]
Span = tuple[int, int]

#: Keys of front matter with their values, such as (("category", ("Wages", "Hours")),).
Facets = tuple[tuple[str, tuple[str, ...]], ...]

#: The ranks of headings that are none by their element: a term or the label of a part that folds, a line all in bold.
LABEL_RANK, BOLD_RANK = 7, 8

#: An ISO date with the precision that its source gave it: "2013", "2013-05" or "2013-05-01".
PartialDate = NewType("PartialDate", str)


def partial_date(text: str) -> PartialDate:
    """Return a text as a partial date. Raises ValueError when it is none."""
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text, re.ASCII):
        raise ValueError(f"{text!r} is not a date like 2013, 2013-05 or 2013-05-01")
    date.fromisoformat(f"{text}-01-01"[:10])
    return PartialDate(text)


def last_day(partial: PartialDate) -> str:
    """Return the latest day that a partial date can mean: "2013-02" may be the 28th. The earliest sorts before it."""
    year, month = int(partial[:4]), int(partial[5:7] or 12)
    return partial if len(partial) == 10 else f"{year:04}-{month:02}-{calendar.monthrange(year, month)[1]}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a page came from. What nobody said is None, and is shown as not known, never guessed."""

    source: str | None = None
    url: str | None = None
    retrieved: PartialDate | None = None
    licence: str | None = None


#: What a warning is about: the rule of `factsheets check` that reports it, or "footnote" for one that is never cited,
#: or "unsure": the reader may have read something else than was meant.
WarningKind = Literal[
    "empty-answer", "left-out", "marker-without-reference", "reference-never-cited", "footnote", "odd-date", "unsure"
]


@dataclass(frozen=True, slots=True)
class PageWarning:
    """Something on a page that was left out or not understood. `line` is 0 if it is not known.

    `unit` is what `line` counts, as `Page.unit`. `quote` are words of the page from which the line can be found.
    """

    text: str
    line: int = 0
    kind: WarningKind = "unsure"
    quote: str = ""
    unit: str = "line"

    def __str__(self) -> str:
        return f"{self.unit} {self.line}: {self.text}" if self.line else self.text


@dataclass(frozen=True, slots=True)
class Link:
    """Where the words `text[start:end]` of a block lead: an address, or "#name" for a place on the same page."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page. A "question" is one by the format's own word: no rule has to find it.

    `level` is a heading's rank (from LABEL_RANK on it is one only by its looks) or an item's depth, `ordinal` an item's
    printed number. `line` is 0 where the format keeps no lines. `anchors` are the names by which links lead here.
    `path` is the block's place in the page's tree: a number for each element around it, outermost first; empty
    where a format does not nest. `source_id` and `question_type` are what the format says of a question.
    """

    kind: BlockKind
    text: str
    line: int = 0
    level: int = 0
    ordinal: int | None = None
    links: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    path: tuple[int, ...] = ()
    source_id: str | None = None
    question_type: str | None = None

    def part(self, start: int, end: int | None = None) -> "Block":
        """Return the block with a part of its text, and the links in it."""
        text = self.text[start:end]
        links = (Link(max(link.start - start, 0), min(link.end - start, len(text)), link.url) for link in self.links)
        return replace(self, text=text, links=tuple(link for link in links if link.start < link.end))


@dataclass(frozen=True, slots=True)
class Page:
    """One file after reading, its blocks in reading order. `path` is relative to the folder that was built.

    `dated` is the date of a page as another program wrote it. `day_first` says whether 3/4/2013 is the third of April
    here, `language` is a tag such as "en-GB"; None: not said. `front` are other keys of its front matter. `inside` is
    where in a file with several pages it is: "#page=12", or "#" and its address.
    """

    path: str
    blocks: tuple[Block, ...]
    title: str | None = None
    also_known_as: tuple[str, ...] = ()
    last_updated: PartialDate | None = None
    dated: str | None = None
    written: PartialDate | None = None
    provenance: Provenance = Provenance()
    day_first: bool | None = None
    language: str | None = None
    front: Facets = ()
    warnings: tuple[PageWarning, ...] = ()
    inside: str = ""

    @property
    def unit(self) -> str:
        """What the lines of its blocks count: lines of a text, or pages of a PDF."""
        return "page" if any(block.anchors[:1] == (f"page={block.line}",) for block in self.blocks) else "line"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that the walk met below `root`.

    `skipped` says why it is not meant as a page, `refused` why it cannot be one.
    """

    file: Path
    root: Path
    skipped: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a sheet's reference list: `url` as printed, `identifiers` with its pmid, pmcid or doi."""

    number: int
    text: str
    url: str | None
    identifiers: dict[str, str]
    accessed: PartialDate | None


@dataclass(frozen=True, slots=True)
class Citation:
    """One marker such as [1] in an answer: its span, and the entry it points to (None if there is none)."""

    number: int
    start: int
    end: int
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """A paragraph, list item, table row or inner heading of an answer: a span of its text."""

    kind: BlockKind
    start: int
    end: int
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One question and its answer: the unit of search. `answer` is plain text, its blocks separated by an empty line.

    `shared` are the passages of the answer that occur word for word on many sheets: shown, but not searched. `links`
    are those that lead to other pages, with their spans in the answer. `source_id` is the publisher's own id, `anchor`
    the name of the question's place on the publisher's page.
    """

    id: str
    question: str
    question_type: str | None
    answer: str
    blocks: tuple[AnswerBlock, ...]
    citations: tuple[Citation, ...]
    last_updated: PartialDate | None
    source_id: str | None = None
    anchor: str | None = None
    shared: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()

    def references(self) -> list[Reference]:
        """Return the references that this answer cites, each once, by their own numbers."""
        cited = {citation.number: citation.reference for citation in self.citations}
        return [entry for _, entry in sorted(cited.items()) if entry is not None]


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer as other places list it: what leads to it, and what is said of it there."""

    id: str
    question: str
    question_type: str | None
    last_updated: PartialDate | None
    source: str | None


@dataclass(frozen=True, slots=True)
class SheetHeader:
    """What every answer of a sheet shares: its names, where it came from, when it was written down."""

    id: str
    title: str
    also_known_as: tuple[str, ...]
    provenance: Provenance
    written: PartialDate | None = None
    facets: Facets = ()


@dataclass(frozen=True, slots=True)
class FactSheet:
    """A page understood. `documents` are in reading order and never empty."""

    header: SheetHeader
    references: tuple[Reference, ...]
    documents: tuple[Document, ...]
    warnings: tuple[PageWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """A sheet in the list of all sheets. `answers` is how many it has, `last_updated` the latest date of them."""

    id: str
    title: str
    also_known_as: tuple[str, ...]
    source: str | None
    answers: int
    last_updated: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """A published index. `built_at` is UTC in ISO 8601; `fingerprint` is of schema, analysis and engine.

    `model` is the digest of the model that gave its answers vectors, if they have any.
    """

    number: int
    built_at: str
    documents: int
    fingerprint: str
    model: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An answer that a build would add, change or remove; `sheet` is the title of its sheet."""

    change: Literal["new", "changed", "removed"]
    id: str
    question: str
    sheet: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did with every file it met. `refused` (meant as pages) and `skipped` map a path to the reason.

    `pages` counts every page met: `new`, `changed`, or `unchanged` since the last build and not read for its sake;
    `removed` are pages of the last build that are gone. `rebuilt` says why nothing could be kept of the last build.
    `generation` is the one that serves afterwards; None: none does, or nothing was written on request. `answers` are
    those that would change: only a dry run lists them.
    """

    pages: int
    documents: int
    new: int
    changed: int
    unchanged: int
    removed: int
    rebuilt: str | None
    refused: dict[str, str]
    skipped: dict[str, str]
    warnings: list[str]
    seconds: float
    generation: Generation | None
    answers: tuple[AnswerChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: words and filters. Filters of one kind are alternatives; kinds are combined.

    `facets` are filters by a key of front matter, each with a value. `answer` also asks for the whole first answer if
    it is sure to be right, `likely` for likely results only.
    """

    text: str = ""
    types: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    updated_from: PartialDate | None = None
    updated_to: PartialDate | None = None
    sort: Literal["relevance", "newest", "title"] = "relevance"
    group: Literal["none", "subject"] = "none"
    exact: bool = False
    explain: bool = False
    page: int = 1
    per_page: int = 10
    facets: tuple[tuple[str, str], ...] = ()
    answer: bool = False
    likely: bool = False


@dataclass(frozen=True, slots=True)
class Focus:
    """A subject that a question names: the name as its sheets print it, the words of the question, the sheets."""

    name: str
    matched: str
    sheet_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no document has, and the one that is searched beside it."""

    typed: str
    used: str


@dataclass(frozen=True, slots=True)
class Synonym:
    """Everyday words of a question, and the terms of fact sheets that are searched beside them."""

    typed: str
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A subject that a misspelt word may mean as well as another; nothing is searched for it."""

    name: str
    sheet_id: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A word that counts in a question, as typed, and the terms that may replace it; of several, all in order."""

    typed: str
    alternatives: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was read: what is shown of it, and what can be undone by asking for exactly what was typed.

    `type` is the kind of answer that it asks for. `covered` says whether a sheet about the focus has such an answer;
    None: no subject or no kind was recognised. `phrases` are the terms of quoted phrases. `missing` are the words that
    no document has, `absent` the subjects that are asked about and that no sheet is about.
    """

    concepts: tuple[Concept, ...]
    type: str | None = None
    focus: tuple[Focus, ...] = ()
    covered: bool | None = None
    corrected: tuple[Correction, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    missing: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fragment of an answer. `start`, `marks` and `citations` count in the answer, not in the fragment."""

    text: str
    start: int
    marks: tuple[Span, ...]
    citations: tuple[Citation, ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """What is shown of an answer at once: `document.answer[start:end]`, with spans to mark.

    What comes after `fold` is folded at first. `fold` is `end` if nothing is.
    """

    header: SheetHeader
    document: Document
    start: int
    fold: int
    end: int
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A named part of a score; the values of its parts sum to its own."""

    label: str
    value: float
    parts: "tuple[Explanation, ...]" = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found; `folded` are the others of its subject that were.

    `missing` are the words of the question that it lacks, `lacks` the few of them that matter. `others` are the other
    answers of its sheet in reading order, found or not, `not_covered` the usual kinds of answer
    that the sheet does not have. Of `folded` and `others`, MAX_LISTED are listed; the totals count all.
    """

    header: SheetHeader
    document: Document
    score: float
    snippets: tuple[Snippet, ...]
    words: tuple[str, ...]
    missing: tuple[str, ...]
    matched_name: str | None
    folded: tuple[Listed, ...]
    others: tuple[Listed, ...]
    not_covered: tuple[str, ...]
    explanation: Explanation | None
    folded_total: int = 0
    others_total: int = 0
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with the number of documents that have it, its own facet's filter left out."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be meant by what is typed so far: the name of a subject, or the question of an answer.

    `id` is of the answer, or of the only sheet that has the name; None: several have it. `subject` is the title of the
    sheets that have it as another name; None: it is a title itself, or of several.
    """

    kind: Literal["subject", "answer"]
    text: str
    id: str | None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class CardSheet:
    """A sheet on the card of its subject, with its answers in reading order; `url` is of the page."""

    id: str
    source: str | None
    url: str | None
    answers: tuple[Listed, ...]
    total: int = 0


@dataclass(frozen=True, slots=True)
class CardKind:
    """The answers of one kind on a card, the best first; None: those without a kind."""

    type: str | None
    answers: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A subject that is asked for by its name alone: its names, its sheets, and the usual kinds none answers.

    `overview` says what it is, if a sheet does. `kinds` brings together the answers of all its sheets.
    """

    name: str
    also_known_as: tuple[str, ...]
    sheets: tuple[CardSheet, ...]
    not_covered: tuple[str, ...]
    overview: Passage | None
    kinds: tuple[CardKind, ...]


@dataclass(frozen=True, slots=True)
class ComparedKind:
    """A kind of answer in a comparison, with a passage for each subject; None: its sheets do not have this kind."""

    type: str
    cells: tuple[Passage | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or three subjects side by side, one row for each kind of answer."""

    names: tuple[str, ...]
    rows: tuple[ComparedKind, ...]


@dataclass(frozen=True, slots=True)
class WordTotal:
    """A word of a question, or a phrase in its quotes, and how many answers a search for it alone would find."""

    word: str
    total: int


@dataclass(frozen=True, slots=True)
class WithoutFilter:
    """A value of a filter, by its parameter or "updated", and how many answers there would be without it."""

    parameter: str
    value: str
    total: int


@dataclass(frozen=True, slots=True)
class NearName:
    """A name that is spelt nearly as what was typed; `sheet_id` is of the only sheet that has it, None: several do."""

    name: str
    sheet_id: str | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a search found nothing, and what would be found instead."""

    words: tuple[WordTotal, ...]
    filters: tuple[WithoutFilter, ...]
    near: tuple[NearName, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one search found. Totals are exact; `facets` maps type, source and updated to their values.

    `card` is there on the first page for a question that is nothing but the name of one subject, `nothing` when
    nothing was found. `answer` is the first answer if it is sure to be right, `comparison` is of the subjects that are
    compared. `likely` is how many of the first results are likely, or None if the order is not by relevance. `about` is
    how many answers are about the subjects that were asked about, or None if the first result is not.
    """

    query: Query
    understood: Understood
    hits: tuple[Hit, ...]
    total: int
    total_groups: int | None
    facets: dict[str, list[FacetValue]]
    generation: Generation
    card: Card | None
    nothing: Nothing | None
    answer: Passage | None = None
    comparison: Comparison | None = None
    likely: int | None = None
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the A to Z: a name, and the sheets of one subject that have it.

    `subject` is the title of these sheets where the name is another one; None: it is the title itself. `start` are the
    first two letters of the line, or the first word if that is one letter.
    """

    name: str
    subject: str | None
    sheet_ids: tuple[str, ...]
    start: str


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """What is here of one source; None: not known which. Dates are the oldest and newest known ones."""

    source: str | None
    sheets: int
    answers: int
    oldest: PartialDate | None
    newest: PartialDate | None
    undated: int
    retrieved_from: PartialDate | None
    retrieved_to: PartialDate | None
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is here, from when and from whom, deleted answers left out.

    `kinds` has the kinds of answers in the vocabulary's order, `years` those of the last update, the newest first, each
    with its number of answers; `untyped` and `undated` answers have none.
    """

    sheets: int
    answers: int
    sources: tuple[SourceCoverage, ...]
    kinds: tuple[tuple[str, int], ...]
    untyped: int
    years: tuple[tuple[str, int], ...]
    undated: int
    generation: Generation
