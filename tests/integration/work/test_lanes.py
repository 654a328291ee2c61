"""Lanes: nobody takes them all, heavy work can always be ended, and other people's pages go on."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from agents_app.work import apart, child, queue
from agents_app.work.lanes import HEAVY, LIGHT
from agents_app.work.models import BackgroundWork, State
from agents_app.work.recovery import end_abandoned
from agents_app.work.stopping import STOPPING
from tests.lettadb import LettaDatabase
from tests.waiting import AT_ONCE_S, eventually

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = "tests.integration.work.samples."
HEAVY_KINDS = {"say_where", "spin", "eat_memory", "die", "broken", "letta_is_down"}
Person = Callable[[str], User]


@pytest.fixture(autouse=True)
def _kinds(settings: Any) -> None:
    names = {*HEAVY_KINDS, "take_a_while", "count_to"}
    settings.BACKGROUND_WORK = {name: FOLDER + name for name in names}
    settings.HEAVY_WORK = HEAVY_KINDS


def run_worker(*, lane: Any = HEAVY) -> None:
    """One worker of the lane that ends when its queue is empty."""
    carrier = app.with_connector(app.connector.get_worker_connector())
    carrier.run_worker(
        queues=[lane.queue], concurrency=lane.at_once, wait=False, install_signal_handlers=False,
        delete_jobs="always",
    )  # fmt: skip


@contextmanager
def working() -> Iterator[None]:
    """The same in a thread."""
    thread = threading.Thread(target=run_worker)
    thread.start()
    try:
        yield
    finally:
        thread.join(20)
        assert not thread.is_alive()


def finished(user: User, kind: str) -> BackgroundWork:
    work = queue.start(user, kind, {})
    run_worker()
    work.refresh_from_db()
    return work


def is_running(work: BackgroundWork) -> bool:
    work.refresh_from_db()
    return work.done == 1


def test_heavy_work_has_a_process_of_its_own_at_low_priority(person: Person) -> None:
    work = finished(person("support"), "say_where")
    assert work.state == State.DONE, work.failure
    assert work.result["process"] != os.getpid()
    assert work.result["niceness"] == child.NICENESS
    assert work.result["threads"] <= child.threads()


def test_heavy_work_that_never_reports_ends_when_it_is_cancelled(person: Person) -> None:
    user = person("support")
    work = queue.start(user, "spin", {})
    with working():
        assert eventually(lambda: is_running(work), within_s=15)
        queue.cancel(user, work.pk)
    work.refresh_from_db()
    assert work.state == State.CANCELLED


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("eat_memory", "memory"), ("die", "died"), ("broken", "unexpected"), ("letta_is_down", "down")],
)  # fmt: skip
def test_heavy_work_that_fails_says_how_and_spares_the_worker(
    kind: str, failure: str, person: Person
) -> None:
    work = finished(person("support"), kind)
    assert (work.state, work.failure) == (State.FAILED, failure)


def test_a_worker_that_stops_ends_its_heavy_work_at_once(person: Person) -> None:
    work = queue.start(person("support"), "spin", {})
    try:
        with working():
            assert eventually(lambda: is_running(work), within_s=15)
            STOPPING.set()
    finally:
        STOPPING.clear()
    work.refresh_from_db()
    assert (work.state, work.failure) == (State.FAILED, "interrupted")


def test_pages_and_searches_of_others_go_on_beside_heavy_work(
    letta: LettaDatabase, browser_of: Callable[[str], Client], person: Person
) -> None:
    user, browser = person("support"), browser_of("auditor")
    work = queue.start(user, "spin", {})
    browser.get("/agents/")
    with working():
        assert eventually(lambda: is_running(work), within_s=15)
        began = time.perf_counter()
        assert browser.get("/agents/").status_code == 200
        assert time.perf_counter() - began < AT_ONCE_S
        other = queue.start(person("auditor"), "count_to", {"end": 3})
        run_worker(lane=LIGHT)
        queue.cancel(user, work.pk)
    other.refresh_from_db()
    assert other.state == State.DONE


def test_one_person_never_takes_both_places_of_the_light_lane(person: Person) -> None:
    mine = [queue.start(person("support"), "take_a_while", {}) for _ in range(2)]
    yours = queue.start(person("auditor"), "take_a_while", {})
    run_worker(lane=LIGHT)
    for work in (*mine, yours):
        work.refresh_from_db()
    first, second = (work.result for work in mine)
    assert second["began"] >= first["ended"]
    assert yours.result["began"] < first["ended"]


def test_work_of_a_worker_that_vanished_is_ended_and_frees_its_lane(person: Person) -> None:
    user = person("support")
    lost = queue.start(user, "take_a_while", {})
    BackgroundWork.objects.update(state=State.RUNNING)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    recover()
    lost.refresh_from_db()
    assert (lost.state, lost.failure) == (State.FAILED, "interrupted")
    after = queue.start(user, "take_a_while", {})
    run_worker(lane=LIGHT)
    after.refresh_from_db()
    assert after.state == State.DONE


def recover() -> None:
    async def once() -> None:
        carrier = app.with_connector(app.connector.get_worker_connector())
        async with carrier.open_async():
            await end_abandoned(carrier)

    asyncio.run(once())


def test_work_that_nobody_watches_leaves_room_for_more(person: Person) -> None:
    user = person("support")
    for _ in range(queue.MOST_AT_ONCE):
        queue.start(user, "take_a_while", {})
    BackgroundWork.objects.update(watched_at="2026-01-01T00:00Z")
    assert queue.start(user, "take_a_while", {}).state == State.QUEUED


def test_the_child_learns_where_both_databases_are(person: Person) -> None:
    work = BackgroundWork.objects.create(user=person("support"), kind="say_where", arguments=b"")
    order = apart._order(work)
    assert order.databases["default"]["NAME"] == connection.settings_dict["NAME"]
    assert "letta" in order.databases
