"""Vectors as directions: length one, as cosine compares them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]


def lengths(vectors: Floats) -> NDArray[np.float64]:
    """Euclidean length of each row; float64, as squares of float32 may overflow."""
    largest = np.abs(vectors).max(axis=1, initial=0).astype(np.float64)
    scaled = vectors / np.where(largest > 0, largest, 1)[:, None]
    found: NDArray[np.float64] = np.linalg.norm(scaled, axis=1) * largest
    return found


def directions(vectors: Floats, known: NDArray[np.float64]) -> Floats:
    """Each row divided by its length in `known`; rows of length zero stay zero."""
    divisors: NDArray[Any] = np.where(known > 0, known, 1)[:, None]
    found: Floats = (vectors / divisors).astype(np.float32)
    return found
