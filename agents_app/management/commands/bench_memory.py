"""Scores rebuilt histories against databases whose history was recorded: `make bench-memory TRUTH=<folder>`.

The folder holds pairs: truth_<name>.json and letta_<name>.dump. Each dump is restored into a server
of its own below var/ and read through the least-privilege role, as the console reads Letta.
"""

import json
import shutil
import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from agents_app.letta import access
from agents_app.letta.provision import ROLE, provision_script
from agents_app.letta.uri import letta_database
from agents_app.revisions.history import history, vanished
from agents_app.revisions.revision import Revision
from agents_app.revisions.scoring import Score, score
from dashboard.embedded import Server, binaries

SEARCH_SECONDS = 30.0


class Command(BaseCommand):
    """Exit code 1 when a target of the benchmark is missed."""

    help = "Scores rebuilt block histories against recorded ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder with truth_*.json and letta_*.dump")
        parser.add_argument("--misses", action="store_true", help="list what was missed, by ids")

    def handle(self, *args: Any, **options: Any) -> None:
        truths = sorted(options["folder"].glob("truth_*.json"))
        if not truths:
            raise CommandError(f"No truth_*.json in {options['folder']}.")
        with _server() as server:
            missed = [self._bench(server, path, misses=options["misses"]) for path in truths]
        if any(missed):
            raise CommandError("A target was missed: 99 % recovered, 0 invented, 99 % of causes.")

    def _bench(self, server: Server, path: Path, *, misses: bool) -> bool:
        truth = json.loads(path.read_text())
        name = path.stem.removeprefix("truth_")
        uri = _restored(server, path.with_name(f"letta_{name}.dump"))
        begun = time.monotonic()
        with _letta(uri):
            result = _scored(truth)
        self.stdout.write(f"{name:12} {result.line()}; {time.monotonic() - begun:.1f} s")
        for block, index, what in result.misses if misses else ():
            self.stdout.write(f"    {block} revision {index}: {what}")
        return not result.meets_targets()


def _scored(truth: dict[str, Any]) -> Score:
    result = Score()
    for block_id, block in truth["blocks"].items():
        found = _deleted(block) if block["deleted"] else _existing(block_id)
        result.add(score(block_id, block["revisions"], found))
    return result


def _existing(block_id: str) -> tuple[Revision, ...]:
    found = history(block_id, search_seconds=SEARCH_SECONDS)
    return found.revisions if found else ()


def _deleted(block: dict[str, Any]) -> tuple[Revision, ...]:
    """No row names a deleted block any more, so an agent that held it is asked for its label."""
    agents = [owner for owner in block["owners"] if owner.startswith("agent-")]
    found = vanished(agents[0], block["label"]) if agents else None
    return found.revisions if found else ()


@contextmanager
def _server() -> Iterator[Server]:
    folder = Path(settings.EMBEDDED_FOLDER).with_name("bench-memory")
    server = Server(folder)
    server.ensure()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _restored(server: Server, dump: Path) -> str:
    """The URI of the console's role in a fresh copy of the dump."""
    name = dump.stem.replace(".", "_")
    server.create_database(name)
    program = [
        str(binaries() / "pg_restore"),
        "--no-owner",
        "--exit-on-error",
        "-d",
        server.dsn(name),
        str(dump),
    ]
    done = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603 (our own program)
    if done.returncode:
        raise CommandError(f"{dump.name} could not be restored: {done.stderr[-500:]}")
    with psycopg.connect(server.dsn(name), autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute(provision_script(connection, role=ROLE).encode())
    return server.uri(name, ROLE)


@contextmanager
def _letta(uri: str) -> Iterator[None]:
    """Lets alias `letta` lead to another database for a while."""
    entry = connections.settings["letta"]
    before = dict(entry)
    access.close_idle()
    entry.update(letta_database(uri, allow_weak_tls=False))
    try:
        yield
    finally:
        access.close_idle()
        entry.clear()
        entry.update(before)
