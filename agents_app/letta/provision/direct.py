"""A connection of its own to Letta's database, for commands that a person started: read-only, short."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg

APPLICATION_NAME = "letta-inspector-command"
_CONNECT_SECONDS = 60  # a paused cluster takes half a minute to wake
_STATEMENT_SECONDS = 10


@contextmanager
def direct_connection(entry: Mapping[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """Opened from a DATABASES entry, in one read-only transaction that ends with ROLLBACK.

    No pool, no power check: it must work under any role. Raises psycopg's errors.
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
    conn = psycopg.connect(**options | places, application_name=APPLICATION_NAME)
    try:
        conn.read_only = True
        conn.execute(f"SET LOCAL statement_timeout = '{_STATEMENT_SECONDS}s'")
        yield conn
    finally:
        conn.rollback()
        conn.close()
