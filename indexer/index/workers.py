"""Reading and writing pages, here or in worker processes. A page stays with the one that read it until it is written.

A worker does what it is sent, sends every result as soon as it has it, and None at the end. It is sent nothing while it
is at work, so that neither side ever waits for the other to make room in a pipe.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from itertools import cycle
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from indexer.errors import BuildError, PageError
from indexer.index.pages import Decision, Reading, decided, reading_of
from indexer.index.records import Record
from indexer.index.schema import searched_text
from indexer.index.segments import MAX_DOCUMENTS, write_segment
from indexer.index.vectors import Embedder
from indexer.index.words import packed_words
from indexer.language.question_types import kinds_of, site_kind
from indexer.language.sentences import sentences_to_show
from indexer.model import Document, FactSheet, Found, Page
from indexer.readers import Folders, page_digest, read_pages
from indexer.sheets.split import split_page
from indexer.site import DEFAULT_SITE, Site

#: A worker is worth its start for so many pages.
PAGES_A_WORKER = 50

#: Each worker writes a segment of its own, and a search looks every term up in every segment.
MAX_WORKERS = 8

Tell = Callable[[Any], None]


class Shelf:
    """Sheets that were read and are to be written."""

    def __init__(self, embedder: Embedder | None = None, site: Site = DEFAULT_SITE) -> None:
        self._sheets: dict[str, FactSheet] = {}
        self._embedder, self._site = embedder, site

    def read(self, pages: Sequence[Found], tell: Tell) -> None:
        """Read pages, and send the path, digest ("" if it has none) and Reading of each.

        The digest is taken first: of a page that changes in between it is out of date, so that the next build sees it.
        """
        folders = Folders()
        for page in pages:
            path, digest = str(page.file), ""
            try:
                digest = page_digest(page.file, page.root, folders)
                for found in read_pages(page.file, page.root):
                    reading = self._reading(found, path, page.file.relative_to(page.root).as_posix())
                    tell((path + reading.inside, digest, reading))
            except PageError as error:
                tell((path, digest, Reading(error.reason)))

    def _reading(self, page: Page | PageError, path: str, relative: str) -> Reading:
        """Keep the sheet of a page of a file, and return what it gave."""
        inside = page.inside
        try:
            if isinstance(page, PageError):
                raise page
            sheet = self._sheets[path + inside] = split_page(page)
        except PageError as error:
            return Reading(error.reason, inside=inside)
        return reading_of(sheet, relative, page)

    def write(self, share: tuple[Path, Sequence[tuple[str, Decision]]], tell: Tell) -> None:
        """Write segments into a directory; send each page's path, and each segment with its pages' first documents."""
        directory, pages = share
        waiting = list(reversed(pages))
        while waiting:
            firsts: dict[str, int] = {}
            segment = write_segment(
                directory, self._records(waiting, firsts, tell), self._embedder, kinds_of(self._site)
            )
            tell((segment, firsts))

    def _records(self, waiting: list[tuple[str, Decision]], firsts: dict[str, int], tell: Tell) -> Iterator[Record]:
        """Yield the answers of the last pages, as many as a segment may have."""
        count = 0
        while waiting and count < MAX_DOCUMENTS:
            path, decision = waiting.pop()
            sheet = _with_facets(decided(self._sheets.pop(path), decision), self._site)
            firsts[path] = count
            for place, document in enumerate(_with_kinds(sheet, self._site)):
                references = () if place else sheet.references  # once a sheet
                words = packed_words(searched_text(document))
                yield Record(sheet.header, references, document, place, sentences_to_show(document), words)
            count += len(sheet.documents)
            tell(path)


def _with_facets(sheet: FactSheet, site: Site) -> FactSheet:
    """Return a sheet with the values of the site's facets, and of no other key of its front matter."""
    keys = {facet.key for facet in site.facets}
    kept = tuple((key, values) for key, values in sheet.header.facets if key in keys)
    return sheet if kept == sheet.header.facets else replace(sheet, header=replace(sheet.header, facets=kept))


def _with_kinds(sheet: FactSheet, site: Site) -> Iterator[Document]:
    """Yield the answers of a sheet with the kinds of a site. Kinds of health were found when the sheet was read."""
    names = (sheet.header.title, *sheet.header.also_known_as)
    for document in sheet.documents:
        if isinstance(site.kinds, str) and site.kinds != "none":
            yield document
        else:
            yield replace(document, question_type=site_kind(document.question, names, kinds_of(site)))


class Workers(AbstractContextManager["Workers"]):
    """A shelf here, and one in each worker process, which are started when there are enough pages to read."""

    def __init__(self, embedder: Embedder | None = None, site: Site = DEFAULT_SITE) -> None:
        self._here = Shelf(embedder, site)
        self._processes: list[tuple[multiprocessing.process.BaseProcess, Connection]] = []
        self._reader_of: dict[str, int] = {}  # which of the processes read a page; -1: none did

    def read(self, pages: Sequence[Found], take: Callable[[str, str, Reading], None]) -> None:
        """Read pages; take what `Shelf.read` sends, in any order."""
        self._start(min(MAX_WORKERS, os.cpu_count() or 1, len(pages) // PAGES_A_WORKER))
        readers = cycle(range(len(self._processes)) if len(pages) >= 2 * PAGES_A_WORKER and self._processes else [-1])
        shares: dict[int, list[Found]] = defaultdict(list)
        for page, reader in zip(pages, readers, strict=False):
            self._reader_of[str(page.file)] = reader
            shares[reader].append(page)

        def keep(result: tuple[str, str, Reading]) -> None:
            path, digest, reading = result
            self._reader_of[path] = self._reader_of[path.removesuffix(reading.inside)]
            take(path, digest, reading)

        self._work("read", shares, keep)

    def write(self, directory: Path, decisions: Mapping[str, Decision], take: Tell) -> None:
        """Write pages that were read; take what `Shelf.write` sends, in any order."""
        shares: dict[int, tuple[Path, list[tuple[str, Decision]]]] = {}
        for page in decisions.items():
            shares.setdefault(self._reader_of[page[0]], (directory, []))[1].append(page)
        self._work("write", shares, take)

    def __exit__(self, *_: object) -> None:
        for process, connection in self._processes:
            process.kill()
            process.join()
            connection.close()

    def _work(self, task: str, shares: Mapping[int, Any], take: Tell) -> None:
        at_work: list[tuple[multiprocessing.process.BaseProcess, Connection]] = []
        for number, share in shares.items():
            if number >= 0:
                self._processes[number][1].send((task, share))
                at_work.append(self._processes[number])
        if -1 in shares:
            getattr(self._here, task)(shares[-1], take)
        while at_work:
            ready = wait([connection for _, connection in at_work])
            for worker in [one for one in at_work if one[1] in ready]:
                result = _received(*worker)
                if result is None:
                    at_work.remove(worker)
                else:
                    take(result)

    def _start(self, count: int) -> None:
        """Fork some processes, once; none where that is not possible, and where this process has other threads.

        A lock that another thread holds at that moment would stay locked in the child for good.
        """
        forks = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
        if self._processes or count < 2 or not forks:
            return
        context = multiprocessing.get_context("fork")
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(self._here, theirs, ours), daemon=True)
            process.start()
            theirs.close()  # the end of the worker must be open nowhere else, so that its death is noticed
            self._processes.append((process, ours))


def _received(process: multiprocessing.process.BaseProcess, connection: Connection) -> Any:
    """Return what a worker sent. Raises OSError for one that it met, BuildError when it has died."""
    try:
        result = connection.recv()
    except (EOFError, ConnectionResetError):
        process.join()
        reason = f"a worker process ended with exit code {process.exitcode}, so nothing was published"
        raise BuildError(reason) from None
    if isinstance(result, OSError):
        raise result
    return result


def _serve(shelf: Shelf, connection: Connection, other_end: Connection) -> None:
    """Work for the process at the other end until it is gone."""
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair, which ends its workers
    threading.Thread(target=_die_with_the_parent, daemon=True).start()
    gc.disable()  # 2 million postings that all stay: looking for rings among them takes a tenth of the time
    with suppress(EOFError, ConnectionError):  # the parent is gone
        while True:
            task, share = connection.recv()
            try:
                getattr(shelf, task)(share, connection.send)
                connection.send(None)
            except OSError as error:
                connection.send(error)


def _die_with_the_parent() -> None:
    """End this process as soon as its parent is gone, however that ended."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)
