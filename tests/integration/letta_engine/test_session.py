"""What every connection carries, and how values arrive."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connections

from agents_app.letta import access
from agents_app.text.times import BeyondCalendar
from tests.integration.letta_engine.conftest import Points, owner_of
from tests.lettadb import ROLE, LettaDatabase

SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "3s",
    "lock_timeout": "500ms",
    "idle_in_transaction_session_timeout": "5s",
    "client_connection_check_interval": "1s",
    "application_name": "letta-inspector",
    "TimeZone": "UTC",
    "search_path": "letta",
}


def in_force() -> dict[str, str]:
    return {
        name: access.rows("SELECT current_setting(%s)", [name])[0][0].replace('"', "")
        for name in SETTINGS
    }


@pytest.mark.usefixtures("alias")
def test_every_session_is_limited_and_read_only() -> None:
    assert in_force() == SETTINGS


def test_a_role_without_limits_gets_them_by_the_session(
    database: LettaDatabase, pointed: Points
) -> None:
    with owner_of(database) as owner:
        owner.execute(f"CREATE ROLE bare LOGIN IN ROLE {ROLE}")
        owner.execute("ALTER ROLE bare SET datestyle = 'German, DMY'")
        try:
            with pointed(database.uri("bare")):
                assert in_force() == SETTINGS
                assert access.rows("SELECT '2026-11-20'::date") == [(date(2026, 11, 20),)]
        finally:
            owner.execute("DROP ROLE bare")


def test_a_stricter_limit_of_the_role_stays(database: LettaDatabase, pointed: Points) -> None:
    with owner_of(database) as owner:
        owner.execute(f"ALTER ROLE {ROLE} SET statement_timeout = '1s'")
        try:
            with pointed():
                assert in_force()["statement_timeout"] == "1s"
        finally:
            owner.execute(f"ALTER ROLE {ROLE} SET statement_timeout = '3s'")


@pytest.mark.usefixtures("alias")
def test_times_beyond_the_calendar_keep_their_rows() -> None:
    rows = access.rows(
        "SELECT at::timestamptz, at::timestamp, at::date FROM (VALUES"
        " ('2026-11-20 10:00:00.5+00'), ('infinity'), ('-infinity'), ('0044-03-15 BC'), ('20000-01-01')) AS t (at)"
    )
    assert rows[0] == (
        datetime(2026, 11, 20, 10, 0, 0, 500000, tzinfo=UTC),
        datetime(2026, 11, 20, 10, 0, 0, 500000, tzinfo=UTC),
        date(2026, 11, 20),
    )
    assert [row[0].text for row in rows[1:4]] == [
        "infinity",
        "-infinity",
        "0044-03-15 00:00:00+00 BC",
    ]
    assert all(isinstance(value, BeyondCalendar) for row in rows[1:] for value in row)


@pytest.mark.usefixtures("alias")
def test_json_arrives_as_its_text() -> None:
    text = '{"a":"\\u0000", "b": 1e999, "a": 2}'
    assert access.rows("SELECT %s::json, '[1]'::jsonb", [text]) == [(text, "[1]")]


@pytest.mark.usefixtures("alias")
def test_a_vector_arrives_as_its_text() -> None:
    assert access.rows("SELECT '[1,2]'::vector(2)") == [("[1,2]",)]


@pytest.mark.usefixtures("alias")
def test_rows_come_by_name_too() -> None:
    assert access.dict_rows("SELECT 1 AS one, %(b)s AS two", {"b": "x"}) == [{"one": 1, "two": "x"}]


@pytest.mark.usefixtures("alias")
def test_the_orm_of_django_reads_through_it() -> None:
    from django.contrib.auth.models import User

    sql = str(
        User.objects.filter(username__icontains="a%b", pk__in=[1, 2]).order_by("-pk")[:5].query
    )
    assert "auth_user" in sql
    with connections["letta"].cursor() as cursor:
        cursor.execute("SELECT %s LIKE %s, '100%%'", ["a%b", "%a%"])
        assert cursor.fetchone() == (True, "100%")


@pytest.mark.usefixtures("alias")
def test_fetching_raises_errors_of_the_family_only() -> None:
    from agents_app.letta.errors import LettaError

    with pytest.raises(LettaError) as failed, connections["letta"].cursor() as cursor:
        cursor.fetchone()
    assert isinstance(failed.value.__cause__, psycopg.Error)
