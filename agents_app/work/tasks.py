"""The one task of the queues: runs the function that settings.BACKGROUND_WORK names for the kind."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from agents_app.letta.errors import LettaError
from agents_app.work import frames
from agents_app.work.apart import Outcome, carry_out
from agents_app.work.lanes import LIGHT, lane_of
from agents_app.work.models import BackgroundWork, State
from agents_app.work.progress import Cancelled, Progress
from agents_app.work.sealing import unseal
from agents_app.work.stopping import Interrupted

__all__ = ["Cancelled", "Progress", "end", "outcome_of", "perform"]

logger = logging.getLogger("inspector.work")


@app.task(name="perform", queue=LIGHT.queue)
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


def outcome_of(work_id: str, path: str) -> Outcome:
    """Calls the function at `path` here and now: ("done", result), ("cancelled", None) or ("failed", slug)."""
    work = BackgroundWork.objects.get(pk=work_id)
    function: Callable[[Progress, dict[str, Any]], dict[str, Any]] = import_string(path)
    try:
        with frames.inside(unseal(bytes(work.arguments))) as arguments:
            return "done", function(Progress(work), arguments)
    except Cancelled:
        return "cancelled", None
    except Interrupted:
        return "failed", "interrupted"
    except LettaError as error:
        return "failed", error.slug
    except MemoryError:
        return "failed", "memory"
    except Exception:
        logger.exception("background work failed", extra={"work": work_id, "kind": work.kind})
        return "failed", "unexpected"


def end(work_id: Any, outcome: Outcome) -> None:
    """Notes how a running piece of work ended; one that is over stays as it is."""
    word, value = outcome
    states = {"done": State.DONE, "cancelled": State.CANCELLED, "failed": State.FAILED}
    changes = {"done": {"result": value}, "failed": {"failure": value}}.get(word, {})
    running = BackgroundWork.objects.filter(pk=work_id, state=State.RUNNING)
    running.update(state=states[word], finished_at=Now(), arguments=b"", **changes)


def _run(work: BackgroundWork) -> None:
    try:
        end(work.pk, carry_out(work) if lane_of(work.kind).apart else _here(work))
    except Cancelled:
        end(work.pk, ("cancelled", None))
    except Interrupted:
        end(work.pk, ("failed", "interrupted"))


def _here(work: BackgroundWork) -> Outcome:
    return outcome_of(str(work.pk), settings.BACKGROUND_WORK[work.kind])
