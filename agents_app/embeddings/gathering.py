"""The vectors of a cloud brought here as directions, batch by batch, into one array."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents_app.embeddings.clouds import Cloud
from agents_app.embeddings.geometry.directions import Floats, directions, lengths
from agents_app.embeddings.geometry.sampling import Codes, kept
from agents_app.letta.vectors import STORED_DIMENSIONS, Batch, read_vectors

MOST_BYTES = 1024**3
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Gathered:
    """`directions[i]`, of the length `lengths[i]`, belongs to passage `ids[i]` of part `parts[i]`.

    `zero` are the ids of passages whose vector points nowhere. `left_out` passages were not looked at,
    as they would not have fitted.
    """

    ids: list[str]
    parts: NDArray[np.int8]
    directions: Floats
    lengths: NDArray[np.float64]
    zero: list[str]
    left_out: int = 0


def most_rows(cloud: Cloud) -> int:
    """How many vectors of this cloud a gibibyte holds."""
    return MOST_BYTES // (4 * _width(cloud))


def gather(cloud: Cloud, *, tell: Tell, most: int | None = None) -> Gathered:
    """All vectors, or the first `most` by id, which are as good as drawn by lot; `tell` hears how many."""
    room = min(most or most_rows(cloud), most_rows(cloud))
    return _gathered(cloud, _batches(cloud, None), room, tell=tell)


def gather_spread(cloud: Cloud, *, tell: Tell, most: int) -> Gathered:
    """`most` of the vectors such that directions of which there are few stay whole.

    Reads twice: first to sort the directions roughly, then those that are chosen.
    """
    if cloud.vectors <= most:
        return gather(cloud, tell=tell)
    found = _Codes(cloud)
    for part, batch in _batches(cloud, None):
        found.note(part, batch)
        tell(len(found.ids))
    chosen = found.chosen(most)
    read = len(found.ids)
    gathered = _gathered(cloud, _batches(cloud, chosen), most, tell=lambda done: tell(read + done))
    return Gathered(**{**vars(gathered), "left_out": len(found.ids) - len(gathered.ids)})


class _Codes:
    """A rough direction of each vector."""

    def __init__(self, cloud: Cloud) -> None:
        self.ids: list[str] = []
        self._parts: list[int] = []
        self._cells: list[NDArray[np.int64]] = []
        self._codes = Codes(_width(cloud))

    def note(self, part: int, batch: Batch) -> None:
        self.ids += batch.ids
        self._parts += [part] * len(batch.ids)
        self._cells.append(self._codes.of(batch.vectors))

    def chosen(self, most: int) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for place in kept(np.concatenate(self._cells), most):
            found.setdefault(self._parts[place], []).append(self.ids[place])
        return found


def _batches(cloud: Cloud, chosen: dict[int, list[str]] | None) -> Iterator[tuple[int, Batch]]:
    for number, part in enumerate(cloud.parts):
        ids = None if chosen is None else chosen.get(number, [])
        for batch in read_vectors(part.extent, part.group, ids=ids):
            yield number, batch


def _gathered(
    cloud: Cloud, batches: Iterator[tuple[int, Batch]], room: int, *, tell: Tell
) -> Gathered:
    """Rows that appeared since they were counted are not waited for."""
    size = min(cloud.vectors, room)
    held = np.empty((size, _width(cloud)), dtype=np.float32)
    sizes, parts = np.empty(size, dtype=np.float64), np.empty(size, dtype=np.int8)
    ids: list[str] = []
    zero: list[str] = []
    for number, batch in batches:
        long = lengths(batch.vectors)
        usable = np.flatnonzero(long > 0)[: size - len(ids)]
        zero += [batch.ids[place] for place in np.flatnonzero(long == 0)]
        here = slice(len(ids), len(ids) + len(usable))
        held[here] = directions(batch.vectors[usable], long[usable])
        sizes[here], parts[here] = long[usable], number
        ids += [batch.ids[place] for place in usable]
        tell(len(ids) + len(zero))
        if len(ids) == size:
            break
    count = len(ids)
    left = max(0, cloud.vectors - count - len(zero))
    return Gathered(ids, parts[:count], held[:count], sizes[:count], zero, left)


def _width(cloud: Cloud) -> int:
    return cloud.space.dimension if cloud.space else STORED_DIMENSIONS
