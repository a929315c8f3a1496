"""Results -> bodies, for the API, the command line and the page. `bodies.py` has their keys.

`addresses` makes the addresses in a body.
"""

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from indexer.exchange import bodies
from indexer.exchange.addresses import DEFAULTS, PAGE_PATH, SEARCH_PATH, SHEETS_PATH, Addresses, SearchAddresses
from indexer.model import (
    Card,
    Citation,
    Comparison,
    Document,
    FactSheet,
    Generation,
    Hit,
    Link,
    Listed,
    ListedSheet,
    Passage,
    Query,
    Results,
    SheetHeader,
    Span,
    Suggestion,
)
from indexer.settings import PART_CHARS, SHEET_ANSWERS, SHEET_CHARS, SHEET_QUESTIONS

_BELOW_ROOT = Addresses()


def search_body(results: Results, addresses: Addresses = _BELOW_ROOT) -> bodies.Search:
    """Return the body of /api/v1/search."""
    query, read = results.query, results.understood
    count = results.total if results.total_groups is None else results.total_groups
    count = results.likely if query.likely and results.likely is not None else count
    understood = bodies.Understood(
        type=read.type,
        focus=read.focus,
        covered=read.covered,
        corrected=read.corrected,
        alternatives=read.alternatives,
        synonyms=read.synonyms,
        missing=read.missing,
        absent=read.absent,
    )
    return bodies.Search(
        query=bodies.Asked(query.text, understood),
        total=results.total,
        total_groups=results.total_groups,
        page=query.page,
        per_page=query.per_page,
        pages=_pages(count, query),
        links=_links(count, query, SEARCH_PATH, addresses),
        facets=results.facets,
        card=_card(results.card, addresses) if results.card else None,
        nothing=results.nothing,
        results=[_result(hit, addresses, None if place else results.answer) for place, hit in enumerate(results.hits)],
        index=index_body(results.generation),
        comparison=_comparison(results.comparison, addresses) if results.comparison else None,
        likely=results.likely,
        about=results.about,
    )


def index_body(generation: Generation) -> bodies.Index:
    """Return what a body says about the index that answered."""
    return bodies.Index(generation.number, generation.built_at, generation.documents)


def suggest_body(suggestions: Iterable[Suggestion], addresses: Addresses = _BELOW_ROOT) -> bodies.Suggestions:
    """Return the body of /api/v1/suggest. A name of several sheets leads to a search for it."""

    def address(suggestion: Suggestion) -> str:
        if suggestion.id is None:
            return addresses.search(dataclasses.replace(DEFAULTS[PAGE_PATH], text=suggestion.text))
        return addresses.answer(suggestion.id) if suggestion.kind == "answer" else addresses.sheet(suggestion.id)

    return bodies.Suggestions(
        [
            bodies.Suggestion(suggestion.kind, suggestion.text, address(suggestion), suggestion.subject)
            for suggestion in suggestions
        ]
    )


def answer_body(
    sheet: FactSheet,
    document: Document,
    similar: Iterable[tuple[SheetHeader, Document]] = (),
    marks: Sequence[Span] = (),
    addresses: Addresses = _BELOW_ROOT,
    page: int = 1,
) -> bodies.Answer:
    """Return the body of /api/v1/answers/{id}: an answer, its neighbours on the sheet, and similar answers.

    `marks` are the spans of the answer to mark, in order. `page` is the part of a long answer, from 1.
    """
    parts = part_spans(document)
    number, source = sheet.documents.index(document), sheet.header.provenance.source
    before, after = sheet.documents[max(number - 1, 0) : number], sheet.documents[number + 1 : number + 2]
    return bodies.Answer(
        **_identity(sheet.header, document, addresses),
        answer=bodies.AnswerText(_blocks(document, marks, parts[page - 1]) if page <= len(parts) else []),
        last_updated=document.last_updated,
        references=document.references(),
        previous=_linked(before[0], source, addresses) if before else None,
        next=_linked(after[0], source, addresses) if after else None,
        similar=[
            bodies.Similar(**_link_keys(other, header.provenance.source, addresses), subject=header.title)
            for header, other in similar
        ],
        page=page,
        pages=len(parts),
    )


def part_spans(document: Document) -> list[Span]:
    """Return the spans of the parts of an answer: whole blocks of up to PART_CHARS, or pieces of a longer block."""
    starts, cuts = [block.start for block in document.blocks], [0]
    while len(document.answer) - cuts[-1] > PART_CHARS:
        limit = cuts[-1] + PART_CHARS
        candidates = [starts[bisect_right(starts, limit) - 1], document.answer.rfind(" ", cuts[-1], limit) + 1, limit]
        cuts.append(next(cut for cut in candidates if cut > cuts[-1]))
    return list(pairwise([*cuts, len(document.answer)]))


def sheet_pages(sheet: FactSheet) -> list[range]:
    """Return the answers on each page of a sheet, by their numbers, so that no page is too large."""
    starts, chars = [0], 0
    for number, document in enumerate(sheet.documents):
        chars += min(len(document.answer), PART_CHARS)
        if number > starts[-1] and (chars > SHEET_CHARS or number - starts[-1] >= SHEET_ANSWERS):
            starts.append(number)
            chars = min(len(document.answer), PART_CHARS)
    return [range(*ends) for ends in pairwise([*starts, len(sheet.documents)])]


def sheets_body(
    sheets: Iterable[ListedSheet],
    total: int,
    query: Query,
    generation: Generation,
    addresses: Addresses = _BELOW_ROOT,
) -> bodies.Sheets:
    """Return the body of /api/v1/sheets: the sheets on the query's page, out of `total`."""
    return bodies.Sheets(
        total=total,
        page=query.page,
        per_page=query.per_page,
        pages=_pages(total, query),
        links=_links(total, query, SHEETS_PATH, addresses),
        sheets=[
            bodies.ListedSheet(
                sheet.id, addresses.sheet(sheet.id), _subject(sheet), sheet.source, sheet.answers, sheet.last_updated
            )
            for sheet in sheets
        ],
        index=index_body(generation),
    )


def sheet_body(
    sheet: FactSheet, not_covered: tuple[str, ...], addresses: Addresses = _BELOW_ROOT, page: int = 1
) -> bodies.Sheet:
    """Return the body of /api/v1/sheets/{id}: its questions, and the usual kinds of answer that it lacks."""
    shown = slice((page - 1) * SHEET_QUESTIONS, page * SHEET_QUESTIONS)
    longest = max(len(sheet.documents), len(sheet.references))
    header, origin = sheet.header, sheet.header.provenance
    return bodies.Sheet(
        id=header.id,
        url=addresses.sheet(header.id),
        subject=_subject(header),
        source=origin.source,
        source_url=origin.url,
        retrieved=origin.retrieved,
        licence=origin.licence,
        questions=[_linked(document, origin.source, addresses) for document in sheet.documents[shown]],
        not_covered=not_covered,
        references=sheet.references[shown],
        written=header.written,
        answers=len(sheet.documents),
        page=page,
        pages=max(1, -(-longest // SHEET_QUESTIONS)),
    )


def read_body(sheet: FactSheet) -> bodies.ReadSheet:
    """Return the body of `factsheets read --json`: what the indexer sees in one page."""
    header, origin = sheet.header, sheet.header.provenance
    return bodies.ReadSheet(
        title=header.title,
        also_known_as=header.also_known_as,
        source=origin.source,
        url=origin.url,
        retrieved=origin.retrieved,
        licence=origin.licence,
        documents=[
            bodies.ReadDocument(
                id=document.id,
                source_id=document.source_id,
                question=document.question,
                question_type=document.question_type,
                answer=document.answer,
                last_updated=document.last_updated,
                citations=[bodies.Marker(marker.number, marker.start, marker.end) for marker in document.citations],
            )
            for document in sheet.documents
        ],
        references=sheet.references,
        warnings=tuple(map(str, sheet.warnings)),
    )


def segments(
    text: str, start: int, marks: Iterable[Span], citations: Iterable[Citation], links: Sequence[Link] = ()
) -> list[bodies.Segment]:
    """Return a text cut into segments at its marks, citation markers and links. Joined, the segments are the text.

    The text begins at offset `start` of the answer, in which `marks` and `citations` are counted; those outside the
    text are ignored. A marker without an entry has no reference. Each number of `[1,3]` leads to its own reference.
    """
    end = start + len(text)
    pieces = sorted([*((*mark, True, None) for mark in marks), *_markers(text, start, citations)])
    parts: list[bodies.Segment] = []
    offset = start
    for first, last, marked, reference in [*pieces, (end, end, False, None)]:
        if offset <= first and last <= end:
            parts.append(bodies.Segment(text[offset - start : first - start], marked=False, reference=None))
            parts.append(bodies.Segment(text[first - start : last - start], marked, reference))
            offset = last
    parts = [part for part in parts if part.text]
    low, high = (bisect_left(links, offset, key=lambda link: link.start) for offset in (start, end))
    inside = [link for link in links[low:high] if link.end <= end]
    return [*_cut_at_links(parts, start, inside)] if inside else parts


def _cut_at_links(parts: Iterable[bodies.Segment], start: int, links: Sequence[Link]) -> Iterator[bodies.Segment]:
    """Yield segments, which begin at an offset, cut where links begin and end, each with the address it leads to."""
    waiting = deque(links)  # in order, as the segments are
    for part in parts:
        offset, end = start, start + len(part.text)
        while offset < end:
            while waiting and waiting[0].end <= offset:
                waiting.popleft()
            link = waiting[0] if waiting and waiting[0].start <= offset else None
            edge = min(end, link.end if link else waiting[0].start if waiting else end)
            url = link.url if link and part.reference is None else None
            yield replace(part, text=part.text[offset - start : edge - start], url=url)
            offset = edge
        start = end


def _pages(count: int, query: Query) -> int:
    return max(1, -(-count // query.per_page))


def _links(count: int, query: Query, path: str, addresses: Addresses) -> bodies.Links:
    pages, page, to = _pages(count, query), query.page, SearchAddresses(query, path, addresses.base).to
    return bodies.Links(
        self=to(page),
        first=to(),
        prev=to(min(page - 1, pages)) if page > 1 else None,
        next=to(page + 1) if page < pages else None,
        last=to(pages),
    )


def _subject(header: SheetHeader | ListedSheet) -> bodies.Subject:
    return bodies.Subject(header.title, header.also_known_as)


def _with_anchor(url: str | None, anchor: str | None) -> str | None:
    """Return the URL of the publisher's page, at the question if it has an anchor there."""
    base = url.partition("#page=")[0] if url and anchor and anchor.startswith("page=") else url
    return f"{base}#{quote(anchor, safe='=')}" if base and anchor and "#" not in base else url


def _markers(text: str, start: int, citations: Iterable[Citation]) -> Iterator[tuple[int, int, bool, int | None]]:
    """Yield the span and the reference of each citation marker, or of each number in a marker such as [1,3]."""
    for (first, last), sharing in groupby(citations, lambda citation: (citation.start, citation.end)):
        entries = {marker.number: marker.reference.number if marker.reference else None for marker in sharing}
        if len(entries) == 1:
            yield first, last, False, next(iter(entries.values()))
            continue
        for number in re.finditer(r"\d+", text[max(first - start, 0) : max(last - start, 0)]):
            yield first + number.start(), first + number.end(), False, entries.get(int(number[0]))


def _blocks(document: Document, marks: Sequence[Span], part: Span) -> list[bodies.Block]:
    """Return the blocks in a part of an answer. Paragraphs are split where a shared passage begins or ends."""
    edges = sorted({edge for passage in document.shared for edge in passage})
    blocks: list[bodies.Block] = []
    for block in document.blocks:
        inside = [edge for edge in edges if block.start < edge < block.end] if block.kind == "paragraph" else []
        for first, last in pairwise([block.start, *inside, block.end]):
            start, end = max(first, part[0]), min(last, part[1])
            if start >= end:
                continue
            text = document.answer[start:end]
            start += len(text) - len(text.lstrip())
            shared = any(shared_start <= start and end <= shared_end for shared_start, shared_end in document.shared)
            marked = marks[bisect_left(marks, (start,)) : bisect_left(marks, (end,))]
            parts = segments(text.strip(), start, marked, document.citations, document.links)
            if parts or not inside:
                blocks.append(bodies.Block(block.kind, block.ordinal, shared, parts))
    return blocks


def _passage(passage: Passage | None, addresses: Addresses) -> bodies.Passage | None:
    if passage is None:
        return None
    document, origin = passage.document, passage.header.provenance
    cited = {use.number for use in document.citations if passage.start <= use.start < passage.end}
    return bodies.Passage(
        **_link_keys(document, origin.source, addresses),
        source_url=_with_anchor(origin.url, document.anchor),
        blocks=_blocks(document, passage.marks, (passage.start, passage.fold)),
        more=_blocks(document, passage.marks, (passage.fold, passage.end)),
        complete=passage.end == len(document.answer),
        references=[entry for entry in document.references() if entry.number in cited],
    )


def _comparison(comparison: Comparison, addresses: Addresses) -> bodies.Comparison:
    rows = [bodies.ComparedKind(row.type, [_passage(cell, addresses) for cell in row.cells]) for row in comparison.rows]
    return bodies.Comparison(comparison.names, rows)


def _result(hit: Hit, addresses: Addresses, answer: Passage | None = None) -> bodies.Result:
    return bodies.Result(
        **_identity(hit.header, hit.document, addresses),
        snippets=[
            bodies.Snippet(
                segments(snippet.text, snippet.start, snippet.marks, snippet.citations, hit.document.links),
                snippet.cut_before,
                snippet.cut_after,
            )
            for snippet in hit.snippets
        ],
        last_updated=hit.document.last_updated,
        references=hit.document.references(),
        matched=bodies.Matched(hit.words, hit.matched_name, hit.missing, hit.lacks),
        score=hit.score,
        folded=[_linked(other, other.source, addresses) for other in hit.folded],
        others=[_linked(other, other.source, addresses) for other in hit.others],
        not_covered=hit.not_covered,
        explanation=hit.explanation,
        folded_total=hit.folded_total,
        others_total=hit.others_total,
        answer=_passage(answer, addresses),
    )


def _card(card: Card, addresses: Addresses) -> bodies.Card:
    return bodies.Card(
        name=card.name,
        also_known_as=card.also_known_as,
        sheets=[
            bodies.CardSheet(
                id=sheet.id,
                url=addresses.sheet(sheet.id),
                source=sheet.source,
                source_url=sheet.url,
                questions=[_linked(answer, answer.source, addresses) for answer in sheet.answers],
                total=sheet.total,
            )
            for sheet in card.sheets
        ],
        not_covered=card.not_covered,
        overview=_passage(card.overview, addresses),
        kinds=[
            bodies.CardKind(kind.type, [_linked(answer, answer.source, addresses) for answer in kind.answers])
            for kind in card.kinds
        ],
    )


def _identity(header: SheetHeader, document: Document, addresses: Addresses) -> dict[str, Any]:
    """Return the keys that a result and an answer begin with."""
    return {
        "id": document.id,
        "sheet_id": header.id,
        "source": header.provenance.source,
        "source_id": document.source_id,
        "url": addresses.answer(document.id),
        "source_url": _with_anchor(header.provenance.url, document.anchor),
        "subject": _subject(header),
        "question": document.question,
        "type": document.question_type,
    }


def _linked(document: Document | Listed, source: str | None, addresses: Addresses) -> bodies.Linked:
    return bodies.Linked(**_link_keys(document, source, addresses))


def _link_keys(document: Document | Listed, source: str | None, addresses: Addresses) -> dict[str, Any]:
    return {
        "id": document.id,
        "url": addresses.answer(document.id),
        "question": document.question,
        "type": document.question_type,
        "last_updated": document.last_updated,
        "source": source,
    }
