"""Query -> Results, step by step."""

from indexer.index.schema import searched_text
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import analyse, content_tokens, fold
from indexer.model import Hit, Query, Results, SheetHeader, Understood
from indexer.search.facets import Columns, facets, passing
from indexer.search.rank import explain, rank
from indexer.search.snippets import snippets
from indexer.search.understand import understand


def search(snapshot: Snapshot, query: Query) -> Results:
    """Return what a query finds in one generation. Totals and facet counts are exact, whatever page is asked for.

    A query without text finds every document, in the order of their sheets.
    """
    columns = snapshot.columns
    question = understand(query, snapshot.has_term)
    scores = rank(snapshot, question) if query.text.strip() else dict.fromkeys(snapshot.everything, 0.0)
    numbers = _ordered(passing(scores, query, columns), query, columns)
    groups = _grouped(numbers, columns) if query.group == "subject" else [[number] for number in numbers]
    shown = groups[(query.page - 1) * query.per_page : query.page * query.per_page]
    return Results(
        query=query,
        understood=question,
        hits=tuple(_hit(snapshot, question, group, scores[group[0]], query.explain) for group in shown),
        total=len(numbers),
        total_groups=len(groups) if query.group == "subject" else None,
        facets=facets(scores, query, columns),
        generation=snapshot.generation,
    )


def _ordered(numbers: list[int], query: Query, columns: Columns) -> list[int]:
    """Return the numbers in the order asked for; they come by relevance, and keep that where the order is equal."""
    if query.sort == "newest":
        return sorted(numbers, key=lambda number: columns["updated"][number], reverse=True)
    if query.sort == "title":
        # A sheet's answers were written one after the other: by number they stand in reading order.
        return sorted(numbers, key=lambda n: (fold(columns["subject"][n]), columns["sheet_id"][n], n))
    return numbers


def _grouped(numbers: list[int], columns: Columns) -> list[list[int]]:
    """Return the numbers in one group a subject, the best of each first."""
    groups: dict[str, list[int]] = {}
    for number in numbers:
        groups.setdefault(fold(columns["subject"][number]), []).append(number)
    return list(groups.values())


def _hit(snapshot: Snapshot, question: Understood, group: list[int], score: float, explained: bool) -> Hit:
    """Return the best document of a group as a hit, with the others folded under it."""
    number, *others = group
    record = snapshot.record(number)
    header, document = record.header, record.document
    answer = analyse(searched_text(document))
    names = analyse("\n".join([header.title, *header.also_known_as, document.question]))
    has = {token.term for token in [*answer, *names]}
    return Hit(
        header=header,
        document=document,
        score=score,
        snippets=snippets(document, answer, question.words),
        words=tuple(word for term, word in question.words.items() if term in has),
        missing=tuple(word for term, word in question.words.items() if term not in has),
        matched_name=_matched_name(header, question),
        folded=tuple(snapshot.record(other).document for other in others),
        explanation=explain(snapshot, question, number) if explained else None,
    )


def _matched_name(header: SheetHeader, question: Understood) -> str | None:
    """Return the longest other name that the question has whole, unless it has the title."""

    def stands_in_question(name: str) -> bool:
        tokens = content_tokens(analyse(name))
        return bool(tokens) and all(token.term in question.words for token in tokens)

    names = [] if stands_in_question(header.title) else list(filter(stands_in_question, header.also_known_as))
    return max(names, key=len, default=None)
