"""Databases that lack something: which pages a table or column matters to, and how to take it away."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.test import Client

from agents_app.demo.load import fill
from agents_app.letta import access, catalogue
from tests.cluster import Cluster
from tests.crawl import Address, Visitor, addresses, statements
from tests.lettadb import ROLE, UNTIL, LettaDatabase, new_database

# Columns of primary and foreign keys stay: without them rows cannot be told apart or joined.
_COLUMNS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'f')
                   AND a.attnum = ANY (k.conkey))
 ORDER BY 1, 2
"""


def small_world(cluster: Cluster, release: str, **options: Any) -> LettaDatabase:
    """The demo world without its hostile rows, provisioned, to be changed at will."""
    made = new_database(cluster, release, **options)
    fill(
        made.owner, release, agents=17, messages=600, passages=30,
        hostile=False, seed=11, until=UNTIL, schema=made.schema,
    )  # fmt: skip
    made.provision()
    return made


def columns(database: LettaDatabase) -> list[tuple[str, str]]:
    """Every (table, column) but keys."""
    return [(table, column) for table, column in database.rows(_COLUMNS, [database.schema])]


def indexed_columns(database: LettaDatabase) -> list[tuple[str, str]]:
    """One (table, column) of each table, not a key, that an index stands on where there is one."""
    found = database.rows(
        "SELECT DISTINCT t.relname, a.attname FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (x.indkey)"
        " WHERE t.relnamespace = %s::regnamespace ORDER BY 1, 2",
        [database.schema],
    )
    droppable = columns(database)
    return list({table: (table, column) for table, column in [*droppable, *found]
                 if (table, column) in droppable}.values())  # fmt: skip


def tables(database: LettaDatabase) -> list[str]:
    """Every table."""
    sql = "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1"
    return [table for (table,) in database.rows(sql, [database.schema])]


def right_without(table: str, column: str) -> frozenset[int]:
    """What a page may answer besides: a trace that does not say its step is not found by it."""
    return frozenset({404} if (table, column) == ("provider_traces", "step_id") else ())


@dataclass(frozen=True)
class Readers:
    """What each page of the intact database asks."""

    asked: dict[Address, list[str]]

    def of(self, *words: str) -> list[Address]:
        """Few pages that together send every statement that names all of the words."""
        patterns = [re.compile(rf"\b{re.escape(word)}\b") for word in words]
        found: dict[str, Address] = {}
        for address, asked in self.asked.items():
            for sql in asked:
                if sql not in found and all(pattern.search(sql) for pattern in patterns):
                    found[sql] = address
        return list(dict.fromkeys(found.values()))


_readers: dict[str, Readers] = {}


def readers(database: LettaDatabase, client: Client) -> Readers:
    """Opens every page of the intact database once a run and notes what it asks."""
    if database.name not in _readers:
        visitor, asked = Visitor(client), {}
        for address in addresses(database):
            with statements() as heard:
                visitor.get(address.url)
            asked[address] = heard
        _readers[database.name] = Readers(asked)
    return _readers[database.name]


@contextmanager
def without_column(database: LettaDatabase, table: str, column: str) -> Iterator[None]:
    """The column is not there under its name, so neither catalogue nor query can find it."""
    with _changed(
        database,
        f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "was_{column}"',
        f'ALTER TABLE "{table}" RENAME COLUMN "was_{column}" TO "{column}"',
    ):
        yield


@contextmanager
def without_table(database: LettaDatabase, table: str) -> Iterator[None]:
    """The same for a table."""
    with _changed(
        database,
        f'ALTER TABLE "{table}" RENAME TO "was_{table}"',
        f'ALTER TABLE "was_{table}" RENAME TO "{table}"',
    ):
        yield


@contextmanager
def column_revoked(database: LettaDatabase, table: str, column: str) -> Iterator[None]:
    """The column is there, but the console's role may not read it."""
    with _changed(
        database,
        f'REVOKE SELECT ("{column}") ON "{table}" FROM {ROLE}',
        f'GRANT SELECT ("{column}") ON "{table}" TO {ROLE}',
    ):
        yield


@contextmanager
def revoked(database: LettaDatabase, table: str) -> Iterator[None]:
    """The console's role may not read the table."""
    with _changed(database, f'REVOKE ALL ON "{table}" FROM {ROLE}', ""):
        yield
    database.provision()


@contextmanager
def _changed(database: LettaDatabase, change: str, back: str) -> Iterator[None]:
    forget()
    database.execute(change)
    try:
        yield
    finally:
        forget()
        if back:
            database.execute(back)


def forget() -> None:
    """Lets the next page see the database with new eyes, as a restarted console would."""
    access.close_idle()
    catalogue._kept.clear()


def copy_of(database: LettaDatabase) -> LettaDatabase:
    """A copy in a database of its own; there is one at a time."""
    forget()
    name = f"{database.name}_copy"
    with psycopg.connect(database.cluster.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {database.name}")
    return LettaDatabase(database.cluster, name, database.release, database.schema)
