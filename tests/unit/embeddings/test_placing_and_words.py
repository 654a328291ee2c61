"""The small map keeps what a plane can keep; shared words are marked and nothing is lost."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents_app.embeddings.placing import HEIGHT, WIDTH, place
from agents_app.embeddings.words import MOST_PIECES, pieces, telling_words


def points(count: int, dimensions: int = 8, seed: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)


def test_what_lies_in_a_plane_is_placed_to_scale() -> None:
    flat = np.zeros((5, 8), dtype=np.float32)
    flat[:, 0], flat[:, 1], flat[:, 2] = 1, [0, 0.1, 0.2, 0.05, 0], [0, 0, 0.1, 0.1, 0.15]
    drawn = place(list("abcde"), flat)
    assert drawn is not None
    assert drawn.kept_percent >= 98
    unit = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    here = np.array([[spot.x, spot.y] for spot in drawn.spots])
    true = np.linalg.norm(unit[0] - unit[1:], axis=1)
    shown = np.linalg.norm(here[0] - here[1:], axis=1)
    assert np.allclose(shown / shown.max(), true / true.max(), atol=0.05)


@given(st.integers(3, 40), st.integers(1, 12), st.integers(0, 9))
def test_every_point_lies_in_the_drawing(count: int, dimensions: int, seed: int) -> None:
    drawn = place([str(n) for n in range(count)], points(count, dimensions, seed))
    assert drawn is not None
    assert [spot.rank for spot in drawn.spots] == list(range(count))
    assert all(0 <= spot.x <= WIDTH and 0 <= spot.y <= HEIGHT for spot in drawn.spots)


def test_twins_are_placed_too() -> None:
    drawn = place(["a", "b", "c"], np.ones((3, 4), dtype=np.float32))
    assert drawn is not None
    assert len({(spot.x, spot.y) for spot in drawn.spots}) == 1


def test_two_points_are_no_map() -> None:
    assert place(["a", "b"], points(2)) is None


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
