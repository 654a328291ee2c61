"""Vectors brought here: in binary, cut to their true dimension, in bounded batches."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from agents_app.letta import access, catalogue
from agents_app.letta.vectors.extents import Extent
from agents_app.letta.vectors.groups import Group
from agents_app.letta.vectors.spaces import STORED_DIMENSIONS
from agents_app.letta.vectors.support import can_cut

BATCH_ROWS = 500
_ID_PAGE = 20_000
_HEADER_BYTES = 4  # pgvector sends int16 dimensions, int16 unused, then float4 in network order
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Batch:
    """`vectors[i]` belongs to `ids[i]`: float32, as wide as the space's true dimension."""

    ids: list[str]
    vectors: Floats


@dataclass(frozen=True)
class StoredVector:
    """One passage's vector as stored; `values` None means that the row has no embedding."""

    values: Floats | None

    @property
    def is_zero(self) -> bool:
        """Whether it points nowhere: every number is zero."""
        return self.values is not None and not self.values.any()


def vector_of(table: str, passage_id: str) -> StoredVector | None:
    """All 4,096 numbers of one passage; None when there is no such row."""
    query = sql.SQL("SELECT p.embedding FROM {} p WHERE p.id = %(id)s").format(
        sql.Identifier(table)
    )
    found = access.binary_rows(query, {"id": passage_id})
    if not found:
        return None
    raw = found[0][0]
    return StoredVector(None if raw is None else _decoded([raw], STORED_DIMENSIONS)[0])


def without_vector(table: str, ids: Sequence[str]) -> set[str]:
    """Those of `ids` whose embedding is NULL, or may not be looked at; reads no vector."""
    if not catalogue.current().has_column(table, "embedding"):
        return set(ids)
    query = sql.SQL("SELECT p.id FROM {} p WHERE p.id = ANY(%(ids)s) AND p.embedding IS NULL")
    return {row[0] for row in access.rows(query.format(sql.Identifier(table)), {"ids": list(ids)})}


def vector_ids(extent: Extent, group: Group) -> Iterator[str]:
    """Ids of the group's passages that have a vector, ascending; keyset pages of 20,000."""
    query = sql.SQL(
        "SELECT p.id FROM {table} p WHERE {where} AND p.id > %(after)s AND {alike}"
        " ORDER BY p.id LIMIT {most}"
    ).format(
        table=sql.Identifier(extent.table),
        where=extent.where(),
        alike=group.where(),
        most=sql.Literal(_ID_PAGE),
    )
    after = ""
    while page := access.rows(query, {**extent.params(), **group.params(), "after": after}):
        yield from (row[0] for row in page)
        after = page[-1][0]
        if len(page) < _ID_PAGE:
            return


def read_vectors(
    extent: Extent, group: Group, *, ids: Sequence[str] | None = None, rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """The group's vectors in ascending order of id, or those of `ids` in that order where they exist.

    One statement for each `rows` vectors, so no statement runs long and memory stays bounded.
    """
    width = group.space.dimension if group.space else STORED_DIMENSIONS
    wanted = vector_ids(extent, group) if ids is None else iter(ids)
    for chunk in _chunks(wanted, rows):
        found = dict(_fetched(extent.table, group, chunk, width=width))
        here = [one for one in chunk if one in found]
        if here:
            yield Batch(here, _decoded([found[one] for one in here], width))


def _chunks(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(ids)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _fetched(table: str, group: Group, ids: Sequence[str], *, width: int) -> list[tuple[Any, ...]]:
    cut = can_cut() and width < STORED_DIMENSIONS
    vector = sql.SQL("subvector(p.embedding, 1, {})").format(width)
    query = sql.SQL(
        "SELECT p.id, {vector} FROM {table} p WHERE p.id = ANY(%(ids)s) AND {alike}"
    ).format(
        vector=vector if cut else sql.SQL("p.embedding"),
        table=sql.Identifier(table),
        alike=group.where(),
    )
    return access.binary_rows(query, {"ids": list(ids), **group.params()})


def _decoded(raws: Sequence[bytes], width: int) -> Floats:
    found = np.zeros((len(raws), width), dtype=np.float32)
    for place, raw in enumerate(raws):
        values = np.frombuffer(raw, dtype=">f4", offset=_HEADER_BYTES)[:width]
        found[place, : len(values)] = values
    return found
