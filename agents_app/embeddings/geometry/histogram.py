"""Bars for a distribution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BARS = 24
_SAME = 5e-4
_UNUSUAL_DEVIATIONS, _LEAST_SHARE = 6.0, 0.01


@dataclass(frozen=True)
class Bar:
    """How many values lie from `low` up to `high`."""

    low: float
    high: float
    count: int


def bars(values: NDArray[np.float64]) -> list[Bar]:
    """Up to 24 bars of equal width; one bar when all values are about the same."""
    if not len(values):
        return []
    low, high = float(values.min()), float(values.max())
    if high - low <= _SAME * max(1.0, abs(high)):
        return [Bar(low, high, len(values))]
    counts, edges = np.histogram(values, bins=_BARS)
    return [Bar(float(edges[i]), float(edges[i + 1]), int(n)) for i, n in enumerate(counts)]


def unusual(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which values stand out: six robust deviations and 1 % away from the median."""
    middle = float(np.median(values)) if len(values) else 0.0
    apart = np.abs(values - middle)
    deviation = 1.4826 * float(np.median(apart)) if len(values) else 0.0
    found: NDArray[np.bool_] = apart > max(
        _UNUSUAL_DEVIATIONS * deviation, _LEAST_SHARE * abs(middle)
    )
    return found
