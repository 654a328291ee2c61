"""The circuit breaker: opens on silence or repeated failure, lets one probe through, closes on an answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from agents_app.letta.engine import breaker as module
from agents_app.letta.engine.breaker import Breaker
from agents_app.letta.errors import LettaDown, LettaError, LettaFrozen, LettaLost


class Clock:
    """Stands in for the module `time`; it moves when a test says so."""

    now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    time = monotonic


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_one_frozen_question_opens_it_with_its_cause() -> None:
    breaker = Breaker()
    breaker.fail(LettaFrozen())
    with pytest.raises(LettaFrozen):
        breaker.admit()


def test_it_opens_at_the_third_failure_in_a_row() -> None:
    breaker = Breaker()
    for error in (LettaDown(), LettaLost()):
        breaker.fail(error)
        breaker.admit()
    breaker.fail(LettaDown())
    with pytest.raises(LettaDown):
        breaker.admit()


def test_an_answer_between_failures_starts_the_count_again() -> None:
    breaker = Breaker()
    for error in (LettaDown(), LettaDown()):
        breaker.fail(error)
    breaker.succeed()
    breaker.fail(LettaDown())
    breaker.admit()


def test_after_the_pause_one_thread_may_try_and_the_others_are_told(clock: Clock) -> None:
    breaker, all_here = Breaker(pause_s=5), Barrier(8)
    breaker.fail(LettaFrozen())
    clock.now += 5.1

    def admitted(_: int) -> bool:
        all_here.wait(60)
        try:
            breaker.admit()
        except LettaError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(admitted, range(8))) == 1


def test_a_probe_that_vanished_does_not_block_the_next(clock: Clock) -> None:
    breaker = Breaker(pause_s=5)
    breaker.fail(LettaFrozen())
    clock.now += 5.1
    with ThreadPoolExecutor(1) as threads:
        threads.submit(breaker.admit).result()
    with pytest.raises(LettaFrozen):
        breaker.admit()
    clock.now += 5.1
    breaker.admit()


def test_the_probing_thread_may_ask_more_than_once(clock: Clock) -> None:
    breaker = Breaker(pause_s=5)
    breaker.fail(LettaFrozen())
    clock.now += 5.1
    breaker.admit()
    breaker.admit()


def test_a_failed_probe_opens_it_again_and_an_answer_closes_it(clock: Clock) -> None:
    breaker = Breaker(pause_s=5)
    breaker.fail(LettaFrozen())
    clock.now += 5.1
    breaker.admit()
    breaker.fail(LettaDown())
    with pytest.raises(LettaDown):
        breaker.admit()
    breaker.succeed()
    breaker.admit()
    assert (breaker.cause, breaker.since, breaker.is_open) == (None, None, False)
