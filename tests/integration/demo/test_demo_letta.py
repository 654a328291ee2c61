"""The command `demo_letta`."""

from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests.cluster import Cluster
from tests.integration.demo.conftest import ask

SMALL = ("--agents=17", "--messages=350", "--passages=20", "--until=2026-11-20T18:00:00Z")


@pytest.fixture
def dsn(cluster: Cluster) -> Iterator[str]:
    return cluster.dsn(cluster.create_database())


def demo(dsn: str, *options: str) -> str:
    said = StringIO()
    call_command("demo_letta", f"--uri={dsn}", *SMALL, *options, stdout=said)
    return said.getvalue()


def test_the_command_loads_a_world_and_says_what_it_did(dsn: str) -> None:
    said = demo(dsn)
    assert "Building the tables of Letta 0.16.8" in said
    assert "Loading world … 100 %" in said
    assert ask(dsn, "SELECT count(*) >= 350 FROM messages", schema="letta") == [(True,)]


def test_a_second_run_with_the_same_parameters_does_nothing(dsn: str) -> None:
    demo(dsn)
    assert demo(dsn) == "The demo world is there already; nothing to do.\n"


def test_other_parameters_need_reset(dsn: str) -> None:
    demo(dsn)
    with pytest.raises(CommandError, match="Add --reset to replace it"):
        demo(dsn, "--seed=8")
    assert "Loading world" in demo(dsn, "--seed=8", "--release=0.8.17", "--reset")
    assert ask(dsn, "SELECT to_regclass('letta.agent_passages') IS NULL") == [(False,)]


def test_a_database_of_somebody_else_is_left_alone(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
    with pytest.raises(CommandError, match="tables that demo_letta did not make"):
        demo(dsn, "--reset")


def test_a_load_that_was_interrupted_starts_over(dsn: str) -> None:
    demo(dsn)
    with psycopg.connect(dsn, autocommit=True) as connection:
        name = connection.info.dbname
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
        assert row
        comment = row[0].replace('"complete": true', '"complete": false').replace("'", "''")
        connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{comment}'".encode())
    assert "Loading world" in demo(dsn)


def test_a_wrong_time_is_a_clear_error(dsn: str) -> None:
    with pytest.raises(CommandError, match="--until must be an ISO time"):
        demo(dsn, "--until=yesterday")
