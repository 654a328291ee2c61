"""Kinds of work for the tests."""

from typing import Any

from django.db.models.functions import Now

from agents_app.letta.errors import LettaDown
from agents_app.work.models import BackgroundWork
from agents_app.work.tasks import Progress


def count_to(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    for number in range(arguments["end"]):
        progress.report(number, total=arguments["end"])
    return {"counted": arguments["end"]}


def nobody_watches(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    from datetime import timedelta

    BackgroundWork.objects.update(watched_at=Now() - timedelta(seconds=121))
    progress.report(1)
    return {"never": "reached"}


def letta_is_down(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    raise LettaDown


def broken(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError
