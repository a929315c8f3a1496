"""Results -> the one JSON-ready body, for the endpoint, the command line and the page.

What stands in each body, and in which order, says `bodies.py`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import quote

from msgspec import to_builtins

from indexer import bodies
from indexer.model import (
    Card,
    Citation,
    Document,
    FactSheet,
    Generation,
    Hit,
    Listed,
    ListedSheet,
    Query,
    Results,
    SheetHeader,
    Span,
    Suggestion,
    Understood,
)
from indexer.parameters import DEFAULT_GROUP, SEARCH_PATH, SHEETS_PATH, Addresses, search_url

#: A body whose keys nobody is held to.
Body = dict[str, Any]


def search_body(results: Results) -> bodies.Search:
    """Return the body of /api/v1/search."""
    query = results.query
    count = results.total if results.total_groups is None else results.total_groups
    return {
        "query": {"text": query.text, "understood": _understood(results.understood)},
        "total": results.total,
        "total_groups": results.total_groups,
        "page": query.page,
        "per_page": query.per_page,
        "pages": _pages(count, query),
        "links": _links(count, query, SEARCH_PATH),
        "facets": to_builtins(results.facets),
        "card": _card(results.card) if results.card else None,
        "nothing": to_builtins(results.nothing),
        "results": [_result(hit) for hit in results.hits],
        "index": index_body(results.generation),
    }


def index_body(generation: Generation) -> bodies.Index:
    """Return what a body says of the index that answered."""
    return {"generation": generation.number, "built_at": generation.built_at, "documents": generation.documents}


def suggest_body(suggestions: Iterable[Suggestion]) -> bodies.Suggestions:
    """Return the body of /api/v1/suggest. A name that several sheets have leads to the search for it."""
    return {
        "suggestions": [
            {"kind": one.kind, "text": one.text, "url": _target(one), "subject": one.subject} for one in suggestions
        ]
    }


def answer_body(
    sheet: FactSheet,
    document: Document,
    similar: Iterable[tuple[SheetHeader, Document]] = (),
    marks: Sequence[Span] = (),
) -> bodies.Answer:
    """Return the body of /api/v1/answers/{id}: one answer, its neighbours on the sheet, similar ones on others.

    `marks` are the words of the answer to mark, in order.
    """
    place = sheet.documents.index(document)
    linked = [_linked(other, sheet.header.provenance.source) for other in sheet.documents]
    return {
        **_identity(sheet.header, document),
        "answer": {"blocks": _blocks(document, marks)},
        "last_updated": document.last_updated,
        "references": to_builtins(document.references()),
        "previous": linked[place - 1] if place else None,
        "next": linked[place + 1] if place + 1 < len(linked) else None,
        "similar": [{**_linked(other, header.provenance.source), "subject": header.title} for header, other in similar],
    }


def sheets_body(sheets: Iterable[ListedSheet], total: int, query: Query, generation: Generation) -> bodies.Sheets:
    """Return the body of /api/v1/sheets: the sheets of the page that a query names, of `total`."""
    return {
        "total": total,
        "page": query.page,
        "per_page": query.per_page,
        "pages": _pages(total, query),
        "links": _links(total, query, SHEETS_PATH),
        "sheets": [
            {
                "id": sheet.id,
                "url": f"/sheets/{sheet.id}",
                "subject": _subject(sheet),
                "source": sheet.source,
                "answers": sheet.answers,
            }
            for sheet in sheets
        ],
        "index": index_body(generation),
    }


def contents_body(sheet: FactSheet, not_covered: Iterable[str]) -> bodies.Sheet:
    """Return the body of /api/v1/sheets/{id}: what a sheet answers, and the usual kinds of answer that it lacks."""
    header, origin = sheet.header, sheet.header.provenance
    return {
        "id": header.id,
        "url": f"/sheets/{header.id}",
        "subject": _subject(header),
        "source": origin.source,
        "source_url": origin.url,
        "retrieved": origin.retrieved,
        "licence": origin.licence,
        "questions": [_linked(document, origin.source) for document in sheet.documents],
        "not_covered": list(not_covered),
        "references": to_builtins(sheet.references),
    }


def sheet_body(sheet: FactSheet) -> bodies.ReadSheet:
    """Return the body of `factsheets read --json`: what the indexer sees in one page."""
    header, origin = sheet.header, sheet.header.provenance
    return {
        "title": header.title,
        "also_known_as": list(header.also_known_as),
        "source": origin.source,
        "url": origin.url,
        "retrieved": origin.retrieved,
        "licence": origin.licence,
        "documents": [
            {
                "id": document.id,
                "source_id": document.source_id,
                "question": document.question,
                "question_type": document.question_type,
                "answer": document.answer,
                "last_updated": document.last_updated,
                "citations": [{"number": c.number, "start": c.start, "end": c.end} for c in document.citations],
            }
            for document in sheet.documents
        ],
        "references": to_builtins(sheet.references),
        "warnings": list(sheet.warnings),
    }


def segments(text: str, start: int, marks: Iterable[Span], citations: Iterable[Citation]) -> list[bodies.Segment]:
    """Return a text cut at its marks and markers: pieces that join to it, each marked or leading to a reference.

    `marks` and `citations` count from the beginning of the answer, where the text begins at `start`; those outside
    the text are passed over. A marker without an entry has no reference; each number of `[1,3]` leads to its own.
    """
    end = start + len(text)
    pieces = sorted([*((*mark, True, None) for mark in marks), *_markers(text, start, citations)])
    found: list[bodies.Segment] = []
    at = start
    for first, last, marked, reference in [*pieces, (end, end, False, None)]:
        if at <= first and last <= end:
            found.append({"text": text[at - start : first - start], "marked": False, "reference": None})
            found.append({"text": text[first - start : last - start], "marked": marked, "reference": reference})
            at = last
    return [piece for piece in found if piece["text"]]


def _understood(read: Understood) -> bodies.Understood:
    return {
        "type": read.type,
        "focus": to_builtins(read.focus),
        "covered": read.covered,
        "corrected": to_builtins(read.corrected),
        "alternatives": to_builtins(read.alternatives),
        "synonyms": to_builtins(read.synonyms),
        "missing": list(read.missing),
    }


def _pages(count: int, query: Query) -> int:
    return max(1, -(-count // query.per_page))


def _links(count: int, query: Query, path: str) -> bodies.Links:
    pages, page, to = _pages(count, query), query.page, Addresses(query, path).to
    return {
        "self": to(page),
        "first": to(),
        "prev": to(min(page - 1, pages)) if page > 1 else None,
        "next": to(page + 1) if page < pages else None,
        "last": to(pages),
    }


def _subject(header: SheetHeader | ListedSheet) -> bodies.Subject:
    return {"name": header.title, "also_known_as": list(header.also_known_as)}


def _place(url: str | None, anchor: str | None) -> str | None:
    """Return the address of a page, at the question's own place where that has a name."""
    return f"{url}#{quote(anchor)}" if url and anchor and "#" not in url else url


def _target(suggestion: Suggestion) -> str:
    if suggestion.id is None:
        return search_url(Query(text=suggestion.text, group=DEFAULT_GROUP["/"]), path="/")
    return f"/{'answers' if suggestion.kind == 'answer' else 'sheets'}/{suggestion.id}"


def _markers(text: str, start: int, citations: Iterable[Citation]) -> Iterator[tuple[int, int, bool, int | None]]:
    """Yield the span and the reference of each marker, or of each number in one that has several."""
    for (first, last), sharing in groupby(citations, lambda one: (one.start, one.end)):
        entries = {one.number: one.reference.number if one.reference else None for one in sharing}
        if len(entries) == 1:
            yield first, last, False, next(iter(entries.values()))
            continue
        for number in re.finditer(r"\d+", text[max(first - start, 0) : max(last - start, 0)]):
            yield first + number.start(), first + number.end(), False, entries.get(int(number[0]))


def _blocks(document: Document, marks: Sequence[Span]) -> list[bodies.Block]:
    """Return the blocks of an answer. A paragraph is cut where a shared passage begins or ends in it."""
    edges = sorted({edge for passage in document.shared for edge in passage})
    found: list[bodies.Block] = []
    for block in document.blocks:
        inside = [edge for edge in edges if block.start < edge < block.end] if block.kind == "paragraph" else []
        for start, end in pairwise([block.start, *inside, block.end]):
            text = document.answer[start:end]
            start += len(text) - len(text.lstrip())
            shared = any(first <= start and end <= last for first, last in document.shared)
            marked = marks[bisect_left(marks, (start,)) : bisect_left(marks, (end,))]
            parts = segments(text.strip(), start, marked, document.citations)
            if parts or not inside:
                found.append({"kind": block.kind, "ordinal": block.ordinal, "shared": shared, "segments": parts})
    return found


def _result(hit: Hit) -> bodies.Result:
    shown = [(one, segments(one.text, one.start, one.marks, one.citations)) for one in hit.snippets]
    return {
        **_identity(hit.header, hit.document),
        "snippets": [{"segments": s, "cut_before": one.cut_before, "cut_after": one.cut_after} for one, s in shown],
        "last_updated": hit.document.last_updated,
        "references": to_builtins(hit.document.references()),
        "matched": {"words": list(hit.words), "name": hit.matched_name, "missing": list(hit.missing)},
        "score": hit.score,
        "folded": [_linked(other, other.source) for other in hit.folded],
        "others": [_linked(other, other.source) for other in hit.others],
        "not_covered": list(hit.not_covered),
        "explanation": to_builtins(hit.explanation),
    }


def _card(card: Card) -> bodies.Card:
    return {
        "name": card.name,
        "also_known_as": list(card.also_known_as),
        "sheets": [
            {
                "id": sheet.id,
                "url": f"/sheets/{sheet.id}",
                "source": sheet.source,
                "source_url": sheet.url,
                "questions": [_linked(one, one.source) for one in sheet.answers],
            }
            for sheet in card.sheets
        ],
        "not_covered": list(card.not_covered),
    }


def _identity(header: SheetHeader, document: Document) -> bodies.Identity:
    """Return the keys that a result and an answer begin with."""
    return {
        "id": document.id,
        "sheet_id": header.id,
        "source": header.provenance.source,
        "source_id": document.source_id,
        "url": f"/answers/{document.id}",
        "source_url": _place(header.provenance.url, document.anchor),
        "subject": _subject(header),
        "question": document.question,
        "type": document.question_type,
    }


def _linked(document: Document | Listed, source: str | None) -> bodies.Linked:
    return {
        "id": document.id,
        "url": f"/answers/{document.id}",
        "question": document.question,
        "type": document.question_type,
        "last_updated": document.last_updated,
        "source": source,
    }
