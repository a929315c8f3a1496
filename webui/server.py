"""The production server: processes that answer from one index, and restart when they fail."""

import os
import signal
import socket
from collections.abc import Callable
from functools import partial

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from indexer import SearchEngine
from indexer.settings import Settings
from webui import create_app

#: What a client may send before its body, in bytes and milliseconds: the longest question takes 24,000 bytes of an
#: address, and nobody types it by hand.
_HEAD = HTTP1Settings(max_buffer_size=65_536, header_read_timeout=10_000)

#: How many seconds requests at work have to end once the server is told to stop.
_GRACE = 10


def run(settings: Settings, host: str, port: int, workers: int | None, started: Callable[[int], None]) -> None:
    """Serve until a signal (interrupt, terminate) ends it; `started` hears the port, which 0 leaves to the system.

    Raises OSError when it cannot listen there.
    """
    port = _free(host, port)
    server = Server(
        "webui",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=_HEAD,
        workers=workers or _processors(),
        # Python answers one request at a time; a second one at work would have both take twice as long.
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
        log_level=LogLevels.warning,
    )
    server.on_startup(lambda: started(port))
    _have_workers_hear_signals_from_their_start()
    server.serve(target_loader=partial(_application, settings), wrap_loader=False)


def _application(settings: Settings) -> Flask:
    """Return what a worker runs. It listens only then: nobody waits for the index to be opened."""
    engine = SearchEngine(settings.index, settings.query_ms, opens_aside=True)
    engine.make_ready()
    engine.watch()
    return create_app(settings, engine)


def _have_workers_hear_signals_from_their_start() -> None:
    """Have a worker that is told to stop before it serves end at once: nothing is at work in it.

    It is forked with Granian's handlers of the main process, which do nothing in a copy of that, and gets its own only
    when the index is open: until then it heard no signal, and was killed after the whole grace, in 30 of 30 stops.
    An interrupt of the keyboard, which all processes get, is the main one's affair: it tells its workers to stop.
    """
    if not hasattr(os, "register_at_fork"):
        return  # a worker begins as a new program
    told = {signal.SIGINT, signal.SIGTERM}

    def begin() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, told)

    # What comes meanwhile waits.
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, told),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, told),
        after_in_child=begin,
    )


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _free(host: str, port: int) -> int:
    """Return a port that nobody listens on, the one asked for or any. Raises OSError when it is taken.

    The workers share their port with whoever listens there: the system would not tell.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise OSError(f"host {host!r}: {error.strerror}") from error
    with socket.socket(family, kind, protocol) as trial:
        if os.name == "posix":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that has just been left is free
        trial.bind(address)
        return int(trial.getsockname()[1])
