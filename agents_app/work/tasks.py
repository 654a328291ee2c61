"""The one task of the queue: runs the function that settings.BACKGROUND_WORK names for the kind."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from agents_app.letta.errors import LettaError
from agents_app.work.models import BackgroundWork, State
from agents_app.work.sealing import unseal

UNWATCHED_SECONDS = 120
logger = logging.getLogger("inspector.work")


class Cancelled(Exception):
    """The work was cancelled, or nobody has watched it for two minutes."""


class Progress:
    """What a piece of work reports to; reporting raises Cancelled when the work should end."""

    def __init__(self, work: BackgroundWork) -> None:
        self.work = work

    def report(
        self, done: int, *, total: int | None = None, result: dict[str, Any] | None = None
    ) -> None:
        """Notes how far the work is, in whatever unit it counts, and what it has found so far."""
        changes: dict[str, Any] = {"done": done, "total": total}
        if result is not None:
            changes["result"] = result
        alive = BackgroundWork.objects.filter(
            pk=self.work.pk,
            state=State.RUNNING,
            watched_at__gt=Now() - timedelta(seconds=UNWATCHED_SECONDS),
        )
        if not alive.update(**changes):
            raise Cancelled


@app.task(name="perform", queue="letta")
def perform(*, work_id: str) -> None:
    """Runs one piece of work to its end and notes how it ended."""
    close_old_connections()
    try:
        if BackgroundWork.objects.filter(pk=work_id, state=State.QUEUED).update(
            state=State.RUNNING
        ):
            _run(BackgroundWork.objects.get(pk=work_id))
    finally:
        close_old_connections()


def _run(work: BackgroundWork) -> None:
    function: Callable[[Progress, dict[str, Any]], dict[str, Any]]
    function = import_string(settings.BACKGROUND_WORK[work.kind])
    try:
        result = function(Progress(work), unseal(bytes(work.arguments)))
    except Cancelled:
        _end(work, State.CANCELLED)
    except LettaError as error:
        _end(work, State.FAILED, failure=error.slug)
    except Exception:
        _end(work, State.FAILED, failure="unexpected")
        logger.exception("background work failed", extra={"work": str(work.pk), "kind": work.kind})
    else:
        _end(work, State.DONE, result=result)


def _end(work: BackgroundWork, state: State, **changes: Any) -> None:
    running = BackgroundWork.objects.filter(pk=work.pk, state=State.RUNNING)
    running.update(state=state, finished_at=Now(), arguments=b"", **changes)
