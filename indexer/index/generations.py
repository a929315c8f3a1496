"""Publishing and finding generations: the directories, and nothing of what is in them.

    INDEX/CURRENT               the number of the generation that serves
    INDEX/generations/7/        whoosh/ (a Whoosh index), pages.msgpack (what is known of each page), manifest.json
    INDEX/building-...          a build at work; of no meaning to anybody else
    INDEX/LOCK                  held by the build at work; the operating system lets go of it, however that ends

A generation is built aside, synced, renamed into place, and only then named in CURRENT, which is replaced in one
step: whatever happens on the way, CURRENT names a whole generation. An index directory is trusted data.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from whoosh.util.filelock import FileLock, LockBase

from indexer.errors import IndexStateError, NoIndexError
from indexer.index.schema import fingerprint
from indexer.model import Generation
from indexer.settings import KEPT_GENERATIONS


@contextmanager
def building(index: Path) -> Iterator[Path]:
    """Hold an index for one build, and give it a directory aside; what builds that were killed left is dropped.

    Raises IndexStateError while another build holds it.
    """
    index.mkdir(parents=True, exist_ok=True)
    lock: LockBase = FileLock(str(index / "LOCK"))
    if not lock.acquire():
        raise IndexStateError(f"another build is at work on {index}: wait until it has ended")
    try:
        for stale in index.glob("building-*"):
            shutil.rmtree(stale, ignore_errors=True)
        with TemporaryDirectory(prefix="building-", dir=index) as aside:
            yield Path(aside)
    finally:
        lock.release()


def link(source: Path, target: Path) -> None:
    """Give a file that never changes a second place, without copying it where the file system can do that."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def publish(directory: Path, index: Path, documents: int) -> Generation:
    """Make a directory of the same file system the generation that serves, and return it; drop those not kept."""
    generations = index / "generations"
    generations.mkdir(exist_ok=True)
    number = max(_numbers(generations), default=0) + 1
    generation = Generation(number, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), documents, fingerprint())
    (directory / "manifest.json").write_bytes(msgspec.json.format(msgspec.json.encode(generation)))
    _sync(*directory.rglob("*"), directory)
    directory.rename(generations / str(number))
    _sync(generations)
    (index / "CURRENT.new").write_text(f"{number}\n", encoding="ascii")
    _sync(index / "CURRENT.new")
    (index / "CURRENT.new").replace(index / "CURRENT")
    _sync(index)
    for old in _numbers(generations)[:-KEPT_GENERATIONS]:
        shutil.rmtree(generations / str(old), ignore_errors=True)
    return generation


def published(index: Path) -> int:
    """Return the number of the generation that serves. Raises NoIndexError, or IndexStateError when it is torn."""
    try:
        return int((index / "CURRENT").read_text(encoding="ascii"))
    except FileNotFoundError:
        raise NoIndexError(f"there is no index in {index}: `factsheets build` makes one") from None
    except (OSError, ValueError) as error:
        raise IndexStateError(f"{index / 'CURRENT'} cannot be read ({error}): run `factsheets build`") from error


def load(index: Path, number: int) -> tuple[Generation, Path]:
    """Return a generation and its directory. Raises IndexStateError for a damaged one, or one of other code."""
    generation, directory = manifest(index, number)
    if generation.fingerprint != fingerprint():
        raise IndexStateError(f"the index in {index} was built by another version: run `factsheets build`")
    return generation, directory


def manifest(index: Path, number: int) -> tuple[Generation, Path]:
    """Return what a generation says of itself, whatever code built it, and its directory; else as `load`."""
    directory = index / "generations" / str(number)
    try:
        return msgspec.json.decode((directory / "manifest.json").read_bytes(), type=Generation), directory
    except (OSError, msgspec.DecodeError) as error:
        raise IndexStateError(f"generation {number} is damaged ({error}): run `factsheets build`") from error


def _numbers(generations: Path) -> list[int]:
    return sorted(int(path.name) for path in generations.iterdir() if path.name.isdecimal())


def _sync(*paths: Path) -> None:
    """Have the disk keep what was written; a rename may otherwise reach it before the data does."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
