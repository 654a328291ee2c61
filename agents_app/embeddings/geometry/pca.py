"""Principal components by a randomised singular value decomposition (Halko, Martinsson, Tropp 2011)."""

import numpy as np

from agents_app.embeddings.geometry.directions import Floats

_SPARE, _ROUNDS, _SEED = 10, 4, 7
_NOISE = 1e-5  # an axis along which directions differ by less holds rounding errors only


def components(vectors: Floats, count: int) -> Floats:
    """Coordinates of the rows along their first `count` principal axes; centred, (rows, count).

    The rows are never copied: the mean is taken off inside the products. Signs are fixed so that the
    largest coordinate of each axis is positive, which keeps a map from mirroring between runs. Axes
    beyond the rank are zero.
    """
    mean = vectors.mean(axis=0)
    width = min(count + _SPARE, *vectors.shape)
    start = np.random.default_rng(_SEED).standard_normal((vectors.shape[1], width))
    basis = _times(vectors, start.astype(np.float32), mean)
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(basis)[0]
        basis = _times(vectors, np.linalg.qr(_transposed(vectors, basis, mean))[0], mean)
    basis = np.linalg.qr(basis)[0]
    left, sizes, _ = np.linalg.svd(_transposed(vectors, basis, mean).T, full_matrices=False)
    sizes = np.where(sizes > _NOISE * np.sqrt(len(vectors)), sizes, 0)
    found = np.zeros((len(vectors), count), dtype=np.float32)
    kept = min(count, len(sizes))
    found[:, :kept] = (basis @ (left * sizes))[:, :kept]
    return found * _signs(found)


def _times(vectors: Floats, right: Floats, mean: Floats) -> Floats:
    return vectors @ right - mean @ right


def _transposed(vectors: Floats, left: Floats, mean: Floats) -> Floats:
    return vectors.T @ left - np.outer(mean, left.sum(axis=0))


def _signs(found: Floats) -> Floats:
    largest = found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])]
    return np.where(largest < 0, -1, 1).astype(np.float32)
