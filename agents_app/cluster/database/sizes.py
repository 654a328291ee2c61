"""Sizes of Letta's tables and indexes, and how often their blocks were found in the cache."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from agents_app.letta import access
from agents_app.letta.catalogue import current

MOST_TABLES, MOST_INDEXES = 300, 400

# pg_table_size counts heap, TOAST and maps; reading any size takes a share lock for a moment, so a
# table that is being altered makes this wait for lock_timeout at most.
_TABLES = """
SELECT c.relname::text AS name, c.relkind::text AS kind,
       CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END AS about_rows,
       pg_relation_size(c.oid) AS heap_bytes,
       pg_table_size(c.oid) AS table_bytes,
       pg_indexes_size(c.oid) AS index_bytes,
       s.n_dead_tup AS dead_rows,
       greatest(s.last_vacuum, s.last_autovacuum) AS vacuumed_at,
       greatest(s.last_analyze, s.last_autoanalyze) AS analyzed_at,
       coalesce(io.heap_blks_hit, 0) + coalesce(io.idx_blks_hit, 0)
           + coalesce(io.toast_blks_hit, 0) + coalesce(io.tidx_blks_hit, 0) AS blocks_hit,
       coalesce(io.heap_blks_read, 0) + coalesce(io.idx_blks_read, 0)
           + coalesce(io.toast_blks_read, 0) + coalesce(io.tidx_blks_read, 0) AS blocks_read
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
  LEFT JOIN pg_catalog.pg_statio_all_tables io ON io.relid = c.oid
 WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'm', 'p')
 ORDER BY pg_total_relation_size(c.oid) DESC, c.relname
 LIMIT %(most)s
"""
_INDEXES = """
SELECT i.relname::text AS name, t.relname::text AS table, pg_relation_size(i.oid) AS size_bytes,
       s.idx_scan AS scans, x.indisvalid AND x.indisready AS is_valid, x.indisunique AS is_unique,
       pg_get_indexdef(i.oid) AS definition
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = i.oid
 WHERE n.nspname = %(schema)s
 ORDER BY 3 DESC, 1
 LIMIT %(most)s
"""


@dataclass(frozen=True, kw_only=True)
class Table:
    """`about_rows` is the planner's estimate, None before the first ANALYZE; `kind` is pg_class.relkind."""

    name: str
    kind: str
    about_rows: int | None
    heap_bytes: int
    table_bytes: int
    index_bytes: int
    dead_rows: int | None
    vacuumed_at: datetime | None
    analyzed_at: datetime | None
    blocks_hit: int
    blocks_read: int

    @property
    def total_bytes(self) -> int:
        return self.table_bytes + self.index_bytes

    @property
    def hit_percent(self) -> float | None:
        asked = self.blocks_hit + self.blocks_read
        return 100 * self.blocks_hit / asked if asked else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"total_bytes": self.total_bytes}


@dataclass(frozen=True)
class TableIndex:
    """`scans` were counted since the server's statistics were reset."""

    name: str
    table: str
    size_bytes: int
    scans: int | None
    is_valid: bool
    is_unique: bool
    definition: str


def tables() -> list[Table]:
    """The largest first."""
    found = access.dict_rows(_TABLES, {"schema": current().schema, "most": MOST_TABLES})
    return [Table(**row) for row in found]


def indexes() -> list[TableIndex]:
    """The largest first."""
    found = access.dict_rows(_INDEXES, {"schema": current().schema, "most": MOST_INDEXES})
    return [TableIndex(**row) for row in found]
