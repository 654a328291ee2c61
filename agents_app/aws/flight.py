"""Single flight: whoever asks, AWS hears one question a minute, and answers are shared by everybody.

Our own database is the meeting point of all threads, workers and machines. The one who gets the
lease asks AWS in a thread; a page waits for it no longer than its patience and shows the last
answer with its age meanwhile.
"""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection

from agents_app.aws.answers import Answer, Question, Row, claim, keep
from agents_app.aws.errors import AwsError, AwsSlow, classify

__all__ = ["PATIENCE_S", "Answer", "Question", "ends", "fetch", "fetch_all", "known", "left"]

logger = logging.getLogger(__name__)

PATIENCE_S = 1.5  # a page that shows what AWS says is to be there within 2 s
_LOOK_AGAIN_S = 0.05
_THREADS = ThreadPoolExecutor(max_workers=6, thread_name_prefix="aws")


def fetch(question: Question, *, patience_s: float | None = None) -> Answer:
    """The answer, at most a minute old while AWS answers; raises AwsError where there is none."""
    found = fetch_all([question], patience_s=patience_s)[0]
    if isinstance(found, AwsError):
        raise found
    return found


def fetch_all(
    questions: Sequence[Question], *, patience_s: float | None = None
) -> list[Answer | AwsError]:
    """The same for several at once, which share the patience."""
    until = ends(patience_s)
    flights = [_Flight.started(question) for question in questions]
    return [flight.landed(until) for flight in flights]


def ends(patience_s: float | None) -> float:
    """The monotonic time at which that patience ends; None is a page's."""
    return time.monotonic() + (PATIENCE_S if patience_s is None else patience_s)


def left(until: float) -> float:
    """Seconds of patience, a little of it for what is known already."""
    return max(0.1, until - time.monotonic())


def known(question: Question) -> Answer | None:
    """What is kept, without asking AWS."""
    row = Row.read(question.key)
    return row.answer(row.problem()) if row else None


class _Flight:
    """One question under way: by this process, by another, or answered already."""

    def __init__(self, question: Question, row: Row | None, *, lease: datetime | None) -> None:
        """With a `lease` this process is the one to ask, until that moment."""
        self.question, self.row, self.lease = question, row, lease
        self.outcome: Any = None
        self.abandoned = False
        self.lock, self.done = threading.Lock(), threading.Event()

    @classmethod
    def started(cls, question: Question) -> "_Flight":
        row = Row.read(question.key)
        if row is not None and (row.is_leased or not row.is_due):
            return cls(question, row, lease=None)
        flight = cls(question, row, lease=claim(question))
        if flight.lease:
            _THREADS.submit(flight.fly)
        return flight

    def landed(self, until: float) -> Answer | AwsError:
        return self._mine_landed(until) if self.lease else self._others_landed(until)

    def _mine_landed(self, until: float) -> Answer | AwsError:
        self.done.wait(max(0.0, until - time.monotonic()))
        with self.lock:
            self.abandoned = not self.done.is_set()
        if self.abandoned:
            late = AwsSlow()
            return self.row.result(late) if self.row else late
        keep(self.question, self.outcome, self.lease)
        row = Row.read(self.question.key)
        if row is None:  # pruned this instant
            return AwsSlow()
        return row.result(row.problem())

    def _others_landed(self, until: float) -> Answer | AwsError:
        """What another one is fetching is waited for only where there is nothing older to show."""
        row = self.row
        while row is None or (row.is_leased and row.read_at is None):
            if time.monotonic() >= until:
                return AwsSlow()
            time.sleep(_LOOK_AGAIN_S)
            row = Row.read(self.question.key)
        return row.result(row.problem())

    def fly(self) -> None:
        """In a thread of its own: asks, and keeps the answer where nobody waits any more."""
        try:
            outcome: Any = self.question.ask()
        except Exception as exc:
            outcome = _as_error(exc)
        with self.lock:
            self.outcome = outcome
            self.done.set()
            alone = self.abandoned
        if alone:
            _keep_alone(self.question, outcome, self.lease)


def _as_error(exc: Exception) -> AwsError:
    if not isinstance(exc, AwsError):
        logger.error("aws question failed: %s", type(exc).__name__)
    return classify(exc)


def _keep_alone(question: Question, outcome: Any, lease: datetime | None) -> None:
    try:
        keep(question, outcome, lease)
    except DatabaseError:
        logger.warning("aws answer could not be kept")
    finally:
        connection.close()
