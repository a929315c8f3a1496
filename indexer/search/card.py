"""The card of a subject: what its sheets answer, for a question that is only its name."""

from indexer.index.snapshot import Snapshot
from indexer.model import Card, CardSheet, Query
from indexer.search.syntax import Asked
from indexer.search.understand import Question
from indexer.settings import MAX_LISTED


def card(snapshot: Snapshot, asked: Asked, question: Question) -> Card | None:
    """Return the card of the subject that a question names; None if it asks for more, or names several subjects.

    Sheets are about one subject when their titles have the same terms, as "Huntington disease" and "Huntington's
    disease" have. A name means the subject that has it as its title, else that of all sheets that have it. What other
    sheets with that name answer is not said to be missing: "ALS" is a title, and another name on many sheets.
    """
    if not _is_name_alone(asked, question):
        return None
    columns, name = snapshot.columns, question.names[0]
    titles = {sheet: columns.names[sheet.start][0][1] for sheet in name.sheets}
    meant = {" ".join(name.terms)}.intersection(titles.values()) or set(titles.values())
    subject = snapshot.names.get(meant.pop()) if len(meant) == 1 else None
    if subject is None:
        return None
    key = " ".join(subject.terms)
    about = [sheet for sheet in subject.sheets if columns.names[sheet.start][0][1] == key]
    others: dict[str, str] = {}
    sheets = []
    for sheet in sorted(about, key=lambda sheet: columns.sheet[sheet.start]):
        for text, terms in columns.names[sheet.start]:
            others.setdefault(terms, text)
        answers, origin = tuple(map(columns.listed, sheet[:MAX_LISTED])), columns.provenance[sheet.start]
        sheets.append(CardSheet(columns.sheet[sheet.start], origin.source, origin.url, answers, len(sheet)))
    del others[key]
    not_covered = snapshot.not_covered(number for sheet in (*subject.sheets, *name.sheets) for number in sheet)
    return Card(subject.text, tuple(others.values()), tuple(sheets), not_covered)


def _is_name_alone(asked: Asked, question: Question) -> bool:
    """Return whether a query is one name, without a kind of answer, filters or operators."""
    query = asked.query
    plain = query == Query(query.text, group=query.group, explain=query.explain, per_page=query.per_page)
    named = len(question.names) == 1 and all(word.focus is not None for word in question.words)
    return plain and named and question.kind is None and not asked.without
