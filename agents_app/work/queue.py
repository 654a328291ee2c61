"""Starting, watching and cancelling background work; procrastinate carries it on our own database."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.functions import Now

from agents_app.work import frames
from agents_app.work.lanes import lane_of
from agents_app.work.models import BackgroundWork, State
from agents_app.work.progress import UNWATCHED_SECONDS
from agents_app.work.sealing import seal
from agents_app.work.tasks import perform

MOST_AT_ONCE = 2


class TooMuchWork(RuntimeError):
    """The user has as much work under way as one person may have."""


def start(user: User, kind: str, arguments: dict[str, Any], *, about: str = "") -> BackgroundWork:
    """Queues one piece of work; at most two that are watched per person, else TooMuchWork.

    It will read what may be read where it is asked for (`frames`). In each lane a person's pieces run
    one after the other, so that nobody takes a whole lane.
    """
    if _under_way(user).count() >= MOST_AT_ONCE:
        raise TooMuchWork("Two searches or scans of yours are still running. Cancel one or wait.")
    work = BackgroundWork.objects.create(
        user=user, kind=kind, about=about, arguments=seal(frames.framed(arguments))
    )
    queue = lane_of(kind).queue
    perform.configure(queue=queue, lock=f"{queue} {user.pk}").defer(work_id=str(work.pk))
    return work


def _under_way(user: User) -> QuerySet[BackgroundWork]:
    """What nobody watches any more is about to be cancelled and does not count."""
    return BackgroundWork.objects.filter(
        user=user,
        state__in=[State.QUEUED, State.RUNNING],
        watched_at__gt=Now() - timedelta(seconds=UNWATCHED_SECONDS),
    )


def watched(user: User, work_id: UUID) -> BackgroundWork | None:
    """The user's own work, noted as watched now; work that nobody watches for two minutes is cancelled."""
    mine = BackgroundWork.objects.filter(pk=work_id, user=user)
    mine.update(watched_at=Now())
    return mine.first()


def under_way(user: User, kind: str, *, about: str) -> BackgroundWork | None:
    """The user's work of this kind about this thing that has not ended yet."""
    states = [State.QUEUED, State.RUNNING]
    mine = BackgroundWork.objects.filter(user=user, kind=kind, about=about, state__in=states)
    return mine.order_by("-created_at").first()


def latest(user: User, kind: str, *, about: str) -> BackgroundWork | None:
    """The user's last work of this kind about this thing, whatever became of it."""
    mine = BackgroundWork.objects.filter(user=user, kind=kind, about=about)
    return mine.order_by("-created_at").first()


def cancel(user: User, work_id: UUID) -> None:
    """Asks the worker to stop; it does so before its next statement."""
    BackgroundWork.objects.filter(
        pk=work_id, user=user, state__in=[State.QUEUED, State.RUNNING]
    ).update(state=State.CANCELLED, finished_at=Now())
