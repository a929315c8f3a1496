"""The search for garbage goes on afterwards, and only where it went on before."""

import gc

import pytest

from indexer.index.garbage import garbage_waits


def test_garbage_is_looked_for_again_afterwards_whatever_happened() -> None:
    looked_for = []

    @garbage_waits()
    def failing() -> None:
        looked_for.append(gc.isenabled())
        raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert [*looked_for, gc.isenabled()] == [False, True]


def test_who_looks_for_no_garbage_is_left_alone() -> None:
    gc.disable()
    try:
        with garbage_waits():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
