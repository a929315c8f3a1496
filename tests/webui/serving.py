"""The production server as a program of its own, as `factsheets serve` runs it, for tests that ask it over a socket."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType, TracebackType
from urllib.parse import urlsplit

import pytest

WORKERS = 2
PROGRAM = (sys.executable, "-m", "indexer.cli")


class Served:
    """A running server: its address, its main process, and all that it says. It stops at the end of a `with` block."""

    def __init__(self, index: Path, *options: str, program: Sequence[str] = PROGRAM, wait: bool = True) -> None:
        self._log, self._said = NamedTemporaryFile("w+"), ""  # noqa: SIM115 - as long as it runs
        command = [*program, "serve", "--index", str(index), "--port", "0", "--workers", str(WORKERS), *options]
        self.process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT)
        wait_for(lambda: "(Ctrl-C stops)\n" in self.said())
        (self.line,) = [line for line in self.said().splitlines(keepends=True) if line.startswith("Searching ")]
        self.port = urlsplit(self.line.split()[3]).port or 0
        if wait:
            wait_for(lambda: self.ask("/healthz/live")[0] == 200)

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def said(self) -> str:
        """Return all that it wrote to standard output and error."""
        return self._said if self._log.closed else Path(self._log.name).read_text()

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection, which one worker keeps."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[int, dict[str, str], bytes]:
        """Return the status, headers and body of an answer, on a connection of its own."""
        connection = self.connection()
        try:
            connection.request(method, path, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def send(self, raw: bytes) -> bytes:
        """Return what comes back for the bytes of a request, until the server closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(raw)
            connection.settimeout(2)
            try:
                return connection.recv(65_536)
            except TimeoutError:
                return b""

    def workers(self) -> set[int]:
        """Return the processes of the workers."""
        stats = [stat for file in Path("/proc").glob("[0-9]*/stat") if (stat := _read(file))]
        of_parent = [one for one in stats if one.rpartition(")")[2].split()[1] == str(self.process.pid)]
        return {int(one.partition(" ")[0]) for one in of_parent}

    def stop(self, told: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; returns its exit code."""
        self.process.send_signal(told)
        try:
            return self.process.wait(timeout=20)
        finally:
            self._said = self.said()
            self._log.close()


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""  # a process that has just ended


def wait_for(what: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            if what():
                return
        except OSError:
            pass
        time.sleep(0.02)
    pytest.fail("it has not come to be so")
