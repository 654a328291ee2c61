"""A projection that keeps neighbours together: t-SNE by openTSNE. Its import takes a second: worker only."""

from collections.abc import Callable

import numpy as np

from agents_app.embeddings.geometry.directions import Floats

ROUNDS = 750
_EARLY, _EVERY, _SEED, _PERPLEXITY = 250, 25, 7, 30
_FOURIER_FROM = 3_000  # below that the Barnes-Hut tree is quicker than the interpolation


def neighbour_map(coordinates: Floats, *, tell: Callable[[int], None], threads: int = 1) -> Floats:
    """Places (rows, 2) for rows given by their principal components.

    Begins at the first two components, so that the map turns the same way each time. `tell` hears of
    rounds done, of 750, every 25; what it raises ends the work.
    """
    from openTSNE import TSNEEmbedding, affinity, initialization

    few = len(coordinates) < _FOURIER_FROM
    threads = 1 if few else threads  # a few points cost more to share out than to compute
    perplexity = min(_PERPLEXITY, max(1, (len(coordinates) - 1) // 3))
    near = affinity.PerplexityBasedNN(
        coordinates, perplexity=perplexity, n_jobs=threads, random_state=_SEED
    )
    begin = initialization.rescale(coordinates[:, :2].astype(np.float64))
    method = "bh" if few else "fft"
    found = TSNEEmbedding(begin, near, n_jobs=threads, negative_gradient_method=method)
    done = 0
    for rounds, exaggeration, momentum in ((_EARLY, 12, 0.5), (ROUNDS - _EARLY, 1, 0.8)):
        for _ in range(0, rounds, _EVERY):
            found = found.optimize(
                _EVERY, exaggeration=exaggeration, momentum=momentum, learning_rate="auto"
            )
            done += _EVERY
            tell(done)
    return np.asarray(found, dtype=np.float32)
