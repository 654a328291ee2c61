"""Embeddings with a visible shape: one cluster for each topic, zero-padded to 4,096."""

import math
from random import Random

DIMENSIONS = 4096


class Embedder:
    """Vectors of one model; the same seed gives the same clusters."""

    def __init__(self, rng: Random, *, dimension: int, topics: tuple[str, ...]) -> None:
        self.rng = rng
        self.dimension = dimension
        self._centres = {topic: [rng.gauss(0, 1) for _ in range(dimension)] for topic in topics}
        self._noise = [rng.gauss(0, 1) for _ in range(dimension * 24)]
        self._padding = ",0" * (DIMENSIONS - dimension)

    def vector(self, topic: str, *, spread: float = 0.8) -> str:
        """A unit vector near the topic's centre, as pgvector reads it (all 4,096 numbers).

        `spread` is the length of the noise relative to the centre's: 0.8 gives a cosine of
        about 0.6 between two texts of one topic, and about 0 between topics.
        """
        start = self.rng.randrange(len(self._noise) - self.dimension)
        noise = self._noise[start : start + self.dimension]
        centre = self._centres[topic]
        values = [c + spread * n for c, n in zip(centre, noise, strict=True)]
        scale = 1 / math.sqrt(sum(value * value for value in values))
        return "[" + ",".join([f"{value * scale:.5f}" for value in values]) + self._padding + "]"


def zero_vector() -> str:
    """No direction at all: the cosine distance to it is NaN."""
    return "[" + ",".join("0" * DIMENSIONS) + "]"
