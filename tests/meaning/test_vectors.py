"""Vectors in an index: each answer has its own, whatever builds were before, and none is computed twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from indexer import Query, SearchEngine, build_index, open_index
from indexer.errors import IndexStateError
from indexer.exchange.presentation import search_body
from indexer.index.generations import published
from indexer.index.schema import searched_text
from indexer.index.snapshot import Snapshot
from indexer.index.vectors import Vector, Vectors, write_vectors
from indexer.meaning.model import Model
from tests.meaning.tiny import tiny_model

FEVER = "---\ntitle: Zinc fever\n---\n\n## What is zinc fever?\n\nAn invented chill.\n\n## Causes\n\nFumes of zinc.\n"
CHILL = "---\ntitle: Brass chill\n---\n\n## Is brass chill inherited?\n\nNo family has it.\n"


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """A model that knows a few words."""
    return Model(tiny_model(tmp_path / "model", ["kids", "family"], ["fumes"], ["chill", "fever"], ["zinc"], ["brass"]))


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of two sheets with three answers."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "fever.md").write_text(FEVER)
    (folder / "chill.md").write_text(CHILL)
    return folder


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that models were given."""
    given: list[str] = []
    embed = Model.embed

    def listening(self: Model, text: str) -> object:
        given.append(text)
        return embed(self, text)

    monkeypatch.setattr(Model, "embed", listening)
    return given


def snapshot_of(index: Path) -> Snapshot:
    return Snapshot(index, published(index))


def vectors_by_id(index: Path, model: Model) -> dict[str, tuple[float, float]]:
    """Return how near each answer lies to a question."""
    snapshot = snapshot_of(index)
    assert snapshot.vectors
    near = snapshot.vectors.near(model.embed("kids of brass"))
    live = snapshot.everything.tolist()
    found = {snapshot.columns.ids[one]: (float(near.questions[one]), float(near.texts[one])) for one in live}
    snapshot.close()
    return found


def test_an_answer_lies_where_the_model_puts_its_question_and_its_text(
    pages: Path, tmp_path: Path, model: Model
) -> None:
    build_index([pages], tmp_path / "index", model=model)
    snapshot, asked = snapshot_of(tmp_path / "index"), model.embed("kids of brass")
    assert snapshot.vectors
    near = snapshot.vectors.near(asked)
    for number in range(3):
        document = snapshot.record(number).document
        assert near.texts[number] == pytest.approx(float(asked @ model.embed(searched_text(document))), abs=0.01)
        assert near.questions[number] == pytest.approx(float(asked @ model.embed(document.question)), abs=0.01)
    snapshot.close()


def test_a_question_that_does_not_name_its_subject_is_embedded_with_it(
    pages: Path, tmp_path: Path, model: Model, embedded: list[str]
) -> None:
    (pages / "fever.md").write_text(FEVER.replace("## Causes", "## What brings it about?"))
    build_index([pages], tmp_path / "index", model=model)
    assert "Zinc fever: What brings it about?" in embedded
    assert "Is brass chill inherited?" in embedded


def test_only_texts_that_changed_are_embedded_again(
    pages: Path, tmp_path: Path, model: Model, embedded: list[str]
) -> None:
    index = tmp_path / "index"
    build_index([pages], index, model=model)
    assert len(embedded) == 6
    embedded.clear()
    (pages / "fever.md").write_text(FEVER.replace("Fumes of zinc", "Fumes of brass"))
    build_index([pages], index, model=model)
    assert embedded == ["Fumes of brass."]
    embedded.clear()
    assert build_index([pages], index, model=model, force=True).rebuilt == "it was asked for"
    assert embedded == []


def test_what_builds_were_before_makes_no_difference(pages: Path, tmp_path: Path, model: Model) -> None:
    index, anew = tmp_path / "index", tmp_path / "anew"
    for text in ("Fumes of brass", "Kids", "Fumes and fumes"):
        (pages / "fever.md").write_text(FEVER.replace("Fumes of zinc", text))
        build_index([pages], index, model=model)
    (pages / "more.md").write_text(CHILL.replace("rass chill", "rass fever"))
    build_index([pages], index, model=model)
    build_index([pages], anew, model=model)
    assert vectors_by_id(index, model) == vectors_by_id(anew, model)
    assert len(vectors_by_id(index, model)) == 4


def test_another_model_or_none_begins_anew(pages: Path, tmp_path: Path, model: Model, embedded: list[str]) -> None:
    index, other = tmp_path / "index", Model(tiny_model(tmp_path / "other", ["kids"], seed=2))
    assert build_index([pages], index).rebuilt is None
    assert build_index([pages], index, model=model).rebuilt == "it was built with another model, or none"
    embedded.clear()
    assert build_index([pages], index, model=other).rebuilt == "it was built with another model, or none"
    assert len(embedded) == 6
    assert build_index([pages], index).rebuilt == "it was built with a model"
    assert snapshot_of(index).vectors is None
    assert build_index([pages], index).rebuilt is None


def test_an_engine_with_a_model_wants_an_index_of_that_model(
    pages: Path, tmp_path: Path, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    index = tmp_path / "index"
    build_index([pages], index)
    with pytest.raises(IndexStateError, match="was not built with this model: run `factsheets build --model"):
        open_index(index, model)
    with SearchEngine(index, model=model) as with_it, SearchEngine(index) as without:
        assert with_it.search(Query("kids")) == without.search(Query("kids"))
    assert "words alone find its answers" in caplog.text


def test_an_engine_without_a_model_reads_no_vectors(pages: Path, tmp_path: Path, model: Model) -> None:
    with_vectors, without = tmp_path / "with", tmp_path / "without"
    build_index([pages], with_vectors, model=model)
    build_index([pages], without)
    with open_index(with_vectors) as one, open_index(without) as other:
        bodies = [search_body(engine.search(Query("fumes of brass"))) for engine in (one, other)]
    assert replace(bodies[0], index=bodies[1].index) == bodies[1]


def test_vectors_that_are_damaged_are_refused(pages: Path, tmp_path: Path, model: Model) -> None:
    index = tmp_path / "index"
    build_index([pages], index, model=model)
    (file,) = index.rglob("vectors.npy")
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(IndexStateError, match=r"vectors\.npy is not what was written"):
        open_index(index, model)


def test_pages_without_answers_have_no_vectors(tmp_path: Path, model: Model) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "nothing.md").write_text("Nothing is asked here.\n")
    build_index([tmp_path / "pages"], tmp_path / "index", force=True, model=model)
    with open_index(tmp_path / "index", model) as engine:
        assert engine.search(Query("kids")).total == 0


def test_many_vectors_are_as_near_as_one_by_one(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    numbers = random.integers(-127, 128, (2, 1_300, 8), np.int8)
    scales = random.random((2, 1_300)).astype(np.float32)
    rows = [tuple(Vector(numbers[which, row], scales[which, row], row) for which in (0, 1)) for row in range(1_300)]
    (tmp_path / "segment").mkdir()
    write_vectors(tmp_path / "segment", rows)  # type: ignore[arg-type]
    asked = random.random(8).astype(np.float32)
    near = Vectors([tmp_path / "segment"] * 2).near(asked)
    for which, found in enumerate(near):
        slow = [float(numbers[which, row].astype(float) @ asked) * float(scales[which, row]) for row in range(1_300)]
        assert np.allclose(found, slow * 2, atol=1e-3)
