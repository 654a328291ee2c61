"""The engine of our own database: Django's PostgreSQL backend that starts the embedded server when it is down."""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import IsolationLevel

from dashboard import embedded
from dashboard.owndb.connection import OwnConnection, note_silence, refuse_while_silent

APP, OWNER = "inspector", "inspector_owner"


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects; with the embedded server a refused connection starts it and tries once more."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        refuse_while_silent()
        try:
            return self._connected(conn_params)
        except psycopg.errors.ConnectionTimeout:
            note_silence()
            raise  # it runs and says nothing: starting it again would wait for it, too
        except psycopg.OperationalError:
            if not settings.EMBEDDED_DATABASE:
                raise
        server = embedded.ensure()
        server.create_role(OWNER)
        server.create_role(APP)
        server.create_database("inspector", owner=OWNER)
        return self._connected(conn_params)

    def _connected(self, conn_params: dict[str, Any]) -> OwnConnection:
        """As Django connects, with waits that end."""
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return OwnConnection.connect(**conn_params)
