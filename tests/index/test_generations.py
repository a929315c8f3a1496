"""Publishing: whatever happens on the way, CURRENT names a whole generation."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import Query, build_index, open_index
from indexer.errors import IndexStateError, NoIndexError
from indexer.index import generations, schema
from tests.conftest import CORPUS, PAGES


def numbers(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "generations").iterdir())


def test_each_build_publishes_the_next_number_and_the_one_before_is_kept(tmp_path: Path) -> None:
    published = [build_index([PAGES], tmp_path, force=True).generation for _ in range(3)]
    assert [generation.number for generation in published if generation] == [1, 2, 3]
    assert (tmp_path / "CURRENT").read_text() == "3\n"
    assert numbers(tmp_path) == ["2", "3"]


def test_nothing_of_a_build_stays_behind(tmp_path: Path) -> None:
    build_index([PAGES], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "LOCK", "generations"]


@pytest.mark.parametrize("step", ["_sync", "fingerprint"])
def test_a_build_that_fails_while_publishing_leaves_the_last_generation_serving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    build_index([PAGES], tmp_path)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(generations, step, fail)
        with pytest.raises(OSError, match="no space"):
            build_index([CORPUS], tmp_path, force=True)
    with open_index(tmp_path) as engine:
        assert engine.generation().number == 1
        assert engine.search(Query("tremor")).total
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "LOCK", "generations"]


def test_a_directory_without_an_index_says_which_command_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="factsheets build"):
        open_index(tmp_path)


def test_an_index_of_another_version_asks_for_a_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index([PAGES], tmp_path)
    monkeypatch.setattr(schema, "FORMAT_VERSION", 0)
    with pytest.raises(IndexStateError, match="another version: run `factsheets build`"):
        open_index(tmp_path)


def test_a_generation_without_its_files_is_damaged(tmp_path: Path) -> None:
    build_index([PAGES], tmp_path)
    for file in (tmp_path / "generations" / "1" / "whoosh").iterdir():
        file.unlink()
    with pytest.raises(IndexStateError, match="is damaged"):
        open_index(tmp_path)
