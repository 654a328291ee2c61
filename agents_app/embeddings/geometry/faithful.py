"""How much of the neighbourhood survives a projection: trustworthiness and neighbours kept."""

from dataclasses import dataclass

import numpy as np

from agents_app.embeddings.geometry.directions import Floats, Numbers

NEIGHBOURS = 10
_MOST_ASKED, _BLOCK, _SEED = 500, 64, 7


@dataclass(frozen=True)
class Faithfulness:
    """`trustworthiness` is 1 when no stranger stands near a point on the map (Venna and Kaski 2001).

    `kept` is the share of the nearest vectors that are also nearest on the map. Both look at
    `neighbours` of each of `asked` points among all of them.
    """

    trustworthiness: float
    kept: float
    neighbours: int
    asked: int


def faithfulness(directions: Floats, places: Floats, *, most: int = _MOST_ASKED) -> Faithfulness:
    """Judges `places` (rows, 2) against `directions` of length one by a fixed sample of `most` points.

    Fewer than four points have no neighbourhood to lose.
    """
    rows = len(places)
    near = min(NEIGHBOURS, (rows - 1) // 2)
    if near < 1:
        return Faithfulness(1.0, 1.0, 0, rows)
    asked = np.random.default_rng(_SEED).permutation(rows)[:most]
    penalty, kept = 0.0, 0
    for start in range(0, len(asked), _BLOCK):
        block = asked[start : start + _BLOCK]
        shown = _nearest_places(places, block, near)
        ranks = _ranks(directions, block, shown)
        penalty += float(np.maximum(ranks - near, 0).sum())
        kept += int((ranks <= near).sum())
    worst = len(asked) * near * (2 * rows - 3 * near - 1) / 2
    return Faithfulness(1 - penalty / worst, kept / (len(asked) * near), near, len(asked))


def _nearest_places(places: Floats, block: Numbers, near: int) -> Numbers:
    """For each point of the block the `near` nearest others on the map."""
    apart = np.square(places[block, None, :] - places[None, :, :]).sum(axis=2)
    apart[np.arange(len(block)), block] = np.inf
    return np.argpartition(apart, near - 1, axis=1)[:, :near]


def _ranks(directions: Floats, block: Numbers, others: Numbers) -> Numbers:
    """The rank (1 is nearest) of each of `others` by cosine, among all but the point itself."""
    alike = directions[block] @ directions.T
    alike[np.arange(len(block)), block] = -np.inf
    asked = np.take_along_axis(alike, others, axis=1)
    counts = [(alike > asked[:, [place]]).sum(axis=1) for place in range(others.shape[1])]
    return np.stack(counts, axis=1) + 1
