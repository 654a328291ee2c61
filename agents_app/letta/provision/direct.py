"""A connection of its own to Letta's database, for commands that a person started: read-only, short."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg

from agents_app.letta.engine.opening import opened

APPLICATION_NAME = "letta-inspector-command"
_CONNECT_SECONDS = 60  # a paused cluster takes half a minute to wake
_STATEMENT_SECONDS = 10


@contextmanager
def direct_connection(entry: Mapping[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """Opened from a DATABASES entry, in one read-only transaction that ends with ROLLBACK.

    No pool, no power check: it must work under any role. Raises psycopg's errors, and
    LettaErrors for tokens and certificates.
    """
    names = {
        "HOST": "host",
        "PORT": "port",
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
    }
    places = {libpq: str(entry[django]) for django, libpq in names.items() if entry.get(django)}
    options = dict(entry.get("OPTIONS", {})) | {"connect_timeout": _CONNECT_SECONDS}
    conn: psycopg.Connection[Any] = opened(
        {**options, **places, "application_name": APPLICATION_NAME},
        lambda words: psycopg.connect(**words),
        iam_auth=entry.get("INSPECTOR", {}).get("iam_auth", False),
    )
    try:
        conn.read_only = True
        conn.execute(f"SET LOCAL statement_timeout = '{_STATEMENT_SECONDS}s'")
        yield conn
    finally:
        conn.rollback()
        conn.close()
