"""A small map of a passage and its neighbours: classical scaling of their cosine distances to a plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from agents_app.letta.vectors.reading import Floats

WIDTH, HEIGHT, MARGIN = 320.0, 220.0, 22.0


@dataclass(frozen=True)
class Spot:
    """A point of the drawing, in its own units; `rank` 0 is the passage itself."""

    id: str
    rank: int
    x: float
    y: float


@dataclass(frozen=True)
class SmallMap:
    """`kept_percent` is how much of the distances the plane can show."""

    spots: list[Spot]
    kept_percent: int


def place(ids: Sequence[str], vectors: Floats) -> SmallMap | None:
    """`ids[0]` is the passage, the others follow nearest first; None for fewer than three points."""
    if len(ids) < 3:
        return None
    points, kept = _scaled(vectors.astype(np.float64))
    spots = [
        Spot(one, rank, round(float(x), 1), round(float(y), 1))
        for rank, (one, (x, y)) in enumerate(zip(ids, _fitted(points), strict=True))
    ]
    return SmallMap(spots, kept)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def _scaled(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Classical scaling: the main axes of the products of unit vectors, of which there are few."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    with _blas().limit(limits=1):  # its own threads would fight with those of the server
        sizes, axes = np.linalg.eigh(centred @ centred.T)
    sizes, axes = np.maximum(sizes[::-1], 0), axes[:, ::-1]
    total = float(sizes.sum())
    kept = round(100 * float(sizes[:2].sum()) / total) if total else 100
    return axes[:, :2] * np.sqrt(sizes[:2]), kept


def _fitted(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both axes by one measure, so that nearness is to scale, centred in the drawing."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
    spread = np.maximum(high - low, 1e-9)
    scale = float((room / spread).min())
    placed: NDArray[np.float64] = (points - (low + high) / 2) * scale
    return placed + np.array([WIDTH, HEIGHT]) / 2
