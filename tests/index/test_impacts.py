"""Impact arrays: each row is what the formula says of a term, over any segments and any deletions."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.impacts import COVERED_BY_STEM, K1, LENGTH, TYPICAL, WEIGHT, Impacts, write_impacts
from indexer.language.analysis import forms
from indexer.language.english import is_english

WORDS = ("heart", "hearts", "hart", "disease", "diseases", "neuropathy", "neuropathies", "gm1", "ptosis")
#: A document is its four texts.
Texts = dict[str, str]
TEXT = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
SEGMENTS = st.lists(st.lists(st.fixed_dictionaries(dict.fromkeys(WEIGHT, TEXT)), max_size=5), min_size=1, max_size=3)


def written(folder: Path, documents: list[Texts]) -> None:
    """Write a segment as a build does."""
    postings: dict[str, dict[bytes, list[tuple[int, float, bytes]]]] = {field: {} for field in WEIGHT}
    lengths: dict[str, list[int]] = {field: [] for field in WEIGHT}
    words: dict[str, list[int]] = defaultdict(list)
    for number, texts in enumerate(documents):
        for field, text in texts.items():
            terms = [term for _, term in forms(text)]
            lengths[field].append(len(terms))
            for term in dict.fromkeys(terms):
                postings[field].setdefault(term.encode(), []).append((number, float(terms.count(term)), b""))
        named = {term for field in ("name", "other_names") for _, term in forms(texts[field])}
        for word in {word for word, term in forms(texts["question"]) if term not in named}:
            words[word]
        for word in {word for word, term in forms(texts["answer"]) if term not in named}:
            words[word].append(number)
    write_impacts(folder, {field: (postings[field], lengths[field]) for field in WEIGHT}, words)


@contextmanager
def opened(segments: list[list[Texts]], deleted: list[set[int]]) -> Iterator[Impacts]:
    with tempfile.TemporaryDirectory() as folder:
        for number, documents in enumerate(segments):
            written(Path(folder, str(number)), documents)
        sizes = [(str(number), len(documents), deleted[number]) for number, documents in enumerate(segments)]
        yield Impacts(Path(folder), sizes)


def impact(texts: Texts, term: str) -> float:
    tf = 0.0
    for field, text in texts.items():
        terms = [other for _, other in forms(text)]
        tf += WEIGHT[field] * terms.count(term) / (1 - LENGTH[field] + LENGTH[field] * len(terms) / TYPICAL[field])
    return tf * (K1 + 1) / (tf + K1)


@settings(max_examples=25)
@given(SEGMENTS, st.data())
def test_rows_are_what_the_formula_says_document_by_document(segments: list[list[Texts]], data: st.DataObject) -> None:
    deleted = [data.draw(st.sets(st.integers(0, len(part) - 1)) if part else st.just(set[int]())) for part in segments]
    everything = [texts for part in segments for texts in part]
    live = [number not in gone for part, gone in zip(segments, deleted, strict=True) for number in range(len(part))]
    with opened(segments, deleted) as impacts:
        assert (impacts.size, impacts.documents) == (len(everything), sum(live))
        assert (impacts.live is None) == all(live)
        assert impacts.live is None or impacts.live.tolist() == live
        for term in {term for word in (*WORDS, "zebra") for _, term in forms(word)}:
            has = [any(term == other for text in texts.values() for _, other in forms(text)) for texts in everything]
            assert impacts.frequency(term) == sum(a and b for a, b in zip(has, live, strict=True))
            assert impacts.has(term, np.arange(len(everything))).tolist() == has
            rows = {}
            for part in impacts.parts:
                row = part.posting(term)
                assert row.documents.tolist() == sorted(row.documents.tolist())
                for number, value, cover in zip(*(column.tolist() for column in row), strict=True):
                    rows[part.base + number] = (value, cover)
            assert [number in rows for number in range(len(everything))] == has
            for number, (value, cover) in rows.items():
                texts = everything[number]
                named = term in {other for field in ("name", "other_names") for _, other in forms(texts[field])}
                assert value == pytest.approx(impact(texts, term), rel=1e-6)
                assert cover == pytest.approx(1.0 if named else COVERED_BY_STEM)


@settings(max_examples=25)
@given(SEGMENTS)
def test_a_word_as_it_is_written_is_in_the_answers_that_have_it_and_name_no_form_of_it_and_known_from_questions(
    segments: list[list[Texts]],
) -> None:
    everything = [texts for part in segments for texts in part]
    with opened(segments, [set() for _ in segments]) as impacts:
        uses = {}
        for word, term in (forms(word)[0] for word in WORDS):
            found = [part.base + number for part in impacts.parts for number in part.exact(word).documents.tolist()]
            assert found == [
                number
                for number, texts in enumerate(everything)
                if word in texts["answer"].split()
                and not any(term == other for field in ("name", "other_names") for _, other in forms(texts[field]))
            ]
            uses[word] = impacts.uses(word)
            assert uses[word] == len(found)
        often = sorted((word for word, count in uses.items() if count), key=lambda word: (-uses[word], word))
        asked = {
            word
            for texts in everything
            for word, term in forms(texts["question"])
            if not any(term == other for field in ("name", "other_names") for _, other in forms(texts[field]))
        }
        known = [*often, *sorted(asked - {*often})]
        assert impacts.words_beginning("hear") == [word for word in known if word.startswith("hear")]
        # what is used once may be misspelt itself, unless it is English
        spelt = {word for word in known if word in impacts.spellings.candidates(word, 0)}
        assert spelt == {word for word in often if (uses[word] > 1 or is_english(word)) and word.isalpha()}
        assert impacts.words_beginning("zebra") == []


def test_a_segment_without_documents_has_no_rows() -> None:
    with opened([[]], [set()]) as impacts:
        assert (impacts.size, impacts.documents, impacts.frequency("heart")) == (0, 0, 0)
        assert impacts.parts[0].posting("heart").documents.tolist() == []
        assert impacts.has("heart", np.zeros(0, np.int64)).tolist() == []


@pytest.mark.parametrize("field", [*WEIGHT])
def test_a_word_counts_more_in_a_shorter_text_and_each_time_less(field: str) -> None:
    def document(text: str) -> Texts:
        return dict.fromkeys(WEIGHT, "") | {field: text}

    documents = [document("heart tea tea tea"), document("heart tea"), document("heart heart"), document("heart " * 3)]
    with opened([documents], [set()]) as impacts:
        long, once, twice, thrice = impacts.parts[0].posting("heart").impacts.tolist()
    assert long < once < twice < thrice < K1 + 1
    assert twice - once > thrice - twice


def test_files_hold_no_pickles(tmp_path: Path) -> None:
    written(tmp_path / "a", [dict.fromkeys(WEIGHT, "heart")])
    for file in (tmp_path / "a").iterdir():
        assert file.suffix in (".npy", ".msgpack")
        assert file.suffix != ".npy" or b"'|O'" not in file.read_bytes()[:128]
