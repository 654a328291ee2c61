"""Starting, watching and cancelling background work; procrastinate carries it on our own database."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models.functions import Now

from agents_app.work.models import BackgroundWork, State
from agents_app.work.sealing import seal
from agents_app.work.tasks import perform

MOST_AT_ONCE = 2


class TooMuchWork(RuntimeError):
    """The user has as much work under way as one person may have."""


def start(user: User, kind: str, arguments: dict[str, Any], *, about: str = "") -> BackgroundWork:
    """Queues one piece of work; at most two per person at once, else TooMuchWork."""
    under_way = BackgroundWork.objects.filter(user=user, state__in=[State.QUEUED, State.RUNNING])
    if under_way.count() >= MOST_AT_ONCE:
        raise TooMuchWork("Two searches of yours are still running. Cancel one or wait.")
    work = BackgroundWork.objects.create(
        user=user, kind=kind, about=about, arguments=seal(arguments)
    )
    perform.defer(work_id=str(work.pk))
    return work


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
