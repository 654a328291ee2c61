"""What `manage.py doctor` says about the console itself: settings, own database, files."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import InterfaceError

from agents_app.letta.diagnosis import Line, Section
from dashboard.embedded import EmbeddedError, Server
from dashboard.owndb.owner import has_two_roles

_SECRET_KEY_CHARACTERS = 32


def own_sections() -> Iterator[Section]:
    """Looks at the embedded server before the first query starts it."""
    yield Section("Settings", tuple(_settings()))
    if settings.EMBEDDED_DATABASE:
        yield Section("Embedded PostgreSQL", (_embedded(),))
    yield Section("Own database", tuple(_own_database()))
    yield Section("Static files", (_static_files(),))


def _settings() -> Iterator[Line]:
    if settings.DEBUG:
        yield Line(
            "warn", "Debug mode shows settings and source to anybody.", "Unset DEBUG in production."
        )
    else:
        yield Line("ok", "Production mode.")
    if len(settings.SECRET_KEY) >= _SECRET_KEY_CHARACTERS:
        yield Line("ok", "The secret key is long enough.")
    else:
        todo = "Set INSPECTOR_SECRET_KEY to 50 random characters, the same on every machine."
        yield Line("warn", f"The secret key has under {_SECRET_KEY_CHARACTERS} characters.", todo)
    if not settings.INSPECTOR_HTTPS:
        todo = "Set INSPECTOR_HTTPS=true behind a proxy that speaks HTTPS."
        yield Line("warn", "Browsers are served without HTTPS: right on this machine only.", todo)
    if os.access(settings.VAR, os.W_OK):
        yield Line("ok", f"{settings.VAR} can be written.")
    else:
        yield Line(
            "fail", f"{settings.VAR} cannot be written.", "Change its owner, or set INSPECTOR_VAR."
        )


def _embedded() -> Line:
    folder = settings.EMBEDDED_FOLDER
    if Server(folder).is_running():
        return Line("ok", f"It runs, with its data in {folder}.")
    if (Path(folder) / "PG_VERSION").exists():
        return Line("ok", f"It is down and starts with the first page; its data is in {folder}.")
    return Line("ok", "It has no data yet and is made with the first page.")


def _own_database() -> Iterator[Line]:
    connection = connections["default"]
    try:
        connection.ensure_connection()
        pending = _pending_migrations()
        tables = connection.introspection.table_names()
        people = not pending and get_user_model().objects.exists()
    except (DatabaseError, InterfaceError, EmbeddedError, ImproperlyConfigured) as error:
        todo = "Check INSPECTOR_DATABASE_URL, or unset it to use the embedded server."
        yield Line("fail", f"Our own database is not reachable ({type(error).__name__}).", todo)
        return
    yield Line("ok", f"Our own database answers ({connection.settings_dict['NAME']}).")
    if pending:
        yield Line("fail", f"{pending} migrations are not applied.", "python manage.py prepare")
    else:
        yield Line("ok", "All migrations are applied.")
        yield _trail()
    cache = settings.CACHES["default"]["LOCATION"]
    if cache not in tables:
        yield Line(
            "fail",
            f"The table {cache} (sign-in limits) is missing.",
            "python manage.py createcachetable",
        )
    if not people and not pending:
        yield Line("warn", "Nobody can sign in yet.", "python manage.py createsuperuser")


def _trail() -> Line:
    if has_two_roles():
        return Line("ok", "The console's role can only add to the trail.")
    todo = (
        "Let another role own the tables: name it in INSPECTOR_DATABASE_OWNER_URL, then `manage.py prepare`"
        " (README, The trail)."
    )
    return Line("warn", "The console's role could change rows of the trail.", todo)


def _pending_migrations() -> int:
    executor = MigrationExecutor(connections["default"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _static_files() -> Line:
    if settings.DEBUG:
        return Line("ok", "Served from their sources in debug mode.")
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return Line("ok", f"Collected in {settings.STATIC_ROOT}.")
    return Line(
        "fail",
        "They are not collected: pages would have no style.",
        "python manage.py collectstatic --noinput",
    )
