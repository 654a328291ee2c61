"""Connections to Letta's database, few, short-lived and opened only because a person asked.

Why not psycopg_pool: it retries a failed connection by itself for minutes (which wakes a paused
cluster unasked), hides why connecting failed, and closes one idle connection per interval, so the
last of several would keep a cluster awake for minutes. Here a connection is closed within `idle_s`
of its last question, an attempt is made once per wish, and its failure reaches those who wait.
"""

import atexit
import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from agents_app.letta.engine import deadline
from agents_app.letta.engine.breaker import Breaker
from agents_app.letta.engine.connection import LettaConnection
from agents_app.letta.engine.session import Session
from agents_app.letta.errors import (
    LettaBusy,
    LettaError,
    LettaFrozen,
    LettaLost,
    LettaTimeout,
    LettaWaking,
    classify,
)

logger = logging.getLogger(__name__)

_MOST_FINISHED = 200  # attempts that nobody has noted down yet
_SOFT_CAP_SECONDS = 30.0  # how long a server's "too many connections" lowers our own cap


@dataclass(frozen=True, kw_only=True)
class PoolLimits:
    """Seconds and counts; the defaults are those of production.

    `waiting` threads may queue for a connection, so that others stay free for pages without Letta.
    """

    connections: int = 8
    waiting: int = 64
    idle_s: float = 15.0
    sweep_s: float = 5.0
    wait_s: float = 3.0
    connect_s: float = 60.0


@dataclass(eq=False)
class _Attempt:
    """One connection being opened by a thread of its own."""

    began: float  # monotonic
    began_at: float  # epoch, for people


@dataclass(frozen=True, slots=True)
class Connect:
    """One attempt that is over; `at` is epoch seconds."""

    at: float
    seconds: float
    succeeded: bool


class _NothingOpen(Exception):
    """The last connection was closed while a thread came to use it: permission must be asked for."""


class Pool:
    """All connections of one process to one database; every method may be called by any thread."""

    def __init__(
        self,
        connect: Callable[[float], LettaConnection],
        session: Session,
        *,
        limits: PoolLimits | None = None,
        breaker: Breaker | None = None,
        permit: Callable[[], None] = lambda: None,
    ) -> None:
        """`connect(timeout_s)` opens one connection or raises psycopg's errors.

        `permit()` is asked before anything is opened while nothing is: an open connection keeps a
        cluster awake by itself. It raises the LettaError that says why not.
        """
        self.limits = limits or PoolLimits()
        self.breaker = breaker or Breaker()
        self.session = session
        self.connects_total = 0
        self.finished: deque[Connect] = deque(maxlen=_MOST_FINISHED)
        self._connect = connect
        self._permit = permit
        self._forget_all()
        _pools.add(self)

    def _forget_all(self) -> None:
        """A fresh start; in a forked child the parent's connections stay the parent's."""
        # Kept from the collector, which would say goodbye on the parent's sockets.
        self._inherited = getattr(self, "_open", set()) | getattr(self, "_inherited", set())
        self._changed = threading.Condition()
        self._waiting = 0
        self._open: set[LettaConnection] = set()
        self._idle: list[LettaConnection] = []
        self._attempts: list[_Attempt] = []
        self._failure: tuple[int, LettaError | None] = (0, None)
        self._soft_cap: tuple[int, float] = (self.limits.connections, 0.0)
        self._reaper: threading.Thread | None = None

    # ---- what the engine calls -------------------------------------------------------------------

    def acquire(self) -> LettaConnection:
        """A connection ready for questions, or the reason why there is none, within `wait_s`."""
        while True:
            permitted = self._permitted()
            gives_up = time.monotonic() + deadline.remaining(self.limits.wait_s)
            try:
                return self._renewed(self._queued(gives_up, permitted=permitted))
            except _NothingOpen:
                continue

    def _permitted(self) -> bool:
        """Whether a first connection may be opened; asked outside the lock, as it may ask AWS."""
        if self._open:
            return False
        self._permit()
        return True

    def _queued(self, gives_up: float, *, permitted: bool) -> LettaConnection:
        with self._changed:
            if self._waiting >= self.limits.waiting:
                raise LettaBusy(detail="too many requests wait for a connection already")
            self._waiting += 1
            try:
                return self._awaited(gives_up, permitted=permitted)
            finally:
                self._waiting -= 1

    def _awaited(self, gives_up: float, *, permitted: bool) -> LettaConnection:
        failures = self._failure[0]
        self.breaker.admit()
        while (connection := self._take_idle()) is None:
            self.breaker.admit()
            self._raise_if_hopeless(failures)
            left = gives_up - time.monotonic()
            if left <= 0:
                raise self._why_none()
            if self._may_attempt():
                if not (self._open or permitted):
                    raise _NothingOpen
                self._start_attempt()
            self._changed.wait(left)
        return connection

    def release(self, connection: LettaConnection) -> None:
        """Takes a connection back; one that is broken or in a transaction is closed instead."""
        with self._changed:
            if connection in self._open:
                if connection.is_idle() and connection not in self._idle:
                    self._idle.append(connection)
                elif not connection.is_idle():
                    self._drop(connection)
            self._changed.notify()

    def discard(self, connection: LettaConnection) -> None:
        """Closes a connection that is not to be used again."""
        with self._changed:
            self._drop(connection)
            self._changed.notify()

    def note(self, error: LettaError) -> None:
        """Tells breaker and catalogue what a question that was sent has met."""
        if isinstance(error, LettaFrozen):
            self.close_idle()
        if isinstance(error, LettaFrozen | LettaLost):
            self.breaker.fail(error)
            with self._changed:
                self._changed.notify_all()  # those who wait need not wait to be told
        elif error.answered:
            self.breaker.succeed()
        self.session.note(error)

    def close_idle(self) -> None:
        """Closes every connection that nobody is using."""
        with self._changed:
            while self._idle:
                self._drop(self._idle[-1])

    # ---- what the status shows -------------------------------------------------------------------

    @property
    def open_connections(self) -> int:
        return len(self._open)

    def failure(self) -> LettaError | None:
        """Why the last attempt to connect failed; None when it did not."""
        return self._failure[1]

    def waking_since(self) -> float | None:
        """Epoch time at which an attempt began that takes longer than a request may wait."""
        with self._changed:
            attempt = self._slow_attempt()
            return attempt.began_at if attempt else None

    def last_used(self) -> float | None:
        """Monotonic time of the last exchange on an open connection."""
        with self._changed:
            return max((connection.last_used for connection in self._open), default=None)

    # ---- choosing, with the lock held ------------------------------------------------------------

    def _take_idle(self) -> LettaConnection | None:
        """The one used last that is still alive."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_alive():
                connection.last_used = time.monotonic()  # the reaper looks away
                return connection
            self._drop(connection)
        return None

    def _raise_if_hopeless(self, failures: int) -> None:
        number, error = self._failure
        if number != failures and error is not None:
            raise error.copy()
        if not self._open and (slow := self._slow_attempt()) is not None:
            raise self._waking(slow)

    def _slow_attempt(self) -> _Attempt | None:
        now = time.monotonic()
        late = (a for a in self._attempts if now - a.began >= self.limits.wait_s)
        return next(late, None)

    def _may_attempt(self) -> bool:
        """While nothing is open one attempt serves all who wait: it may be waking a cluster."""
        if not self._open:
            return not self._attempts
        if len(self._attempts) >= self._waiting or self._slow_attempt() is not None:
            return False
        return len(self._open) + len(self._attempts) < self._cap()

    def _cap(self) -> int:
        cap, until = self._soft_cap
        return cap if time.monotonic() < until else self.limits.connections

    def _why_none(self) -> LettaError:
        if self._attempts and not self._open:
            return self._waking(self._attempts[0])
        if deadline.remaining() <= 0:
            return LettaTimeout(detail="the request's time was over before a connection was free")
        return LettaBusy(detail="own connection cap reached")

    def _waking(self, attempt: _Attempt) -> LettaError:
        """A slow connection, which after a frozen question is no sign of waking up."""
        frozen = self.breaker.cause
        if isinstance(frozen, LettaFrozen):
            return frozen.copy()
        return LettaWaking(since=attempt.began_at)

    def _drop(self, connection: LettaConnection) -> None:
        self._open.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        connection.close()

    # ---- connecting, in a thread for each attempt ------------------------------------------------

    def _start_attempt(self) -> None:
        attempt = _Attempt(time.monotonic(), time.time())
        self._attempts.append(attempt)
        self.connects_total += 1
        threading.Thread(
            target=self._attempt, args=(attempt,), name="letta-connect", daemon=True
        ).start()

    def _attempt(self, attempt: _Attempt) -> None:
        try:
            connection = self._ready_connection()
        except Exception as exc:  # the end of this thread: those who wait are given the error
            if not isinstance(exc, LettaError | psycopg.Error):
                logger.exception("letta connection could not be prepared")
            self._failed(attempt, classify(exc, connecting=True))
        else:
            self._succeeded(attempt, connection)

    def _ready_connection(self) -> LettaConnection:
        frozen = isinstance(self.breaker.cause, LettaFrozen)
        connection = self._connect(
            min(10.0, self.limits.connect_s) if frozen else self.limits.connect_s
        )
        try:
            self.session.prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _succeeded(self, attempt: _Attempt, connection: LettaConnection) -> None:
        self.breaker.succeed()
        with self._changed:
            self._settle(attempt, succeeded=True)
            self._failure = self._failure[0], None
            connection.last_used = time.monotonic()
            self._open.add(connection)
            self._idle.append(connection)
            self._start_reaper()
            self._changed.notify_all()

    def _failed(self, attempt: _Attempt, error: LettaError) -> None:
        with self._changed:
            self._settle(attempt, succeeded=False)
            if isinstance(error, LettaBusy) and self._open:
                # The server's limit is lower than ours: be content with what is open.
                self._soft_cap = len(self._open), time.monotonic() + _SOFT_CAP_SECONDS
                return
            self._failure = self._failure[0] + 1, error
            self._changed.notify_all()
        self._report(error)

    def _report(self, error: LettaError) -> None:
        if error.answered:
            self.breaker.succeed()
        else:
            self.breaker.fail(error)

    def _settle(self, attempt: _Attempt, *, succeeded: bool) -> None:
        seconds = time.monotonic() - attempt.began
        self.finished.append(Connect(attempt.began_at, seconds, succeeded))
        if attempt in self._attempts:
            self._attempts.remove(attempt)

    def _renewed(self, connection: LettaConnection) -> LettaConnection:
        try:
            self.session.renew(connection)
        except Exception as exc:  # whatever it was, the connection is not fit for use
            self.discard(connection)
            error = classify(exc)
            self._report(error)
            raise error from exc
        return connection

    # ---- the reaper ------------------------------------------------------------------------------

    def _start_reaper(self) -> None:
        if self._reaper is None or not self._reaper.is_alive():
            self._reaper = threading.Thread(target=self._reap, name="letta-reaper", daemon=True)
            self._reaper.start()

    def _reap(self) -> None:
        """Runs while anything is open."""
        while True:
            time.sleep(self.limits.sweep_s)
            with self._changed:
                self._close_unused()
                if not self._open:
                    self._reaper = None
                    return

    def _close_unused(self) -> None:
        """Also those that a thread holds without asking anything, such as a stalled export's."""
        latest = time.monotonic() - self.limits.idle_s
        for connection in [c for c in self._open if c.last_used <= latest]:
            if connection.lock.acquire(blocking=False):  # held while a question is under way
                try:
                    self._drop(connection)
                finally:
                    connection.lock.release()


_pools: "weakref.WeakSet[Pool]" = weakref.WeakSet()


def _after_fork() -> None:
    for pool in _pools:
        pool._forget_all()


def _at_exit() -> None:
    for pool in _pools:
        pool.close_idle()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
