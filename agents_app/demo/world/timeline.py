"""When things happen: more by day than by night, more on weekdays, more as the shop grows."""

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

DAYS = 182
_HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 9, 10, 11, 11, 11, 10, 9, 9, 8, 6, 4, 2)
_WEEKDAY = (1.2, 1.1, 1.0, 1.0, 1.1, 0.7, 0.6)


class Timeline:
    """Maps a share of all activity to the moment by which it has happened."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.start = until - timedelta(days=DAYS)
        weights = []
        for hour in range(DAYS * 24):
            at = self.start + timedelta(hours=hour)
            growth = 0.5 + hour / (DAYS * 24)
            weights.append(_HOURS[at.hour] * _WEEKDAY[at.weekday()] * growth)
        self._sums = list(accumulate(weights))

    def at(self, share: float, rng: Random) -> datetime:
        """The hour in which this share (0 to 1) is reached, at a random minute of it."""
        hour = bisect_right(self._sums, share * self._sums[-1])
        moment = self.start + timedelta(hours=hour, seconds=rng.randrange(3600))
        return min(moment, self.until - timedelta(seconds=rng.randrange(1, 3000)))
