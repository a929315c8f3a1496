"""Understood -> scored documents: BM25 over the four text fields, and the kind of answer.

score(document) = sum over the question's terms and the four fields of BM25(term, field)
                  + TYPE_WEIGHT when the document is of the kind that the question asks for

BM25 as Whoosh has it, with the statistics of each field by itself: k1 = 1.2, b = 0.75 (Robertson & Zaragoza, "The
Probabilistic Relevance Framework: BM25 and Beyond", 2009).
"""

from whoosh.query import AndMaybe, Or, Term

from indexer.index.schema import TEXT_FIELDS
from indexer.index.snapshot import Snapshot
from indexer.model import Explanation, Understood

#: What being of the right kind adds to a score; measured in the table of indexer/README.md, as is that the four
#: fields count alike.
TYPE_WEIGHT = 15.0


def rank(snapshot: Snapshot, question: Understood) -> dict[int, float]:
    """Return the score of every document number that has a word of the question, best first, ties by document id.

    When none of its words stands anywhere in the index, the kind of answer alone is matched, if it asks for one.
    """
    words, kind = _words(question), _kind(question)
    if len(question.missing) == len(question.words):
        return snapshot.matches(kind[0]) if kind else {}
    return snapshot.matches(AndMaybe(Or(words), kind[0]) if kind else Or(words))


def explain(snapshot: Snapshot, question: Understood, number: int) -> Explanation:
    """Return what each term in each field, and the kind of answer, add to the score of a document."""
    terms = [*_words(question), *_kind(question)]
    parts = [Explanation(f"{term.fieldname}: {term.text}", snapshot.contribution(term, number)) for term in terms]
    return Explanation("sum of the parts", sum(part.value for part in parts), tuple(filter(lambda p: p.value, parts)))


def _words(question: Understood) -> list[Term]:
    return [Term(field, term) for term in question.words for field in TEXT_FIELDS]


def _kind(question: Understood) -> list[Term]:
    return [Term("type", question.type, boost=TYPE_WEIGHT)] if question.type else []
