"""Indexes that this console's own pages would profit from, with the DDL for an operator."""

from dataclasses import dataclass

from agents_app.letta.catalogue import Catalogue, current
from agents_app.letta.diagnosis.needs import INDEXES
from agents_app.letta.diagnosis.sections import create_index, reindex

# What an index entry costs beside its key: line pointer, tuple header, alignment, free space.
ENTRY_BYTES, KEY_BYTES = 24, 44


@dataclass(frozen=True)
class Advice:
    """`purpose` says which pages are slow without it; `about_bytes` is a guess from the rows' estimate."""

    table: str
    columns: tuple[str, ...]
    purpose: str
    ddl: str
    about_bytes: int | None


def advice() -> list[Advice]:
    """Missing indexes and, first, invalid ones; asks nothing beyond the catalogue."""
    here = current()
    broken = [
        Advice(index.table, index.columns, "the index exists but is invalid, so nobody uses it",
               reindex(here, index), None)
        for index in here.invalid_indexes()
    ]  # fmt: skip
    missing = [
        Advice(table, columns, purpose, create_index(here, table, columns),
               _about_bytes(here, table, columns))
        for table, columns, purpose in INDEXES
        if set(columns) <= set(here.structure.get(table, ()))
        and table in here.indexes
        and not here.has_index(table, *columns)
    ]  # fmt: skip
    return broken + missing


def _about_bytes(here: Catalogue, table: str, columns: tuple[str, ...]) -> int | None:
    rows = here.rows.get(table)
    return None if rows is None else rows * (ENTRY_BYTES + KEY_BYTES * len(columns))
