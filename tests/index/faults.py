"""Faults on purpose: a process does something to a folder, and at one of its steps dies, or finds the disk full."""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import sys
import warnings
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

#: What changes a folder, as Python's audit events call it; `os.replace` is a rename, too.
_CHANGES = {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir"}
#: What needs room on a disk. To remove is what one does when there is none.
NEED_ROOM = {"open", "write", "close", "os.link", "os.mkdir"}


class Steps:
    """The steps of this process that change a folder: each is told before it is done. They are watched until it ends.

    A step is a name and a path, which is relative where a folder is removed from inside. Of a file that is written, the
    steps are to open it, its first write, and to close it, before what is left in its buffer is written; then a sync.
    """

    def __init__(self, folder: Path, before: Callable[[str, str], None]) -> None:
        self._folder, self._before = str(folder), before
        self._open: Any = io.open
        self._fsync: Any = os.fsync
        sys.addaudithook(self._hear)
        for module, name, instead in ((os, "fsync", self._sync), (io, "open", self._opened)):
            setattr(module, name, instead)
        builtins.open = self._opened

    def _take(self, step: str, path: object) -> None:
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        if not name.startswith("/") or name.startswith(self._folder):
            self._before(step, name.removeprefix(self._folder).lstrip("/"))

    def _hear(self, event: str, details: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR):
            self._take("open", details[0])
        elif event in _CHANGES:
            self._take(event, details[1] if event in ("os.rename", "os.link") else details[0])

    def _sync(self, descriptor: int) -> None:
        self._take("fsync", Path(f"/proc/self/fd/{descriptor}").readlink())
        self._fsync(descriptor)

    def _opened(self, file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        opened = self._open(file, mode, *rest, **options)
        return _Written(opened, lambda step: self._take(step, file)) if set(mode) & set("wax+") else opened


class _Written:
    """A file that tells of its first write and of its end. When the first write fails, half of it has been done."""

    def __init__(self, file: IO[Any], tell: Callable[[str], None]) -> None:
        self._file, self._tell, self._wrote = file, tell, False

    def write(self, data: Any) -> int:
        if not self._wrote:
            self._wrote = True
            half = len(data) // 2
            self._file.write(data[:half])
            self._file.flush()
            self._tell("write")
            return half + self._file.write(data[half:])
        return self._file.write(data)

    def close(self) -> None:
        if not self._file.closed:
            self._tell("close")
            self._file.close()

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def started(work: Callable[[], object]) -> int:
    """Start to do something in a process that begins as a copy of this one; return its id."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of libraries hold no lock now
        child = os.fork()
    if not child:
        code = 99
        try:
            code = result if isinstance(result := work(), int) else 0
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    """Wait for a process and return its exit code, or less than 0: the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def recorded(folder: Path, work: Callable[[], object]) -> list[tuple[str, str]]:
    """Do something in a child, and return its steps in a folder, each with the path in it, in their order."""
    steps: list[tuple[str, str]] = []
    with TemporaryFile() as told:

        def watched() -> None:
            Steps(folder, lambda step, path: steps.append((step, path)))
            work()
            os.write(told.fileno(), json.dumps(steps).encode())

        assert ended(started(watched)) == 0
        told.seek(0)
        return [(step, path) for step, path in json.load(told)]


def struck_at(number: int, folder: Path, strike: Callable[[str], None], work: Callable[[], object]) -> int:
    """Start to do something where `strike` is called before a step, by its number, and before all that follow."""

    def watched() -> object:
        steps = count(1)
        Steps(folder, lambda step, _: strike(step) if next(steps) >= number else None)
        return work()

    return started(watched)


def die(_: str) -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_out_of_room(step: str) -> None:
    """Let nothing be written, as on a full disk, where one may still remove."""
    if step in NEED_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def refuse(_: str) -> None:
    """Let nothing be changed, as on a disk that can only be read."""
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))
