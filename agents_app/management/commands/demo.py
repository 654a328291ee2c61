"""`manage.py demo`: everything `make demo` does after installing: our database, the demo world, the server."""

import os
import socket
import sys
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from agents_app.accounts.demo import assign_tenants, make_users
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
            make_users()
            assign_tenants(tenants(server.dsn(DATABASE)))
        except KeyboardInterrupt:
            stop_unless_used(server)
            sys.exit(130)
        serve(server.uri(DATABASE, ROLE), bind=options["bind"], port=options["port"])


def tenants(dsn: str) -> list[str]:
    """Ids of the demo's organizations by name, without the server's default one."""
    sql = "SELECT id FROM letta.organizations WHERE name <> 'default_org' ORDER BY name, id"
    with psycopg.connect(dsn) as connection:
        return [organization_id for (organization_id,) in connection.execute(sql).fetchall()]


def serve(uri: str, *, bind: str, port: int) -> None:
    """Becomes `manage.py serve` with the demo's settings; Ctrl-C is then its to handle."""
    aws_port = free_port()
    settings = [
        f"LETTA_PG_URI={uri}",
        "INSPECTOR_HTTPS=false",
        "INSPECTOR_REQUIRE_SECOND_FACTOR=false",
        *aws_settings(aws_port),
    ]
    command = [sys.executable, "manage.py", "serve", "--demo", "--bind", bind, "--port", str(port),
               "--demo-aws-port", str(aws_port)]  # fmt: skip
    os.execvp("env", ["env", *UNSET, *settings, *command])  # noqa: S606, S607


# Nothing of a real account may reach the emulator, nor a request of the demo a real account.
UNSET = [word for name in (
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_CA_BUNDLE",
    "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ENDPOINT_URL_RDS", "AWS_ENDPOINT_URL_CLOUDWATCH",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "LETTA_PG_READ_URI", "INSPECTOR_LETTA_IAM_AUTH",
) for word in ("-u", name)]  # fmt: skip


def aws_settings(port: int) -> list[str]:
    """Where the demo's cluster is; the credentials are words that the emulator does not look at."""
    return [
        f"AWS_ENDPOINT_URL=http://127.0.0.1:{port}", "AWS_REGION=eu-central-1",
        "AWS_ACCESS_KEY_ID=demo", "AWS_SECRET_ACCESS_KEY=demo", "AWS_EC2_METADATA_DISABLED=true",
        "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
        "INSPECTOR_CLUSTER_ID=letta-demo", "NO_PROXY=127.0.0.1,localhost",
        "no_proxy=127.0.0.1,localhost",
    ]  # fmt: skip


def free_port() -> int:
    """One on loopback that nobody listens to now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
