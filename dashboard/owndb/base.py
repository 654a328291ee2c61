"""The engine of our own database: Django's PostgreSQL backend that starts the embedded server when it is down."""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from dashboard import embedded

APP, OWNER = "inspector", "inspector_owner"


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects; with the embedded server a refused connection starts it and tries once more."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            if not settings.EMBEDDED_DATABASE:
                raise
        server = embedded.ensure()
        server.create_role(OWNER)
        server.create_role(APP)
        server.create_database("inspector", owner=OWNER)
        return super().get_new_connection(conn_params)
