"""The pool: never more than its cap, nothing kept for long, nothing opened unasked."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.signals import request_finished
from django.db import connections

from agents_app.letta import access
from agents_app.letta.engine.pool import PoolLimits
from agents_app.letta.errors import LettaBusy, LettaError
from tests.integration.letta_engine.conftest import QUICK, Points
from tests.waiting import eventually

Backends = Callable[[], int]


@pytest.mark.usefixtures("alias")
def test_looking_at_the_state_connects_nothing(backends: Backends) -> None:
    assert access.status().state == "unused"
    assert access.status().open_connections == 0
    assert access.connects_total() == 0
    assert backends() == 0


def test_thirty_threads_never_exceed_the_cap(pointed: Points, backends: Backends) -> None:
    failed: list[LettaError] = []
    seen: list[int] = []

    def ask() -> None:
        try:
            access.rows("SELECT count(*) FROM generate_series(1, 300000)")
        except LettaError as error:
            failed.append(error)
        finally:
            connections["letta"].close()

    threads = [threading.Thread(target=ask) for _ in range(30)]
    with pointed(pool=replace(QUICK, wait_s=60.0)):
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            seen.append(backends())
    assert max(seen) <= QUICK.connections
    assert failed == []


def test_a_thread_that_waits_in_vain_is_told_busy(pointed: Points) -> None:
    with pointed(pool=PoolLimits(connections=1, wait_s=0.3)):
        access.rows("SELECT 1")
        found: list[BaseException] = []

        def ask() -> None:
            try:
                access.rows("SELECT 1")
            except LettaError as error:
                found.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(30)
        assert [type(error) for error in found] == [LettaBusy]


def test_only_so_many_threads_may_queue(pointed: Points) -> None:
    with pointed(pool=PoolLimits(connections=1, waiting=0)), pytest.raises(LettaBusy):
        access.rows("SELECT 1")


def test_connections_are_closed_soon_after_their_last_question(
    pointed: Points, backends: Backends
) -> None:
    with pointed(pool=replace(QUICK, idle_s=2.0)):
        access.rows("SELECT 1")
        connections["letta"].close()
        assert backends() == 1
        assert eventually(lambda: backends() == 0, within_s=10)
        assert access.status().open_connections == 0


@pytest.mark.usefixtures("alias")
def test_a_connection_that_a_thread_holds_without_asking_is_closed_too(backends: Backends) -> None:
    access.rows("SELECT 1")
    assert eventually(lambda: backends() == 0, within_s=10)
    assert access.rows("SELECT 2") == [(2,)]


def test_production_closes_within_twenty_seconds() -> None:
    limits = PoolLimits()
    assert limits.idle_s + limits.sweep_s <= 20


@pytest.mark.usefixtures("alias")
def test_the_reaper_ends_when_nothing_is_open(backends: Backends) -> None:
    access.rows("SELECT 1")
    connections["letta"].close()
    pool = connections["letta"].letta_pool
    assert eventually(lambda: pool._reaper is None, within_s=10)
    assert backends() == 0


@pytest.mark.usefixtures("alias")
def test_a_request_gives_its_connection_back_and_the_next_uses_it() -> None:
    for _ in range(5):
        access.rows("SELECT 1")
        connections["letta"].close_if_unusable_or_obsolete()
        assert connections["letta"].connection is None
    assert access.connects_total() == 1


@pytest.mark.usefixtures("alias")
def test_the_end_of_a_request_is_what_gives_it_back() -> None:
    from django.db import close_old_connections

    assert close_old_connections in [ref() for (_, ref, *_) in request_finished.receivers]


@pytest.mark.usefixtures("alias")
def test_the_end_of_a_request_whose_connection_broke_opens_no_other(backends: Backends) -> None:
    access.rows("SELECT 1")
    connections["letta"].connection.abandon()
    connections["letta"].close_if_unusable_or_obsolete()
    assert connections["letta"].connection is None
    assert access.connects_total() == 1
    assert eventually(lambda: backends() == 0, within_s=10)


@pytest.mark.usefixtures("alias")
def test_the_connection_used_last_is_used_first() -> None:
    wrapper = connections["letta"]
    pool = wrapper.letta_pool
    one = pool.acquire()
    other = threading.Thread(target=pool.release, args=[pool.acquire()])
    other.start()
    other.join()
    pool.release(one)
    assert pool.acquire() is one
    pool.release(one)


@pytest.mark.usefixtures("alias")
def test_a_child_process_opens_its_own_connection() -> None:
    access.rows("SELECT 1")
    parent = connections["letta"].connection
    child = os.fork()
    if child == 0:
        try:
            mine = access.rows("SELECT pg_backend_pid()") != [(parent.info.backend_pid,)]
            os._exit(0 if mine and connections["letta"].connection is not parent else 1)
        except BaseException:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert access.rows("SELECT pg_backend_pid()") == [(parent.info.backend_pid,)]


@pytest.mark.usefixtures("alias")
def test_close_idle_closes_everything(backends: Backends) -> None:
    access.rows("SELECT 1")
    access.close_idle()
    assert eventually(lambda: backends() == 0, within_s=10)
