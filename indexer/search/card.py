"""The card of a subject: what its sheets answer, for a question that is only its name."""

from dataclasses import replace

from indexer.index.snapshot import Snapshot
from indexer.model import Card, CardKind, CardSheet, Passage, Query
from indexer.search.compare import largest_first
from indexer.search.passages import opening
from indexer.search.syntax import Asked
from indexer.search.understand import Question
from indexer.settings import FOLD_WORDS, MAX_LISTED

#: The kind of answer to "What is …?" in `language/question_types.toml`.
_OVERVIEW = "information"


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
    overview, kinds = _overview(snapshot, about), _kinds(snapshot, about)
    return Card(subject.text, tuple(others.values()), tuple(sheets), not_covered, overview, kinds)


def _overview(snapshot: Snapshot, about: list[range]) -> Passage | None:
    """Return the first paragraph that says what a subject is, from the largest of its sheets that does.

    Where answers have no kinds, a sheet begins with it.
    """
    for sheet in largest_first(about):
        firsts = (number for number in sheet if not snapshot.kinds or snapshot.columns.type[number] == _OVERVIEW)
        if (number := next(firsts, None)) is not None:
            return opening(snapshot.record(number), FOLD_WORDS)
    return None


def _kinds(snapshot: Snapshot, about: list[range]) -> tuple[CardKind, ...]:
    """Return the answers of all sheets by kind, in the order of the usual kinds; the largest sheet's answer first."""
    answers: dict[str | None, list[int]] = {kind: [] for kind in snapshot.usual_types}
    for sheet in largest_first(about):
        for number in sheet[:MAX_LISTED]:
            answers.setdefault(snapshot.columns.type[number], []).append(number)
    listed = snapshot.columns.listed
    return tuple(CardKind(kind, tuple(map(listed, own))) for kind, own in answers.items() if own)


def _is_name_alone(asked: Asked, question: Question) -> bool:
    """Return whether a query is one name, without a kind of answer, filters or operators."""
    query = asked.query
    plain = replace(query, group="none", explain=False, per_page=10, answer=False, likely=False) == Query(query.text)
    named = len(question.names) == 1 and all(word.focus is not None for word in question.words)
    return plain and named and question.kind is None and not asked.without
