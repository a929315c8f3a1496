"""The limit on how long a question is worked on, and the rest of work that nobody waits for."""

import threading
import time

import pytest

from indexer.errors import QueryTooSlowError
from indexer.time_limit import check_time, give_way, time_limit, unhurried


def work(seconds: float) -> None:
    """Use the processor for so long, and look at the time as loops do."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        check_time()
        give_way()


def test_work_is_given_up_when_its_time_is_over_and_not_before() -> None:
    with time_limit(60_000):
        work(0.01)
    with time_limit(5), pytest.raises(QueryTooSlowError):
        work(0.5)
    work(0.01)


def test_a_limit_inside_another_gives_no_more_time_than_is_left_of_that() -> None:
    with time_limit(5), pytest.raises(QueryTooSlowError), time_limit(60_000):
        work(0.5)


def test_work_that_nobody_waits_for_rests_after_every_2_milliseconds_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr("indexer.time_limit.time.sleep", rests.append)

    def patient_work() -> None:
        unhurried()
        work(0.021)

    thread = threading.Thread(target=patient_work)
    thread.start()
    thread.join()
    assert 5 <= len(rests) <= 11
    assert set(rests) == {0.008}
    work(0.021)
    assert len(rests) <= 11  # in no other thread
