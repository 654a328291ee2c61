"""A map: places of passages, their clusters, and how far to believe it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from agents_app.embeddings import store
from agents_app.embeddings.clouds import Cloud, fingerprint
from agents_app.embeddings.gathering import Gathered
from agents_app.embeddings.geometry.clusters import AXES, clusters
from agents_app.embeddings.geometry.directions import Floats
from agents_app.embeddings.geometry.faithful import faithfulness
from agents_app.embeddings.geometry.pca import components
from agents_app.embeddings.geometry.sampling import kept, most_of_each, squares

AT_ONCE = 5_000
MOST_DRAWN = 10_000
METHODS = {"components": "Principal components", "neighbours": "Neighbours (t-SNE)"}


@dataclass(frozen=True)
class Drawing:
    """`ids[i]` of part `parts[i]` of its cloud stands at `places[i]`, in cluster `clusters[i]`.

    Counts: `vectors` were there, `zero` of them point nowhere, `projected` were placed, and where
    that is crowded only `square_limit` passages of each square of a 64 by 64 grid are drawn (0: all).
    """

    method: str
    ids: list[str]
    parts: NDArray[np.int8]
    places: Floats
    clusters: NDArray[np.intp]
    vectors: int
    zero: int
    projected: int
    square_limit: int
    trustworthiness: float
    kept: float
    neighbours: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_sample(self) -> bool:
        return len(self.ids) + self.zero < self.vectors


_NUMBERS = (
    "vectors",
    "zero",
    "projected",
    "square_limit",
    "trustworthiness",
    "kept",
    "neighbours",
)


def known(cloud: Cloud, method: str) -> Drawing | None:
    """The drawing from our own database; None when it is not made yet."""
    found = store.find(method, fingerprint(cloud, of=method))
    return None if found is None else _unpacked(method, found)


def draw_at_once(cloud: Cloud, gathered: Gathered) -> Drawing:
    """By principal components, for at most AT_ONCE vectors. Asks nothing of Letta."""
    _one_thread()
    axes = components(gathered.directions, AXES) if gathered.ids else _nowhere(AXES)
    flat = axes[:, :2].copy()
    return draw(gathered, "components", axes=axes, places=flat, vectors=cloud.vectors)


@cache
def _one_thread() -> None:
    """A web process serves many: one piece of linear algebra takes one core, without busy waiting."""
    threadpool_limits(limits=1)


def draw(gathered: Gathered, method: str, *, axes: Floats, places: Floats, vectors: int) -> Drawing:
    """Judges the places and draws at most 10,000 of them; `axes` are principal components, for clusters."""
    judged = faithfulness(gathered.directions, places)
    groups = clusters(axes) if len(places) else np.zeros(0, dtype=np.intp)
    squared = squares(places) if len(places) else np.zeros(0, dtype=np.int64)
    shown = kept(squared, MOST_DRAWN)
    whole = len(shown) == len(places)
    return Drawing(
        method=method,
        ids=[gathered.ids[place] for place in shown],
        parts=gathered.parts[shown],
        places=places[shown],
        clusters=groups[shown],
        vectors=vectors,
        zero=len(gathered.zero),
        projected=len(places),
        square_limit=0 if whole else most_of_each(squared, MOST_DRAWN),
        trustworthiness=judged.trustworthiness,
        kept=judged.kept,
        neighbours=judged.neighbours,
    )


def keep(cloud: Cloud, drawing: Drawing, made: str) -> None:
    """Stores it under the fingerprint `made`."""
    numbers = np.array([getattr(drawing, name) for name in _NUMBERS], dtype=np.float64)
    found = {
        "ids": np.array(drawing.ids, dtype=np.str_),
        "parts": drawing.parts,
        "places": drawing.places,
        "clusters": drawing.clusters.astype(np.int8),
        "numbers": numbers,
    }
    store.keep(drawing.method, made, scope=cloud.scope.name, found=found)


def _unpacked(method: str, found: dict[str, NDArray[Any]]) -> Drawing:
    numbers = dict(zip(_NUMBERS, found["numbers"].tolist(), strict=True))
    floats = {"trustworthiness", "kept"}
    counts = {name: value if name in floats else int(value) for name, value in numbers.items()}
    return Drawing(
        method=method,
        ids=found["ids"].tolist(),
        parts=found["parts"],
        places=found["places"],
        clusters=found["clusters"].astype(np.intp),
        **counts,
    )


def _nowhere(width: int) -> Floats:
    return np.zeros((0, width), dtype=np.float32)
