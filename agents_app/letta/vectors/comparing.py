"""The vectors nearest to one, by cosine distance, compared inside PostgreSQL: exact, no index."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from psycopg import sql

from agents_app.letta import access
from agents_app.letta.vectors.extents import Extent
from agents_app.letta.vectors.groups import Group
from agents_app.letta.vectors.reading import Floats
from agents_app.letta.vectors.spaces import STORED_DIMENSIONS
from agents_app.letta.vectors.support import can_cut

_LEAST = 1e-30  # less than this of a vector of length one is nothing that float4 could add


@dataclass(frozen=True)
class Near:
    """A passage and its cosine distance (0 the same direction, 1 unrelated, 2 opposite)."""

    table: str
    id: str
    distance: float


# pgvector adds up in float4: numbers beyond 1e19 overflow to a distance of exactly 1, tiny ones
# underflow to NaN. Those few rows are compared again after l2_normalize, which adds up in float8.
_EXACTLY = sql.SQL(
    "CASE WHEN n.near = 1 OR n.near = 'NaN'::float8"
    " THEN l2_normalize(n.embedding) <=> %(query)s::vector ELSE n.near END"
)

# The stored vector is compared whole: padding changes no cosine, and cutting it first costs more
# than it saves, as reading it dominates. OFFSET 0 keeps each distance from being computed twice.
_NEAREST = """
SELECT d.id, d.distance
  FROM (SELECT n.id, {distance} AS distance
          FROM (SELECT p.id, p.embedding, p.embedding <=> %(query)s::vector AS near
                  FROM {table} p
                 WHERE {where} AND {alike}
                OFFSET 0) n
        OFFSET 0) d
 WHERE d.distance < 'NaN'::float8
 ORDER BY d.distance, d.id
 LIMIT %(most)s
"""


def nearest(
    extent: Extent, group: Group, query: Floats, *, most: int, ids: Sequence[str] | None = None
) -> list[Near]:
    """The `most` nearest of the group, or of those of `ids` in it; ties by id. Zero vectors never appear.

    One statement that reads each vector: about 12 ms for 1,000 of them, so bound what it looks at.
    `query` must not be zero; it may be shorter than 4,096.
    """
    statement = sql.SQL(_NEAREST).format(
        distance=_EXACTLY if can_cut() else sql.SQL("n.near"),
        table=sql.Identifier(extent.table),
        where=extent.where(ids),
        alike=group.where(),
    )
    values = {"query": literal(query), "most": most}
    found = access.rows(statement, {**extent.params(ids), **group.params(), **values})
    return [Near(extent.table, row[0], row[1]) for row in found if math.isfinite(row[1])]


def literal(query: Floats) -> str:
    """The vector as pgvector reads it: of length one, so that no sum overflows, padded to 4,096."""
    values = query.astype(np.float64)
    scaled = values / np.linalg.norm(values)
    numbers = [f"{value:.9g}" if abs(value) > _LEAST else "0" for value in scaled]
    return "[" + ",".join([*numbers, *["0"] * (STORED_DIMENSIONS - len(numbers))]) + "]"
