"""Where the generations of an index are kept. `Folder` is a directory; a cluster can take its place."""

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from indexer.errors import IndexStateError
from indexer.index import generations
from indexer.index.manifest import Manifest
from indexer.index.snapshot import Snapshot
from indexer.meaning.model import Model
from indexer.model import Generation
from indexer.site import Site


class Store(Protocol):
    """Publishes generations and opens them. Methods raise IndexStateError, or NoIndexError if none is published."""

    def stamp(self) -> object:
        """Return a value that changes with the published generation, or None. It is asked for before every search."""

    def newest(self, serving: Snapshot | None) -> tuple[Snapshot, IndexStateError | None]:
        """Open the newest generation that can be opened, and return it with what is wrong with the published one.

        If that is the one that serves, return `serving` itself.
        """

    def building(self) -> AbstractContextManager[Path]:
        """Hold the index for one build, and return a directory for its files. Only one build can hold it."""

    def base(self, aside: Path) -> tuple[tuple[Manifest, Path], IndexStateError | None]:
        """Return what the next build starts from: manifest, directory, and what is wrong with the published one.

        Files that have to be copied for it are in `aside`.
        """

    def last(self) -> Generation | None:
        """Return the last generation whose manifest can be read, whatever code built it."""

    def publish(
        self, directory: Path, documents: int, base: Generation | None, model: Model | None, site: Site
    ) -> Generation:
        """Publish a directory in the one of `building`."""

    def roll_back(self) -> tuple[Generation, int]:
        """Publish the previous generation again, and return it with the number of the one that it replaces."""


class Folder:
    """An index in a directory. `generations` has the details."""

    def __init__(self, index: Path) -> None:
        self.index, self._current = index, str(index / "CURRENT")

    def __str__(self) -> str:
        return str(self.index)

    def stamp(self) -> object:
        """Return which file CURRENT is."""
        try:
            current = os.stat(self._current)  # noqa: PTH116 - a path object would take ten times as long
        except OSError:
            return None
        return current.st_ino, current.st_mtime_ns

    def newest(self, serving: Snapshot | None) -> tuple[Snapshot, IndexStateError | None]:
        """Open the newest generation that is whole."""

        def opened(index: Path, number: int) -> Snapshot:
            # A number may come again, in a new directory.
            same = serving and generations.manifest(index, number)[0].crc32 == serving.crc32
            return serving if serving and same else Snapshot(index, number)

        try:
            return generations.newest_whole(self.index, opened)
        except IndexStateError as error:
            if serving is None:
                raise
            return serving, error

    def building(self) -> AbstractContextManager[Path]:
        """Hold the directory for one build."""
        return generations.building(self.index)

    def base(self, aside: Path) -> tuple[tuple[Manifest, Path], IndexStateError | None]:
        """Return the newest generation that is whole, where it is."""
        return generations.newest_whole(self.index, generations.load)

    def last(self) -> Generation | None:
        """Return the last generation whose manifest can be read."""
        try:
            return generations.newest_whole(self.index, generations.manifest)[0][0].generation()
        except IndexStateError:
            return None

    def publish(
        self, directory: Path, documents: int, base: Generation | None, model: Model | None, site: Site
    ) -> Generation:
        """Move a directory into place, and name it in CURRENT."""
        return generations.publish(directory, self.index, documents, base, model, site)

    def roll_back(self) -> tuple[Generation, int]:
        """Name the previous generation in CURRENT."""
        return generations.roll_back(self.index)
