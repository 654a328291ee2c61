"""`manage.py serve`: the web server and the worker, started and stopped together."""

import signal
import socket
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from agents_app.accounts.demo import make_users
from dashboard import embedded


class Command(BaseCommand):
    help = "Serves the console (gunicorn) and runs its worker until Ctrl-C."
    requires_system_checks: list[str] = []  # starts quicker; `manage.py check` checks

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=16)
        parser.add_argument("--demo", action="store_true", help="Make and print the demo users.")
        parser.add_argument("--demo-aws-port", type=int, help="Serve the demo's AWS there.")

    def handle(self, *arguments: Any, **options: Any) -> None:
        refuse_taken_port(options["bind"], options["port"])
        connection.ensure_connection()
        if options["demo"]:
            self.stdout.write(demo_words(options["bind"], options["port"]))
        connection.close()
        processes = [subprocess.Popen(command) for command in commands(options)]  # noqa: S603
        try:
            wait(processes)
        finally:
            stop(processes)
            if settings.EMBEDDED_DATABASE:
                stop_unless_used(embedded.Server(embedded.default_folder()))


def refuse_taken_port(bind: str, port: int) -> None:
    """A clear error before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {bind} is taken ({error.strerror}). Choose another one, such as PORT={port + 1}."
            ) from error


def demo_words(bind: str, port: int) -> str:
    """Where to go and how to sign in."""
    lines = [f"  {name:<10} {password}" for name, password in make_users()]
    return "\n".join(
        [f"\nOpen http://{bind}:{port} and sign in as one of", *lines, "Ctrl-C stops everything.\n"]
    )


def stop_unless_used(server: embedded.Server) -> None:
    """Stops the embedded server, unless another program is connected to it."""
    if server.is_running() and not server.clients():
        server.stop()


def commands(options: dict[str, Any]) -> list[list[str]]:
    """The command lines of the web server, the worker and, for the demo, its AWS."""
    web = [sys.executable, "-m", "gunicorn", "dashboard.wsgi", "--worker-class", "gthread",
           "--bind", f"{options['bind']}:{options['port']}", "--workers", str(options["workers"]),
           "--threads", str(options["threads"]), "--graceful-timeout", "10", "--max-requests", "20000",
           "--max-requests-jitter", "2000", "--log-level", "warning", "--no-control-socket",
           "--logger-class", "dashboard.weblog.WebLog"]  # fmt: skip
    beside = [[sys.executable, "manage.py", "work"]]
    if options["demo_aws_port"]:
        beside.append(
            [sys.executable, "manage.py", "demo_aws", "--port", str(options["demo_aws_port"])]
        )
    return [web, *beside]


def wait(processes: list[subprocess.Popen[bytes]]) -> None:
    """Until one of the processes ends, or a signal asks to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # even where a shell had it ignored
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.3)
    except KeyboardInterrupt:
        return


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Asks every process to end, and ends it after 12 s."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(12)
        except subprocess.TimeoutExpired:
            process.kill()
