"""Reads files of formats that a hostile file can make endless or enormous in a process of its own, which can be killed.

One such process serves all files that this process reads, one after the other. It is started with the first of them.
"""

import atexit
import contextlib
import os
import select
import struct
import subprocess
import sys
import time
from typing import IO, Literal, cast

import msgspec

from indexer.errors import PageError
from indexer.model import Page

#: A PDF of 2,000 pages of text takes 60 s of processor time here, a Word file of 500 pages 10 s.
MAX_SECONDS = 120
#: How long to wait for it on a busy machine.
_PATIENCE = 5
#: The largest of the PDF files that were looked at took 180 MB.
MAX_MEMORY_BYTES = 2_000_000_000

Kind = Literal["pdf", "docx"]
_HEAD = struct.Struct("<4sQ")


class _Task(msgspec.Struct, array_like=True):
    """What the other process sends: the pages of a file, or why it is refused."""

    pages: list[Page] = []
    refused: str = ""


class _Reader:
    """The other process, and what it is sent and sends."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
        self._to, self._back = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        self.owner = os.getpid()

    def read(self, kind: Kind, data: bytes, path: str) -> list[Page]:
        """Return the pages of a file. Raises PageError with the reason why it is refused."""
        try:
            for part in (path.encode(), data):
                self._to.write(_HEAD.pack(kind.encode(), len(part)) + part)
            self._to.flush()
            answer = msgspec.msgpack.decode(self._received(), type=_Task)
        except (EOFError, BrokenPipeError):
            self.end()
            limits = f"{MAX_SECONDS} seconds or {MAX_MEMORY_BYTES // 10**9} GB of memory"
            raise PageError(path, f"it takes more than {limits} to read, or it is damaged") from None
        if answer.refused:
            raise PageError(path, answer.refused)
        return answer.pages

    def has_ended(self) -> bool:
        """Return whether the process is gone."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            self._to.close()
        self._back.close()
        self._process.wait()

    def _received(self) -> bytes:
        """Return the next message. Raises EOFError if the process ends, or is silent for too long."""
        pipe, until = self._back.fileno(), time.monotonic() + _PATIENCE * MAX_SECONDS
        message, size = b"", _HEAD.size
        while len(message) < size:
            ready, _, _ = select.select([pipe], [], [], max(until - time.monotonic(), 0))
            more = os.read(pipe, 1 << 20) if ready else b""
            if not more:
                raise EOFError
            message += more
            if size == _HEAD.size and len(message) >= size:
                size += _HEAD.unpack_from(message)[1]
        return message[_HEAD.size :]


_reader: _Reader | None = None


def read_isolated(kind: Kind, data: bytes, path: str) -> list[Page]:
    """Return the pages of a file of a kind. Raises PageError for one that cannot be read within the bounds."""
    global _reader
    if _reader is None or _reader.owner != os.getpid():  # a forked process has a reader of its own
        _reader = _Reader()
        atexit.register(_reader.end)
    try:
        return _reader.read(kind, data, path)
    finally:
        if _reader.has_ended():
            _reader = None


def serve() -> None:
    """Read files from standard input until nobody sends any more: what the other process does."""
    import resource  # Windows has none, and reads all other formats

    with contextlib.suppress(ValueError):  # macOS does not limit the memory of a process
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    while head := sys.stdin.buffer.read(_HEAD.size):
        kind, length = _HEAD.unpack(head)
        path = sys.stdin.buffer.read(length).decode()
        data = sys.stdin.buffer.read(_HEAD.unpack(sys.stdin.buffer.read(_HEAD.size))[1])
        used = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + MAX_SECONDS, resource.RLIM_INFINITY))
        answer = _read(kind.rstrip(b"\0").decode(), data, path)
        message = msgspec.msgpack.encode(answer)
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.buffer.write(_HEAD.pack(b"done", len(message)) + message)
            sys.stdout.buffer.flush()


def _read(kind: str, data: bytes, path: str) -> _Task:
    from indexer.readers.pdf import read_pdf
    from indexer.readers.word import read_word

    try:
        return _Task({"pdf": read_pdf, "docx": read_word}[kind](data, path))
    except PageError as error:
        return _Task(refused=error.reason)
    except RecursionError:
        return _Task(refused="it is nested too deep")
    except MemoryError:
        return _Task(refused=f"it takes more than {MAX_MEMORY_BYTES // 10**9} GB of memory to read")
