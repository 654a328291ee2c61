"""All pairs of near directions, exactly, in blocks: groups at each threshold, and who is nearest to whom."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agents_app.embeddings.geometry.directions import Floats, Numbers

THRESHOLDS = (0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999)
_BLOCK, _AT_ONCE = 2_048, 1_000
_DOUBTFUL = 3e-6  # float32 products are off by less; what is nearer to a threshold is counted again


@dataclass
class Likeness:
    """`groups[t]` numbers the group of each row at THRESHOLDS[t]: rows joined by a chain of near pairs.

    `nearest` is the row most like each one (-1 for an only row), `similarity` their cosine.
    """

    groups: list[NDArray[np.int32]]
    nearest: Numbers
    similarity: Floats


def likeness(directions: Floats, *, tell: Callable[[int], None], block: int = _BLOCK) -> Likeness:
    """Compares every row with every other; `tell` hears of products done, of `products(rows)`.

    Works on two blocks at a time, so it needs little more memory than the directions themselves.
    """
    rows = len(directions)
    found = Likeness(
        [np.arange(rows, dtype=np.int32) for _ in THRESHOLDS],
        np.full(rows, -1, dtype=np.intp),
        np.full(rows, -np.inf, dtype=np.float32),
    )
    done = 0
    for first in range(0, rows, block):
        for second in range(first, rows, block):
            _compare(directions, first, second, block=block, found=found)
            done += 1
            tell(done)
    return found


def products(rows: int, *, block: int = _BLOCK) -> int:
    """How many products `likeness` makes."""
    count = -(-rows // block)
    return count * (count + 1) // 2


def _compare(directions: Floats, first: int, second: int, *, block: int, found: Likeness) -> None:
    alike = directions[first : first + block] @ directions[second : second + block].T
    if first == second:
        np.fill_diagonal(alike, -np.inf)
    _note_nearest(alike, first, second, found)
    if first != second:
        _note_nearest(alike.T, second, first, found)
    left, right = np.nonzero(alike >= THRESHOLDS[0] - _DOUBTFUL)
    if len(left):
        near = alike[left, right].astype(np.float64)
        _join(directions, left + first, right + second, near=near, found=found)


def _note_nearest(alike: Floats, first: int, second: int, found: Likeness) -> None:
    best = alike.argmax(axis=1)
    values = alike[np.arange(len(alike)), best]
    part = slice(first, first + len(alike))
    better = values > found.similarity[part]
    found.similarity[part][better] = values[better]
    found.nearest[part][better] = best[better] + second


def _join(
    directions: Floats,
    left: Numbers,
    right: Numbers,
    *,
    near: NDArray[np.float64],
    found: Likeness,
) -> None:
    """Joins the groups of pairs, level by level; pairs that share a group already cost no more."""
    for level, threshold in enumerate(THRESHOLDS):
        labels = found.groups[level]
        chosen = np.flatnonzero((near >= threshold - _DOUBTFUL) & (labels[left] != labels[right]))
        doubtful = chosen[near[chosen] < threshold + _DOUBTFUL]
        if len(doubtful):
            exact = _exactly(directions, left[doubtful], right[doubtful])
            chosen = np.setdiff1d(chosen, doubtful[exact < threshold], assume_unique=True)
        if len(chosen):
            found.groups[level] = _joined(labels, left[chosen], right[chosen])


def _exactly(directions: Floats, left: Numbers, right: Numbers) -> NDArray[np.float64]:
    """Cosines in float64, of a few pairs at a time."""
    found = np.empty(len(left), dtype=np.float64)
    for start in range(0, len(left), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        ones = directions[left[part]].astype(np.float64)
        others = directions[right[part]].astype(np.float64)
        sizes = np.linalg.norm(ones, axis=1) * np.linalg.norm(others, axis=1)
        found[part] = np.einsum("ij,ij->i", ones, others) / sizes
    return found


def _joined(labels: NDArray[np.int32], left: Numbers, right: Numbers) -> NDArray[np.int32]:
    size = len(labels)
    edges = coo_array(
        (np.ones(len(left), dtype=np.int8), (labels[left], labels[right])), shape=(size, size)
    )
    merged = connected_components(edges, directed=False)[1]
    found: NDArray[np.int32] = merged[labels].astype(np.int32)
    return found
