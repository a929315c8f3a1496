"""What meaning does to the order of answers, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from indexer import Query, SearchEngine, build_index, open_index
from indexer.cli import main
from indexer.meaning.model import Model
from indexer.model import Results
from indexer.search.rank import DESCRIBED, WORDED, _rows
from indexer.search.syntax import parse
from indexer.search.understand import understand
from indexer.settings import Settings
from tests.conftest import THREE_SHEETS, real_model
from tests.meaning.tiny import tiny_model
from webui import create_app

SHEETS = {
    "zinc": """---
title: Zinc fever
---

## What is zinc fever?

A chill after fumes.

## How is zinc fever treated?

With rest and milk.

## Is zinc fever inherited?

No family has it.
""",
    "brass": """---
title: Brass palsy
---

## What is brass palsy?

A weak hand after years of polishing lamps.

## Is brass palsy inherited?

It runs in no family.
""",
}


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """A model to which kids, or quux, are what is inherited, and a lantern is a lamp."""
    meanings = (
        ["inherited", "kids", "quux"],
        ["treated", "help"],
        ["lamps", "lantern"],
        ["polishing", "cleaning"],
        ["zinc"],
    )
    return Model(tiny_model(tmp_path / "model", *meanings, ["brass"], ["fever"], ["palsy"], ["hand", "arm"], ["weak"]))


@pytest.fixture
def index(tmp_path: Path, model: Model) -> Path:
    """An index of two sheets with five answers."""
    (tmp_path / "pages").mkdir()
    for name, text in SHEETS.items():
        (tmp_path / "pages" / f"{name}.md").write_text(text)
    build_index([tmp_path / "pages"], tmp_path / "index", model=model)
    return tmp_path / "index"


@pytest.fixture
def by_words(index: Path) -> Iterator[SearchEngine]:
    """An engine without the model."""
    with open_index(index) as engine:
        yield engine


@pytest.fixture
def by_meaning(index: Path, model: Model) -> Iterator[SearchEngine]:
    """An engine with it."""
    with open_index(index, model) as engine:
        yield engine


def questions(results: Results) -> list[str]:
    return [hit.document.question for hit in results.hits]


def test_of_a_named_condition_the_answer_comes_first_that_is_meant(
    by_words: SearchEngine, by_meaning: SearchEngine
) -> None:
    query = Query("zinc fever quux")
    assert questions(by_words.search(query))[0] != "Is zinc fever inherited?"
    assert questions(by_meaning.search(query))[0] == "Is zinc fever inherited?"


def test_what_is_described_brings_its_sheet_forward(by_words: SearchEngine, by_meaning: SearchEngine) -> None:
    query = Query("after cleaning a lantern my arm")  # "after" stands on both sheets
    share = {engine: [hit.header.title for hit in engine.search(query).hits] for engine in (by_words, by_meaning)}
    assert share[by_meaning][0] == "Brass palsy"
    assert sorted(share[by_words]) == sorted(share[by_meaning])


@pytest.mark.parametrize("text", ["zinc fever and our kids", "after cleaning", "help with brass palsy", "kids", "zinc"])
def test_meaning_finds_and_claims_nothing_that_words_do_not(
    text: str, by_words: SearchEngine, by_meaning: SearchEngine
) -> None:
    words, meaning = by_words.search(Query(text)), by_meaning.search(Query(text))
    assert meaning.understood == words.understood
    assert meaning.facets == words.facets
    assert sorted(questions(meaning)) == sorted(questions(words))


@pytest.mark.parametrize(
    "text", ["zinc fever and our kids", "cleaning lamps after rest", '"after years" kids', "milk -rest"]
)
def test_the_share_of_meaning_is_what_the_formula_says(
    text: str, index: Path, by_words: SearchEngine, by_meaning: SearchEngine, model: Model
) -> None:
    query = Query(text, explain=True)
    before = {hit.document.id: hit.score for hit in by_words.search(query).hits}
    asked = model.embed(text)
    with by_meaning._snapshot() as snapshot:
        records = [snapshot.record(number) for number in range(5)]
        asks = understand(parse(query), snapshot)
        information = sum(row.information for row in _rows(snapshot, asks))
    near = [(asked @ model.embed(one.document.question), asked @ model.embed(one.document.answer)) for one in records]
    for hit in by_meaning.search(query).hits:
        own = [place for place, one in enumerate(records) if one.header.id == hit.header.id]
        at = next(place for place, one in enumerate(records) if one.document.id == hit.document.id)
        described = max(near[place][1] for place in own)
        worded = near[at][0] - np.mean([near[place][0] for place in own])
        assert hit.explanation
        share = information * (DESCRIBED * described + WORDED * worded)
        assert hit.score - before[hit.document.id] == pytest.approx(share, abs=0.02 * information)
        assert hit.score == pytest.approx(hit.explanation.value)
        assert sum(part.value for part in hit.explanation.parts) == pytest.approx(hit.score)
        (meaning,) = (part for part in hit.explanation.parts if part.label == "meaning")
        assert meaning.value == pytest.approx(sum(part.value for part in meaning.parts))


def test_words_as_they_are_typed_have_no_meaning_beside(by_words: SearchEngine, by_meaning: SearchEngine) -> None:
    for text in ("zinc fever and our kids", "after cleaning"):
        query = Query(text, exact=True)
        assert by_meaning.search(query) == by_words.search(query)


def test_who_only_filters_or_browses_asks_no_model(by_meaning: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Model, "embed")
    assert by_meaning.search(Query("")).total == 5
    assert by_meaning.search(Query("type:treatment")).total == 1


def test_the_endpoint_explains_the_share_and_its_tag_knows_the_model(index: Path, tmp_path: Path) -> None:
    settings = Settings(index=index)
    plain = create_app(settings).test_client()
    with_model = create_app(replace(settings, model=str(tmp_path / "model"))).test_client()
    path = "/api/v1/search?q=zinc+fever+and+our+kids&explain=1"
    answers = [client.get(path) for client in (plain, with_model)]
    labels = [{part["label"] for part in one.json["results"][0]["explanation"]["parts"]} for one in answers]  # type: ignore[index]
    assert labels[1] - labels[0] >= {"meaning"}
    assert answers[0].headers["ETag"] != answers[1].headers["ETag"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("my dad has multifocal motor neuropathy, could my kids get it from me", "inherit"),
        ("what can doctors do against moyamoya", "treat"),
    ],
)
def test_a_real_model_reads_natural_questions(text: str, first: str, tmp_path: Path) -> None:
    model = real_model()
    build_index(THREE_SHEETS, tmp_path / "index", model=model)
    with open_index(tmp_path / "index", model) as engine:
        assert first in questions(engine.search(Query(text)))[0]


def test_the_command_line_builds_and_searches_by_meaning(tmp_path: Path, index: Path, model: Model) -> None:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [*map(str, arguments)])

    named = ("--index", tmp_path / "other", "--model", model.folder)
    assert run("build", tmp_path / "pages", *named).exit_code == 0
    assert '"meaning"' in run("search", "zinc fever quux", *named, "--explain", "--json").stdout
    plain = tmp_path / "plain"
    run("build", tmp_path / "pages", "--index", plain)
    refused = run("search", "zinc", "--index", plain, "--model", model.folder)
    assert (refused.exit_code, f"factsheets build --model {model.folder}" in refused.stderr) == (3, True)
    nowhere = run("build", tmp_path / "pages", "--index", plain, "--model", "no-such-model")
    assert nowhere.stderr == "factsheets: no-such-model: there is no such folder, and no such package is installed\n"
    assert nowhere.exit_code == 3
