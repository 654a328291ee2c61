"""Answers of AWS as our own database keeps them: one line a question, with who may ask and when.

All times are by the database's clock: machines' clocks differ, and AWS's skew is a fault of its own.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import uniform
from typing import Any

from django.conf import settings
from django.db import connection

from agents_app.aws.errors import AwsError, AwsSlow, restored

LEASE_S = 30.0  # longer than any call with its pages and retries takes
_KEPT = "25 hours"


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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of AwsAnswer with its ages by the database's clock, and the right to ask now."""

    value: Any
    read_at: datetime | None
    age_s: float
    failure: str
    permission: str
    is_due: bool
    is_leased: bool

    @classmethod
    def read(cls, key: str) -> "Row | None":
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


def claim(question: Question) -> datetime | None:
    """Until when this process is the one to ask; None where another one is."""
    words: dict[str, Any] = {"key": question.key, "kind": question.kind, "lease": LEASE_S}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, words)
        row = cursor.fetchone()
    return row[0] if row else None


def keep(question: Question, outcome: Any, lease: datetime | None) -> None:
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
