"""A connection to our own database whose waits end: a frozen server frees the request.

The server cancels a statement after 3 s (`OWN_OPTIONS`), so one that has not answered a little later
does not run at all: SIGSTOP, a host that vanished, a proxy that still acknowledges. TCP's keepalives
and PostgreSQL's own timeouts do nothing against that.
"""

import time
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

Value = TypeVar("Value")
WAIT_SECONDS = 3.2
PAUSE_SECONDS: Final = 1.0
"""How long everybody else is told at once, so that waiting requests do not take all threads."""
_silent_until = 0.0


def refuse_while_silent() -> None:
    """Raises OperationalError for a moment after the server gave no answer."""
    if time.monotonic() < _silent_until:
        raise psycopg.OperationalError("our own database gave no answer a moment ago")


def note_silence() -> None:
    """The server gave no answer."""
    global _silent_until
    _silent_until = time.monotonic() + PAUSE_SECONDS


def forget_silence() -> None:
    """It answered, or a test begins."""
    global _silent_until
    _silent_until = 0.0


class OwnConnection(psycopg.Connection[Any]):
    """Gives up a wait after 3.2 s and closes; psycopg's own waits last as long as the server likes."""

    def wait(self, gen: PQGen[Value], interval: float = 0.1, timeout: float | None = None) -> Value:
        try:
            limit = WAIT_SECONDS if timeout is None else min(timeout, WAIT_SECONDS)
            return super().wait(gen, interval, limit)
        except _WaitTimeout as late:
            self._closed = True
            self.pgconn.finish()
            note_silence()
            raise psycopg.OperationalError("our own database gives no answer") from late
