"""Every JSON body, key by key in its order: what /api/v1 answers, and what `factsheets search`, `read`, `check` print.

`presentation.py` builds them and is held to them by mypy; `webui/openapi.py` describes the endpoint by them, a class by
its docstring. Keys are only ever added. None is what nobody knows, or what does not apply. Text is plain, never HTML.
"""

from typing import Annotated, Literal, NotRequired, TypedDict

from msgspec import Meta

from indexer.model import BlockKind

Date = Annotated[
    str,
    Meta(description="An ISO date with the precision that its source gave it.", examples=["2013", "2013-05-01"]),
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


class Subject(TypedDict):
    """What a sheet is about: its title, and the other names that the sheet gives."""

    name: str
    also_known_as: list[str]


class Segment(TypedDict):
    """A piece of a text; joined, the pieces are the text.

    A piece that is `marked` has what was asked for. One that stands for a source, such as "[1]", has the number of its
    reference; a marker whose reference the sheet does not list has none.
    """

    text: str
    marked: bool
    reference: int | None


class Snippet(TypedDict):
    """A fragment of an answer, and whether words were left out before and after it."""

    segments: list[Segment]
    cut_before: bool
    cut_after: bool


class Reference(TypedDict):
    """An entry of a sheet's list of references, under the sheet's own number, with its pmid, pmcid or doi."""

    number: int
    text: str
    url: str | None
    identifiers: dict[str, str]
    accessed: Date | None


class Linked(TypedDict):
    """An answer as other places list it."""

    id: str
    url: Address
    question: str
    type: Kind | None
    last_updated: Date | None
    source: str | None


class Similar(Linked):
    """An answer of another sheet that says nearly the same, and what that sheet is about."""

    subject: str


class Identity(TypedDict):
    """What a result and an answer begin with."""

    id: str
    sheet_id: str
    source: str | None
    source_id: str | None
    url: Address
    source_url: str | None
    subject: Subject
    question: str
    type: Kind | None


class Matched(TypedDict):
    """Why an answer was found: the words of it that were asked for, the name that was, the words that it lacks."""

    words: list[str]
    name: str | None
    missing: list[str]


class Explanation(TypedDict):
    """A named part of a score; the values of its parts sum to its own. Labels may change from version to version."""

    label: str
    value: float
    parts: "list[Explanation]"


class Result(Identity):
    """An answer that was found.

    `references` are those that the answer cites, `folded` the other answers of its subject that were found (with
    `group=subject`), `others` the other answers of its sheet in reading order, `not_covered` the usual kinds of answer
    that its sheet does not have. Scores compare within one search only.
    """

    snippets: list[Snippet]
    last_updated: Date | None
    references: list[Reference]
    matched: Matched
    score: float
    folded: list[Linked]
    others: list[Linked]
    not_covered: list[Kind]
    explanation: Explanation | None


class Focus(TypedDict):
    """A subject that the question names, the words that name it, and its sheets."""

    name: str
    matched: str
    sheet_ids: list[str]


class Correction(TypedDict):
    """A word that no answer has, and the one that is searched beside it."""

    typed: str
    used: str


class Alternative(TypedDict):
    """A subject that a misspelt word may mean as well as another; nothing is searched for it."""

    name: str
    sheet_id: str


class Synonym(TypedDict):
    """Everyday words of the question, and the terms of fact sheets that are searched beside them."""

    typed: str
    used: list[str]


class Understood(TypedDict):
    """How the question was read; `exact=1` has it searched as it was typed.

    `covered` is true where a sheet about the focus has an answer of the kind that was asked for, false where none has,
    and null where no subject or no kind was recognised. `missing` are the words that no answer has.
    """

    type: Kind | None
    focus: list[Focus]
    covered: bool | None
    corrected: list[Correction]
    alternatives: list[Alternative]
    synonyms: list[Synonym]
    missing: list[str]


class Asked(TypedDict):
    """The question as it was typed, and as it was read."""

    text: str
    understood: Understood


class Links(TypedDict):
    """The addresses of this page and of others; null where there is no such page."""

    self: Address
    first: Address
    prev: Address | None
    next: Address | None
    last: Address


class FacetValue(TypedDict):
    """A value that the answers can be filtered by, and how many have it without the filters of its own facet."""

    value: str
    label: str
    count: int
    selected: bool


class Facets(TypedDict):
    """What the answers can be filtered by: `updated` has years, for `updated_from` and `updated_to`."""

    type: list[FacetValue]
    source: list[FacetValue]
    updated: list[FacetValue]


class CardSheet(TypedDict):
    """A sheet about the subject of a card, and its answers in reading order."""

    id: str
    url: Address
    source: str | None
    source_url: str | None
    questions: list[Linked]


class Card(TypedDict):
    """A subject whose name alone was asked for, its sheets, and the usual kinds of answer that none of them has."""

    name: str
    also_known_as: list[str]
    sheets: list[CardSheet]
    not_covered: list[Kind]


class WordTotal(TypedDict):
    """A word or a quoted phrase of the question, and how many answers a search for it alone finds."""

    word: str
    total: int


class WithoutFilter(TypedDict):
    """A filter, by its parameter or "updated", and how many answers there are without it."""

    parameter: str
    value: str
    total: int


class NearName(TypedDict):
    """A name spelt nearly as what was typed; `sheet_id` is null where several sheets have it."""

    name: str
    sheet_id: str | None


class Nothing(TypedDict):
    """Why nothing was found, and what would be found instead."""

    words: list[WordTotal]
    filters: list[WithoutFilter]
    near: list[NearName]


class Index(TypedDict):
    """The index that answered: its number, when it was built (UTC), and how many answers it has."""

    generation: int
    built_at: str
    documents: int


class Search(TypedDict):
    """A page of results. `total` counts answers, `total_groups` subjects (with `group=subject`), `pages` both ways.

    `card` is there on the first page for a question that is nothing but a name, `nothing` where nothing was found.
    """

    query: Asked
    total: int
    total_groups: int | None
    page: int
    per_page: int
    pages: int
    links: Links
    facets: Facets
    card: Card | None
    nothing: Nothing | None
    results: list[Result]
    index: Index


class Suggestion(TypedDict):
    """What may be meant: a name or a question, and its page. `subject` is the title of a sheet with another name."""

    kind: Literal["subject", "answer"]
    text: str
    url: Address
    subject: str | None


class Suggestions(TypedDict):
    """What may be meant by what is typed so far, names first; eight at most."""

    suggestions: list[Suggestion]


class Block(TypedDict):
    """A paragraph, list item, table row or heading of an answer.

    `ordinal` is the printed number of a list item. `shared`: many sheets here have these words.
    """

    kind: BlockKind
    ordinal: int | None
    shared: bool
    segments: list[Segment]


class AnswerText(TypedDict):
    """The whole text of an answer."""

    blocks: list[Block]


class Answer(Identity):
    """A whole answer, the references that it cites, its neighbours on its sheet, similar answers of other sheets."""

    answer: AnswerText
    last_updated: Date | None
    references: list[Reference]
    previous: Linked | None
    next: Linked | None
    similar: list[Similar]


class ListedSheet(TypedDict):
    """A sheet in the list of all; `answers` is how many it has."""

    id: str
    url: Address
    subject: Subject
    source: str | None
    answers: int


class Sheets(TypedDict):
    """A page of all sheets in the order of their titles, A to Z; `total` counts sheets."""

    total: int
    page: int
    per_page: int
    pages: int
    links: Links
    sheets: list[ListedSheet]
    index: Index


class Sheet(TypedDict):
    """A fact sheet: its questions in reading order, the usual kinds of answer that it lacks, all its references."""

    id: str
    url: Address
    subject: Subject
    source: str | None
    source_url: str | None
    retrieved: Date | None
    licence: str | None
    questions: list[Linked]
    not_covered: list[Kind]
    references: list[Reference]


class Live(TypedDict):
    """The service runs."""

    status: Literal["live"]


class Ready(TypedDict):
    """The service has an index to answer from.

    While `damaged`, what was published last cannot be used; the generation before it answers, and the log says why.
    """

    status: Literal["ready"]
    index: Index
    damaged: bool


class Fault(TypedDict):
    """A parameter, and what is wrong with it."""

    parameter: str
    detail: str


class Problem(TypedDict):
    """Why there is no answer, as RFC 9457 has it. `type` leads to a page about problems of this kind.

    `errors` lists every fault of the parameters.
    """

    type: Address
    title: str
    status: int
    detail: str
    instance: str
    errors: NotRequired[list[Fault]]


class RolledBack(TypedDict):
    """What `factsheets rollback --json` prints: the index that answers from now on, and the generation that did."""

    index: Index
    instead_of: int


class Use(TypedDict):
    """A marker such as [1] in an answer; `start` and `end` count Unicode code points."""

    number: int
    start: int
    end: int


class ReadDocument(TypedDict):
    """A question and its answer as the indexer sees them; blocks are parted by a blank line."""

    id: str
    source_id: str | None
    question: str
    question_type: Kind | None
    answer: str
    last_updated: Date | None
    citations: list[Use]


class ReadSheet(TypedDict):
    """What the indexer sees in one page: the body of `factsheets read --json`."""

    title: str
    also_known_as: list[str]
    source: str | None
    url: str | None
    retrieved: Date | None
    licence: str | None
    documents: list[ReadDocument]
    references: list[Reference]
    warnings: list[str]


class Finding(TypedDict):
    """What a rule of `factsheets check` found: the file, its line (null where it is not known), and what is wrong."""

    file: str
    line: int | None
    rule: str
    severity: Literal["error", "warning"]
    message: str


class SwitchedOff(Finding):
    """What was found by a rule that is switched off there, and for what reason."""

    reason: str


class Check(TypedDict):
    """What is wrong with some pages: the body of `factsheets check --json`. `pages` is how many there are."""

    pages: int
    findings: list[Finding]
    switched_off: list[SwitchedOff]
