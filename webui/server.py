"""The production server: worker processes that share one index, and restart when they fail."""

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

from indexer import engine_of
from indexer.errors import IndexStateError
from indexer.settings import Settings
from webui import create_app

_log = logging.getLogger(__name__)

#: Limits for the head of a request, in bytes and milliseconds. The longest question takes 24,000 bytes in an address.
_HEAD = HTTP1Settings(max_buffer_size=65_536, header_read_timeout=10_000)

#: Seconds that running requests have to finish when the server stops. A question takes at most one second of processor
#: time; a client that never completes its request is not waited for. Docker kills a container after ten seconds.
_GRACE = 5

#: The signals that stop a worker. Ctrl-C and systemd signal all processes; the main process passes signals on.
#: Granian's workers ignore signals until they serve, and may hang after a second signal while they stop (2.8.7: 30 of
#: 30 stops while workers opened the index, and 3 of 4 by Ctrl-C, lasted until they were killed). So one thread of each
#: worker waits for the first signal, and later ones are blocked.
_STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}
_POSIX = hasattr(os, "register_at_fork")


def run(settings: Settings, started: Callable[[int], None]) -> None:
    """Serve until a signal (interrupt, terminate) stops it. `started` is called with the port, which 0 leaves open.

    Raises OSError if the server cannot listen there.
    """
    port = _free_port(settings.host, settings.port)
    server = Server(
        "webui",
        address=settings.host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=_HEAD,
        workers=settings.workers or _processors(),
        # Python runs one request at a time: with a second thread, both requests would take twice as long.
        blocking_threads=1,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    server.on_startup(lambda: started(port))
    if _POSIX:  # a signal during a fork is kept until `_stop_on_signal`
        os.register_at_fork(before=_block, after_in_parent=_unblock)
    server.serve(target_loader=partial(_application, settings), wrap_loader=False)


def _application(settings: Settings) -> Flask:
    """Return the application of a worker. The worker listens only after this, so no request waits for the index."""
    if _POSIX:
        _block()  # in all threads that start later
        for stop_signal in _STOP_SIGNALS:
            signal.signal(stop_signal, signal.SIG_DFL)  # instead of the copied handler of the main process
        threading.Thread(None, _stop_on_signal, "stops on a signal", daemon=True).start()
    threading.Thread(None, _stop_with_main_process, "stops with the main process", daemon=True).start()
    engine = engine_of(settings, opens_aside=True)
    with suppress(IndexStateError):  # requests report it until a build fixes it
        engine.make_ready()
    engine.watch()
    return create_app(settings, engine)


def _block() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)


def _unblock() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)


def _stop_on_signal() -> None:
    """Wait for a signal, let running requests finish, and end this worker after the grace period."""
    received = signal.sigwait(_STOP_SIGNALS)
    stop = signal.getsignal(received)
    if callable(stop):  # Granian's handler, once it serves; before that there are no requests
        stop(received, None)
        time.sleep(_GRACE)
        _log.warning("a worker stopped with unfinished requests after %d seconds", _GRACE)
    os._exit(0)


def _stop_with_main_process() -> None:
    """End this worker if the main process was killed. Otherwise it would keep the port from the next server."""
    if main := multiprocessing.parent_process():
        wait([main.sentinel])
        os._exit(1)


def _processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _free_port(host: str, port: int) -> int:
    """Return a free port: the requested one, or any for 0. Raises OSError if it is taken.

    Workers share their port with any other listener, so the system would not report one.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise OSError(f"host {host!r}: {error.strerror}") from error
    with socket.socket(family, kind, protocol) as trial:
        if os.name == "posix":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just closed counts as free
        trial.bind(address)
        return int(trial.getsockname()[1])
