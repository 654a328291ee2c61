"""Django's engine for alias `letta`: PostgreSQL behind a pool that lets clusters sleep, and gated."""

import os
import threading
import time
from hashlib import sha256
from typing import Any, NoReturn

from django.db.backends.postgresql import base as postgresql
from django.utils.functional import cached_property

from agents_app.letta.engine.breaker import Breaker
from agents_app.letta.engine.connection import LettaConnection
from agents_app.letta.engine.creation import DatabaseCreation
from agents_app.letta.engine.cursors import (
    LettaCursorDebugWrapper,
    LettaCursorWrapper,
    LettaErrorWrapper,
)
from agents_app.letta.engine.features import DatabaseFeatures
from agents_app.letta.engine.opening import opened
from agents_app.letta.engine.operations import DatabaseOperations
from agents_app.letta.engine.pool import Pool, PoolLimits
from agents_app.letta.engine.session import APPLICATION_NAME, LettaSession
from agents_app.letta.errors import (
    LettaError,
    LettaNotConfigured,
    LettaWriteRefused,
)

_pools: dict[str, Pool] = {}
_pools_lock = threading.Lock()


def _permit() -> None:
    """Imported late: it reads our own database, which Django opens after its engines."""
    from agents_app.letta import asleep

    asleep.check()


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """One per thread, as everywhere in Django; the connections behind them are the pool's."""

    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    _serving: Pool | None = None

    # ---- the pool --------------------------------------------------------------------------------

    @property
    def pool(self) -> None:
        """psycopg_pool, which Django can use and this engine does not: see `engine.pool`."""
        return None

    @property
    def letta_pool(self) -> Pool:
        """The pool of this process for these settings."""
        words = repr((sorted(self._conninfo().items()), sorted(self._inspector.items())))
        key = sha256(words.encode()).hexdigest()  # they hold the password
        with _pools_lock:
            if key not in _pools:
                _pools[key] = self._new_pool()
            return _pools[key]

    @property
    def serving(self) -> Pool:
        """The pool that the connection in hand came from."""
        return self._serving or self.letta_pool

    @property
    def _inspector(self) -> dict[str, Any]:
        return dict(self.settings_dict.get("INSPECTOR", {}))

    def _new_pool(self) -> Pool:
        known = self._inspector
        params = self._conninfo()
        return Pool(
            lambda timeout_s: opened(
                params,
                lambda words: LettaConnection.open(words, timeout_s=timeout_s),
                iam_auth=known.get("iam_auth", False),
            ),
            LettaSession(allow_powerful=known.get("allow_powerful", False)),
            limits=known.get("pool")
            or PoolLimits(
                connections=known.get("max_connections", 8), waiting=known.get("max_waiting", 64)
            ),
            breaker=Breaker(pause_s=known.get("breaker_pause_s", 5.0)),
            permit=_permit,
        )

    def _conninfo(self) -> dict[str, Any]:
        names = {
            "NAME": "dbname",
            "USER": "user",
            "PASSWORD": "password",
            "HOST": "host",
            "PORT": "port",
        }
        settings = self.settings_dict
        given = {word: settings[name] for name, word in names.items() if settings.get(name)}
        return {**settings["OPTIONS"], **given, "application_name": APPLICATION_NAME}

    # ---- Django's hooks --------------------------------------------------------------------------

    @cached_property
    def wrap_database_errors(self) -> LettaErrorWrapper:
        return LettaErrorWrapper(self)

    def get_connection_params(self) -> dict[str, Any]:
        """Nothing: the pool knows them, and they hold the password."""
        if not self._inspector.get("configured", True):
            raise LettaNotConfigured
        return {}

    def connect(self) -> None:
        """Django's state for a new connection, without its signal and without any round trip.

        The receivers of `connection_created` (django.contrib.postgres) would look for hstore and
        citext in Letta's database, which has neither.
        """
        self.in_atomic_block = self.needs_rollback = self.closed_in_transaction = False
        self.savepoint_ids, self.atomic_blocks, self.run_on_commit = [], [], []
        self.health_check_enabled, self.health_check_done = False, True
        self.errors_occurred = False
        self.close_at = time.monotonic() + (self.settings_dict["CONN_MAX_AGE"] or 0)
        self.connection = self.get_new_connection(self.get_connection_params())
        self.autocommit = True

    def get_new_connection(self, conn_params: dict[str, Any]) -> LettaConnection:
        self._serving = self.letta_pool
        return self._serving.acquire()

    def ensure_timezone(self) -> bool:
        """Every session is in UTC."""
        return False

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor()

    def chunked_cursor(self) -> Any:
        """An ordinary cursor: one that stays open on the server would outlive its statement."""
        return self.cursor()

    def make_cursor(self, cursor: Any) -> LettaCursorWrapper:
        return LettaCursorWrapper(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> LettaCursorDebugWrapper:
        return LettaCursorDebugWrapper(cursor, self)

    def ensure_connection(self) -> None:
        """Also when the one in hand was closed under it, or belongs to the parent of a fork."""
        connection = self.connection
        if connection is not None and (connection.closed or connection.owner != os.getpid()):
            self.connection = None
            self.serving.release(connection)
        if self.connection is None:
            self.connect()

    def _close(self) -> None:
        if self.connection is not None:
            self.serving.release(self.connection)

    def is_usable(self) -> bool:
        return self.connection is not None and self.connection.is_alive()

    def get_autocommit(self) -> bool:
        """Always on. Django's own connects to find out, even at the end of a request whose connection broke."""
        return True

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 (Django's signature)
        """Always on: atomic() opens nothing here, so no snapshot outlives its statement."""

    def schema_editor(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LettaWriteRefused(detail="schema editor")

    # ---- what the cursors call -------------------------------------------------------------------

    def fresh_cursor(self) -> Any:
        """A cursor of another connection; the old one goes if it is broken."""
        connection, self.connection = self.connection, None
        if connection is not None:
            self.serving.release(connection)
        self.connect()
        return self.create_cursor()

    def note(self, error: LettaError) -> None:
        """What a question that was sent has met."""
        self.serving.note(error)
