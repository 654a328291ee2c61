"""What every new connection goes through before its first question: limits, schema, rights.

The limits are set by a statement, not by startup `options`, which PgBouncer refuses; where the role
carries them already (provision_sql puts them there) nothing is set.
"""

from typing import Any, Protocol

import psycopg

from agents_app.letta.engine.connection import LettaConnection
from agents_app.letta.errors import LettaDenied, LettaDrift

APPLICATION_NAME = "letta-inspector"
STATEMENT_TIMEOUT_MS = 3000
LOCK_TIMEOUT_MS = 500
IDLE_IN_TRANSACTION_TIMEOUT_MS = 5000
CONNECTION_CHECK_INTERVAL_MS = 1000

# A limit of the role that is stricter than ours stays. pg_settings lists what this server knows,
# so client_connection_check_interval (PostgreSQL 14+) is left out where it does not exist.
_SETTINGS = """
SELECT set_config(s.name, w.value, false)
  FROM (VALUES ('default_transaction_read_only', 'on'),
               ('statement_timeout', %(statement)s),
               ('lock_timeout', %(lock)s),
               ('idle_in_transaction_session_timeout', %(idle)s),
               ('client_connection_check_interval', %(check)s),
               ('application_name', %(name)s),
               ('standard_conforming_strings', 'on'),
               ('DateStyle', 'ISO, MDY'), ('IntervalStyle', 'postgres'),
               ('TimeZone', 'UTC')) AS w (name, value)
  JOIN pg_catalog.pg_settings AS s ON s.name = w.name
 WHERE CASE WHEN s.unit = 'ms' THEN s.setting::bigint NOT BETWEEN 1 AND w.value::bigint
            ELSE s.setting IS DISTINCT FROM w.value END
"""
_LIMITS = {
    "statement": str(STATEMENT_TIMEOUT_MS),
    "lock": str(LOCK_TIMEOUT_MS),
    "idle": str(IDLE_IN_TRANSACTION_TIMEOUT_MS),
    "check": str(CONNECTION_CHECK_INTERVAL_MS),
    "name": APPLICATION_NAME,
}


class Catalogue(Protocol):
    """What the session needs to know of `agents_app.letta.catalogue.Catalogue`."""

    @property
    def search_path(self) -> tuple[str, ...]: ...


class Session(Protocol):
    """Prepares connections; a stand-in of tests may do less."""

    def prepare(self, connection: LettaConnection) -> None: ...

    def renew(self, connection: LettaConnection) -> None: ...

    def note(self, error: Exception) -> None: ...


class LettaSession:
    """The real one: catalogue and rights from the modules beside the engine."""

    def __init__(self, *, allow_powerful: bool = False) -> None:
        self.allow_powerful = allow_powerful

    def prepare(self, connection: LettaConnection) -> None:
        """Everything a new connection needs; raises what the catalogue and the rights raise."""
        set_limits(connection)
        self._serve(connection, is_new=True)

    def renew(self, connection: LettaConnection) -> None:
        """Once more for a kept connection when the catalogue was read again since."""
        if _modules()[0].known() is not connection.prepared:
            self._serve(connection, is_new=False)

    def note(self, error: Exception) -> None:
        """Lets the catalogue be read again (at most once a minute) when the schema surprised."""
        if isinstance(error, (LettaDenied, LettaDrift)):
            _modules()[0].forget(reason=error.detail.split(":")[0])

    def _serve(self, connection: LettaConnection, *, is_new: bool) -> None:
        catalogue, privileges = _modules()
        found = catalogue.known() or catalogue.remember(catalogue.load(connection))
        set_search_path(connection, found.search_path)
        privileges.check(connection, found, allow_powerful=self.allow_powerful, is_new=is_new)
        connection.prepared = found


def _modules() -> tuple[Any, Any]:
    """Imported late: both import Django's connections."""
    from agents_app.letta import catalogue, privileges

    return catalogue, privileges


def set_limits(connection: LettaConnection) -> None:
    """One round trip past the gate, which refuses set_config to everyone else."""
    try:
        _ungated(connection).execute(_SETTINGS, _LIMITS)
    except psycopg.errors.InvalidParameterValue:
        # Servers without POLLRDHUP (macOS) know client_connection_check_interval but refuse it.
        _ungated(connection).execute(_SETTINGS, _LIMITS | {"check": "0"})


def set_search_path(connection: LettaConnection, schemas: tuple[str, ...]) -> None:
    """One round trip; names are quoted here."""
    path = ", ".join('"' + name.replace('"', '""') + '"' for name in schemas)
    _ungated(connection).execute("SELECT set_config('search_path', %s, false)", [path])


def _ungated(connection: LettaConnection) -> psycopg.ClientCursor[Any]:
    return psycopg.ClientCursor(connection)
