"""Prints the script of a least-privilege role for the Letta database at hand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agents_app.letta.errors import LettaError, LettaNotConfigured, classify
from agents_app.letta.privileges.findings import CONNECTION_LIMIT
from agents_app.letta.provision import ROLE, UnfitRole, direct_connection, provision_script
from agents_app.letta.uri import BadUri, WeakTls, letta_database


class Command(BaseCommand):
    """Reads catalogues through LETTA_PG_URI, under whatever role it names; changes nothing itself."""

    help = (
        "Prints the SQL that makes a role which can read Letta's tables, without their secrets, and "
        'nothing else: python manage.py provision_sql | psql "$ADMIN_URI". Run it again after an '
        "upgrade of Letta."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", default=ROLE, help=f"name of the role ({ROLE})")
        sign_in = parser.add_mutually_exclusive_group()
        hashed = "a file whose first line is the password; only its hash is printed"
        sign_in.add_argument("--password-file", type=Path, metavar="FILE", help=hashed)
        sign_in.add_argument("--iam", action="store_true", help="sign in with AWS IAM tokens")
        limit = f"connections the role may hold at a time ({CONNECTION_LIMIT})"
        parser.add_argument(
            "--connection-limit", type=int, default=CONNECTION_LIMIT, metavar="N", help=limit
        )
        parser.add_argument("--schema", help="Letta's schema, when a database holds several")
        parser.add_argument("--read-uri", metavar="URI", help="read here and not at LETTA_PG_URI")

    def handle(self, *args: Any, **options: Any) -> None:
        entry = _entry(options["read_uri"])
        password = _password(options["password_file"])
        try:
            with direct_connection(entry) as conn:
                script = provision_script(
                    conn,
                    role=options["role"],
                    password=password,
                    iam=options["iam"],
                    connection_limit=options["connection_limit"],
                    schema=options["schema"],
                )
        except (psycopg.Error, LettaError) as error:
            found = classify(error)
            raise CommandError(f"{found} {found.detail}".strip()) from error
        except UnfitRole as error:
            raise CommandError(str(error)) from error
        self.stdout.write(script, ending="")


def _entry(uri: str | None) -> dict[str, Any]:
    if uri is None:
        entry: dict[str, Any] = settings.DATABASES["letta"]
    else:
        try:
            entry = letta_database(uri, allow_weak_tls=settings.INSPECTOR_LETTA_ALLOW_WEAK_TLS)
        except (BadUri, WeakTls) as error:
            raise CommandError(str(error).replace("LETTA_PG_URI", "--read-uri")) from error
    if not entry.get("INSPECTOR", {}).get("configured", True):
        raise CommandError(str(LettaNotConfigured()))
    return entry


def _password(path: Path | None) -> str | None:
    """The first line of the file; an empty one is refused."""
    if path is None:
        return None
    try:
        first = path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"The password file could not be read: {error.__class__.__name__}."
        ) from error
    if not first:
        raise CommandError("The password file's first line is empty.")
    return first
