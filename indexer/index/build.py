"""Pages -> a published generation. Every file that is met ends as documents or in the report, with a reason.

A full build is an incremental one that has nothing to start from. What an index serves depends on the pages alone, not
on the builds before: each build decides about all pages together, and writes those that would be served otherwise now.
"""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.errors import IndexStateError, NoIndexError, NothingToPublishError
from indexer.index.earlier import Earlier
from indexer.index.garbage import garbage_waits
from indexer.index.generations import REMEDY, reading
from indexer.index.pages import (
    Decision,
    Entry,
    PageTable,
    Reading,
    decide,
    is_unchanged,
    load_table,
    reading_code,
    save_table,
)
from indexer.index.segments import Segment, read_segments, to_merge, write_toc
from indexer.index.store import Store
from indexer.index.vectors import Embedder
from indexer.index.workers import Workers
from indexer.meaning.model import Model
from indexer.model import AnswerChange, BuildReport, Found, Generation
from indexer.readers import Folders, find_pages, page_stamp
from indexer.site import DEFAULT_SITE, Site

_log = logging.getLogger(__name__)

#: Called with the steps done and the steps known so far.
Progress = Callable[[int, int], None]


def update_index(
    paths: Iterable[Path | str],
    store: Store,
    *,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    model: Model | None = None,
    site: Site = DEFAULT_SITE,
) -> BuildReport:
    """Bring an index up to date with the pages in files and folders, and return the report.

    Only pages that changed since the last build are read again, unless the code that reads them has changed too.
    Whoever searches goes on with the generation before until the next one is whole; when nothing changed, none is
    published. `progress` is called with the steps done and the steps known so far.
    With a `model` every answer gets its vectors; those of texts that did not change are kept, whatever is read again.
    `site` is what the site file says to the engine.
    `force` reads every page again and publishes whatever that gives; `dry_run` writes nothing.

    Raises NothingToPublishError, with the report, when no page gave an answer, when the answers are fewer than half of
    those that serve now, and when a page that serves, or a folder of such, is there and cannot be looked at; PageError
    for a path that does not exist; IndexStateError while another build is at work.
    """
    started = time.perf_counter()
    with ExitStack() as held:
        aside = Path(held.enter_context(TemporaryDirectory())) if dry_run else held.enter_context(store.building())
        base = _base(store, aside, force, model, site)
        workers = held.enter_context(Workers(Embedder(model, base.embedded) if model else None, site))
        update = _Update(base, workers, Earlier(store), progress)
        update.walk(map(Path, paths))
        update.read()
        report = update.report()
        if dry_run:
            report = replace(report, answers=update.answers())
        elif not force:
            _guard(report, base.generation.documents if base.generation else 0, update.out_of_reach())
        generation = base.generation
        if not dry_run and not update.changes_nothing():
            written = update.write(aside / "generation")
            generation = store.publish(written, report.documents, base.generation, model, site)
        return replace(report, generation=None if dry_run else generation, seconds=time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class _Base:
    """What the last build left. When there is a reason to rebuild, or no index yet, there are no pages and segments.

    `answered`: the paths of the files that gave answers. `serves`: whether nothing is wrong with what was published
    last. `same_site`: whether the site file says the same. `embedded`: the folders of segments that have vectors of
    the same model.
    """

    generation: Generation | None = None
    directory: Path = Path()
    pages: dict[str, Entry] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    answered: frozenset[str] = frozenset()
    rebuilt: str | None = None
    serves: bool = True
    same_site: bool = True
    embedded: tuple[Path, ...] = ()


@garbage_waits()
def _base(store: Store, aside: Path, force: bool, model: Model | None, site: Site) -> _Base:
    """Start from the generation that readers would serve. Its files are checked as they do it: a build links them."""
    try:
        (found, directory), refused = store.base(aside)
    except NoIndexError:
        return _Base()
    except IndexStateError as error:
        return _Base(store.last(), rebuilt=str(error).removesuffix(REMEDY))
    generation = found.generation()
    if refused:
        _log.warning("%s; this build starts from generation %d", str(refused).removesuffix(REMEDY), generation.number)
    with reading(generation.number):
        table, segments = load_table(directory), tuple(read_segments(directory))
    answered = frozenset(entry.file(path) for path, entry in table.pages.items() if not entry.decision.refused)
    same_model = generation.model == (model.digest if model else None)
    embedded = tuple(directory / "arrays" / segment.name for segment in segments if model and same_model)
    if force:
        rebuilt = "it was asked for"
    elif not same_model:
        rebuilt = f"it was built {'with another model, or none' if model else 'with a model'}"
    elif (found.site.kinds, found.site.facets) != (site.kinds, site.facets):
        rebuilt = "the site file has other kinds of answer or facets"
    elif table.reading_code != reading_code():
        rebuilt = "the code that reads pages has changed"
    else:
        return _Base(
            *(generation, directory, table.pages, segments, answered),
            serves=not refused,
            same_site=found.site == site,
            embedded=embedded,
        )
    return _Base(generation, answered=answered, rebuilt=rebuilt, embedded=embedded)


def _guard(report: BuildReport, serving: int, out_of_reach: list[str]) -> None:
    """Raise NothingToPublishError for what should not be published unless somebody asks for it expressly."""
    if out_of_reach:
        others = f" (and {len(out_of_reach) - 1:,} more)" if len(out_of_reach) > 1 else ""
        why = f"what serves now would be lost of {out_of_reach[0]}{others}"
    elif not report.documents and not serving:
        why = "no page gave an answer"
    elif not report.documents or report.documents * 2 < serving:
        why = f"the pages give {report.documents:,} answers where {serving:,} serve now"
    else:
        return
    raise NothingToPublishError(report, why, serving > 0)


class _Update:
    """One build: the pages as they are met now, beside what the last build left of them."""

    def __init__(self, base: _Base, workers: Workers, earlier: Earlier, progress: Progress | None) -> None:
        self._base, self._workers, self._earlier, self._progress = base, workers, earlier, progress
        self._done = self._steps = 0
        self._found: dict[str, Found] = {}
        self._stamps: dict[str, str] = {}
        self._files: dict[str, dict[str, Entry]] = {}  # the pages of each file, in the order of the walk
        self._met: dict[str, Entry] = {}  # all pages, in that order
        self._kept: dict[str, Entry] = {}  # pages that stay as they are, in the index too
        self._decisions: dict[str, Decision] = {}

    @garbage_waits()
    def walk(self, paths: Iterable[Path]) -> None:
        """Meet every file, and take over what is known of the pages that did not change since the last build."""
        self._found = {str(found.file): found for found in find_pages(paths)}
        folders = Folders()
        known: dict[str, dict[str, Entry]] = defaultdict(dict)
        for path, entry in self._base.pages.items():
            known[entry.file(path)][path] = entry
        for file, found in self._found.items():
            if found.skipped:
                continue
            stamp = self._stamps[file] = page_stamp(found.file, found.root, folders)
            pages = known.get(file)
            if pages and is_unchanged(found, next(iter(pages.values())), stamp, folders):
                if any(entry.stamp != stamp for entry in pages.values()):
                    pages = {path: replace(entry, stamp=stamp) for path, entry in pages.items()}
                self._kept |= pages
            else:
                pages = {file: Entry("", Reading(found.refused), Decision(), stamp=stamp)}
            self._files[file] = pages
        self._met = {path: entry for pages in self._files.values() for path, entry in pages.items()}

    def read(self) -> None:
        """Read what changed and decide about all pages, until everything that is to be written has been read."""
        read: set[str] = set()
        unread = [file for file, pages in self._files.items() if not pages.keys() <= self._kept.keys()]
        unread = [file for file in unread if not self._found[file].refused]
        while True:
            self._steps += 2 * len(unread)  # each is read, and most are written
            before = [self._files[file] for file in unread]
            self._files |= {file: {} for file in unread}
            self._workers.read([self._found[file] for file in unread], self._take_reading)
            self._met = {path: entry for pages in self._files.values() for path, entry in pages.items()}
            read.update(path for file in unread for path in self._files[file])
            if not self._decisions or list(map(_readings, before)) != [_readings(self._files[file]) for file in unread]:
                self._decisions = decide({path: entry.reading for path, entry in self._met.items()})
            self._decisions |= self._with_lasting_ids(read)
            self._keep(read)
            unread = list(dict.fromkeys(self._met[path].file(path) for path in self._to_write() if path not in read))
            if not unread:
                break
        folders = Folders()
        for file in {self._met[path].file(path) for path in read}:  # something beside a page may have come meanwhile
            found = self._found[file]
            if self._stamps[file] != page_stamp(found.file, found.root, folders):
                self._met |= {path: replace(self._met[path], stamp="") for path in self._files[file]}

    def _with_lasting_ids(self, read: Collection[str]) -> dict[str, Decision]:
        """Return the decisions about pages with equal questions, whose ids depend on what was served before."""
        decisions = {}
        for path, decision in self._decisions.items():
            known = self._base.pages.get(path)
            if (
                path in read
                and not decision.refused
                and (self._met[path].reading.repeats or (known and known.reading.repeats))
            ):
                entry = self._met[path]
                found = self._found[entry.file(path)]
                decisions[path] = self._earlier.with_lasting_ids(decision, found, entry.reading.inside)
            elif path not in read and known and known.decision.questions:
                decisions[path] = replace(decision, questions=known.decision.questions)
        return decisions

    def answers(self) -> tuple[AnswerChange, ...]:
        """Return the answers that change."""
        known = self._base.pages
        before = [entry.decision.id for path, entry in known.items() if path not in self._kept]
        pages: dict[str, dict[str, Decision]] = defaultdict(dict)
        for path in self._to_write():
            entry = self._met[path]
            pages[entry.file(path)][entry.reading.inside] = self._decisions[path]
        files = ((self._found[file], decisions) for file, decisions in pages.items())
        return self._earlier.changes(before if known else None, files)

    def report(self) -> BuildReport:
        """Return what was found; nothing is written yet."""
        refused = {path: decision.refused for path, decision in self._decisions.items() if decision.refused}
        accepted = {path: entry.reading for path, entry in self._met.items() if path not in refused}
        known = self._base.pages
        new = len(accepted.keys() - known.keys())
        unchanged = {
            path
            for path, entry in self._met.items()
            if path in known
            and known[path].reading == entry.reading
            and (entry.reading.inside or known[path].digest == entry.digest)
        }
        return BuildReport(
            pages=len(self._met),
            documents=sum(reading.documents for reading in accepted.values()),
            new=new,
            changed=len(accepted) - new - sum(path in accepted for path in unchanged),
            unchanged=len(unchanged),
            removed=len(known.keys() - self._met.keys()),
            rebuilt=self._base.rebuilt,
            refused=refused,
            skipped={path: found.skipped for path, found in self._found.items() if found.skipped},
            warnings=[f"{path}: {warning}" for path, reading in accepted.items() for warning in reading.warnings],
            seconds=0.0,
            generation=None,
        )

    def out_of_reach(self) -> list[str]:
        """Return the pages that gave answers, and the folders of such, that are there but cannot be looked at, and why.

        A page that can be read is not among them, whatever is wrong with it; nor is one that nobody asks for any more.
        """
        unread = {path: entry.reading.refused for path, entry in self._met.items() if not entry.digest}
        answered = self._base.answered
        folders = {str(folder) for path in answered for folder in Path(path).parents} if unread else ()
        return [
            f"{path}: {why}"
            for path, why in unread.items()
            if path in folders or (path in answered and _cannot_be_opened(path))
        ]

    def changes_nothing(self) -> bool:
        """Return whether the generation that serves is what this build would write."""
        base = self._base
        return base.serves and base.same_site and not base.rebuilt and self._pages({}) == base.pages

    def write(self, directory: Path) -> Path:
        """Write all that a generation consists of, but its manifest, into a directory, and return it."""
        (directory / "whoosh").mkdir(parents=True)
        segments = self._old_segments(directory)
        places: dict[str, tuple[str, int]] = {}

        def take(result: str | tuple[Segment, dict[str, int]]) -> None:
            if isinstance(result, str):
                self._step()
                return
            segment, firsts = result
            segments.append(segment)
            places.update({path: (segment.name, first) for path, first in firsts.items()})

        to_write = {path: self._decisions[path] for path in self._to_write()}
        self._steps = self._done + len(to_write)
        self._workers.write(directory, to_write, take)
        write_toc(directory, segments)
        save_table(PageTable(reading_code(), self._pages(places)), directory)
        return directory

    def _take_reading(self, path: str, digest: str, reading: Reading) -> None:
        file = path.removesuffix(reading.inside)
        self._files[file][path] = Entry(digest, reading, Decision(), stamp=self._stamps[file])
        self._step()

    def _step(self) -> None:
        self._done += 1
        if self._progress:
            self._progress(self._done, max(self._done, self._steps))

    def _keep(self, read: set[str]) -> None:
        """Leave in the index what was not read, is decided as before, and lies in no segment that is merged."""
        kept = {
            path: entry
            for path, entry in self._kept.items()
            if path not in read and entry.decision == self._decisions[path]
        }
        live: Counter[str] = Counter()
        for entry in kept.values():
            live[entry.segment] += entry.reading.documents
        accepted = (path for path, decision in self._decisions.items() if not decision.refused)
        written = sum(self._met[path].reading.documents for path in accepted if path not in kept)
        sizes = {segment.name: segment.size for segment in self._base.segments}
        merged = to_merge(sizes, live, written)
        self._kept = {path: entry for path, entry in kept.items() if entry.segment not in merged}

    def _pages(self, places: Mapping[str, tuple[str, int]]) -> dict[str, Entry]:
        """Return the entries for the table, given where the answers of the pages that were written lie."""
        return {
            path: self._kept.get(path)
            or Entry(entry.digest, entry.reading, self._decisions[path], *places.get(path, ("", 0)), entry.stamp)
            for path, entry in self._met.items()
        }

    def _to_write(self) -> list[str]:
        return [path for path, one in self._decisions.items() if not one.refused and path not in self._kept]

    def _old_segments(self, directory: Path) -> list[Segment]:
        """Return the segments that something is left of, without what is not, their files linked into a directory."""
        by_name = {segment.name: segment for segment in self._base.segments}
        left = {entry.segment for entry in self._kept.values()} & by_name.keys()  # pages without answers have none
        for path, entry in self._base.pages.items():
            if entry.segment in left and path not in self._kept:
                by_name[entry.segment].delete(range(entry.first, entry.first + entry.reading.documents))
        segments = [segment for segment in self._base.segments if segment.name in left]
        for segment in segments:
            segment.link(self._base.directory, directory)
        return segments


def _readings(pages: Mapping[str, Entry]) -> dict[str, Reading]:
    return {path: entry.reading for path, entry in pages.items()}


def _cannot_be_opened(path: str) -> bool:
    try:
        with Path(path).open("rb") as opened:
            opened.read(1)
    except OSError as error:
        return not isinstance(error, FileNotFoundError)
    return False
