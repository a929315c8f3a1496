"""Similar answers: those of other sheets that share the most telling terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log
from pathlib import Path

import pytest

from indexer import Query, SearchEngine, open_index
from indexer.language.analysis import function_terms
from indexer.search.similar import SAME_KIND, SIMILAR, TERMS
from tests.search import exhaustive
from tests.search.exhaustive import Answer
from tests.search.library import Library, Sheet, edited_collection

WITHOUT = Sheet("Zinc fever", (), None, None, (("Outlook", "Quagga quagga."),))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine over sheets of which two speak of lids, two of tea, and one of nothing that others have."""
    library = Library(tmp_path)
    for title, treatment, outlook in (
        ("Ash", "Surgery lifts the drooping lid.", "The lid stays up."),
        ("Birch", "Surgery for the lid, and glue.", "It is good."),
        ("Cedar", "Tea with milk.", "Milk and tea for ever."),
        ("Dogwood", "Tea.", "A lid of ivory."),
    ):
        library.write(title, Sheet(title, (), None, None, (("Treatment", treatment), ("Outlook", outlook))))
    library.write("Zinc", WITHOUT)
    library.build()
    with open_index(library.index) as engine:
        yield engine


def ids(engine: SearchEngine) -> dict[tuple[str, str], str]:
    """Return the ids of all answers by title and kind."""
    return {(hit.header.title, hit.document.question): hit.document.id for hit in engine.search(Query()).hits}


def similar(engine: SearchEngine, title: str, kind: str) -> list[tuple[str, str]]:
    found = engine.similar(ids(engine)[title, kind])
    return [(header.title, document.question) for header, document in found]


def test_the_answer_that_shares_the_rarer_words_comes_first(engine: SearchEngine) -> None:
    assert similar(engine, "Ash", "Treatment")[0] == ("Birch", "Treatment")
    assert similar(engine, "Cedar", "Outlook")[0] == ("Dogwood", "Treatment")


def test_no_answer_of_the_same_sheet_is_offered(engine: SearchEngine) -> None:
    assert all(title != "Ash" for kind in ("Treatment", "Outlook") for title, _ in similar(engine, "Ash", kind))


def test_an_answer_that_shares_no_word_with_others_has_none(engine: SearchEngine) -> None:
    assert similar(engine, "Zinc fever", "Outlook") == []
    assert all(title != "Zinc fever" for title, _ in similar(engine, "Ash", "Outlook"))


def test_an_unknown_answer_has_none(engine: SearchEngine) -> None:
    assert engine.similar("nothing-1234.5678") == ()


def slow(answer: Answer, answers: list[Answer], frequency: Counter[str]) -> dict[str, float]:
    """Return the scores of the other sheets' answers, one by one."""
    own = Counter(term for field in ("name", "other_names", "answer") for term in answer.counted[field])
    weights = {
        term: (1 + log(count)) * log(1 + (len(answers) - frequency[term] + 0.5) / (frequency[term] + 0.5))
        for term, count in own.items()
        if term not in function_terms()
    }
    telling = sorted(weights, key=lambda term: (-weights[term], term))[:TERMS]
    return {
        one.id: sum(weights[term] * one.impact(term) for term in telling)
        * (1 + SAME_KIND * (one.document.question_type == answer.document.question_type))
        for one in answers
        if one.header.id != answer.header.id and any(one.has([term]) for term in telling)
    }


def test_they_are_the_best_by_the_formula_over_deleted_documents_and_shared_passages(tmp_path: Path) -> None:
    library = edited_collection(tmp_path)
    snapshot = library.open()
    answers = exhaustive.read(snapshot)
    snapshot.close()
    frequency = Counter(term for one in answers for term in {term for found in one.counted.values() for term in found})
    assert any(answer.document.shared for answer in answers)
    with open_index(library.index) as engine:
        for answer in answers:
            found, scores = [document.id for _, document in engine.similar(answer.id)], slow(answer, answers, frequency)
            assert len(found) == min(SIMILAR, len(scores))
            by_id = {one.id: (one.header.id, one.place) for one in answers}
            assert found == sorted(found, key=lambda id: (-round(scores[id], 4), by_id[id]))
            best = sorted(scores.values(), reverse=True)[:SIMILAR]
            assert [scores[id] for id in found] == pytest.approx(best, rel=1e-5)


def test_of_two_answers_that_share_as_much_the_one_of_the_same_kind_comes_first(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for title, kind in (("Ash", "Treatment"), ("Birch", "Outlook"), ("Cedar", "Treatment")):
        library.write(title, Sheet(title, (), None, None, ((kind, "Surgery lifts the drooping lid."),)))
    library.build()
    with open_index(library.index) as engine:
        assert similar(engine, "Ash", "Treatment")[0] == ("Cedar", "Treatment")
