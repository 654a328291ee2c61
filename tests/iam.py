"""A server that takes IAM tokens: real signatures whose clock a test moves, as PostgreSQL's password."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from agents_app.aws import client
from agents_app.aws.tokens import token
from tests.cluster import Cluster
from tests.lettadb import ROLE, LettaDatabase
from tests.tlsdoor import ADDRESS, TlsDoor


class TokenServer:
    """Only the token of this moment is the role's password; `turn()` makes it another one."""

    def __init__(self, database: LettaDatabase, door: TlsDoor) -> None:
        self.door, self._owner = door, psycopg.connect(database.owner, autocommit=True)
        self._moment = datetime(2026, 11, 20, 12, tzinfo=UTC)
        self._lock = threading.RLock()
        self.made = self.turns = 0

    def now(self, *_: Any) -> datetime:
        """What the signature takes for the time."""
        with self._lock:
            self.made += 1
            return self._moment

    def turn(self) -> None:
        """The old token has expired, the next one is good."""
        with self._lock:
            self._moment += timedelta(seconds=10)
            self.turns += 1
            password = token(ADDRESS, self.door.port, ROLE)
            self.made -= 1
            self._owner.execute(f"ALTER ROLE {ROLE} PASSWORD '{password}'")

    def turn_for(self, seconds: float, *, life_s: float) -> None:
        """Turns again and again, for a thread of its own."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(life_s)
            self.turn()

    def close(self) -> None:
        self._owner.execute(f"ALTER ROLE {ROLE} PASSWORD NULL")
        self._owner.close()


@contextmanager
def token_server(
    server: Cluster, database: LettaDatabase, door: TlsDoor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TokenServer]:
    """The console's role needs a password for a while."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client.forget()
    rules = server.folder / "pg_hba.conf"
    before = rules.read_text()
    made = TokenServer(database, door)
    monkeypatch.setattr("botocore.auth.get_current_datetime", made.now)
    try:
        made.turn()
        rules.write_text(f"local all {ROLE} scram-sha-256\n{before}")
        made._owner.execute("SELECT pg_reload_conf()")
        time.sleep(0.2)
        yield made
    finally:
        rules.write_text(before)
        made._owner.execute("SELECT pg_reload_conf()")
        made.close()
        client.forget()
