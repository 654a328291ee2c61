"""May this console connect? Not while CloudWatch says that the cluster is paused, unless a person wakes it.

The pool asks here before it opens anything, so no page can forget to. Without CloudWatch nothing
is known and the connection is tried. AWS describes the cluster without touching it.
"""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.db import Error

from agents_app.aws import metrics, place, sleep
from agents_app.aws.errors import AwsError
from agents_app.aws.sleep import Sleep
from agents_app.aws.spans import named
from agents_app.letta.console import WakeRequest
from agents_app.letta.errors import LettaAsleep

logger = logging.getLogger(__name__)

# A cluster that was awake at T does not pause before T plus the shortest timeout AWS allows, so
# points up to then say nothing: CloudWatch tells of a wake minutes late.
SHORTEST_PAUSE = timedelta(seconds=300)
# Rather a page that takes long than a cluster that is woken because AWS was slow to say it sleeps.
_PATIENCE_S = 3.0
_REMEMBERED_S = 5.0


def check() -> None:
    """Raises LettaAsleep while the cluster is paused and nobody has asked for it since."""
    found = _remembered()
    if found is None or found.state != "paused" or found.as_of is None:
        return
    woken = last_wake_request()
    if woken is not None and found.as_of < woken + SHORTEST_PAUSE:
        return
    raise LettaAsleep(since=found.since.timestamp() if found.since else 0.0)


def last_wake_request() -> datetime | None:
    """When a person last pressed the button, whichever process served it."""
    return WakeRequest.objects.order_by("-at").values_list("at", flat=True).first()


def forget() -> None:
    """Lets the next connection ask for CloudWatch's kept answer again."""
    global _kept
    _kept = None


def _sleep() -> Sleep | None:
    """What CloudWatch said at most a minute ago; None where it says nothing or is not set up."""
    if place.configured() is None:
        return None
    try:
        return sleep.of_reading(
            metrics.read(named("3h"), groups=("capacity",), patience_s=_PATIENCE_S)
        )
    except AwsError as error:
        logger.info("cluster power unknown", extra={"cause": error.slug})
    except Error:
        logger.warning("cluster power unknown: our own database does not answer")
    return None


_lock = threading.Lock()
_kept: tuple[float, Sleep | None] | None = None


def _remembered() -> Sleep | None:
    """A few seconds old, so that the many connections of one page ask our database once."""
    global _kept
    with _lock:
        if _kept is None or time.monotonic() - _kept[0] > _REMEMBERED_S:
            _kept = time.monotonic(), _sleep()
        return _kept[1]
