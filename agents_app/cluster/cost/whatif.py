"""What other limits would have cost on the cluster's own activity: minimum, maximum, pause timeout."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

LEAST_ACU = 0.5  # what an awake instance has at least; also AWS's step
FLAT = 0.05  # how close to a limit counts as being at it


@dataclass(frozen=True)
class Moment:
    """One period of one instance; capacity None: no data. `busy` is whether anybody was connected.

    None: not known, taken as busy while awake.
    """

    capacity: float | None
    busy: bool | None = None


@dataclass(frozen=True)
class Limits:
    """`pause_after_s` is None where the cluster does not pause (minimum above 0)."""

    minimum: float
    maximum: float
    pause_after_s: int | None = None

    @property
    def floor(self) -> float:
        return max(self.minimum, LEAST_ACU)

    @property
    def pauses(self) -> bool:
        return self.minimum == 0 and self.pause_after_s is not None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """ACU-hours between `low` and `high`: at a limit CloudWatch does not tell what was wanted beyond it.

    `resumes` of a paused instance each keep somebody waiting for about 15 s; `capped_hours` would
    have wanted more than the maximum gives.
    """

    low: float
    high: float
    paused_hours: float
    resumes: int
    capped_hours: float

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            low=self.low + other.low,
            high=self.high + other.high,
            paused_hours=self.paused_hours + other.paused_hours,
            resumes=self.resumes + other.resumes,
            capped_hours=self.capped_hours + other.capped_hours,
        )


NOTHING = Outcome(low=0, high=0, paused_hours=0, resumes=0, capped_hours=0)


def what_if(moments: Sequence[Moment], period_s: int, *, now: Limits, then: Limits) -> Outcome:
    """Replays one instance's range under other limits.

    Idle periods (paused, or nobody connected) pause after the new timeout, where the new limits
    pause at all; busy ones keep their capacity within the new limits.
    """
    hours = period_s / 3600
    found = NOTHING
    for idle, stretch in groupby(moments, key=_is_idle):
        part = list(stretch)
        if idle:
            found += _idle(part, period_s, now=now, then=then)
        else:
            found += _total(_busy(one, hours, now=now, then=then) for one in part)
    if found.resumes and _is_idle(moments[-1]) and _pauses(_tail(moments), period_s, then):
        found = replace(found, resumes=found.resumes - 1)  # nobody has come back yet
    return found


def _is_idle(moment: Moment) -> bool:
    return moment.capacity == 0 or (moment.capacity is not None and moment.busy is False)


def _tail(moments: Sequence[Moment]) -> int:
    """Length of the idle stretch at the end."""
    for length, moment in enumerate(reversed(moments)):
        if not _is_idle(moment):
            return length
    return len(moments)


def _pauses(periods: int, period_s: int, then: Limits) -> bool:
    return then.pauses and periods * period_s > (then.pause_after_s or 0)


def _idle(part: list[Moment], period_s: int, *, now: Limits, then: Limits) -> Outcome:
    """An idle stretch stands at the floor until it pauses; one within the timeout does not."""
    seconds = len(part) * period_s
    awake = seconds
    if _pauses(len(part), period_s, then):
        awake = then.pause_after_s or 0
    hours = awake / 3600
    known = [one.capacity for one in part[: -(-awake // period_s)] if one.capacity]
    usual = sum(known) / len(known) if known else now.floor
    low = min(then.floor, then.maximum)
    high = min(max(usual, low), then.maximum)
    return Outcome(
        low=low * hours,
        high=high * hours,
        paused_hours=(seconds - awake) / 3600,
        resumes=int(awake < seconds),
        capped_hours=0,
    )


def _busy(moment: Moment, hours: float, *, now: Limits, then: Limits) -> Outcome:
    """One period with work to do; without data it costs nothing, as on the page."""
    if moment.capacity is None:
        return NOTHING
    low = high = moment.capacity
    if moment.capacity <= now.floor + FLAT:
        low = LEAST_ACU  # it may have needed less than it was given
    if moment.capacity >= now.maximum - FLAT:
        high = max(then.maximum, moment.capacity)  # it may have wanted more
    return Outcome(
        low=min(max(low, then.floor), then.maximum) * hours,
        high=min(max(high, then.floor), then.maximum) * hours,
        paused_hours=0,
        resumes=0,
        capped_hours=hours if high > then.maximum + FLAT else 0,
    )


def _total(outcomes: Iterable[Outcome]) -> Outcome:
    return sum(outcomes, NOTHING)
