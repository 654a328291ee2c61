"""Clusters to colour a map by: k-means over the first principal components."""

from math import sqrt

import numpy as np
from scipy.cluster.vq import ClusterError, kmeans2

from agents_app.embeddings.geometry.directions import Floats, Numbers

MOST_CLUSTERS = 10
AXES = 20
_ROUNDS, _SEED = 25, 7


def clusters(coordinates: Floats) -> Numbers:
    """A number for each row, 0 being the largest cluster; √(n/2) clusters, at most ten.

    `coordinates` are the first principal components, of which 20 are looked at.
    """
    wanted = min(MOST_CLUSTERS, max(1, round(sqrt(len(coordinates) / 2))))
    labels = _labels(np.asarray(coordinates[:, :AXES], dtype=np.float64), wanted)
    order = np.argsort(-np.bincount(labels), kind="stable")
    return np.argsort(order, kind="stable")[labels]


def _labels(coordinates: np.ndarray[tuple[int, ...], np.dtype[np.float64]], wanted: int) -> Numbers:
    """Fewer clusters than wanted where rows are equal or a cluster would be empty."""
    distinct = len(np.unique(coordinates, axis=0))
    for count in range(min(wanted, distinct), 1, -1):
        try:
            found = kmeans2(
                coordinates, count, iter=_ROUNDS, minit="++", missing="raise", rng=_SEED
            )
        except ClusterError:
            continue
        return np.asarray(found[1], dtype=np.intp)
    return np.zeros(len(coordinates), dtype=np.intp)
