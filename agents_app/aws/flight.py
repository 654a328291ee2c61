"""Single flight: whoever asks, AWS hears one question a minute, and answers are shared by everybody.

Our own database is the meeting point of all threads, workers and machines. The one who gets the
lease asks AWS in a thread; a page waits for it no longer than its patience and shows the last
answer with its age meanwhile.
"""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from random import uniform
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from agents_app.aws.errors import AwsError, AwsSlow, classify, restored

logger = logging.getLogger(__name__)

PATIENCE_S = 1.5  # a page that shows what AWS says is to be there within 2 s
LEASE_S = 30.0  # longer than any call with its pages and retries takes
_LOOK_AGAIN_S = 0.05
_KEPT = "25 hours"
_THREADS = ThreadPoolExecutor(max_workers=6, thread_name_prefix="aws")


@dataclass(frozen=True, kw_only=True)
class Question:
    """`ask` gives what JSON can hold; `words` tell this question from all others of its kind.

    `ask` must not touch our database: it runs in a thread that others wait for. What it gave is
    passed through `store` by the one who keeps it.
    """

    kind: str
    words: tuple[str, ...]
    ask: Callable[[], Any]
    store: Callable[[Any], Any] | None = None
    every_s: float | None = None  # None: the setting's

    @property
    def key(self) -> str:
        return hashlib.sha256(json.dumps([self.kind, *self.words]).encode()).hexdigest()

    @property
    def refresh_s(self) -> float:
        """For a setting of a minute `every_s` holds; another setting scales it."""
        setting = float(settings.INSPECTOR_AWS_SECONDS)
        return max(setting, (self.every_s or 0.0) * setting / 60)


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest good answer, its time by our database's clock, and what went wrong since."""

    value: Any
    read_at: datetime
    age_s: float
    problem: AwsError | None = None


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
    row = _Row.read(question.key)
    return row.answer(row.problem()) if row else None


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of AwsAnswer with its ages by the database's clock, and the right to ask now."""

    value: Any
    read_at: datetime | None
    age_s: float
    failure: str
    permission: str
    is_due: bool
    is_leased: bool

    @classmethod
    def read(cls, key: str) -> "_Row | None":
        with connection.cursor() as cursor:
            cursor.execute(_READ, [key])
            row = cursor.fetchone()
        return cls(json.loads(row[0]) if row[0] else None, *row[1:]) if row else None

    def problem(self) -> AwsError | None:
        return restored(self.failure, permission=self.permission) if self.failure else None

    def answer(self, problem: AwsError | None) -> Answer | None:
        if self.read_at is None:
            return None
        return Answer(self.value, self.read_at, self.age_s, problem)

    def result(self, problem: AwsError | None) -> Answer | AwsError:
        return self.answer(problem) or problem or AwsSlow()


class _Flight:
    """One question under way: by this process, by another, or answered already."""

    def __init__(self, question: Question, row: _Row | None, *, lease: datetime | None) -> None:
        """With a `lease` this process is the one to ask, until that moment."""
        self.question, self.row, self.lease = question, row, lease
        self.outcome: Any = None
        self.abandoned = False
        self.lock, self.done = threading.Lock(), threading.Event()

    @classmethod
    def started(cls, question: Question) -> "_Flight":
        row = _Row.read(question.key)
        if row is not None and (row.is_leased or not row.is_due):
            return cls(question, row, lease=None)
        flight = cls(question, row, lease=_claim(question))
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
        _keep(self.question, self.outcome, self.lease)
        row = _Row.read(self.question.key)
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
            row = _Row.read(self.question.key)
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
        _keep(question, outcome, lease)
    except DatabaseError:
        logger.warning("aws answer could not be kept")
    finally:
        connection.close()


# All times by the database's clock: machines' clocks differ, and AWS's skew is a fault of its own.
_READ = """
SELECT answer::text, answered_at, extract(epoch FROM clock_timestamp() - answered_at)::float,
       failure, permission, again_at IS NULL OR again_at <= clock_timestamp(),
       coalesce(leased_until > clock_timestamp(), false)
  FROM agents_app_awsanswer WHERE key = %s
"""
_CLAIM = """
INSERT INTO agents_app_awsanswer (key, kind, leased_until, asked, touched_at, failure, permission)
VALUES (%(key)s, %(kind)s, clock_timestamp() + %(lease)s * interval '1 second', 1,
        clock_timestamp(), '', '')
ON CONFLICT (key) DO UPDATE
   SET leased_until = excluded.leased_until, asked = agents_app_awsanswer.asked + 1,
       touched_at = clock_timestamp()
 WHERE (agents_app_awsanswer.leased_until IS NULL
        OR agents_app_awsanswer.leased_until <= clock_timestamp())
   AND (agents_app_awsanswer.again_at IS NULL
        OR agents_app_awsanswer.again_at <= clock_timestamp())
RETURNING leased_until
"""
_KEEP = """
UPDATE agents_app_awsanswer
   SET answer = %(answer)s::jsonb, answered_at = clock_timestamp(), failure = '', permission = '',
       failed_at = NULL, leased_until = NULL, touched_at = clock_timestamp(),
       again_at = clock_timestamp() + %(again)s * interval '1 second'
 WHERE key = %(key)s AND leased_until = %(lease)s
"""
_KEEP_FAILURE = """
UPDATE agents_app_awsanswer
   SET failure = %(failure)s, permission = %(permission)s, failed_at = clock_timestamp(),
       leased_until = NULL, again_at = clock_timestamp() + %(again)s * interval '1 second'
 WHERE key = %(key)s AND leased_until = %(lease)s
"""
_PRUNE = (
    f"DELETE FROM agents_app_awsanswer WHERE touched_at < clock_timestamp() - interval '{_KEPT}'"  # noqa: S608
)


def _claim(question: Question) -> datetime | None:
    """Until when this process is the one to ask; None where another one is."""
    words: dict[str, Any] = {"key": question.key, "kind": question.kind, "lease": LEASE_S}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, words)
        row = cursor.fetchone()
    return row[0] if row else None


def _keep(question: Question, outcome: Any, lease: datetime | None) -> None:
    """Nothing, where the lease is over and perhaps another one has asked since."""
    with connection.cursor() as cursor:
        if isinstance(outcome, AwsError):
            cursor.execute(_KEEP_FAILURE, _failure(question, outcome) | {"lease": lease})
            return
        kept = question.store(outcome) if question.store else outcome
        words: dict[str, Any] = {"key": question.key, "answer": json.dumps(kept, allow_nan=False)}
        cursor.execute(_KEEP, words | {"again": question.refresh_s, "lease": lease})
        cursor.execute(_PRUNE)


def _failure(question: Question, error: AwsError) -> dict[str, Any]:
    """Held a little longer by chance, so that many consoles do not return at the same moment."""
    scale = float(settings.INSPECTOR_AWS_SECONDS) / 60
    return {
        "key": question.key,
        "failure": error.slug,
        "permission": error.permission,
        "again": error.hold_s * scale * uniform(1.0, 1.2),  # noqa: S311 (no secret)
    }
