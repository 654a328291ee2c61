"""Rows into tables by COPY: buffered, sorted by foreign keys, only columns the release has."""

from collections import defaultdict
from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Any

import psycopg
from psycopg import sql

from agents_app.demo.releases import SERIALS, Table, tables

Connection = psycopg.Connection[tuple[Any, ...]]

# What a column gets that a row does not name but the table requires.
_REQUIRED = {
    "boolean": False,
    "integer": 0,
    "bigint": 0,
    "json": "[]",
    "varchar": "",
    "text": "",
    "vectordbprovider": "NATIVE",
}


def load_order(described: dict[str, Table]) -> list[str]:
    """Table names, each after the tables its foreign keys name.

    The one cycle (a block's current history entry) is cut at `block`: the loader leaves that
    column empty.
    """
    graph = {
        name: {
            constraint.rest.split()[0]
            for constraint in table.constraints
            if constraint.kind == "fk" and constraint.rest.split()[0] != name
        }
        for name, table in described.items()
    }
    graph["block"].discard("block_history")
    return list(TopologicalSorter(graph).static_order())


class Copier:
    """A `Sink` that writes through one connection; nothing is committed before `close`."""

    def __init__(
        self, connection: Connection, release: str, *, schema: str, batch: int = 4000
    ) -> None:
        self.connection = connection
        self.schema = schema
        self.batch = batch
        self.counts: dict[str, int] = defaultdict(int)
        self._tables = tables(release)
        self._order = load_order(self._tables)
        self._columns = {name: _columns(table) for name, table in self._tables.items()}
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._changes: list[tuple[str, str, Mapping[str, Any]]] = []
        self._waiting = 0

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        columns = self._columns.get(table)
        if columns is None:
            return
        self._rows[table].append(
            tuple(
                [
                    default if (value := row.get(name)) is None else value
                    for name, default in columns
                ]
            )
        )
        # A trace weighs as much as ten messages, a passage (16 KB) more.
        self._waiting += 10 if table in ("provider_traces", "archival_passages") else 1

    def change(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        if table in self._tables:
            self._changes.append((table, key, row))

    def checkpoint(self) -> None:
        if self._waiting >= self.batch:
            self.flush()

    def flush(self) -> None:
        """Write all that waits, parents first."""
        for table in self._order:
            rows = self._rows.pop(table, None)
            if rows:
                self._copy(table, rows)
        self._waiting = 0

    def close(self) -> None:
        """Write the rest, then the changes, then let the sequence go on after our numbers."""
        self.flush()
        with self.connection.pipeline():
            for table, key, row in self._changes:
                self._update(table, key, row)
        self._changes.clear()
        self.connection.execute(
            sql.SQL("SELECT setval({}, GREATEST((SELECT max(sequence_id) FROM {}), 1))").format(
                sql.Literal(f"{self.schema}.message_seq_id"),
                sql.Identifier(self.schema, "messages"),
            )
        )

    def _copy(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        names = [sql.Identifier(name) for name, _default in self._columns[table]]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.schema, table), sql.SQL(", ").join(names)
        )
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        self.counts[table] += len(rows)

    def _update(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        known = self._tables[table].column_names
        values = {name: value for name, value in row.items() if name in known}
        assignments = sql.SQL(", ").join(
            sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values
        )
        statement = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(
            sql.Identifier(self.schema, table), assignments
        )
        self.connection.execute(statement, [*values.values(), key])


def _columns(table: Table) -> list[tuple[str, Any]]:
    """Name and fallback value of each column that COPY fills."""
    filled = []
    for column in table.columns:
        if (table.name, column.name) in SERIALS:
            continue
        default = _REQUIRED.get(column.type) if column.required else None
        filled.append((column.name, default))
    return filled
