"""The pool opens nothing while nothing is open unless it may; no race goes round the question."""

from typing import Any, NoReturn

import psycopg
import pytest

from agents_app.letta.engine.pool import Pool, PoolLimits
from agents_app.letta.errors import LettaAsleep, LettaDown


class Silent:
    """A session that prepares nothing."""

    def prepare(self, connection: Any) -> None: ...

    def renew(self, connection: Any) -> None: ...

    def note(self, error: Exception) -> None: ...


def refused(_timeout_s: float) -> NoReturn:
    raise psycopg.OperationalError("connection failed: Connection refused")


def test_without_permission_nothing_is_tried() -> None:
    def permit() -> None:
        raise LettaAsleep

    pool = Pool(refused, Silent(), permit=permit)
    with pytest.raises(LettaAsleep):
        pool.acquire()
    assert pool.connects_total == 0


def test_with_permission_it_is_asked_once_for_each_acquisition() -> None:
    asked: list[int] = []
    pool = Pool(refused, Silent(), permit=lambda: asked.append(1))
    with pytest.raises(LettaDown):
        pool.acquire()
    assert (len(asked), pool.connects_total) == (1, 1)


def test_a_connection_that_closes_in_between_is_no_way_round() -> None:
    asked: list[int] = []

    class Racing(Pool):
        """The first look finds a connection open, which is gone a moment later."""

        looks = 0

        def _permitted(self) -> bool:
            self.looks += 1
            return super()._permitted() if self.looks > 1 else False

    pool = Racing(refused, Silent(), limits=PoolLimits(wait_s=1), permit=lambda: asked.append(1))
    with pytest.raises(LettaDown):
        pool.acquire()
    assert (pool.looks, len(asked), pool.connects_total) == (2, 1, 1)


def test_attempts_that_ended_can_be_noted_down() -> None:
    pool = Pool(refused, Silent())
    with pytest.raises(LettaDown):
        pool.acquire()
    [ended] = pool.finished
    assert not ended.succeeded
    assert ended.seconds >= 0
