"""Every JSON body, key by key: the answers of /api/v1, and the output of `factsheets … --json`.

`presentation.py` makes them, templates show them, and `webui/openapi.py` describes them by their docstrings. Parts that
equal a class of `model.py` are that class. Keys are only ever added. None means not known, or not applicable. Text is
plain, never HTML.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from indexer.model import (
    Alternative,
    BlockKind,
    Correction,
    Explanation,
    FacetValue,
    Focus,
    NearName,
    Nothing,
    PartialDate,
    Reference,
    Synonym,
    WithoutFilter,
    WordTotal,
)

__all__ = ["Alternative", "Explanation", "FacetValue", "Focus", "NearName", "Reference", "WithoutFilter", "WordTotal"]

Date = Annotated[
    PartialDate,
    Meta(description="An ISO date with the precision that its source gave.", examples=["2013", "2013-05-01"]),
]
Kind = Annotated[
    str, Meta(description="A kind of answer: a value of the parameter `type`.", examples=["treatment", "inheritance"])
]
Address = Annotated[
    str,
    Meta(
        description="An address on this site, without scheme and host.",
        examples=["/answers/gard-hartnup-disease-3f2a9c1d.5e6f7a8b"],
    ),
]


class Subject(Struct, frozen=True):
    """What a sheet is about: its title and its other names."""

    name: str
    also_known_as: tuple[str, ...]


class Segment(Struct, frozen=True):
    """A piece of a text. Joined, the pieces are the text.

    A `marked` piece matches the question. A citation marker such as "[1]" has the number of its reference, or null if
    the sheet does not list it. A piece of a link has the `url` that it leads to.
    """

    text: str
    marked: bool
    reference: int | None
    url: str | None = None


class Snippet(Struct, frozen=True):
    """A fragment of an answer. `cut_before` and `cut_after`: whether the answer has more text there."""

    segments: list[Segment]
    cut_before: bool
    cut_after: bool


class Linked(Struct, frozen=True):
    """A short entry for an answer, as it appears in lists."""

    id: str
    url: Address
    question: str
    type: Kind | None
    last_updated: Date | None
    source: str | None


class Similar(Linked, frozen=True):
    """An answer of another sheet that says nearly the same, and the subject of that sheet."""

    subject: str


class Identity(Struct, frozen=True):
    """The keys that a result and an answer begin with."""

    id: str
    sheet_id: str
    source: str | None
    source_id: str | None
    url: Address
    source_url: str | None
    subject: Subject
    question: str
    type: Kind | None


class Matched(Struct, frozen=True):
    """Why an answer was found.

    `words` are words of the question that it contains, `missing` those that it lacks, `name` the name that matched.
    `lacks` are the few words of `missing` that matter.
    """

    words: tuple[str, ...]
    name: str | None
    missing: tuple[str, ...]
    lacks: tuple[str, ...]


class Block(Struct, frozen=True):
    """A paragraph, list item, table row or heading of an answer.

    `ordinal` is the printed number of a list item. `shared`: many sheets here contain the same text.
    """

    kind: BlockKind
    ordinal: int | None
    shared: bool
    segments: list[Segment]


class Passage(Linked, frozen=True):
    """The beginning of an answer, or all of it, with the references that it cites.

    `blocks` are about the first 120 words, up to the end of a sentence, and `more` is the rest of the passage.
    `complete`: the answer ends where the passage ends.
    """

    source_url: str | None
    blocks: list[Block]
    more: list[Block]
    complete: bool
    references: list[Reference]


class Result(Identity, frozen=True):
    """An answer that was found.

    `references` are the ones that the answer cites. `folded` are the other matching answers about its subject (with
    `group=subject`). `others` are the other answers of its sheet, in reading order. `not_covered` are the usual kinds
    of answer that the sheet lacks. Of `folded` and `others` the first are listed; the totals count all, and the address
    of the sheet lists them. Compare scores only within one search. `answer` is the text of the first answer, with
    `answer=1`, if it is sure to be of the subject and of the kind that the question asks for.
    """

    snippets: list[Snippet]
    last_updated: Date | None
    references: list[Reference]
    matched: Matched
    score: float
    folded: list[Linked]
    others: list[Linked]
    not_covered: tuple[Kind, ...]
    explanation: Explanation | None
    folded_total: int
    others_total: int
    answer: Passage | None


class Understood(Struct, frozen=True):
    """How the question was read. `exact=1` searches for it as typed.

    `covered` is true if a sheet about the focus has an answer of the requested kind, and false if none has. It is null
    if no subject or no kind was recognised. `missing` are words that occur in no answer, `absent` subjects that no
    fact sheet is about.
    """

    type: Kind | None
    focus: tuple[Focus, ...]
    covered: bool | None
    corrected: tuple[Correction, ...]
    alternatives: tuple[Alternative, ...]
    synonyms: tuple[Synonym, ...]
    missing: tuple[str, ...]
    absent: tuple[str, ...]


class Asked(Struct, frozen=True):
    """The question as typed, and how it was read."""

    text: str
    understood: Understood


class Links(Struct, frozen=True):
    """The addresses of this page of the list and of others. Null: there is no such page."""

    self: Address
    first: Address
    prev: Address | None
    next: Address | None
    last: Address


class CardSheet(Struct, frozen=True):
    """A sheet about the subject of a card, and its first answers in reading order. `total` counts all its answers."""

    id: str
    url: Address
    source: str | None
    source_url: str | None
    questions: list[Linked]
    total: int


class CardKind(Struct, frozen=True):
    """The answers of one kind about the subject of a card, from all its sheets, the best first."""

    type: Kind | None
    answers: list[Linked]


class Card(Struct, frozen=True):
    """The subject of a question that is nothing but a name: its sheets, and the usual kinds that they all lack.

    `overview` says what the subject is, if a sheet does.
    """

    name: str
    also_known_as: tuple[str, ...]
    sheets: list[CardSheet]
    not_covered: tuple[Kind, ...]
    overview: Passage | None
    kinds: list[CardKind]


class ComparedKind(Struct, frozen=True):
    """A kind of answer in a comparison: a passage about each subject, or null if its sheets do not have this kind."""

    type: Kind
    cells: list[Passage | None]


class Comparison(Struct, frozen=True):
    """The subjects that a question compares, and a row for each kind of answer."""

    names: tuple[str, ...]
    rows: list[ComparedKind]


class Index(Struct, frozen=True):
    """The index that answered: its generation number, when it was built (UTC), and its number of answers."""

    generation: int
    built_at: str
    documents: int


class Search(Struct, frozen=True):
    """A page of results.

    `total` counts answers and `total_groups` subjects (with `group=subject`); `pages` follows the grouping. `facets`
    has the values that answers can be filtered by, under the name of the filter; `updated` lists years, for
    `updated_from` and `updated_to`. `card` is set on the first page if the question is nothing but a name. `nothing` is
    set if nothing was found. `comparison` is set on the first page if the question compares subjects. `likely` is the
    number of the first results that are likely, null if they are not sorted by relevance; with `likely=1`, `pages`
    counts only these. `about` is the number of answers about the subjects that the question names, null if the first
    result is about another one.
    """

    query: Asked
    total: int
    total_groups: int | None
    page: int
    per_page: int
    pages: int
    links: Links
    facets: dict[str, list[FacetValue]]
    card: Card | None
    nothing: Nothing | None
    results: list[Result]
    index: Index
    comparison: Comparison | None
    likely: int | None
    about: int | None


class Suggestion(Struct, frozen=True):
    """A name or a question that completes the typed text, and its page.

    `subject` is the title of the sheet if `text` is another name of its subject.
    """

    kind: Literal["subject", "answer"]
    text: str
    url: Address
    subject: str | None


class Suggestions(Struct, frozen=True):
    """At most eight completions of the typed text, names first."""

    suggestions: list[Suggestion]


class AnswerText(Struct, frozen=True):
    """The whole text of an answer."""

    blocks: list[Block]


class Answer(Identity, frozen=True):
    """A whole answer, its references, its neighbours on the sheet, and similar answers of other sheets.

    A very long answer has several pages: `page` of `pages`.
    """

    answer: AnswerText
    last_updated: Date | None
    references: list[Reference]
    previous: Linked | None
    next: Linked | None
    similar: list[Similar]
    page: int
    pages: int


class ListedSheet(Struct, frozen=True):
    """A sheet in the list of all sheets. `answers` is the number of its answers, `last_updated` their latest date."""

    id: str
    url: Address
    subject: Subject
    source: str | None
    answers: int
    last_updated: Date | None


class Sheets(Struct, frozen=True):
    """A page of all sheets, ordered by title. `total` counts sheets."""

    total: int
    page: int
    per_page: int
    pages: int
    links: Links
    sheets: list[ListedSheet]
    index: Index


class Sheet(Struct, frozen=True):
    """A fact sheet: its questions in reading order, the usual kinds of answer that it lacks, and all its references.

    `written` is when the sheet was written; the date of an answer is when its facts were last updated. The questions
    and references of a very large sheet have several pages: `page` of `pages`. `answers` is the number of its answers.
    """

    id: str
    url: Address
    subject: Subject
    source: str | None
    source_url: str | None
    retrieved: Date | None
    licence: str | None
    questions: list[Linked]
    not_covered: tuple[Kind, ...]
    references: tuple[Reference, ...]
    written: Date | None
    answers: int
    page: int
    pages: int


class Live(Struct, frozen=True):
    """The service is running."""

    status: Literal["live"] = "live"


class Ready(Struct, frozen=True):
    """The service has an index to search.

    `damaged`: the latest index cannot be used, so the one before it answers. The log has the reason.
    """

    status: Literal["ready"]
    index: Index
    damaged: bool


class Fault(Struct, frozen=True):
    """A parameter, and what is wrong with it."""

    parameter: str
    detail: str


class Problem(Struct, frozen=True):
    """Why the request failed, as defined by RFC 9457. `type` is the address of a page that explains the problem.

    `errors` lists everything that is wrong with the parameters.
    """

    type: Address
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] | UnsetType = UNSET


class RolledBack(Struct, frozen=True):
    """Output of `factsheets rollback --json`: the index that answers from now on, and the generation it replaces."""

    index: Index
    instead_of: int


class Marker(Struct, frozen=True):
    """A citation marker such as [1]. `start` and `end` are offsets into the answer, in Unicode code points."""

    number: int
    start: int
    end: int


class ReadDocument(Struct, frozen=True):
    """A question with its answer as plain text. An empty line separates the blocks of the answer."""

    id: str
    source_id: str | None
    question: str
    question_type: Kind | None
    answer: str
    last_updated: Date | None
    citations: list[Marker]


class ReadSheet(Struct, frozen=True):
    """Output of `factsheets read --json`: what the indexer sees in a file, before it has an address on a site."""

    title: str
    also_known_as: tuple[str, ...]
    source: str | None
    url: str | None
    retrieved: Date | None
    licence: str | None
    documents: list[ReadDocument]
    references: tuple[Reference, ...]
    warnings: tuple[str, ...]


class Finding(Struct, frozen=True):
    """A problem that `factsheets check` found in a file. `line` is null if it is not known."""

    file: str
    line: int | None
    rule: str
    severity: Literal["error", "warning"]
    message: str


class SwitchedOff(Finding, frozen=True):
    """A finding of a rule that is switched off for this file, with the reason."""

    reason: str


class Check(Struct, frozen=True):
    """Output of `factsheets check --json`. `pages` is how many pages were checked."""

    pages: int
    findings: list[Finding]
    switched_off: list[SwitchedOff]
