"""The circuit breaker: opens on silence or repeated failure, lets one probe through, closes on an answer."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from agents_app.letta.engine.breaker import Breaker
from agents_app.letta.errors import LettaDown, LettaError, LettaFrozen, LettaLost


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


def test_after_the_pause_one_thread_may_try_and_the_others_are_told() -> None:
    breaker = Breaker(pause_s=0.05)
    breaker.fail(LettaFrozen())
    time.sleep(0.06)

    def admitted(_: int) -> bool:
        time.sleep(0.005)
        try:
            breaker.admit()
        except LettaError:
            return False
        time.sleep(0.03)
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(admitted, range(8))) == 1


def test_the_probing_thread_may_ask_more_than_once() -> None:
    breaker = Breaker(pause_s=0.02)
    breaker.fail(LettaFrozen())
    time.sleep(0.03)
    breaker.admit()
    breaker.admit()


def test_a_failed_probe_opens_it_again_and_an_answer_closes_it() -> None:
    breaker = Breaker(pause_s=0.02)
    breaker.fail(LettaFrozen())
    time.sleep(0.03)
    breaker.admit()
    breaker.fail(LettaDown())
    with pytest.raises(LettaDown):
        breaker.admit()
    breaker.succeed()
    breaker.admit()
    assert (breaker.cause, breaker.since, breaker.is_open) == (None, None, False)
