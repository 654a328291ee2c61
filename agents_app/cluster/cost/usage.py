"""How much of each billed thing a range used, from CloudWatch's points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Points = Sequence[tuple[datetime, float | None]]


@dataclass(frozen=True)
class Measured:
    """Points of one metric of one instance (or, with instance None, of the cluster), `period_s` apart."""

    instance: str | None
    period_s: int
    points: Points

    @property
    def known(self) -> list[float]:
        return [value for _, value in self.points if value is not None]


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a range of `hours` used. `measured_hours` have a capacity; the rest is counted as nothing.

    `acu_hours` is by instance: the cluster's own metric is the average over its instances, not
    their sum. `storage_gb` is the average in 2^30 bytes, `requests` the billed I/O; None: not known.
    `storage_hours` is for how long storage was kept, which paused hours do not shorten.
    """

    hours: float
    acu_hours: Mapping[str, float]
    measured_hours: float
    paused_hours: float
    storage_gb: float | None
    requests: float | None

    @property
    def total_acu_hours(self) -> float:
        return sum(self.acu_hours.values())

    @property
    def missing_hours(self) -> float:
        return max(0.0, self.hours - self.measured_hours)


def acu_hours(capacity: Measured) -> float:
    """Σ average capacity · period; periods without a point count as nothing."""
    return sum(capacity.known) * capacity.period_s / 3600


def paused_hours(maximum: Measured) -> float:
    """Periods whose highest capacity was 0: gaps are not pauses."""
    return sum(value == 0 for value in maximum.known) * maximum.period_s / 3600


def resumes(maximum: Measured) -> list[datetime]:
    """Times at which capacity rose from 0; a gap between both is no obstacle, a first point no resume."""
    found, before = [], None
    for at, value in maximum.points:
        if value is None:
            continue
        if before == 0 and value > 0:
            found.append(at)
        before = value
    return found


def usage(
    hours: float,
    capacity: Sequence[Measured],
    *,
    maximum: Sequence[Measured] = (),
    volume_bytes: Measured | None = None,
    requests: Sequence[Measured] = (),
) -> Usage:
    """Sums up a range: `capacity` are averages per instance, `maximum` its maxima, `requests` sums."""
    sizes = volume_bytes.known if volume_bytes else []
    asked = [value for series in requests for value in series.known]
    return Usage(
        hours=hours,
        acu_hours={one.instance or "": acu_hours(one) for one in capacity},
        measured_hours=max((len(one.known) * one.period_s / 3600 for one in capacity), default=0.0),
        paused_hours=min(map(paused_hours, maximum), default=0.0),
        storage_gb=sum(sizes) / len(sizes) / 2**30 if sizes else None,
        requests=sum(asked) if requests and asked else None,
    )
