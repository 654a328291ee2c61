"""The embedded server recovers by itself from whatever happened to its processes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dashboard.embedded import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="inspector-embedded-") as folder:
        made = Server(Path(folder) / "postgres")
        made.ensure()
        yield made
        made.stop()


def answers(server: Server) -> bool:
    with psycopg.connect(server.dsn()) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_it_runs_version_16_with_pgvector(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")
        version = connection.info.server_version
    assert version // 10000 == 16


def test_a_second_start_finds_the_first(server: Server) -> None:
    before = server.pids()[0]
    Server(server.folder).ensure()
    assert server.pids()[0] == before


def test_a_killed_postmaster_is_replaced(server: Server) -> None:
    os.kill(server.pids()[0], signal.SIGKILL)
    server.ensure()
    assert answers(server)


def test_a_stale_pid_file_of_another_living_process_does_no_harm(server: Server) -> None:
    server.stop()
    (server.folder / "postmaster.pid").write_text(
        f"{os.getpid()}\n{server.folder}\n0\n5432\n\n\n\nready\n"
    )
    server.ensure()
    assert answers(server)


def test_an_interrupted_initdb_is_begun_again() -> None:
    with tempfile.TemporaryDirectory(prefix="inspector-embedded-") as folder:
        half = Path(folder) / "postgres"
        (half / "base").mkdir(parents=True)
        server = Server(half)
        server.ensure()
        assert answers(server)
        server.stop()


def test_two_processes_at_once_start_one_server() -> None:
    with tempfile.TemporaryDirectory(prefix="inspector-embedded-") as folder:
        path = Path(folder) / "postgres"
        code = f"from pathlib import Path; from dashboard.embedded import Server; Server(Path({str(path)!r})).ensure()"
        starts = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
        assert [start.wait(60) for start in starts] == [0, 0, 0]
        assert answers(Server(path))
        Server(path).stop()


def test_a_path_too_long_for_a_socket_gets_a_short_one() -> None:
    with tempfile.TemporaryDirectory(prefix="inspector-embedded-") as folder:
        server = Server(Path(folder) / ("deep" * 30) / "postgres")
        server.ensure()
        assert len(str(server.socket_folder)) < 100
        assert answers(server)
        server.stop()


def test_stopping_a_stopped_server_is_no_error(server: Server) -> None:
    server.stop()
    server.stop()
    assert not server.is_running()
    started = time.monotonic()
    server.ensure()
    assert time.monotonic() - started < 30
