"""Databases in the shape of a release."""

from collections.abc import Callable

import psycopg
import pytest

from agents_app.demo.builder import build_database, drop_column
from agents_app.demo.releases import ALEMBIC_HEADS, RELEASES, tables
from tests.cluster import Cluster
from tests.integration.demo.conftest import ask

COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
FROM information_schema.columns WHERE table_schema = %s GROUP BY table_name
"""


@pytest.mark.parametrize("release", RELEASES)
def test_a_built_database_has_the_described_tables(built: Callable[..., str], release: str) -> None:
    dsn = built(release)
    expected = {name: [c.name for c in table.columns] for name, table in tables(release).items()}
    assert dict(ask(dsn, COLUMNS, "public")) == expected
    assert ask(dsn, "SELECT version_num FROM alembic_version") == [(ALEMBIC_HEADS[release],)]


def test_the_compose_layout_has_no_public_and_finds_its_tables(built: Callable[..., str]) -> None:
    dsn = built(schema="letta", keep_public=False)
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT to_regclass('messages')::text").fetchone() == (
            "messages",
        )
        assert connection.execute("SELECT to_regnamespace('public')").fetchone() == (None,)


def test_the_vector_type_can_live_off_the_search_path(built: Callable[..., str]) -> None:
    dsn = built(vector_schema="extensions")
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.UndefinedObject):
        connection.execute("SELECT '[1]'::vector")


def test_message_numbers_come_from_the_sequence(built: Callable[..., str]) -> None:
    default = ask(
        built(),
        "SELECT column_default FROM information_schema.columns"
        " WHERE table_name = 'messages' AND column_name = 'sequence_id'",
    )
    assert default == [("nextval('message_seq_id'::regclass)",)]


def test_a_column_can_be_taken_away_with_what_stands_on_it(built: Callable[..., str]) -> None:
    dsn = built()
    drop_column(dsn, "messages", "agent_id")
    assert "agent_id" not in dict(ask(dsn, COLUMNS, "public"))["messages"]


def test_nothing_is_left_when_the_database_was_not_empty(
    cluster: Cluster, built: Callable[..., str]
) -> None:
    dsn = built("0.6.54")
    with pytest.raises(psycopg.errors.DuplicateObject):
        build_database(dsn, "0.16.8")
    assert ask(dsn, "SELECT to_regclass('conversations')") == [(None,)]
