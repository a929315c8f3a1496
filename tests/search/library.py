"""Little collections of sheets that are full of traps, and the questions that one may ask of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import strategies as st

from indexer import Query, build_index
from indexer.index import build, workers
from indexer.index.snapshot import Snapshot
from indexer.model import BuildReport, partial_date
from indexer.sheets import passages

#: What a name may be: inside another, in a family, an acronym or an English word, of other letters, with digits.
NAMES = (
    *("Batten disease", "Bartter syndrome", "Usher syndrome type 1", "Usher syndrome type 2", "Usher syndrome"),
    *("Multifocal motor neuropathy", "MMN", "ALL", "Acute lymphoblastic leukemia", "Charcot-Marie-Tooth disease"),
    *("α-mannosidosis", "Guimarães fever", "22q11.2 deletion", "Moyamoya disease", "Heart disease"),
)
VOCABULARY = (
    *("ptosis", "vomiting", "abdominal", "pain", "heart", "hearts", "disease", "diseases", "treated", "treatment"),
    *("neuropathy", "neuropathies", "GM1", "22q11.2", "the", "of", "all", "syndrome", "type", "deletion", "surgery"),
)
#: No sheet has these words; one is nearly a name, and two ask for a kind of answer.
UNKNOWN = ("zebra", "quagga", "usherr", "xq28", "remedy", "cure")
ASKING = ("How is {} treated?", "What is {}?", "What causes {}?", "Is {} inherited?", "Treatment", "Outlook")
EVERYDAY = ("droopy eyelid", "throws up", "tummy pain", "why does it hurt", "my son has", "heart attack", "what is it")
NOTE = "This note of the archive on how the table is to be read says nothing of hearts."
ANSWERS = (("What is {}?", "It is invented."), ("How is {} treated?", "With rest and treatment."))
SOURCES, DATES = ("Lakeside Archive", "LAUC"), ("2013", "2013-05", "2013-05-02", "2019-12")
SIGNED = (
    *('"heart disease"', '"of the"', '"Usher syndrome type"', '""', '-"heart disease"', "-zebra"),
    *("neuropath*", "dis*", "hart~", "hearts~", "type:treatment", "type:nonsense"),
    *('source:"lakeside archive"', "source:LAUC", 'subject:"Heart Disease"', "subject:mmn", "?!", "*", "-"),
)


@dataclass(frozen=True)
class Sheet:
    """A page to be written: its names, who published it, when, and its questions with their answers."""

    title: str
    others: tuple[str, ...]
    source: str | None
    updated: str | None
    answers: tuple[tuple[str, str], ...]

    def page(self) -> str:
        front = {"title": self.title, "also_known_as": self.others, "source": self.source, "last_updated": self.updated}
        body = "".join(f"## {asks.format(self.title)}\n\n{answer}\n\n" for asks, answer in self.answers)
        return (
            "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items() if value) + f"---\n{body}"
        )


class Library:
    """A folder of pages with an index that follows it."""

    def __init__(self, parent: Path) -> None:
        self.pages, self.index = parent / "pages", parent / "index"
        self.pages.mkdir(parents=True)

    def write(self, name: str, sheet: Sheet) -> None:
        (self.pages / f"{name}.md").write_text(sheet.page(), encoding="utf-8")

    def remove(self, name: str) -> None:
        (self.pages / f"{name}.md").unlink(missing_ok=True)

    def build(self) -> BuildReport:
        return build_index([self.pages], self.index)

    def open(self) -> Snapshot:
        return Snapshot(self.index, int((self.index / "CURRENT").read_text()))


def collection() -> Iterator[tuple[str, Sheet]]:
    """Yield sheets under all names, with words in turn, so that some stand on many and some on few."""
    for number in range(30):
        title, other = NAMES[number % len(NAMES)], NAMES[(number * 7 + 3) % len(NAMES)]
        words = [VOCABULARY[(number * step + step) % len(VOCABULARY)] for step in range(1, 4 + number % 5)]
        answers = [(ASKING[(number + step) % len(ASKING)], " ".join(words[step:] or words)) for step in range(3)]
        answers[0] = (answers[0][0], f"{answers[0][1]}. {NOTE if number % 4 == 0 else ''}")
        source, date = ("LAUC", "2013-05") if number % 2 else (None, None)
        yield f"sheet-{number}", Sheet(title, (other,) if number % 3 else (), source, date, tuple(answers))


def library_of(parent: Path, *sheets: tuple[str, ...]) -> Library:
    """Return a built collection of sheets that have (title, other names)."""
    library = Library(parent)
    for number, (title, *others) in enumerate(sheets):
        library.write(f"{number:02}", Sheet(title, tuple(others), None, None, ANSWERS))
    library.build()
    return library


def small_segments(patched: pytest.MonkeyPatch) -> None:
    """Have even a little collection in several segments, with deleted documents in them and with shared passages."""
    patched.setattr(workers, "MAX_DOCUMENTS", 8)
    patched.setattr(build, "to_merge", lambda sizes, live, written: set())
    patched.setattr(passages, "SHARED_SHEETS", 3)
    patched.setattr(passages, "SHARED_WORDS", 10)


def edited_collection(parent: Path) -> Library:
    """Return a collection that was built in seven rounds, with pages that changed and pages that went."""
    library, sheets = Library(parent), [*collection()]
    with pytest.MonkeyPatch.context() as patched:
        small_segments(patched)
        for first in range(0, 30, 5):
            for name, sheet in sheets[first : first + 5]:
                library.write(name, sheet)
            library.build()
        for name, sheet in sheets[::6]:
            library.write(name, replace(sheet, answers=(*sheet.answers[1:], ("Outlook", "All of the hearts."))))
        for name, _ in sheets[1::8]:
            library.remove(name)
        library.build()
    return library


def misspelt(word: str, place: int, error: str) -> str:
    """Return a word with one error at a place: a letter too few or too many, or two that changed places."""
    place %= len(word)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return before + {"less": after, "more": letter * 2 + after, "swap": after[:1] + letter + after[1:]}[error]


SENTENCES = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(lambda words: " ".join(words) + ".")
_ANSWERS = st.lists(st.tuples(st.sampled_from(ASKING), SENTENCES), min_size=1, max_size=3, unique_by=lambda one: one[0])
SHEETS = st.builds(
    Sheet,
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    st.sampled_from([None, *SOURCES]),
    st.sampled_from([None, *DATES]),
    _ANSWERS.map(tuple),
)
_NAME_WORDS = sorted({word for name in NAMES for word in name.split()})
_PIECES = st.one_of(
    st.sampled_from(VOCABULARY),
    st.sampled_from([*NAMES, *map(str.lower, NAMES)]),
    st.sampled_from([*UNKNOWN, *EVERYDAY]),
    st.sampled_from(ASKING).flatmap(lambda asks: st.sampled_from(NAMES).map(asks.format)),
    st.builds(misspelt, st.sampled_from(_NAME_WORDS), st.integers(0, 20), st.sampled_from(["less", "more", "swap"])),
    st.sampled_from(SIGNED),
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(VOCABULARY).map("-{}".format),
)
TEXTS = st.lists(_PIECES, max_size=5).map(" ".join)
_SOME_DATE = st.sampled_from([None, None, None, *map(partial_date, DATES)])
QUERIES = st.builds(
    Query,
    TEXTS,
    types=st.sampled_from([(), (), (), ("treatment",), ("treatment", "causes")]),
    subjects=st.sampled_from([(), (), (), ("Usher syndrome", "HEART disease")]),
    sources=st.sampled_from([(), (), (), ("LAUC",), SOURCES]),
    updated_from=_SOME_DATE,
    updated_to=_SOME_DATE,
    exact=st.sampled_from([False, False, True]),
)
