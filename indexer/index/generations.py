"""Publishing and finding generations: the directories, and nothing of what is in them.

    INDEX/CURRENT               the number of the generation that serves
    INDEX/generations/7/        whoosh/ (a Whoosh index) and manifest.json, written last
    INDEX/building-...          a build at work; of no meaning to anybody else

A generation is built aside, synced, renamed into place, and only then named in CURRENT, which is replaced in one
step: whatever happens on the way, CURRENT names a whole generation. An index directory is trusted data.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from indexer.errors import IndexStateError, NoIndexError
from indexer.index.schema import fingerprint
from indexer.model import Generation
from indexer.settings import KEPT_GENERATIONS


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
    directory = index / "generations" / str(number)
    try:
        generation = msgspec.json.decode((directory / "manifest.json").read_bytes(), type=Generation)
    except (OSError, msgspec.DecodeError) as error:
        raise IndexStateError(f"generation {number} is damaged ({error}): run `factsheets build`") from error
    if generation.fingerprint != fingerprint():
        raise IndexStateError(f"the index in {index} was built by another version: run `factsheets build`")
    return generation, directory


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
