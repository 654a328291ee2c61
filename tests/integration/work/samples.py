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


def say_where(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    import os

    from threadpoolctl import threadpool_info

    most = max(pool["num_threads"] for pool in threadpool_info())
    return {"process": os.getpid(), "niceness": os.nice(0), "threads": most}


def spin(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Computes for ever on every core it may use, and never reports."""
    import numpy as np

    progress.report(1)
    numbers = np.ones((1_500, 1_500), dtype=np.float32)
    while True:
        numbers @ numbers


def eat_memory(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    return {"eaten": float(np.ones(3 * 1024**3 // 8).sum())}


def die(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    import os

    os._exit(9)


def take_a_while(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    import time

    began = time.monotonic()
    time.sleep(0.6)
    return {"began": began, "ended": time.monotonic()}
