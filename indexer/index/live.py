"""The generation that answers now: opened when it is published, held while it is used, closed when nobody needs it."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from indexer.errors import IndexStateError
from indexer.index.garbage import garbage_waits
from indexer.index.snapshot import Snapshot
from indexer.index.store import Store
from indexer.time_limit import unhurried

_log = logging.getLogger(__name__)

#: How often `watch` looks, in seconds. A look takes some microseconds.
_LOOK_SECONDS = 0.5


class LiveIndex:
    """The newest generation of a store, for any number of threads.

    `opened` is called with each generation before it answers. With `prepare`, a new generation is opened and prepared
    in the background while the one before it answers; without, the next call waits for it. `damaged`: the generation
    that was published last cannot be used, so the one before it answers, and the log says why.
    """

    def __init__(
        self, store: Store, opened: Callable[[Snapshot], None], prepare: Callable[[Snapshot], None] | None = None
    ) -> None:
        self.damaged = False
        self._store, self._opened, self._prepare = store, opened, prepare
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._newest: Snapshot | None = None
        self._seen: object = None  # the store's stamp when it was opened
        self._opening = 0  # counts the attempts to open a newer one: of two in the background, the last is used
        self._held: Counter[Snapshot] = Counter()  # by how many calls; an older one is closed after its last
        self._pinned: ContextVar[Snapshot | None] = ContextVar("pinned", default=None)  # by a block of this thread

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Hold the newest generation for a block, or the one that `pinned` holds around it. Raises IndexStateError."""
        with self._lock:
            held = self._pinned.get() or self._newest_snapshot()
            self._held[held] += 1
        try:
            yield held
        finally:
            with self._lock:
                self._let_go(held)

    @contextmanager
    def pinned(self) -> Iterator[Snapshot]:
        """Hold the newest generation for a block, and for all calls of `snapshot` in it."""
        with self.snapshot() as snapshot:
            before = self._pinned.set(snapshot)
            try:
                yield snapshot
            finally:
                self._pinned.reset(before)

    def watch(self) -> None:
        """Poll for new generations until closed, so that the first call after a publish already has the new one."""
        threading.Thread(None, self._watch, "watches an index", daemon=True).start()

    def close(self) -> None:
        """Close every file, or leave that to the calls that still use it."""
        with self._lock:
            if self._newest and not self._held[self._newest]:
                self._newest.close()  # else its last call does
            self._newest = self._seen = None
            self._opening += 1
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(_LOOK_SECONDS):
            with self._lock, suppress(IndexStateError):  # the next caller gets the error
                self._newest_snapshot()

    def _let_go(self, held: Snapshot) -> None:
        self._held[held] -= 1
        if not self._held[held]:
            del self._held[held]
            if held is not self._newest:
                held.close()

    def _newest_snapshot(self) -> Snapshot:
        """Return the snapshot that answers; look for a newer one when the store's stamp has changed."""
        stamp, newest = self._store.stamp(), self._newest
        if newest is None:
            newest = self._take(*self._store.newest(None))
        elif stamp != self._seen:
            self._opening += 1
            if self._prepare:
                self._held[newest] += 1
                arguments = (self._prepare, newest, self._opening)
                threading.Thread(None, self._open_aside, "opens a generation", arguments, daemon=True).start()
            else:
                newest = self._take(*self._store.newest(newest))
        self._seen = stamp
        return newest

    def _open_aside(self, prepare: Callable[[Snapshot], None], serving: Snapshot, opening: int) -> None:
        """Switch to the newest generation when it is ready, unless another was published meanwhile."""
        unhurried()
        try:
            with garbage_waits():
                snapshot, damage = self._store.newest(serving)
                if snapshot is not serving:
                    prepare(snapshot)
            with self._lock:
                if opening == self._opening:
                    self._take(snapshot, damage)
                elif snapshot is not serving:
                    snapshot.close()
        finally:
            with self._lock:
                self._let_go(serving)

    def _take(self, snapshot: Snapshot, damage: IndexStateError | None) -> Snapshot:
        """Make a snapshot the current one, and log what is wrong with the last published one."""
        if damage:
            _log.error("%s; generation %d answers", damage, snapshot.generation.number)
        self.damaged = damage is not None
        self._opened(snapshot)
        old, self._newest = self._newest, snapshot
        if old is not None and old is not snapshot and not self._held[old]:
            old.close()
        return snapshot
