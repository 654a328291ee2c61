"""Near-duplicates against a brute force over all pairs in float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents_app.embeddings.geometry.directions import Floats, directions, lengths
from agents_app.embeddings.geometry.duplicates import THRESHOLDS, Likeness, likeness, products


def copies(rows: int, dimension: int, *, spread: float, seed: int) -> Floats:
    """Directions of which many are near copies of a few."""
    rng = np.random.default_rng(seed)
    originals = rng.standard_normal((max(1, rows // 4), dimension))
    noise = spread * rng.random((rows, 1)) * rng.standard_normal((rows, dimension))
    found = (originals[rng.integers(0, len(originals), rows)] + noise).astype(np.float32)
    return directions(found, lengths(found))


def brute(vectors: Floats, threshold: float) -> set[frozenset[int]]:
    """Groups of rows joined by chains of pairs at or above the threshold."""
    exact = vectors.astype(np.float64)
    exact /= np.linalg.norm(exact, axis=1)[:, None]
    alike = exact @ exact.T
    groups = [{row} for row in range(len(vectors))]
    for one in range(len(vectors)):
        for other in range(one):
            if alike[one, other] >= threshold and groups[one] is not groups[other]:
                groups[one] |= groups[other]
                for row in groups[other]:
                    groups[row] = groups[one]
    return {frozenset(group) for group in groups}


def grouped(labels: "np.ndarray[tuple[int], np.dtype[np.int32]]") -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == one).tolist()) for one in set(labels.tolist())}


def looked(vectors: Floats, *, block: int) -> Likeness:
    return likeness(vectors, tell=lambda done: None, block=block)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 70), st.integers(2, 12), st.floats(0, 0.6), st.integers(0, 9), st.integers(3, 80)
)
def test_groups_are_those_of_all_pairs(
    rows: int, dimension: int, spread: float, seed: int, block: int
) -> None:
    vectors = copies(rows, dimension, spread=spread, seed=seed)
    found = looked(vectors, block=block)
    for level, threshold in enumerate(THRESHOLDS):
        assert grouped(found.groups[level]) == brute(vectors, threshold)


@pytest.mark.parametrize("block", [7, 64, 1000])
def test_the_nearest_is_the_nearest_whatever_the_blocks(block: int) -> None:
    vectors = copies(150, 24, spread=0.5, seed=4)
    alike = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    np.fill_diagonal(alike, -np.inf)
    found = looked(vectors, block=block)
    assert found.similarity == pytest.approx(alike.max(axis=1), abs=1e-5)
    assert alike[np.arange(150), found.nearest] == pytest.approx(alike.max(axis=1), abs=1e-5)


def test_a_pair_exactly_at_the_threshold_belongs_together() -> None:
    vectors = np.array([[1, 0], [0.95, np.sqrt(1 - 0.95**2)]])
    level = THRESHOLDS.index(0.94)
    assert len(set(looked(vectors.astype(np.float32), block=8).groups[level].tolist())) == 1


def test_an_only_passage_has_no_nearest() -> None:
    found = looked(np.ones((1, 3), dtype=np.float32), block=8)
    assert (found.nearest[0], found.similarity[0]) == (-1, -np.inf)


def test_many_equal_vectors_are_one_group() -> None:
    found = looked(np.full((600, 4), 0.5, dtype=np.float32), block=100)
    assert all(not labels.any() for labels in found.groups)


def test_tell_hears_of_every_product() -> None:
    told: list[int] = []
    likeness(copies(50, 4, spread=1, seed=1), tell=told.append, block=10)
    assert told == list(range(1, products(50, block=10) + 1))
