"""The small map keeps what a plane can keep; shared words are marked and nothing is lost."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents_app.embeddings.placing import RADIUS, place
from agents_app.embeddings.words import MOST_PIECES, pieces, telling_words
from agents_app.text.masking.policy import MASKED, using


def points(count: int, dimensions: int = 8, seed: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)


def distances(vectors: np.ndarray) -> list[float]:  # type: ignore[type-arg]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return [float(one) for one in 1 - unit[1:] @ unit[0]]


@given(st.integers(2, 40), st.integers(1, 12), st.integers(0, 9))
def test_each_neighbour_is_as_far_from_the_middle_as_its_vector(
    count: int, dimensions: int, seed: int
) -> None:
    vectors = points(count + 1, dimensions, seed)
    apart = distances(vectors)
    drawn = place([str(n) for n in range(count)], apart, vectors)
    assert drawn is not None
    for spot, distance in zip(drawn.spots, apart, strict=True):
        radius = np.hypot(spot.x - drawn.centre[0], spot.y - drawn.centre[1])
        assert abs(radius / RADIUS - max(distance, 0) / drawn.farthest) < 0.01


def test_neighbours_that_are_alike_lie_in_one_direction() -> None:
    vectors = np.array([[1, 0, 0], [1, 0.5, 0], [1, 0.51, 0.01], [1, -0.5, 0.1]], dtype=np.float32)
    drawn = place(["a", "b", "c"], distances(vectors), vectors)
    assert drawn is not None
    first, second, other = drawn.spots
    assert abs(first.x - second.x) < 15
    assert abs(first.x - other.x) > 60


def test_twins_of_the_passage_are_placed_too() -> None:
    drawn = place(["a", "b"], [0.0, 0.0], np.ones((3, 4), dtype=np.float32))
    assert drawn is not None
    assert {(spot.x, spot.y) for spot in drawn.spots} == {drawn.centre}


def test_one_neighbour_is_no_map() -> None:
    assert place(["a"], [0.5], points(2)) is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_pieces_are_the_text(one: str, other: str) -> None:
    shared = telling_words(one) & telling_words(other)
    found = pieces(one, shared)
    assert "".join(piece.text for piece in found) == one
    assert all(piece.text.casefold() in shared for piece in found if piece.is_shared)


def test_words_that_say_something_are_marked_in_any_case() -> None:
    shared = telling_words("Refund of order 4711 for the größe") & telling_words(
        "REFUND the GRÖSSE 4711"
    )
    assert shared >= {"refund", "4711"}
    assert "the" not in shared


def test_a_text_of_one_word_repeated_stays_bounded() -> None:
    assert len(pieces("refund " * 100_000, frozenset({"refund"}))) <= MOST_PIECES + 2


def test_what_is_masked_tells_no_words_nor_does_its_mark() -> None:
    with using(MASKED):
        found = telling_words("Write to ada.lovelace@corp-example.com about order 4711")
    assert found == {"write", "about", "order", "4711"}
