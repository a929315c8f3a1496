"""A limit on how long a question is worked on, and rests in work that nobody waits for.

The limit is set by whoever starts, and looked at wherever the work can be long.

It is not handed from function to function, but stands beside them, as a context of `decimal` does: each thread has its
own. What is counted is time of the processor, so that a busy machine gives up no question that an idle one answers.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from indexer.errors import QueryTooSlowError

#: Work that nobody waits for: so many seconds of it, then so many of rest, in which others have the processor. Python
#: lets one thread run at a time, and a thread that goes on for longer than 5 ms has to be asked to stop.
_WORK, _REST = 0.002, 0.008

#: To read the clock takes about a microsecond, so it is not read where nothing depends on it.
_NEVER = float("inf")

_end: ContextVar[float] = ContextVar("end", default=_NEVER)
_next_rest: ContextVar[float] = ContextVar("next rest", default=_NEVER)


@contextmanager
def time_limit(milliseconds: int | None) -> Iterator[None]:
    """Have `check_time` raise QueryTooSlowError from so many milliseconds on, until the block ends; None: never.

    A block inside another has no more time than is left of that.
    """
    if milliseconds is None:
        yield
        return
    before = _end.set(min(_end.get(), time.thread_time() + milliseconds / 1000))
    try:
        yield
    finally:
        _end.reset(before)


def check_time() -> None:
    """Raise QueryTooSlowError when the time is over. It costs less than a microsecond, so loops may call it."""
    if (end := _end.get()) < _NEVER and time.thread_time() >= end:
        raise QueryTooSlowError


def unhurried() -> None:
    """Have `give_way` rest every now and then in this thread, from now on: what it does can wait for others."""
    _next_rest.set(time.thread_time() + _WORK)


def give_way() -> None:
    """Rest for a moment, if this thread is unhurried and has worked for long enough. Loops may call it."""
    if (rest := _next_rest.get()) < _NEVER and time.thread_time() >= rest:
        time.sleep(_REST)
        _next_rest.set(time.thread_time() + _WORK)
