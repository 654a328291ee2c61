"""Carries out heavy work in a process of its own and watches over it."""

from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.db import connections

from agents_app.work.child import Order, main
from agents_app.work.models import BackgroundWork
from agents_app.work.progress import Cancelled, is_wanted
from agents_app.work.stopping import STOPPING, Interrupted

_LOOK_SECONDS = 0.5
_fresh = get_context("spawn")  # a fork would inherit the worker's threads and connections

Outcome = tuple[str, Any]


def carry_out(work: BackgroundWork) -> Outcome:
    """What became of it: see `child.main`; ends the process when the work is cancelled or unwatched.

    Raises Cancelled or Interrupted. A process that dies without an answer failed for want of memory,
    most likely: ("failed", "died").
    """
    receiver, sender = _fresh.Pipe(duplex=False)
    leash_end, leash = _fresh.Pipe(duplex=False)
    order = _order(work)
    process = _fresh.Process(target=main, args=(order, sender, leash_end), daemon=True)
    process.start()
    sender.close()
    leash_end.close()
    try:
        while not receiver.poll(_LOOK_SECONDS):
            if STOPPING.is_set():
                raise Interrupted
            if not is_wanted(work):
                raise Cancelled
        return _answer(receiver)
    finally:
        process.kill()
        process.join()
        for end in (receiver, leash):
            end.close()


def _order(work: BackgroundWork) -> Order:
    known = {alias: dict(connections.settings[alias]) for alias in connections}
    return Order(str(work.pk), settings.BACKGROUND_WORK[work.kind], known)


def _answer(receiver: Any) -> Outcome:
    try:
        found: Outcome = receiver.recv()
    except EOFError:
        return "failed", "died"
    return found
