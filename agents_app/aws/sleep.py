"""Whether the cluster sleeps, from CloudWatch alone: nothing here wakes anything."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from agents_app.aws import metrics, spans
from agents_app.aws.errors import AwsError
from agents_app.aws.metrics import Point, Reading, Series

CAPACITY = "ServerlessDatabaseCapacity"
# Older news of the capacity says nothing about now: CloudWatch is a few minutes late as a rule.
NEWS_LASTS = timedelta(minutes=10)
_LOOKED_BACK = ("3h", "7d")


@dataclass(frozen=True, slots=True)
class Pause:
    """From the first minute at 0 ACU to the first above it; `end` is None while it lasts, `begun`
    False where it began before the stretch that was read."""

    start: datetime
    end: datetime | None
    begun: bool = True


@dataclass(frozen=True, slots=True)
class Sleep:
    """`since` is when the state began, or the earliest moment known (`since_exact` False).

    `as_of` is the minute of the newest figure; `capacity` its ACUs.
    """

    state: Literal["paused", "awake", "unknown"]
    since: datetime | None = None
    since_exact: bool = False
    as_of: datetime | None = None
    capacity: float | None = None
    age_s: float | None = None
    problem: AwsError | None = None


def now(*, patience_s: float | None = None) -> Sleep:
    """What the newest minute says; `unknown` with its cause instead of any AwsError."""
    found = Sleep("unknown")
    for name in _LOOKED_BACK:
        try:
            reading = metrics.read(spans.named(name), groups=["capacity"], patience_s=patience_s)
        except AwsError as error:
            return found if found.state != "unknown" else Sleep("unknown", problem=error)
        looked = of_reading(reading)
        if name != _LOOKED_BACK[0] and looked.state != found.state:
            return found
        found = looked if found.state == "unknown" else _begun_as(found, looked)
        if found.state == "unknown" or found.since_exact:
            return found
    return found


def _begun_as(found: Sleep, looked: Sleep) -> Sleep:
    return Sleep(
        found.state, looked.since, looked.since_exact, found.as_of, found.capacity,
        found.age_s, found.problem,
    )  # fmt: skip


def of_reading(reading: Reading) -> Sleep:
    """The state at the reading's newest minute."""
    series = _capacity(reading)
    newest = series.points[-1] if series and series.points else None
    if series is None or newest is None or datetime.now(UTC) - newest[0] > NEWS_LASTS:
        as_of = newest[0] if newest else None
        return Sleep("unknown", as_of=as_of, age_s=reading.age_s, problem=reading.problem)
    since, exact = _since(series.points)
    return Sleep(
        "paused" if newest[1] == 0 else "awake", since, exact, newest[0], newest[1],
        reading.age_s, reading.problem,
    )  # fmt: skip


def _since(points: tuple[Point, ...]) -> tuple[datetime, bool]:
    """The first minute of the newest run of the same state."""
    asleep, began = points[-1][1] == 0, points[-1][0]
    for at, value in reversed(points):
        if (value == 0) != asleep:
            return began, True
        began = at
    return began, False


def pauses(reading: Reading, *, instance: str | None = None) -> list[Pause]:
    """When all of the cluster, or one instance, stood at 0 ACU; a gap ends no pause."""
    series = _capacity(reading, instance)
    found: list[Pause] = []
    start: datetime | None = None
    for number, (at, value) in enumerate(series.points if series else ()):
        if value == 0 and start is None:
            start, begun = at, number > 0
        elif value > 0 and start is not None:
            found.append(Pause(start, at, begun))
            start = None
    if start is not None:
        found.append(Pause(start, None, begun))
    return found


def _capacity(reading: Reading, instance: str | None = None) -> Series | None:
    """By its maximum: a minute in which the cluster woke up is not one of sleep."""
    return reading.find(CAPACITY, "Maximum", instance=instance)
