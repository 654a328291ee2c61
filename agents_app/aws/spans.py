"""Stretches of time and the periods at which CloudWatch still has data for them.

CloudWatch keeps 60 s points for 15 days, 300 s points for 63 days, 3,600 s points for 455 days. A
period too fine for the age of the stretch's start gives an empty answer, no error.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MINUTE, FIVE_MINUTES, HOUR = 60, 300, 3600
KEPT_DAYS = 455
NAMED = {"1h": 1, "3h": 3, "6h": 6, "24h": 24, "7d": 168, "30d": 720, "90d": 2160}

# Age of the start from which on a period must be a multiple; an hour early, as the clock of AWS
# decides and a page may be read for a while.
_COARSE = (
    (timedelta(days=63) - timedelta(hours=1), HOUR),
    (timedelta(days=15) - timedelta(hours=1), FIVE_MINUTES),
)
_MOST_POINTS = 2200


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (inclusive) to `end` (exclusive), both on a boundary of `period` seconds.

    `name` is 1h … 90d, or custom. `cut` says that AWS keeps nothing of the beginning asked for.
    """

    start: datetime
    end: datetime
    period: int
    name: str = "custom"
    cut: bool = False

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    @property
    def hours(self) -> float:
        return self.seconds / HOUR

    def at_least(self, period: int) -> "Span":
        """The same stretch for a metric that is published less often."""
        coarser = max(self.period, period)
        return _aligned(self.start, self.end, coarser, name=self.name, cut=self.cut)


def named(name: str, *, now: datetime | None = None) -> Span:
    """`named("24h")`: the stretch that ends now; KeyError for a name that is not in NAMED."""
    end = now or datetime.now(UTC)
    start = end - timedelta(hours=NAMED[name])
    return _aligned(start, end, period_for(start, end, now=end), name=name)


def between(start: datetime, end: datetime, *, now: datetime | None = None) -> Span:
    """A stretch that a person chose; what AWS no longer keeps, and the future, is cut off."""
    moment = now or datetime.now(UTC)
    oldest = moment - timedelta(days=KEPT_DAYS)
    begin, finish = max(start, oldest), min(end, moment)
    if finish <= begin:
        finish = begin + timedelta(minutes=5)
    period = period_for(begin, finish, now=moment)
    return _aligned(begin, finish, period, cut=start < oldest)


def period_for(start: datetime, end: datetime, *, now: datetime) -> int:
    """Seconds: fine enough to see, at most 2,200 points, and kept for data as old as `start`."""
    step = next((step for age, step in _COARSE if now - start >= age), MINUTE)
    wanted = (end - start).total_seconds() / _MOST_POINTS
    for period in (60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600):
        if period >= wanted and period % step == 0:
            return period
    return 86400


def _aligned(
    start: datetime, end: datetime, period: int, *, name: str = "custom", cut: bool = False
) -> Span:
    """Down to the boundary before `start`, up to the one after `end`."""
    first = int(start.timestamp()) // period * period
    last = -(-int(end.timestamp()) // period) * period
    return Span(
        datetime.fromtimestamp(first, UTC),
        datetime.fromtimestamp(max(last, first + period), UTC),
        period,
        name,
        cut,
    )
