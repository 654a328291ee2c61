"""What runs in the process of one piece of heavy work; imports Django only after the process has begun."""

import os
import resource
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

MOST_BYTES = 2 * 1024**3
MOST_THREADS = 4
NICENESS = 10


@dataclass(frozen=True)
class Order:
    """What the child needs to know; `databases` are the settings of both, as the worker has them.

    `function` is the path of what to call with progress and arguments.
    """

    work_id: str
    function: str
    databases: dict[str, dict[str, Any]]


def main(order: Order, answers: Connection, leash: Connection) -> None:
    """Does the work and sends ("done", result), ("cancelled", None) or ("failed", slug)."""
    threading.Thread(target=_end_with_the_worker, args=(leash,), daemon=True).start()
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    _prepare(order)
    from agents_app.work.tasks import outcome_of

    answers.send(outcome_of(order.work_id, order.function))


def threads() -> int:
    """How many cores a piece of heavy work may use."""
    return min(MOST_THREADS, len(os.sched_getaffinity(0)))


def _prepare(order: Order) -> None:
    import django

    django.setup()
    from django.db import connections

    for alias, known in order.databases.items():
        connections.settings[alias].update(known)
    import numpy  # noqa: F401  (loads the library whose threads are bounded)
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=threads())


def _end_with_the_worker(leash: Connection) -> None:
    """The worker holds the other end and never writes: reading ends when the worker does."""
    try:
        leash.recv()
    except EOFError:
        os._exit(1)
