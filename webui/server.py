"""The production server: processes that answer from one index, and restart when they fail."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import wait

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from indexer import SearchEngine, open_model
from indexer.errors import IndexStateError
from indexer.settings import Settings
from webui import create_app

_log = logging.getLogger(__name__)

#: What a client may send before its body, in bytes and milliseconds: the longest question takes 24,000 bytes of an
#: address, and nobody types it by hand.
_HEAD = HTTP1Settings(max_buffer_size=65_536, header_read_timeout=10_000)

#: How many seconds requests at work have to end once the server is told to stop. A question takes one of processor time
#: at most, and nobody waits for a client that sends no end of its request; Docker kills what takes ten.
_GRACE = 5

#: What a worker is told to stop by: Ctrl-C tells all processes, systemd does, and so does the main one once it is told.
#: Granian's workers hear nothing until they serve, and a second signal while they stop may have them wait for ever
#: (2.8.7: 30 of 30 stops while workers opened the index and 3 of 4 by Ctrl-C lasted until they were killed). So here
#: one thread of a worker waits for the first signal, and no other is heard.
_ENDS = {signal.SIGINT, signal.SIGTERM}
_POSIX = hasattr(os, "register_at_fork")


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
        log_level=LogLevels.warning,
    )
    server.on_startup(lambda: started(port))
    if _POSIX:  # a signal that comes while a worker is forked waits until `_end_when_told`
        os.register_at_fork(before=_block, after_in_parent=_unblock)
    server.serve(target_loader=partial(_application, settings), wrap_loader=False)


def _application(settings: Settings) -> Flask:
    """Return what a worker runs. It listens only then: nobody waits for the index to be opened."""
    if _POSIX:
        _block()  # in all threads to come
        for one in _ENDS:
            signal.signal(one, signal.SIG_DFL)  # not what the main process does, of which this is a copy
        threading.Thread(None, _end_when_told, "ends when told", daemon=True).start()
    threading.Thread(None, _end_with_the_main_process, "ends with the main process", daemon=True).start()
    engine = SearchEngine(settings.index, settings.query_ms, opens_aside=True, model=open_model(settings.model))
    with suppress(IndexStateError):  # whoever asks is told, until a build mends it
        engine.make_ready()
    engine.watch()
    return create_app(settings, engine)


def _block() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)


def _unblock() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)


def _end_when_told() -> None:
    """Wait until this worker is told to stop; have it end what is at work, and itself after the grace."""
    told = signal.sigwait(_ENDS)
    stop = signal.getsignal(told)
    if callable(stop):  # Granian's, from the moment on that it serves; nothing is at work before
        stop(told, None)
        time.sleep(_GRACE)
        _log.warning("a worker ends though it has requests at work after %d seconds", _GRACE)
    os._exit(0)


def _end_with_the_main_process() -> None:
    """End this worker when the main process was killed: else it would keep the port from the one that comes next."""
    if main := multiprocessing.parent_process():
        wait([main.sentinel])
        os._exit(1)


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
