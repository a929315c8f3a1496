"""Words that people do not find: counted without their questions, shown when several people ask, gone after a while."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.cli import main
from indexer.errors import FactSheetError
from indexer.gaps import Gap, gaps
from tests.webui.reading import client_of, get_page

TODAY = date(2026, 12, 1)
QUESTIONS = ("how is hartnup treated", "zebra fever 0171234567 me@home.example", "how is zebra treated")


@pytest.fixture
def counted(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[FlaskClient, Path]:
    """A client that counts in a file, on a day that tests choose."""
    monkeypatch.setattr("webui.views._today", lambda: TODAY)
    return client_of(index, gaps=tmp_path / "gaps.db"), tmp_path / "gaps.db"


def ask(client: FlaskClient, question: str, times: int) -> None:
    for _ in range(times):
        assert client.get("/", query_string={"q": question}).status_code == 200


def test_only_single_words_of_questions_without_a_known_subject_are_counted(counted: tuple[FlaskClient, Path]) -> None:
    client, file = counted
    for question in QUESTIONS:
        ask(client, question, 1)
    with sqlite3.connect(file) as rows:
        words = {word: times for word, _, times in rows.execute("SELECT * FROM words")}
    rows.close()
    assert words["zebra"] == 2
    assert "hartnup" not in words
    assert not any(char.isdigit() or char in "@ ." for word in words for char in word)


def test_a_word_is_shown_from_ten_times_or_five_days_on_and_for_ninety_days(
    counted: tuple[FlaskClient, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, file = counted
    ask(client, "zebra", 9)
    assert gaps(file, TODAY) == []
    ask(client, "zebra", 1)
    assert gaps(file, TODAY) == [Gap("zebra", 10, 1)]
    for day in range(5):
        assert Gap("quagga", day, day) not in gaps(file, TODAY)
        monkeypatch.setattr("webui.views._today", lambda day=day: TODAY + timedelta(days=day))
        ask(client, "quagga", 1)
    assert gaps(file, TODAY) == [Gap("zebra", 10, 1), Gap("quagga", 5, 5)]
    assert gaps(file, TODAY + timedelta(days=91)) == []
    monkeypatch.setattr("webui.views._today", lambda: TODAY + timedelta(days=100))
    ask(client, "okapi", 1)
    with sqlite3.connect(file) as rows:
        assert [row[0] for row in rows.execute("SELECT DISTINCT word FROM words")] == ["okapi"]
    rows.close()


def test_nothing_is_counted_by_default_and_the_page_says_which_it_is(index: Path, tmp_path: Path) -> None:
    usual, counting = client_of(index), client_of(index, gaps=tmp_path / "gaps.db")
    ask(usual, "zebra", 1)
    assert not [*tmp_path.iterdir()]
    assert "are counted" not in get_page(usual, "/").words
    assert "Single words of questions without an answer are counted" in get_page(counting, "/").words


def test_a_file_that_cannot_be_written_stops_no_question(index: Path, tmp_path: Path) -> None:
    (tmp_path / "gaps.db").write_bytes(b"no database" * 99)
    ask(client_of(index, gaps=tmp_path / "gaps.db"), "zebra", 1)
    ask(client_of(index, gaps=tmp_path / "none" / "gaps.db"), "zebra", 1)
    with pytest.raises(FactSheetError, match=r"gaps\.db: "):
        gaps(tmp_path / "gaps.db", TODAY)


def test_the_command_says_what_to_write_next(
    counted: tuple[FlaskClient, Path], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, file = counted
    ask(client, "zebra", 10)
    result = CliRunner().invoke(main, ["gaps", str(file), "--index", str(index)])
    assert (result.exit_code, result.stdout) == (
        0,
        "zebra: 10 questions on 1 day; not found: write a sheet about it\n",
    )
    missing = CliRunner().invoke(main, ["gaps", "none.db", "--index", str(index)])
    assert (missing.exit_code, "factsheets serve --gaps none.db" in missing.stderr) == (3, True)
