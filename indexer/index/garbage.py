"""Python's search for garbage, put off while much is made that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_waits() -> Iterator[None]:
    """Look for no garbage meanwhile, in any thread.

    As objects grow in number, Python looks for rings among them, and looks again: a third of the time in which the
    names and columns of MedQuAD are opened. Nothing that is made there is garbage.
    """
    looked_for = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked_for:
            gc.enable()
