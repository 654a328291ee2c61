"""Background work: queued, run by the worker, watched, cancelled; our database keeps no argument in clear."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from procrastinate.contrib.django import app

from agents_app.work import queue
from agents_app.work.models import BackgroundWork, State

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = "tests.integration.work.samples."


@pytest.fixture(autouse=True)
def _kinds(settings: Any) -> None:
    names = ("count_to", "nobody_watches", "letta_is_down", "broken")
    settings.BACKGROUND_WORK = {name: FOLDER + name for name in names}


def run_worker() -> None:
    """One worker that ends when the queue is empty."""
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(
        queues=["letta"], wait=False, install_signal_handlers=False, delete_jobs="always"
    )


def finished(user: User, kind: str, **arguments: Any) -> BackgroundWork:
    work = queue.start(user, kind, arguments)
    run_worker()
    work.refresh_from_db()
    return work


def test_work_runs_to_its_result(person: Callable[[str], User]) -> None:
    work = finished(person("support"), "count_to", end=3)
    assert (work.state, work.result, work.percent) == (State.DONE, {"counted": 3}, 66)


def test_arguments_are_never_stored_in_clear_and_go_at_the_end(
    person: Callable[[str], User],
) -> None:
    work = queue.start(person("support"), "count_to", {"end": 1, "needle": "борщ"})
    assert "борщ".encode() not in bytes(work.arguments)
    run_worker()
    work.refresh_from_db()
    assert bytes(work.arguments) == b""


def test_work_that_nobody_watches_is_cancelled(person: Callable[[str], User]) -> None:
    work = finished(person("support"), "nobody_watches")
    assert (work.state, work.result) == (State.CANCELLED, {})


def test_cancelled_work_never_starts(person: Callable[[str], User]) -> None:
    user = person("support")
    work = queue.start(user, "count_to", {"end": 1})
    queue.cancel(user, work.pk)
    run_worker()
    work.refresh_from_db()
    assert work.state == State.CANCELLED


def test_a_fault_of_letta_is_named(person: Callable[[str], User]) -> None:
    work = finished(person("support"), "letta_is_down")
    assert (work.state, work.failure) == (State.FAILED, "down")


def test_a_bug_ends_the_work_and_not_the_worker(person: Callable[[str], User]) -> None:
    assert finished(person("support"), "broken").failure == "unexpected"
    assert finished(person("support"), "count_to", end=1).state == State.DONE


def test_a_person_has_two_pieces_of_work_at_most(person: Callable[[str], User]) -> None:
    user = person("support")
    for _ in range(queue.MOST_AT_ONCE):
        queue.start(user, "count_to", {"end": 1})
    with pytest.raises(queue.TooMuchWork):
        queue.start(user, "count_to", {"end": 1})


def test_one_cannot_watch_anothers_work(person: Callable[[str], User]) -> None:
    work = queue.start(person("support"), "count_to", {"end": 1})
    assert queue.watched(person("auditor"), work.pk) is None
