"""One connection to Letta's database: gated cursors, limited waits, no way back into a transaction."""

import os
import select
import time
from typing import Any, Self, TypeVar, cast

import psycopg
from psycopg import sql as psycopg_sql
from psycopg.abc import PQGen, Query, QueryNoTemplate
from psycopg.errors import _WaitTimeout
from psycopg.pq import Format, TransactionStatus

from agents_app.letta import scoping
from agents_app.letta.engine import deadline, gate
from agents_app.letta.engine.loaders import adapters_template
from agents_app.letta.errors import LettaFrozen, LettaTimeout, LettaWriteRefused

Value = TypeVar("Value")

# Something to read on an idle connection is its end, or news that no one waits for.
_NEWS = select.POLLIN | select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)


class _Context:
    """What psycopg calls an adaptation context: where new connections take their loaders from."""

    connection = None
    adapters = adapters_template()


class LettaCursor(psycopg.ClientCursor[Any]):
    """Binds parameters here (Django's SQL needs it) yet sends by the extended protocol.

    That protocol refuses a second statement by itself: a lock below the gate. With `format` set to
    BINARY the answer comes as PostgreSQL's own bytes; ask then only for types that need no text.
    """

    def execute(self, query: Query, params: Any = None, **words: Any) -> Self:
        text, has_params = _text(query, self.connection), params is not None
        gate.check(text, has_params=has_params)
        found = getattr(self.connection, "prepared", None)
        if found is not None:  # before, only the catalogue itself is read
            text = scoping.narrowed(text, scoping.current(), found, has_params=has_params)
        return super().execute(cast(QueryNoTemplate, text), params, **words)

    def executemany(self, query: Query, params_seq: Any, **words: Any) -> None:
        raise LettaWriteRefused(detail="executemany")

    def stream(self, query: Query, params: Any = None, **words: Any) -> Any:
        raise LettaWriteRefused(detail="stream")

    def copy(self, *arguments: Any, **words: Any) -> Any:
        raise LettaWriteRefused(detail="copy")

    def callproc(self, name: str, args: Any = None) -> None:
        raise LettaWriteRefused(detail="callproc")

    def _execute_send(self, query: Any, **words: Any) -> None:
        if self.format is not Format.BINARY:
            super()._execute_send(query, **{**words, "force_extended": True})
            return
        # psycopg's own refuses binary results; libpq gives them for merged statements just as well.
        self._query = query
        self._pgconn.send_query_params(query.query, None, result_format=Format.BINARY)


class LettaServerCursor(psycopg.ServerCursor[Any]):
    """Refused: a cursor that stays open on the server holds a snapshot or a copy of its rows."""

    def execute(self, query: Query, params: Any = None, **words: Any) -> Self:
        raise LettaWriteRefused(detail="server-side cursor")


class LettaConnection(psycopg.Connection[Any]):
    """`last_used` is the monotonic time of its last exchange; `prepared` is what its session serves.

    `owner` is the process that opened it.
    """

    _pool = None  # psycopg's sign that an open one at the end of the process is no mistake
    owner: int = 0
    last_used: float = 0.0
    prepared: object = None

    @classmethod
    def open(cls, params: dict[str, Any], *, timeout_s: float) -> Self:
        """Connects in autocommit, which stays; raises psycopg's errors."""
        connection = cls.connect(
            **params,
            autocommit=True,
            prepare_threshold=None,
            context=_Context(),
            connect_timeout=max(2, round(timeout_s)),
            client_encoding="UTF8",
        )
        connection.cursor_factory = LettaCursor
        connection.server_cursor_factory = LettaServerCursor
        connection.owner = os.getpid()
        connection.last_used = time.monotonic()
        return connection

    def wait(self, gen: PQGen[Value], interval: float = 0.1, timeout: float | None = None) -> Value:
        """Waits no longer than the deadline allows; the connection is closed when it passes."""
        limit = deadline.remaining()
        if limit <= 0:
            gen.close()
            raise _given_up("the request's time was over before the question was sent")
        try:
            return super().wait(gen, interval, limit if timeout is None else min(limit, timeout))
        except _WaitTimeout as late:
            self.abandon()
            detail = f"gave up after {limit:.1f} s"
            if limit >= deadline.FROZEN_AFTER_SECONDS:
                raise LettaFrozen(detail=detail) from late
            raise _given_up(detail) from late
        finally:
            self.last_used = time.monotonic()

    def set_autocommit(self, value: bool) -> None:  # noqa: FBT001 (psycopg's signature)
        """Stays on: Django's atomic() has no effect here, and every snapshot ends with its statement."""

    def abandon(self) -> None:
        """Closes the socket at once, whoever uses it; the server notices by itself."""
        self._closed = True
        self.pgconn.finish()

    def is_idle(self) -> bool:
        """Whether it is open and outside any transaction."""
        return not self.closed and self.pgconn.transaction_status == TransactionStatus.IDLE

    def is_alive(self) -> bool:
        """Whether it can serve a question, judged by its socket without asking the server."""
        if not self.is_idle():
            return False
        poll = select.poll()
        poll.register(self.pgconn.socket, _NEWS)
        return not poll.poll(0)


def _given_up(detail: str) -> LettaTimeout:
    """A timeout of ours, which says nothing about the server's health."""
    error = LettaTimeout(detail=detail)
    error.answered = False
    return error


def _text(query: object, connection: psycopg.Connection[Any]) -> str:
    if isinstance(query, str):
        return query
    if isinstance(query, bytes):
        return query.decode()
    if isinstance(query, psycopg_sql.Composable):
        return query.as_string(connection)
    raise LettaWriteRefused(detail="a query that is not text")
