"""The owner of our own database: it migrates, and grants the console's role what it needs and no more."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from dashboard import embedded
from dashboard.owndb.base import APP, OWNER

# The console adds rows to the trail and changes none; the head is the sealing trigger's alone. What was
# opened or revealed for a reason keeps who, when and why; a verdict about it is never changed.
_GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE ON agents_app_accessevent FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON agents_app_trailhead, agents_app_trailsegment FROM {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE ON agents_app_opening, agents_app_reveal, agents_app_review FROM {role}",
    "GRANT UPDATE (seen_at, closed_at) ON agents_app_opening TO {role}",
    "GRANT UPDATE (closed_at) ON agents_app_reveal TO {role}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {role}",
)


@contextmanager
def as_owner() -> Iterator[str]:
    """Alias `default` connects as the owner for a while, in this thread; gives the console's role.

    Nothing changes where alias `default` leads to another database than the settings' (a test's).
    """
    entry, owner = connections["default"].settings_dict, settings.OWN_DATABASE_OWNER
    before = dict(entry)
    if before["NAME"] != owner["NAME"]:
        yield str(before.get("USER", ""))
        return
    if settings.EMBEDDED_DATABASE:
        _give_to_owner()
    connection.close()
    entry.update(owner)
    try:
        yield str(before.get("USER", ""))
    finally:
        connection.close()
        entry.clear()
        entry.update(before)


def grant(role: str) -> None:
    """Gives the console's role its rights on all tables; called as the owner, after migrating."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        owner, schema = cursor.fetchone()
        if not role or role == owner or "agents_app_review" not in _tables():
            return
        for statement in _GRANTS:
            names = {"schema": sql.Identifier(schema), "role": sql.Identifier(role)}
            cursor.execute(sql.SQL(statement).format(**names))


def _tables() -> list[str]:
    return connection.introspection.table_names()


def has_two_roles() -> bool:
    """Whether the role in use may not change rows of the trail that are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('agents_app_accessevent', 'UPDATE')"
            " OR has_table_privilege('agents_app_accessevent', 'DELETE')"
            " OR has_table_privilege('agents_app_accessevent', 'TRUNCATE')"
        )
        return not cursor.fetchone()[0]


def _give_to_owner() -> None:
    """The embedded database becomes the owner's, also one that an earlier version made as the console."""
    server = embedded.ensure()
    server.create_role(OWNER)
    server.create_role(APP)
    server.create_database("inspector", owner=OWNER)
    with psycopg.connect(server.dsn("inspector"), autocommit=True) as database:
        database.execute(f"ALTER DATABASE inspector OWNER TO {OWNER}")
        database.execute(f"REASSIGN OWNED BY {APP} TO {OWNER}")
