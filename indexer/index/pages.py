"""The page table of a generation: what each page gave when it was read, and what all pages together made of it.

What is served of a page depends on three things: on what reading it gives, on the pages before it that have the same
address, and on the sentences that many sheets share. The table keeps all three, so that a build knows which pages it
need not touch, and still decides about every page as if it had read them all.
"""

import hashlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from urllib.parse import urldefrag

import msgspec

from indexer.errors import PageError
from indexer.index.garbage import garbage_waits
from indexer.language.analysis import fold
from indexer.model import FactSheet, Found, Page, PageWarning
from indexer.readers import Folders, page_digest
from indexer.settings import MAX_PAGE_BYTES
from indexer.sheets.identifiers import repeats, sheet_id, stable_part
from indexer.sheets.passages import sentence_keys, shared_keys, with_shared_passages


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one page gave: the reason why it is refused, or what the build must know of its sheet.

    `path` is relative to the folder that is built; `place` is a name on the page that its address ends in, as in
    ".../facts#causes"; `sentences` are keys, by which shared passages are found; `repeats`: two questions are equal.
    Of a page in a file with several, `inside` says where it is, and `content` is a digest of it.
    """

    refused: str | None = None
    path: str = ""
    id: str = ""
    title: str = ""
    place: str = ""
    documents: int = 0
    sentences: bytes = b""
    warnings: tuple[PageWarning, ...] = ()
    repeats: bool = False
    inside: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What all pages together make of one: the reason why it is refused, or its sheet's id and its shared sentences.

    `questions` are the hashes of its questions, in order, where they are not those that the page alone gives.
    """

    refused: str | None = None
    id: str = ""
    shared: tuple[int, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the table. Its answers are numbered from `first` on in `segment`; neither counts where it has none.

    `stamp` only saves work: entries that differ in nothing else are equal.
    """

    digest: str
    reading: Reading
    decision: Decision
    segment: str = ""
    first: int = 0
    stamp: str = field(default="", compare=False)

    def file(self, path: str) -> str:
        """Return the path of the file that holds the page with a path."""
        return path.removesuffix(self.reading.inside)


@dataclass(frozen=True, slots=True)
class PageTable:
    """The pages of a generation by their paths, in the order of the walk, and what code they were read with."""

    reading_code: str
    pages: dict[str, Entry]


def save_table(table: PageTable, directory: Path) -> None:
    """Write the table into the directory of a generation."""
    (directory / "pages.msgpack").write_bytes(msgspec.msgpack.encode(table))


def load_table(directory: Path) -> PageTable:
    """Return the table of a generation."""
    return msgspec.msgpack.decode((directory / "pages.msgpack").read_bytes(), type=PageTable)


@lru_cache(maxsize=1)  # the code that runs is that which was there when it was loaded
def reading_code() -> str:
    """Return a hash of what reading and splitting depends on: how large a page may be, source and data of three rooms.

    Nobody has to remember a version number; a comment that changes costs one full build.
    """
    digest = hashlib.sha256(str(MAX_PAGE_BYTES).encode())
    for room in ("readers", "sheets", "language"):
        files = resources.files("indexer").joinpath(room).iterdir()
        for file in sorted((file for file in files if file.is_file()), key=lambda file: file.name):
            digest.update(f"{room}/{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def is_unchanged(found: Found, known: Entry, stamp: str, folders: Folders) -> bool:
    """Return whether reading a page again would give what is known of it."""
    if found.refused or not known.digest:
        return known.reading == Reading(found.refused)
    if known.reading.path and known.reading.path.count("/") != len(found.file.parts) - len(found.root.parts) - 1:
        return False  # it is built from another folder now, and ids depend on the path below that
    if stamp and stamp == known.stamp:
        return True
    try:
        return page_digest(found.file, found.root, folders) == known.digest
    except PageError:
        return False


def reading_of(sheet: FactSheet, path: str, page: Page | None = None) -> Reading:
    """Return what the build must know of the sheet of a page; `page` is given for one in a file with several."""
    header, documents = sheet.header, len(sheet.documents)
    inside = page.inside if page else ""
    place, keys = urldefrag(header.provenance.url or inside).fragment, sentence_keys(sheet)
    content = hashlib.blake2b(msgspec.msgpack.encode(page), digest_size=16).hexdigest() if inside else ""
    repeated = repeats(document.question for document in sheet.documents)
    return Reading(
        None, path, header.id, header.title, place, documents, keys, sheet.warnings, repeated, inside, content
    )


@garbage_waits()
def decide(readings: Mapping[str, Reading]) -> dict[str, Decision]:
    """Return what becomes of each page, given all readings in the order of the walk.

    Of pages with one address and one title, the first is kept. Pages with one address and different titles, or places
    on it, are different sheets (of MedQuAD's files 12 have 2 addresses, and 4 differ in the place):
    the first keeps its id, the others get ids of their own.
    """
    pages_at: dict[str, dict[tuple[str, str], str]] = {}
    decisions = {}
    for path, reading in readings.items():
        sheets = pages_at.setdefault(stable_part(reading.id), {})
        name = fold(reading.title), reading.place
        if reading.refused:
            decisions[path] = Decision(reading.refused)
        elif twin := sheets.get(name):
            decisions[path] = Decision(f"the same sheet as {twin}: {reading.id}")
        else:
            decisions[path] = Decision(None, _id_apart(reading) if sheets else reading.id)
            sheets[name] = path
    sentences = {path: readings[path].sentences for path, decision in decisions.items() if not decision.refused}
    shared = shared_keys(sentences.values())
    for path, keys in sentences.items():
        if on_page := shared.intersection(array("Q", keys)):
            decisions[path] = Decision(None, decisions[path].id, tuple(sorted(on_page)))
    return decisions


def decided(sheet: FactSheet, decision: Decision) -> FactSheet:
    """Return a sheet with the id that was decided, in its answers' ids too, and with its shared passages marked."""
    documents = []
    for number, document in enumerate(sheet.documents):
        own = decision.id + document.id.removeprefix(sheet.header.id)
        own = f"{decision.id}.{decision.questions[number]}" if decision.questions else own
        marked = with_shared_passages(document, decision.shared) if decision.shared else document
        documents.append(replace(marked, id=own))
    return replace(sheet, header=replace(sheet.header, id=decision.id), documents=tuple(documents))


def _id_apart(reading: Reading) -> str:
    """Return a sheet's id with the same words in front, and a hash that covers the page's path too."""
    place = stable_part(reading.id)
    return reading.id.removesuffix(place) + sheet_id("", None, None, f"{place} {reading.path}{reading.inside}")
