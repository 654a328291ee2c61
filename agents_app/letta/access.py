"""The door to Letta's database for the rest of the console: deadlines, state, and plain reading."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, cast

from django.db import connections
from psycopg.pq import Format

from agents_app.letta.engine.base import DatabaseWrapper
from agents_app.letta.engine.deadline import deadline, remaining, uncounted
from agents_app.letta.engine.pool import Connect
from agents_app.letta.errors import LettaError, LettaWaking

__all__ = [
    "LettaStatus",
    "binary_rows",
    "close_idle",
    "connects_total",
    "cursor",
    "database_key",
    "deadline",
    "dict_rows",
    "remaining",
    "rows",
    "status",
    "take_connects",
    "uncounted",
]

Params = Sequence[Any] | Mapping[str, Any] | None
State = Literal["unused", "ok", "waking", "down"]


@dataclass(frozen=True, slots=True)
class LettaStatus:
    """What this process knows of Letta's database without asking it.

    `since` is the epoch time at which `cause` (or the waking) began; `last_query_age_s` is None
    while no connection is open.
    """

    configured: bool
    state: State
    cause: LettaError | None
    since: float | None
    open_connections: int
    last_query_age_s: float | None
    weak_tls: bool
    powerful_allowed: bool


def status() -> LettaStatus:
    """Never connects."""
    wrapper = _wrapper()
    pool, known = wrapper.letta_pool, wrapper.settings_dict.get("INSPECTOR", {})
    waking, used = pool.waking_since(), pool.last_used()
    cause = pool.breaker.cause or pool.failure()
    state: State = "down" if cause else "ok" if pool.connects_total else "unused"
    if waking is not None and cause is None:
        state, cause = "waking", LettaWaking(since=waking)
    return LettaStatus(
        configured=known.get("configured", True),
        state=state,
        cause=cause,
        since=waking if state == "waking" else pool.breaker.since,
        open_connections=pool.open_connections,
        last_query_age_s=None if used is None else time.monotonic() - used,
        weak_tls=known.get("weak_tls", False),
        powerful_allowed=known.get("allow_powerful", False),
    )


def connects_total() -> int:
    """Attempts to connect since this process began."""
    return _wrapper().letta_pool.connects_total


def take_connects() -> list[Connect]:
    """The attempts of this process that ended since the last call, oldest first."""
    finished, found = _wrapper().letta_pool.finished, []
    while finished:
        found.append(finished.popleft())
    return found


def database_key() -> str:
    """Tells one configured database from another in what we keep; a hash, so it names no host."""
    settings = _wrapper().settings_dict
    words = [str(settings.get(name, "")) for name in ("HOST", "PORT", "NAME")]
    return sha256("\n".join(words).encode()).hexdigest()


def close_idle() -> None:
    """Closes all connections of this process that nobody is using."""
    _wrapper().close()
    _wrapper().letta_pool.close_idle()


@contextmanager
def cursor() -> Iterator[Any]:
    """A gated cursor; raises LettaErrors only."""
    with connections["letta"].cursor() as found:
        yield found


def rows(sql: Any, params: Params = None) -> list[tuple[Any, ...]]:
    """All rows of one reading statement; keep it bounded."""
    with cursor() as asked:
        asked.execute(sql, params)
        return list(asked.fetchall())


def binary_rows(sql: Any, params: Params = None) -> list[tuple[Any, ...]]:
    """All rows as PostgreSQL's own bytes; for ids and vectors, whose text form is several times larger."""
    with cursor() as asked:
        asked.cursor.format = Format.BINARY
        asked.execute(sql, params)
        return list(asked.fetchall())


def dict_rows(sql: Any, params: Params = None) -> list[dict[str, Any]]:
    """The same, each row by its column names."""
    with cursor() as asked:
        asked.execute(sql, params)
        names = [column.name for column in asked.description]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


def _wrapper() -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections["letta"])
