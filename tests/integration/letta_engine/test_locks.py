"""Sixty write attempts against each lock alone, and against all of them together."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from agents_app.letta import access
from agents_app.letta.engine import gate
from agents_app.letta.engine.connection import LettaConnection
from agents_app.letta.engine.session import set_limits
from agents_app.letta.errors import LettaError, LettaWriteRefused
from tests.integration.letta_engine.conftest import owner_of
from tests.lettadb import ROLE, LettaDatabase
from tests.writes import ATTEMPTS

TABLE_WRITES = [attempt.sql for attempt in ATTEMPTS if attempt.writes_table]


def written(database: LettaDatabase) -> list[tuple[Any, ...]]:
    """What any successful attempt would change."""
    return database.rows(
        "SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE 'inspector%%'),"
        " (SELECT count(*) FROM pg_largeobject_metadata),"
        " (SELECT count(*) FROM pg_attribute WHERE attname = 'inspector_was_here'),"
        " (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables),"
        " (SELECT coalesce(sum(last_value), 0) FROM pg_sequences), (SELECT count(*) FROM messages)",
    )


@pytest.fixture
def unharmed(database: LettaDatabase) -> Iterator[None]:
    """The test fails when anything was changed."""
    before = written(database)
    yield
    assert written(database) == before


def as_superuser(database: LettaDatabase) -> LettaConnection:
    """A gated connection whose session and role allow everything."""
    params = {"conninfo": database.owner, "options": f"-csearch_path={database.schema}"}
    return LettaConnection.open(params, timeout_s=3)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.sql[:40])
def test_the_gate_alone_stops_it(database: LettaDatabase, unharmed: None, attempt: Any) -> None:
    with as_superuser(database) as connection, pytest.raises(LettaWriteRefused):
        connection.execute(attempt.sql)


@pytest.mark.parametrize("sql", TABLE_WRITES, ids=lambda sql: sql[:40])
def test_the_session_alone_stops_table_writes(
    database: LettaDatabase, unharmed: None, sql: str
) -> None:
    with as_superuser(database) as connection:
        set_limits(connection)
        with pytest.raises(psycopg.Error) as refused:
            psycopg.ClientCursor(connection).execute(sql)
    assert refused.value.sqlstate == "25006", refused.value


@pytest.mark.parametrize("sql", TABLE_WRITES, ids=lambda sql: sql[:40])
def test_the_grants_alone_stop_table_writes(
    database: LettaDatabase, unharmed: None, sql: str
) -> None:
    with psycopg.connect(database.uri(), autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"SET search_path = {database.schema}")
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(sql)
    assert refused.value.sqlstate == "42501", refused.value


@pytest.mark.usefixtures("alias")
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.sql[:40])
def test_the_alias_stops_it(unharmed: None, attempt: Any) -> None:
    with pytest.raises(LettaError):
        access.rows(attempt.sql)


@pytest.mark.usefixtures("alias")
def test_djangos_own_ways_to_write_are_refused(unharmed: None) -> None:
    for write in (
        lambda: User.objects.using("letta").create(username="x"),
        lambda: User.objects.using("letta").update(username="x"),
        lambda: User.objects.using("letta").filter(pk=1).delete(),
        lambda: connections["letta"].schema_editor(),
        lambda: connections["letta"].cursor().executemany("SELECT %s", [(1,), (2,)]),
        lambda: connections["letta"].cursor().callproc("lo_create", [0]),
        lambda: connections["letta"].cursor().copy("COPY messages TO STDOUT"),
    ):
        with pytest.raises(LettaError):
            write()


@pytest.mark.usefixtures("alias")
def test_raw_connections_of_the_alias_are_gated_too() -> None:
    raw = connections["letta"]
    raw.ensure_connection()
    for write in (
        lambda: raw.connection.execute("DELETE FROM messages"),
        lambda: raw.connection.cursor("named").execute("SELECT 1"),
        lambda: raw.connection.cursor().execute(SQL("DELETE FROM {}").format(Identifier("x"))),
        lambda: raw.connection.cursor().execute(b"DELETE FROM messages"),
        lambda: list(raw.connection.cursor().stream("DELETE FROM messages RETURNING 1")),
    ):
        with pytest.raises(LettaWriteRefused):
            write()


@pytest.mark.usefixtures("alias")
def test_the_protocol_itself_refuses_a_second_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "check", lambda *_, **__: None)
    with pytest.raises(LettaError) as refused:
        access.rows("SELECT 1; SELECT 2")
    assert "42601" in refused.value.detail


@pytest.mark.usefixtures("alias")
def test_atomic_opens_no_transaction(database: LettaDatabase) -> None:
    from django.db import transaction

    with transaction.atomic(using="letta"), transaction.atomic(using="letta"):
        access.rows("SELECT id FROM messages LIMIT 1")
        states = database.rows(
            "SELECT DISTINCT state FROM pg_stat_activity WHERE usename = %s", [ROLE]
        )
    assert states == [("idle",)]


PIECES = st.lists(
    st.sampled_from(
        ["'", '"', "\\", "E'", "e'", "--", "/*", "*/", "$$", "$a$", ";", ",", "\n", " ", "||", "1", "x", "''",
         "trap()", "trap ()", '"trap"()', "U&'", 'U&"', "B'", "N'", "AS a", "(", ")",
         "SELECT", "::text", "%%", "E"]
    ),
    max_size=14,
)  # fmt: skip


@pytest.fixture(scope="module")
def trapped(database: LettaDatabase) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to a database where calling trap() says so."""
    with owner_of(database) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION trap() RETURNS integer LANGUAGE plpgsql AS"
            " $body$ BEGIN RAISE EXCEPTION 'sprung'; END $body$"
        )
        yield connection
        connection.execute("DROP FUNCTION trap()")


@settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=PIECES)
def test_postgresql_runs_nothing_that_the_gate_did_not_see(
    trapped: psycopg.Connection[Any], pieces: list[str]
) -> None:
    sql = "SELECT " + "".join(pieces)
    try:
        gate.check(sql, has_params=False)
    except LettaWriteRefused:
        return
    assert not is_sprung_by(sql, trapped)


def is_sprung_by(sql: str, connection: psycopg.Connection[Any]) -> bool:
    try:
        psycopg.ClientCursor(connection).execute(sql)
    except psycopg.Error as error:
        return "sprung" in str(error)
    return False


def test_the_trap_itself_works(trapped: psycopg.Connection[Any]) -> None:
    assert is_sprung_by("SELECT 1; SELECT trap()", trapped)
