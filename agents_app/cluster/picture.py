"""All that AWS tells of one stretch of time, gathered within a page's patience; nothing here wakes anything."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from agents_app.aws import cluster, events, metrics, sleep
from agents_app.aws.catalogue import BY_NAME
from agents_app.aws.cluster import Alarm, ClusterState
from agents_app.aws.errors import AwsError
from agents_app.aws.events import Event
from agents_app.aws.metrics import ALL_GROUPS, Reading, Series
from agents_app.aws.sleep import Pause, Sleep
from agents_app.aws.spans import Span

T = TypeVar("T")
PATIENCE_S = 1.2  # for all of it together, and LEAST_S for each part beyond: the page is to be there within 2 s
LEAST_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What is known, and in `troubles` why the rest is not; `age_s` is that of the oldest figure shown."""

    span: Span
    reading: Reading | None
    state: ClusterState | None
    events: tuple[Event, ...]
    alarms: tuple[Alarm, ...]
    sleep: Sleep
    troubles: list[AwsError]

    @property
    def series(self) -> tuple[Series, ...]:
        return self.reading.series if self.reading else ()

    @property
    def age_s(self) -> float | None:
        return self.reading.age_s if self.reading else None

    @property
    def pauses(self) -> list[Pause]:
        return sleep.pauses(self.reading) if self.reading else []

    @property
    def is_incomplete(self) -> bool:
        """AWS was slow, so that parts are missing which come in a moment: the question is under way."""
        parts = {BY_NAME[one.metric].group for one in self.series if one.metric in BY_NAME}
        late = any(one.slug == "slow" for one in self.troubles)
        return late and (len(parts) < len(ALL_GROUPS) or self.state is None)

    @property
    def is_stale(self) -> bool:
        """Older than two periods of asking: AWS is slow, throttles or denies."""
        return self.age_s is not None and self.age_s > max(150, 2 * min(self.span.period, 300))


def picture(span: Span) -> Picture:
    """Never raises AwsError but AwsNotConfigured; a part that failed is empty and its cause is told."""
    until, troubles = time.monotonic() + PATIENCE_S, list[AwsError]()

    def told(ask: Callable[[float], T]) -> T | None:
        try:
            return ask(max(LEAST_S, until - time.monotonic()))
        except AwsError as error:
            if error.slug == "not-configured":
                raise
            troubles.append(error)
            return None

    reading = told(lambda left: metrics.read(span, patience_s=left))
    state = told(lambda left: cluster.state(patience_s=left))
    seen = told(lambda left: events.read(span, patience_s=left))
    alarms = told(lambda left: cluster.alarms(patience_s=left))
    for found in (reading, state, seen, alarms):
        if found is not None and found.problem is not None:
            troubles.append(found.problem)
    return Picture(
        span=reading.span if reading else span,
        reading=reading,
        state=state,
        events=seen.events if seen else (),
        alarms=alarms.alarms if alarms else (),
        sleep=_sleep(reading, until),
        troubles=_once(troubles),
    )


def _sleep(reading: Reading | None, until: float) -> Sleep:
    """From the figures at hand where they reach up to now, else from the last three hours'."""
    if reading is not None and datetime.now(UTC) - reading.span.end < timedelta(minutes=10):
        found = sleep.of_reading(reading)
        if found.state != "unknown" and reading.span.period <= 300:
            return found
    left = until - time.monotonic()
    if reading is None and left < LEAST_S:
        return Sleep("unknown")
    return sleep.now(patience_s=max(LEAST_S, left))


def _once(troubles: list[AwsError]) -> list[AwsError]:
    """Each sentence once: several calls meet the same fault."""
    return list({str(error): error for error in troubles}.values())
