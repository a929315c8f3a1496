"""A ranking -> the documents of one page, in the requested order and grouped."""

import numpy as np

from indexer.index.columns import Columns
from indexer.index.impacts import Numbers
from indexer.index.snapshot import Snapshot
from indexer.search.rank import Ranking
from indexer.search.syntax import Asked

#: How many documents are sorted beyond those of the first pages, so that groups can be filled from them. With one
#: subject in ten of the best hundred answers (MedQuAD), ten groups are filled.
_SORTED = 100

#: Results are likely if their score is at least this share of the best score, and they are among the first MOST_LIKELY.
#: For 95 of 100 described questions the right result has .43 of the best score or more; where a wrong subject is first,
#: it can have as little as .15. All judged questions were looked at: no half was kept for a check.
LIKELY, MOST_LIKELY = 0.4, 100


def likely(asked: Asked, ranking: Ranking, columns: Columns) -> int | None:
    """Return how many of the first results are likely; None if the order is not by relevance."""
    if not _by_relevance(asked) or not len(ranking.numbers):
        return None
    numbers = ranking.numbers[ranking.scores >= LIKELY * ranking.scores.max()]
    grouped = asked.query.group == "subject"
    return min(distinct(columns.subject.codes[numbers]) if grouped else len(numbers), MOST_LIKELY)


def _by_relevance(asked: Asked) -> bool:
    return asked.query.sort == "relevance" and bool(asked.text)


def page(snapshot: Snapshot, asked: Asked, ranking: Ranking) -> list[list[int]]:
    """Return the documents of a page: single documents, or groups about one subject, the best document first."""
    columns, query = snapshot.columns, asked.query
    first, end = (query.page - 1) * query.per_page, query.page * query.per_page
    by_score = _by_relevance(asked)
    if query.likely and (most := likely(asked, ranking, columns)) is not None:
        end = min(end, most)
    grouped = query.group == "subject"
    if first >= min(end, len(ranking.numbers)):
        return []
    count = end + _SORTED if grouped else end
    ordered = top(ranking, count, columns) if by_score else _in_order(snapshot, asked, ranking)
    if not grouped:
        return [[number] for number in ordered[first:end].tolist()]
    subjects = columns.subject.codes
    firsts = _firsts(subjects[ordered])
    while len(firsts) < end and len(ordered) < len(ranking.numbers):
        ordered = top(ranking, 4 * len(ordered), columns)
        firsts = _firsts(subjects[ordered])
    shown = ordered[firsts][first:end]
    rest = _in_order(snapshot, asked, ranking.among(np.isin(subjects[ranking.numbers], subjects[shown])))
    return [rest[subjects[rest] == subjects[number]].tolist() for number in shown]


def _firsts(codes: Numbers) -> Numbers:
    """Return the position of the first occurrence of each code, in order."""
    return np.sort(np.unique(codes, return_index=True)[1])


def _in_order(snapshot: Snapshot, asked: Asked, ranking: Ranking) -> Numbers:
    """Return all documents in the requested order; ties by relevance, or without a text as in `everything`."""
    columns = snapshot.columns
    if asked.text:
        ordered = top(ranking, len(ranking.numbers), columns)
    else:
        ordered = snapshot.everything[np.isin(snapshot.everything, ranking.numbers)]
    if asked.query.sort == "newest":
        return ordered[np.argsort(-columns.updated.codes[ordered], kind="stable")]
    if asked.query.sort == "title":
        # The answers of a sheet have consecutive numbers, in reading order.
        return ordered[np.lexsort((ordered, columns.sheet.codes[ordered], columns.subject.codes[ordered]))]
    return ordered


def top(ranking: Ranking, count: int, columns: Columns) -> Numbers:
    """Return the best documents in order. Ties are in order of sheet id, and within a sheet in reading order."""
    numbers, scores = ranking.numbers, ranking.scores
    if count < len(numbers):
        least = np.partition(scores, len(numbers) - count)[len(numbers) - count]
        best = scores >= least
        numbers, scores = numbers[best], scores[best]
    return numbers[np.lexsort((columns.reading_order[numbers], -scores))][:count]


def distinct(codes: Numbers) -> int:
    """Return the number of different codes."""
    return int(np.count_nonzero(np.bincount(codes)))
