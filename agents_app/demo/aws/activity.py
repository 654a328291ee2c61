"""What happened in the demo's Letta, minute by minute, read from its database by the owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg import sql

CONSOLE = "letta-inspector"


@dataclass
class Activity:
    """`messages` by minute (epoch seconds / 60); `console` are minutes in which this console was
    connected, with how many connections."""

    messages: dict[int, int] = field(default_factory=dict)
    console: dict[int, int] = field(default_factory=dict)


def activity(dsn: str, *, since: datetime, schema: str = "letta") -> Activity:
    """Messages of the demo world since then; empty where there is no such table."""
    with _connection(dsn, schema) as connection:
        try:
            rows = connection.execute(
                "SELECT floor(extract(epoch FROM created_at) / 60)::bigint, count(*) FROM messages"
                " WHERE created_at BETWEEN %s AND now() GROUP BY 1",
                [since],
            ).fetchall()
        except psycopg.errors.UndefinedTable:
            rows = []
    return Activity({int(str(minute)): int(str(count)) for minute, count in rows})


def console_connections(dsn: str) -> int:
    """Connections of the console at this moment."""
    with psycopg.connect(dsn, connect_timeout=3) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()",
            [CONSOLE],
        ).fetchone()
    return int(str(row[0])) if row else 0


@contextmanager
def _connection(dsn: str, schema: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(dsn, connect_timeout=3) as connection:
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        yield connection
