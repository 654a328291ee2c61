"""Projections, clusters and samples against brute force and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from agents_app.embeddings.geometry import clusters, faithful, histogram, pca, sampling, tsne
from agents_app.embeddings.geometry.directions import Floats, directions, lengths


def crowd(rows: int, dimension: int = 40, *, centres: int = 5, seed: int = 1) -> Floats:
    """Directions around some centres."""
    rng = np.random.default_rng(seed)
    middle = rng.standard_normal((centres, dimension))
    found = middle[rng.integers(0, centres, rows)] + 0.5 * rng.standard_normal((rows, dimension))
    return directions(found.astype(np.float32), lengths(found.astype(np.float32)))


def test_lengths_of_huge_and_tiny_numbers_do_not_overflow() -> None:
    vectors = np.array([[3e30, 4e30], [3e-30, 4e-30], [0, 0]], dtype=np.float32)
    assert lengths(vectors) == pytest.approx([5e30, 5e-30, 0])
    assert directions(vectors, lengths(vectors))[:2] == pytest.approx(np.array([[0.6, 0.8]] * 2))


def test_components_are_those_of_scikit_learn() -> None:
    vectors = crowd(300)
    expected = PCA(3, svd_solver="full").fit_transform(vectors)
    assert np.abs(pca.components(vectors, 3)) == pytest.approx(np.abs(expected), abs=2e-3)


def test_components_do_not_mirror_between_runs() -> None:
    vectors = crowd(60)
    turned = pca.components(vectors[::-1].copy(), 2)[::-1]
    assert pca.components(vectors, 2) == pytest.approx(turned, abs=1e-3)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_map_of_very_few_passages_is_drawn(rows: int) -> None:
    assert np.isfinite(pca.components(crowd(rows), 2)).all()


def test_equal_vectors_fall_on_one_place() -> None:
    assert not pca.components(np.ones((20, 8), dtype=np.float32), 2).any()


def test_trustworthiness_is_that_of_scikit_learn() -> None:
    vectors = crowd(200)
    places = pca.components(vectors, 2)
    found = faithful.faithfulness(vectors, places, most=200)
    assert found.trustworthiness == pytest.approx(
        trustworthiness(vectors, places, n_neighbors=10), abs=1e-3
    )


def test_a_projection_onto_itself_keeps_every_neighbour() -> None:
    angles = np.sort(np.random.default_rng(3).uniform(0, 1, 80))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = faithful.faithfulness(vectors, vectors)
    assert (found.trustworthiness, found.kept) == (pytest.approx(1), pytest.approx(1, abs=0.02))


def test_neighbours_survive_better_than_on_principal_components() -> None:
    vectors = crowd(400, centres=12)
    told: list[int] = []
    places = tsne.neighbour_map(pca.components(vectors, 20), tell=told.append)
    assert told[-1] == tsne.ROUNDS
    judged = faithful.faithfulness(vectors, places)
    assert (
        judged.trustworthiness
        > faithful.faithfulness(vectors, pca.components(vectors, 2)).trustworthiness
    )


def test_what_tell_raises_ends_the_projection() -> None:
    def stop(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        tsne.neighbour_map(pca.components(crowd(50), 10), tell=stop)


def test_clusters_are_numbered_from_the_largest() -> None:
    labels = clusters.clusters(pca.components(crowd(300), 20))
    sizes = np.bincount(labels)
    assert list(sizes) == sorted(sizes, reverse=True)
    assert len(sizes) <= clusters.MOST_CLUSTERS


def test_equal_rows_are_one_cluster() -> None:
    assert not clusters.clusters(np.zeros((50, 20), dtype=np.float32)).any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=400), st.integers(31, 200))
def test_a_sample_is_full_and_keeps_every_cell(cells: list[int], most: int) -> None:
    found = sampling.kept(np.array(cells), most)
    assert len(found) <= most
    assert len(found) == len(set(found.tolist()))
    assert {cells[place] for place in found} == set(cells)
    if len(cells) <= most:
        assert len(found) == len(cells)


def test_a_rare_cluster_stays_whole_when_a_crowded_one_is_thinned() -> None:
    places = np.concatenate([
        np.random.default_rng(1).normal(0, 0.02, (5_000, 2)), np.full((12, 2), 9.0)
    ]).astype(np.float32)  # fmt: skip
    found = sampling.kept(sampling.squares(places), 1_000)
    assert set(range(5_000, 5_012)) <= set(found.tolist())
    assert len(found) > 200


def test_near_directions_share_a_code() -> None:
    one = crowd(1)
    codes = sampling.Codes(40).of(np.concatenate([one, one * 1.0001, -one]))
    assert codes[0] == codes[1] != codes[2]


def test_bars_count_every_value_once() -> None:
    values = np.random.default_rng(2).normal(1, 0.1, 500)
    assert sum(bar.count for bar in histogram.bars(values)) == 500
    assert [bar.count for bar in histogram.bars(np.ones(5))] == [5]
    assert histogram.bars(np.array([])) == []


def test_a_length_far_from_the_others_is_unusual() -> None:
    values = np.r_[np.random.default_rng(2).normal(1, 0.001, 500), 3.0]
    assert list(np.flatnonzero(histogram.unusual(values))) == [500]
    assert not histogram.unusual(np.array([1.0, 1.0001, 1.0])).any()
