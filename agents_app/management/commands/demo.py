"""`manage.py demo`: everything `make demo` does after installing: our database, the demo world, the server."""

import os
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from agents_app.management.commands.demo_letta import DATABASE, ROLE
from agents_app.management.commands.serve import refuse_taken_port, stop_unless_used
from dashboard import embedded


class Command(BaseCommand):
    help = "Makes the demo world where it is missing and serves it until Ctrl-C."
    requires_system_checks: list[str] = []  # starts quicker; `manage.py check` checks

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *arguments: Any, **options: Any) -> None:
        refuse_taken_port(options["bind"], options["port"])
        server = embedded.Server(embedded.default_folder())
        try:
            call_command("prepare")
            call_command("demo_letta")
        except KeyboardInterrupt:
            stop_unless_used(server)
            sys.exit(130)
        serve(server.uri(DATABASE, ROLE), bind=options["bind"], port=options["port"])


def serve(uri: str, *, bind: str, port: int) -> None:
    """Becomes `manage.py serve` with the demo's settings; Ctrl-C is then its to handle."""
    settings = [
        f"LETTA_PG_URI={uri}",
        "INSPECTOR_HTTPS=false",
        "INSPECTOR_REQUIRE_SECOND_FACTOR=false",
    ]
    command = [sys.executable, "manage.py", "serve", "--demo", "--bind", bind, "--port", str(port)]
    os.execvp("env", ["env", *settings, *command])  # noqa: S606, S607
