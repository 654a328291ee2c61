"""A conversation of 1,000,000 messages against one of 1,000 with the same mix of rows, in one run."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from django.test import Client

from agents_app.demo.bulk import BIG_AGENT, SMALL_AGENT, bulk_messages
from tests.benchmarks.measuring import cpu_ms, wall_ms
from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600)]
BIG = 1_000_000
MOST_RATIO, MOST_EXTRA_MS, MOST_CPU_MS = 1.2, 3.0, 30.0
JSON_COLUMNS = ("content", "tool_calls", "tool_returns", "approvals")


@pytest.fixture(scope="module")
def big(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster)
    bulk_messages(
        database.owner,
        agents=200,
        messages=BIG + 200_000,
        big_agent_messages=BIG,
        schema=database.schema,
    )
    database.provision()
    return database


@pytest.fixture(autouse=True)
def _pointed(big: LettaDatabase) -> Iterator[None]:
    with pointed_at(big.uri()):
        yield


def middle(database: LettaDatabase, agent: str) -> str:
    """The id of a message in the middle of the agent's thread."""
    sql = """
    SELECT id FROM messages WHERE agent_id = %(agent)s AND sequence_id >= (
      SELECT (min(sequence_id) + max(sequence_id)) / 2 FROM messages WHERE agent_id = %(agent)s)
     ORDER BY sequence_id LIMIT 1"""
    return str(database.rows(sql, {"agent": agent})[0][0])


def pages(database: LettaDatabase, agent: str, client: Client) -> dict[str, str]:
    """First, last and middle page, and the jump to a message."""
    base, message = f"/agents/{agent}/messages/?view=full", middle(database, agent)
    around = client.get(f"{base}&at={message}").context
    return {
        "first": f"{base}&edge=first",
        "last": base,
        "middle": around["older_url"],
        "jump": f"{base}&at={message}",
    }


@pytest.mark.parametrize("name", ["first", "last", "middle", "jump"])
def test_the_size_of_the_conversation_does_not_matter(
    name: str, big: LettaDatabase, superuser: Client
) -> None:
    small_url = pages(big, SMALL_AGENT, superuser)[name]
    big_url = pages(big, BIG_AGENT, superuser)[name]
    taken = wall_ms(
        {"small": lambda: superuser.get(small_url), "big": lambda: superuser.get(big_url)}
    )
    print(
        f"{name}: 1,000 messages {taken['small']:.1f} ms, 1,000,000 messages {taken['big']:.1f} ms"
    )
    assert taken["big"] <= taken["small"] * MOST_RATIO + MOST_EXTRA_MS


@pytest.mark.parametrize("name", ["first", "last", "middle", "jump"])
def test_a_page_costs_little_more_than_fetching_its_rows(
    name: str, big: LettaDatabase, superuser: Client
) -> None:
    url = pages(big, BIG_AGENT, superuser)[name]
    shown = [row["id"] for row in superuser.get(f"{url}&format=json").json()["results"]]
    columns = ", ".join(f"{column}::text" for column in JSON_COLUMNS)
    with psycopg.connect(big.uri(), autocommit=True) as connection:

        def fetched() -> None:
            sql = f"SELECT id, role, created_at, {columns} FROM letta.messages WHERE id = ANY(%s)"
            for row in connection.execute(sql, [shown]).fetchall():
                [json.loads(text) for text in row[3:] if text]

        taken = cpu_ms({"rows": fetched, "page": lambda: superuser.get(url)})
    print(f"{name}: {len(shown)} rows {taken['rows']:.1f} ms CPU, page {taken['page']:.1f} ms CPU")
    assert len(shown) >= 49
    assert taken["page"] <= taken["rows"] + MOST_CPU_MS
