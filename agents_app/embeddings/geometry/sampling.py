"""Samples that keep what is rare: crowded places are thinned, sparse ones stay whole."""

import numpy as np
from numpy.typing import NDArray

from agents_app.embeddings.geometry.directions import Floats, Numbers

GRID = 64
_CODE_BITS, _SEED = 12, 7


def most_of_each(cells: NDArray[np.integer], most: int) -> int:
    """How many of each cell may stay so that at most `most` do in all (never less than one)."""
    sizes = np.sort(np.bincount(cells))
    sizes = sizes[sizes > 0]
    left, count = most, len(sizes)
    for place, size in enumerate(sizes):
        if size * (count - place) > left:
            return max(1, left // (count - place))
        left -= int(size)
    return int(sizes[-1]) if count else 0


def kept(cells: NDArray[np.integer], most: int) -> Numbers:
    """Places of a sample of at most `most` rows, ascending: every cell keeps its first rows."""
    if len(cells) <= most:
        return np.arange(len(cells))
    limit = most_of_each(cells, most)
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[begins, len(ordered)])
    rank = np.arange(len(ordered)) - np.repeat(begins, sizes)
    return np.sort(order[rank < limit])[:most]


def squares(places: Floats) -> NDArray[np.int64]:
    """The cell of a 64 by 64 grid over the map in which each point lies."""
    low, high = places.min(axis=0), places.max(axis=0)
    steps = (places - low) / np.where(high > low, high - low, 1) * GRID
    cells = np.minimum(steps.astype(np.int64), GRID - 1)
    found: NDArray[np.int64] = cells[:, 0] * GRID + cells[:, 1]
    return found


class Codes:
    """Cells for directions that are not on a map yet: the signs along 12 random axes, the same each time."""

    def __init__(self, dimension: int) -> None:
        axes = np.random.default_rng(_SEED).standard_normal((dimension, _CODE_BITS))
        self._axes = axes.astype(np.float32)
        self._values = 1 << np.arange(_CODE_BITS)

    def of(self, directions: Floats) -> NDArray[np.int64]:
        """A number below 4,096 for each row; near directions mostly share it."""
        found: NDArray[np.int64] = (directions @ self._axes > 0) @ self._values
        return found
