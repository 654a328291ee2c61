"""What a piece of work reports to, and whether anybody still wants it."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from agents_app.work.models import BackgroundWork, State
from agents_app.work.stopping import STOPPING, Interrupted

UNWATCHED_SECONDS = 120


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
        if STOPPING.is_set():
            raise Interrupted
        if not _wanted(self.work).update(**changes):
            raise Cancelled


def is_wanted(work: BackgroundWork) -> bool:
    """Whether it is under way still and somebody watches it."""
    return _wanted(work).exists()


def _wanted(work: BackgroundWork) -> QuerySet[BackgroundWork]:
    return BackgroundWork.objects.filter(
        pk=work.pk,
        state=State.RUNNING,
        watched_at__gt=Now() - timedelta(seconds=UNWATCHED_SECONDS),
    )
