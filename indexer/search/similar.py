"""An answer -> the most similar answers of other sheets."""

from collections import Counter

import numpy as np

from indexer.index.schema import searched_text
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import function_terms, terms
from indexer.model import Document, SheetHeader
from indexer.search.rank import idf
from indexer.settings import PART_CHARS

#: The number of similar answers, and of the terms by which they are found; chosen by eye.
SIMILAR, TERMS = 5, 12

#: The share that the same kind of answer adds to a score; chosen by eye.
SAME_KIND = 0.25


def similar(snapshot: Snapshot, number: int) -> tuple[tuple[SheetHeader, Document], ...]:
    """Return the answers of other sheets that share the terms with the highest tf * idf, the most similar first.

    Term frequencies are those of the answer and its names. Shared passages do not count, as in every search.
    """
    impacts, columns, record = snapshot.impacts, snapshot.columns, snapshot.record(number)
    header, document = record.header, record.document
    beginning = searched_text(document)[:PART_CHARS]  # a longer text would take half a second
    own = Counter(terms("\n".join([header.title, *header.also_known_as, beginning])))
    weights = {
        term: (1 + np.log(count)) * idf(impacts.documents, impacts.frequency(term))
        for term, count in own.items()
        if term not in function_terms() and impacts.frequency(term)
    }
    terms_used = sorted(weights, key=lambda term: (-weights[term], term))[:TERMS]
    snapshot.fetch(terms_used)
    scores = np.zeros(impacts.size)
    for term in terms_used:
        for part in impacts.parts:
            posting = part.posting(term)
            scores[part.base + posting.documents] += weights[term] * posting.impacts
    same_kind = columns.type.codes == columns.type.codes[number]
    scores *= 1 + SAME_KIND * same_kind
    scores[columns.sheet.codes == columns.sheet.codes[number]] = 0.0
    if impacts.live is not None:
        scores *= impacts.live
    best = np.lexsort((columns.reading_order, -scores))[:SIMILAR]
    records = snapshot.records([other for other in best.tolist() if scores[other] > 0])
    return tuple((record.header, record.document) for record in records)
