"""An empty Letta database on the server that tests may break, and an alias that leads there."""

import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from agents_app.letta import access, catalogue
from agents_app.letta.engine import base
from agents_app.letta.engine.pool import PoolLimits
from tests.cluster import Cluster
from tests.lettadb import ROLE, LettaDatabase, new_database, pointed_at

QUICK = PoolLimits(idle_s=0.4, sweep_s=0.1)
Points = Callable[..., AbstractContextManager[None]]


@pytest.fixture(scope="session")
def database(victim: Cluster) -> LettaDatabase:
    """An empty, provisioned Letta database."""
    made = new_database(victim, "0.16.8")
    made.provision()
    return made


@pytest.fixture
def pointed(database: LettaDatabase) -> Iterator[Points]:
    """`with pointed(uri=…, pool=PoolLimits(…))`: alias `letta` leads there, with a pool of its own."""

    @contextmanager
    def point(uri: str = "", **changes: Any) -> Iterator[None]:
        with pointed_at(uri or database.uri(), changes):
            try:
                yield
            finally:
                access.close_idle()

    base._pools.clear()
    catalogue._kept.clear()
    catalogue._forgotten = -catalogue._REREAD_SECONDS
    yield point
    base._pools.clear()


@pytest.fixture
def alias(pointed: Points) -> Iterator[None]:
    """Alias `letta` leads to `database` through the provisioned role, with a short-lived pool."""
    with pointed(pool=QUICK, breaker_pause_s=0.5):
        yield


@pytest.fixture
def backends(database: LettaDatabase) -> Callable[[], int]:
    """How many connections of the console's role the server has."""

    def count() -> int:
        return int(
            database.rows("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [ROLE])[0][0]
        )

    return count


@pytest.fixture
def kill(database: LettaDatabase) -> Callable[[], None]:
    """Ends every connection of the console's role."""

    def end() -> None:
        database.rows(
            "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = %s",
            [ROLE],
        )

    return end


class SlowDoor:
    """A socket in front of the server whose guests wait until it is opened."""

    def __init__(self, server: Cluster) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="door-"))
        self.opened = threading.Event()
        self._target = str(server.socket_folder / ".s.PGSQL.5432")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self._listener.listen(32)
        threading.Thread(target=self._serve, daemon=True).start()

    def uri(self, database: LettaDatabase) -> str:
        return f"postgresql://{ROLE}@/{database.name}?host={self.folder}"

    def open(self) -> None:
        self.opened.set()

    def close(self) -> None:
        self.opened.set()
        self._listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(guest,), daemon=True).start()

    def _join(self, guest: socket.socket) -> None:
        self.opened.wait()
        host = socket.socket(socket.AF_UNIX)
        host.connect(self._target)
        for source, target in ((guest, host), (host, guest)):
            threading.Thread(target=_pour, args=(source, target), daemon=True).start()


def _pour(source: socket.socket, target: socket.socket) -> None:
    try:
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()


def owner_of(database: LettaDatabase) -> psycopg.Connection[Any]:
    """A superuser's connection, outside the console."""
    return psycopg.connect(database.owner, autocommit=True)
