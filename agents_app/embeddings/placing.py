"""A small map of a passage and its neighbours: distances to the passage are true, directions are a hint."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from agents_app.letta.vectors.reading import Floats

WIDTH, HEIGHT, RADIUS = 320.0, 240.0, 104.0


@dataclass(frozen=True)
class Spot:
    """A neighbour in the drawing, in its own units."""

    id: str
    rank: int
    x: float
    y: float


@dataclass(frozen=True)
class SmallMap:
    """The passage is the centre; `farthest` is the cosine distance at the outer ring."""

    spots: list[Spot]
    farthest: float
    centre: tuple[float, float] = (WIDTH / 2, HEIGHT / 2)
    rings: tuple[float, ...] = (RADIUS / 3, 2 * RADIUS / 3, RADIUS)

    @property
    def least_similarity(self) -> float:
        """The cosine at the outer ring."""
        return 1 - self.farthest


def place(ids: Sequence[str], distances: Sequence[float], vectors: Floats) -> SmallMap | None:
    """`vectors[0]` is the passage, the others are of `ids`, nearest first; None for fewer than two."""
    if len(ids) < 2:
        return None
    angles, farthest = _angles(vectors.astype(np.float64)), max(*distances, 1e-9)
    spots = []
    for rank, (one, distance, angle) in enumerate(
        zip(ids, distances, angles, strict=True), start=1
    ):
        radius = RADIUS * max(distance, 0.0) / farthest
        x, y = WIDTH / 2 + radius * np.cos(angle), HEIGHT / 2 + radius * np.sin(angle)
        spots.append(Spot(one, rank, round(float(x), 1), round(float(y), 1)))
    return SmallMap(spots, farthest)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def _angles(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Classical scaling: where the two main axes of what differs from the passage point each neighbour.

    Neighbours that are alike lie in one direction; from the products of vectors, of which there are few.
    """
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    apart = unit[1:] - unit[0]
    apart = apart - apart.mean(axis=0)
    with _blas().limit(limits=1):  # its own threads would fight with those of the server
        sizes, axes = np.linalg.eigh(apart @ apart.T)
    points = axes[:, ::-1] * np.sqrt(np.maximum(sizes[::-1], 0))
    angles: NDArray[np.float64] = np.arctan2(points[:, 1], points[:, 0])
    return angles
