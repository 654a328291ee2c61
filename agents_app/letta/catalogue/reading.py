"""Reads the catalogue in four statements; of Letta's rows only the one in alembic_version."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from agents_app.letta.catalogue.model import Catalogue, Index
from agents_app.letta.errors import LettaMissing
from agents_app.letta.secrets import is_secret
from agents_app.letta.versions import TABLES, looks_like, release_of

Row = dict[str, Any]
Relations = Mapping[str, Row]

_SCHEMAS = """
SELECT n.nspname::text AS schema,
       array_position(current_schemas(false), n.nspname) AS place,
       bool_or(c.relname = 'alembic_version') AS versioned,
       count(*) AS known_tables,
       current_database()::text AS database,
       current_user::text AS role,
       current_setting('server_version_num')::integer AS server_version,
       (SELECT ARRAY[v.nspname::text, e.extversion, has_schema_privilege(v.oid, 'USAGE')::text]
          FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace v ON v.oid = e.extnamespace
         WHERE e.extname = 'vector') AS vector
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = ANY (%(tables)s::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND (%(schema)s::text IS NULL OR n.nspname = %(schema)s::text)
 GROUP BY n.oid, n.nspname
HAVING bool_or(c.relname = 'agents') AND bool_or(c.relname = 'messages')
"""

_RELATIONS = """
SELECT c.relname::text AS name,
       CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END AS rows,
       array_agg(a.attname::text ORDER BY a.attnum) AS columns,
       array_agg(t.typname::text ORDER BY a.attnum) AS types,
       array_agg(has_schema_privilege(n.oid, 'USAGE')
                 AND has_column_privilege(c.oid, a.attnum, 'SELECT') ORDER BY a.attnum) AS readable
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 WHERE n.nspname = %(schema)s AND c.relname = ANY (%(tables)s::text[])
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
 GROUP BY c.oid, c.relname, c.reltuples
"""

# An expression among the keys gives an empty name; partial indexes and other methods are left out.
_INDEXES = """
SELECT t.relname::text AS table, i.relname::text AS name, x.indisunique AS unique,
       x.indisvalid AND x.indisready AS valid,
       ARRAY(SELECT coalesce(a.attname::text, '')
               FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS key (attnum, place)
               LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = key.attnum
              WHERE key.place <= x.indnkeyatts ORDER BY key.place) AS columns
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = i.relam
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
 WHERE n.nspname = %(schema)s AND t.relname = ANY (%(tables)s::text[])
   AND x.indpred IS NULL AND m.amname = 'btree'
 ORDER BY t.relname, i.relname
"""


def load(conn: psycopg.Connection[Any], *, schema: str | None = None) -> Catalogue:
    """Reads it in four statements; `LettaMissing` when no schema (or not this one) holds a Letta.

    Of several, the first on the search_path that has alembic_version wins, then the first on it
    that has agents and messages, then one elsewhere with alembic_version and the most tables.
    """
    names = {"tables": sorted(TABLES), "schema": schema}
    for place in sorted(_rows(conn, _SCHEMAS, names), key=_preference):
        names["schema"] = place["schema"]
        relations = {row["name"]: row for row in _rows(conn, _RELATIONS, names)}
        if "agent_id" in relations["messages"]["columns"]:
            revision = _revision(conn, place["schema"], relations=relations)
            indexes = _by_table(_rows(conn, _INDEXES, names))
            return _catalogue(place, relations, indexes=indexes, revision=revision)
    raise LettaMissing


def _preference(place: Row) -> tuple[int, int, int, str]:
    on_path, versioned = place["place"] is not None, place["versioned"]
    rank = 0 if on_path and versioned else 1 if on_path else 2 if versioned else 3
    return rank, place["place"] or 0, -place["known_tables"], place["schema"]


def _rows(conn: psycopg.Connection[Any], query: str, values: Row) -> list[Row]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values, prepare=False).fetchall()


def _revision(conn: psycopg.Connection[Any], schema: str, *, relations: Relations) -> str | None:
    """The content of alembic_version; None when it is absent, closed to the role or empty."""
    if "version_num" not in _readable(relations.get("alembic_version")):
        return None
    query = sql.SQL("SELECT version_num::text AS revision FROM {}.alembic_version LIMIT 1")
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query.format(sql.Identifier(schema)), prepare=False).fetchone()
    return row["revision"] if row else None


def _by_table(rows: list[Row]) -> Mapping[str, tuple[Index, ...]]:
    found: dict[str, tuple[Index, ...]] = {}
    for row in rows:
        index = Index(**row | {"columns": tuple(row["columns"])})
        found[index.table] = (*found.get(index.table, ()), index)
    return MappingProxyType(found)


def _readable(relation: Row | None) -> frozenset[str]:
    if relation is None:
        return frozenset()
    pairs = zip(relation["columns"], relation["readable"], strict=True)
    return frozenset(column for column, readable in pairs if readable)


def _catalogue(
    place: Row,
    relations: Relations,
    *,
    indexes: Mapping[str, tuple[Index, ...]],
    revision: str | None,
) -> Catalogue:
    readable = {name: _readable(row) for name, row in relations.items()}
    plain = {n: frozenset(c for c in found if not is_secret(n, c)) for n, found in readable.items()}
    release = release_of(revision)
    if release.first is None:
        release = looks_like({name: frozenset(row["columns"]) for name, row in relations.items()})
    vector = _vector(place["vector"])
    path = (place["schema"], vector[0] if vector else place["schema"])
    return Catalogue(
        database=place["database"],
        role=place["role"],
        schema=place["schema"],
        revision=revision,
        release=release.text,
        release_span=release,
        server_version=place["server_version"],
        search_path=tuple(dict.fromkeys(name for name in path if name != "pg_catalog")),
        vector=vector,
        vector_schema=place["vector"][0] if place["vector"] else None,
        tables=MappingProxyType({name: columns for name, columns in plain.items() if columns}),
        structure=MappingProxyType(
            {name: tuple(row["columns"]) for name, row in relations.items()}
        ),
        types=MappingProxyType({name: _types(row) for name, row in relations.items()}),
        revoked=frozenset(name for name, columns in plain.items() if not columns),
        missing=frozenset(TABLES) - relations.keys(),
        readable_secrets=frozenset(
            (name, column) for name in readable for column in readable[name] - plain[name]
        ),
        rows=MappingProxyType(
            {n: row["rows"] for n, row in relations.items() if row["rows"] is not None}
        ),
        indexes=indexes,
    )


def _vector(found: list[str] | None) -> tuple[str, str] | None:
    """pgvector's schema and version, unless it is absent or its schema is closed to the role."""
    if found is None or found[2] != "true":
        return None
    return found[0], found[1]


def _types(relation: Row) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(relation["columns"], relation["types"], strict=True)))
