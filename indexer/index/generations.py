"""Publishing and finding generations: the directories, and nothing of what is in them.

    INDEX/CURRENT               the number of the generation that serves
    INDEX/generations/7/        whoosh/ (a Whoosh index), arrays/, pages.msgpack (what is known of each page), and
                                manifest.json, with the checksums of all these
    INDEX/building-...          a build at work; of no meaning to anybody else
    INDEX/LOCK                  held by the build at work; the operating system lets go of it, however that ends

A generation is built aside, synced, renamed into place, and only then named in CURRENT, which is replaced in one
step: whatever happens on the way, CURRENT names a whole generation. What a disk does to it afterwards is noticed by
whoever opens it, and the generation before serves. An index directory is trusted data.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from whoosh.util.filelock import FileLock, LockBase, try_for

from indexer.errors import IndexStateError, NoIndexError
from indexer.index.manifest import Manifest, check, is_as_written, read_manifest, write_manifest
from indexer.index.schema import fingerprint
from indexer.meaning.model import Model
from indexer.model import Generation
from indexer.settings import KEPT_GENERATIONS
from indexer.site import DEFAULT_SITE, Site

Opened = TypeVar("Opened")

#: Workers hold an index with their build, and notice that it was killed: after 8 ms in the mean, measured in 40 kills.
_WAIT_SECONDS = 1

#: What helps against anything that is wrong with an index: the next build starts from what is whole.
REMEDY = ": run `factsheets build`"


@contextmanager
def building(index: Path) -> Iterator[Path]:
    """Hold an index for one build, and give it a directory aside; what builds that were killed left is dropped.

    Raises IndexStateError while another build holds it, or when nothing can be written there.
    """
    with ExitStack() as held:
        try:
            _make(index)
            lock: LockBase = FileLock(str(index / "LOCK"))
            if not try_for(lock.acquire, _WAIT_SECONDS, delay=0.01):
                raise IndexStateError(f"another build is at work on {index}: wait until it has ended")
            held.callback(lock.release)
            for stale in index.glob("building-*"):
                shutil.rmtree(stale, ignore_errors=True)
            aside = Path(held.enter_context(TemporaryDirectory(prefix="building-", dir=index)))
        except OSError as error:
            raise IndexStateError(f"nothing can be written in {index} ({error.strerror})") from error
        with suppress(IndexStateError):
            _drop(index, aside, published(index), KEPT_GENERATIONS)
        yield aside


def link(source: Path, target: Path) -> None:
    """Give a file that never changes a second place, without copying it where the file system can do that."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def publish(
    directory: Path,
    index: Path,
    documents: int,
    base: Generation | None = None,
    model: Model | None = None,
    site: Site = DEFAULT_SITE,
) -> Generation:
    """Make a directory that lies in the one of `building` the generation that serves, and return it.

    It may share files with `base`, the generation before it, which is kept. Those that are not kept go with the build.
    """
    generations, aside = index / "generations", directory.parent
    _make(generations)
    number = max(_numbers(index), default=0) + 1
    built_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    generation = Generation(number, built_at, documents, fingerprint(), model.digest if model else None)
    write_manifest(directory, generation, generations / str(base.number) if base else None, site)
    _sync(*directory.rglob("*"), directory)
    pointer = _pointer(aside, number)
    directory.rename(generations / str(number))
    _sync(generations)
    _point(pointer, index)
    _drop(index, aside, base.number if base else 0, KEPT_GENERATIONS - 1)
    return generation


def roll_back(index: Path) -> tuple[Generation, int]:
    """Have the generation before the one that CURRENT names serve, and return it with the number of that one.

    Nothing is deleted: the next build goes on numbering. Raises IndexStateError when there is none that could serve.
    """
    published(index)  # or there is nothing to hold
    with building(index) as aside:
        number = published(index)
        before = [one for one in _numbers(index) if one < number]
        if not before:
            raise IndexStateError(f"there is no generation before {number} in {index}")
        found, _ = load(index, before[-1])
        _point(_pointer(aside, found.number), index)
        return found.generation(), number


def published(index: Path) -> int:
    """Return the number that CURRENT names. Raises NoIndexError, or IndexStateError when it is torn."""
    try:
        named = (index / "CURRENT").read_bytes().strip()
    except FileNotFoundError:
        raise NoIndexError(f"there is no index in {index}: `factsheets build` makes one") from None
    except OSError as error:
        raise IndexStateError(f"CURRENT cannot be read ({error.strerror}){REMEDY}") from error
    if not named.isdigit():
        raise IndexStateError(f"CURRENT names no generation{REMEDY}")
    return int(named)


def newest_whole(index: Path, open_one: Callable[[Path, int], Opened]) -> tuple[Opened, IndexStateError | None]:
    """Open the generation that CURRENT names, or the newest before it that can be opened; all are, if CURRENT is torn.

    Return with it what is wrong with the one that was published last; None: nothing. Raises that when none can serve.
    """
    numbers, refused = _candidates(index)
    for number in numbers:
        try:
            return open_one(index, number), next(iter(refused), None)
        except IndexStateError as error:
            if _candidates(index)[0] != numbers:  # builds published others meanwhile, and dropped this one
                return newest_whole(index, open_one)
            refused.append(error)
    raise refused[0]


def load(index: Path, number: int) -> tuple[Manifest, Path]:
    """Return a generation and its directory. Raises IndexStateError for a damaged one, or one of other code."""
    found, directory = manifest(index, number)
    if found.fingerprint != fingerprint():
        raise IndexStateError(f"generation {number} was built by another version{REMEDY}")
    with reading(number):
        check(found, directory)
    return found, directory


def manifest(index: Path, number: int) -> tuple[Manifest, Path]:
    """Return what a generation says of itself, whatever code built it, and its directory; else as `load`."""
    directory = index / "generations" / str(number)
    with reading(number):
        found = read_manifest(directory)
        if found.fingerprint == fingerprint() and not is_as_written(found, directory):
            raise ValueError("its manifest is not what was written")
        return found, directory


@contextmanager
def reading(number: int) -> Iterator[None]:
    """Have whatever is raised while a generation is read be an IndexStateError: damaged files raise nearly anything."""
    try:
        yield
    except IndexStateError:
        raise
    except Exception as error:
        why = error.strerror if isinstance(error, OSError) else error  # paths are nobody's business
        raise IndexStateError(f"generation {number} is damaged ({why}){REMEDY}") from error


def _candidates(index: Path) -> tuple[list[int], list[IndexStateError]]:
    """Return the generations that may serve, in the order in which they are tried, and what is wrong with CURRENT."""
    numbers = _numbers(index)[::-1]
    try:
        named = published(index)
    except IndexStateError as error:
        return numbers, [error]
    return [named, *(number for number in numbers if number < named)], []


def _numbers(index: Path) -> list[int]:
    return sorted(int(path.name) for path in (index / "generations").glob("*") if path.name.isdecimal())


def _drop(index: Path, aside: Path, last: int, kept: int) -> None:
    """Delete old generations after a build, except `kept` up to `last`, and the newest: numbering continues from it."""
    numbers = _numbers(index)
    old = [number for number in numbers if number <= last]
    for number in [*old[: max(len(old) - kept, 0)], *numbers[len(old) : -1]]:
        with suppress(OSError):  # where files that are open cannot be moved, the next build tries again
            (index / "generations" / str(number)).rename(aside / str(number))


def _pointer(aside: Path, number: int) -> Path:
    """Write what is to be CURRENT, where it is nobody's yet."""
    pointer = aside / "CURRENT"
    pointer.write_text(f"{number}\n", encoding="ascii")
    _sync(pointer)
    return pointer


def _point(pointer: Path, index: Path) -> None:
    """Publish, in one step that no power cut divides."""
    pointer.replace(index / "CURRENT")
    _sync(index)


def _make(directory: Path) -> None:
    """Make a directory, and those above it, so that they outlast a power cut."""
    if not directory.is_dir():
        _make(directory.parent)
        directory.mkdir(exist_ok=True)
        _sync(directory.parent)


def _sync(*paths: Path) -> None:
    """Have the disk keep what was written; a rename may otherwise reach it before the data does."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
