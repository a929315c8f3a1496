"""What people do not find, without recording what they ask: single words, counted by day, in a small SQLite file.

Words are counted for questions without an answer, and for questions that name no known subject. Whole questions,
addresses and times are never written. A word is shown only after it was asked on several days or many times.
"""

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from indexer.errors import FactSheetError
from indexer.model import Results

_log = logging.getLogger(__name__)

#: Counts are deleted after this many days.
KEPT_DAYS = 90
#: A word is shown from so many different days or so many questions on: fewer could be one person's.
SHOWN_DAYS, SHOWN_TIMES = 5, 10
#: Only plain words are counted: nothing that could be a number, an address or a password.
_PLAIN = re.compile(r"[^\W\d_]{3,30}")
#: How long a worker waits for another one that is writing, in seconds.
_WAIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Gap:
    """A word that was asked for, how often, and on how many days."""

    word: str
    times: int
    days: int


def words_of(results: Results) -> list[str]:
    """Return the words of a question to count: none if it names a known subject and has an answer."""
    if results.total and results.understood.focus:
        return []
    words = (concept.typed.casefold() for concept in results.understood.concepts)
    return list(dict.fromkeys(word for word in words if _PLAIN.fullmatch(word)))


def count(file: Path, results: Results, today: date) -> None:
    """Count the words of a question. A file that cannot be written is logged, and nothing else happens."""
    words = words_of(results)
    if not words:
        return
    try:
        with _opened(file) as counts:
            counts.execute("DELETE FROM words WHERE day < ?", [(today - timedelta(days=KEPT_DAYS)).isoformat()])
            counts.executemany(
                "INSERT INTO words VALUES (?, ?, 1) ON CONFLICT (word, day) DO UPDATE SET times = times + 1",
                [(word, today.isoformat()) for word in words],
            )
    except sqlite3.Error as error:
        _log.warning("gaps cannot be counted in %s: %s", file, error)


def gaps(file: Path, today: date) -> list[Gap]:
    """Return the words that were asked often enough, the most frequent first. Raises FactSheetError for a bad file."""
    if not file.is_file():
        raise FactSheetError(f"{file}: there is no such file; `factsheets serve --gaps {file}` makes it")
    try:
        with _opened(file) as counts:
            rows = counts.execute(
                "SELECT word, sum(times), count(*) FROM words WHERE day >= ? GROUP BY word "
                "HAVING sum(times) >= ? OR count(*) >= ? ORDER BY 2 DESC, 1",
                [(today - timedelta(days=KEPT_DAYS)).isoformat(), SHOWN_TIMES, SHOWN_DAYS],
            )
            return [Gap(*row) for row in rows]
    except sqlite3.Error as error:
        raise FactSheetError(f"{file}: {error}") from error


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=_WAIT_SECONDS)) as counts, counts:
        counts.execute(
            "CREATE TABLE IF NOT EXISTS words (word TEXT, day TEXT, times INTEGER, PRIMARY KEY (word, day)) STRICT"
        )
        yield counts
