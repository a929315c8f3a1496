"""Building: every file ends as documents or as a named entry, and the published index is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from whoosh.query import Term

from indexer import Query, build_index, open_index
from indexer.errors import NothingToPublishError, PageError
from indexer.readers import read_page
from tests.conftest import PAGES, THREE_SHEETS

GOOD = (
    "What is zinc fever?\n\nZinc fever is an invented illness.[1]\n\nReferences\n  1. Zinc. http://example.org/zinc.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    return folder


def test_bad_pages_are_named_with_their_reasons_and_the_rest_is_built(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_bytes(b"  \n")
    (folder / "binary.txt").write_bytes(b"\x89PNG\r\n\0\0data")
    (folder / "silent.md").write_text("# A page\n\n[It answers nothing](tea.md)\n", encoding="utf-8")
    (folder / "latin.txt").write_bytes("What is caf\u00e9?\n\nA drink.\n".encode("latin-1"))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    report = build_index([folder], tmp_path / "index")
    reasons = {Path(path).name: reason for path, reason in report.refused.items()}
    assert reasons == {
        "empty.txt": "the file is empty",
        "binary.txt": "a binary file, not text",
        "silent.md": "no question was found, and no text but links or an error message: leave it out, or write what "
        "it says",
        "latin.txt": "line 1: not UTF-8: byte 0xe9; its encoding is unknown",
    }
    assert {Path(path).name: reason for path, reason in report.skipped.items()} == {"picture.png": "no reader for .png"}
    assert (report.pages, report.documents) == (5, 1)
    with open_index(tmp_path / "index") as engine:
        assert engine.search(Query("zinc")).total == 1


def test_a_sidecar_that_cannot_be_read_refuses_its_page_and_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "other.txt").write_text(GOOD.replace("zinc", "tin"), encoding="utf-8")
    (folder / "good.meta.toml").write_text('source = "Institute"\n')

    opened = Path.open

    def refuse(path: Path, *how: Any, **options: Any) -> Any:
        if path.suffix == ".toml":
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **options)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", refuse)
        assert read_page(folder / "other.txt", folder).blocks
        with pytest.raises(PageError, match=r"good\.txt: .* cannot be read: Permission denied"):
            read_page(folder / "good.txt", folder)


def test_warnings_of_a_page_are_in_the_report_with_its_name(tmp_path: Path) -> None:
    report = build_index([PAGES], tmp_path)
    assert any("lakeside-tremor.txt: marker [7]" in warning for warning in report.warnings)


def test_a_build_without_any_answer_publishes_nothing_and_leaves_the_index_as_it_was(
    folder: Path, tmp_path: Path
) -> None:
    build_index([folder], tmp_path / "index")
    (folder / "good.txt").write_text("Nothing is asked here.", encoding="utf-8")
    with pytest.raises(NothingToPublishError) as caught:
        build_index([folder], tmp_path / "index")
    assert list(caught.value.report.refused.values()) == [
        "no question and no title: begin with a heading, or add a title"
    ]
    with open_index(tmp_path / "index") as engine:
        assert engine.search(Query("zinc")).total == 1


def test_two_pages_that_are_one_sheet_are_both_named(folder: Path, tmp_path: Path) -> None:
    for name in ("good", "twin"):
        (folder / f"{name}.txt").write_text(GOOD, encoding="utf-8")
        (folder / f"{name}.meta.toml").write_text('url = "https://example.org/zinc"\ntitle = "Zinc fever"\n')
    report = build_index([folder], tmp_path / "index")
    assert report.documents == 1
    (path,) = report.refused
    assert Path(path).name == "twin.txt"
    assert "good.txt" in report.refused[path]


def test_a_path_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="nowhere: no such file or folder"):
        build_index([tmp_path / "nowhere"], tmp_path / "index")


def test_plain_whoosh_opens_the_published_index_and_finds_terms_with_positions(index: Path) -> None:
    number = (index / "CURRENT").read_text().strip()
    opened = whoosh.index.open_dir(str(index / "generations" / number / "whoosh"))
    with opened.searcher() as searcher:
        found = searcher.search(Term("answer", "immunoglobulin"))
        assert found.scored_length() >= 1
        matcher = Term("answer", "immunoglobulin").matcher(searcher)
        assert matcher.supports("positions")
        assert matcher.value_as("positions")


def test_a_marker_is_no_word_of_the_index(index: Path) -> None:
    with open_index(index) as engine:
        assert engine.search(Query("7")).total == 0  # lakeside-tremor cites [7] and has no other 7


def test_a_rebuild_elsewhere_gives_the_same_ids(tmp_path: Path) -> None:
    ids = []
    for place in ("here", "there"):
        report = build_index(THREE_SHEETS, tmp_path / place)
        with open_index(tmp_path / place) as engine:
            ids.append({hit.document.id for hit in engine.search(Query(per_page=100)).hits})
    assert ids[0] == ids[1]
    assert len(ids[0]) == report.documents > 18
