"""Bands of age, and how many rows PostgreSQL's statistics believe to lie in each; pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

DAYS: Final = (7, 30, 90, 365)
NAMES: Final = ("7 days", "30 days", "90 days", "365 days", "older")
MOST_MOMENTS: Final = 20_000


@dataclass(frozen=True)
class Statistics:
    """What ANALYZE noted of a time column: shares of rows, bounds of stretches with equally many rows."""

    without: float
    common: Sequence[tuple[datetime, float]]
    bounds: Sequence[datetime]

    @property
    def oldest(self) -> datetime | None:
        return min([*self.bounds, *(moment for moment, _ in self.common)], default=None)

    @property
    def newest(self) -> datetime | None:
        return max([*self.bounds, *(moment for moment, _ in self.common)], default=None)

    def share_from(self, moment: datetime) -> float:
        """The share of all rows that are not older than the moment."""
        common = sum(share for one, share in self.common if one >= moment)
        rest = max(0.0, 1 - self.without - sum(share for _, share in self.common))
        return common + rest * self._share_of_bounds(moment)

    def _share_of_bounds(self, moment: datetime) -> float:
        if len(self.bounds) < 2:
            return float(bool(self.bounds) and self.bounds[0] >= moment)
        stretches = list(pairwise(self.bounds))
        return sum(_share_of(low, high, moment) for low, high in stretches) / len(stretches)


def _share_of(low: datetime, high: datetime, moment: datetime) -> float:
    if moment <= low:
        return 1.0
    if moment >= high:
        return 0.0
    return (high - moment) / (high - low)


def edges(now: datetime) -> list[datetime]:
    """Where the bands begin, the youngest first."""
    return [now - timedelta(days=days) for days in DAYS]


def estimated(known: Statistics, rows: int, now: datetime) -> list[int]:
    """Rows by band, the youngest first, rows without a time left out."""
    shares = [known.share_from(edge) for edge in edges(now)]
    shares.append(max(shares[-1], 1 - known.without))
    before = 0.0
    found = []
    for share in shares:
        found.append(round(rows * max(share - before, 0.0)))
        before = max(share, before)
    return found


def moments(texts: Sequence[str] | None) -> list[datetime]:
    """The times of a statistic that a calendar holds; a time without a zone is UTC."""
    found = []
    for text in (texts or [])[:MOST_MOMENTS]:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            continue
        found.append(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return found
