"""The agents page against the best SQL for the same rows: 20,000 agents, 1,000,000 messages (10,000,000 when full)."""

import json
import os
import time
from collections.abc import Callable, Iterator
from statistics import median

import psycopg
import pytest
from django.test import Client

from agents_app.demo.bulk import bulk_messages
from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db
AGENTS = 20_000
MESSAGES = 10_000_000 if os.environ.get("SCALE") == "full" else 1_000_000
TIMES = 30
MOST_EXTRA_MS = 30.0

# Walks the newest messages and keeps those that are the newest of their agent: nothing is cheaper for a page
# near the front. A narrow filter is cheaper the other way round: its few agents are probed.
WALK = """
SELECT a.id, a.name, a.agent_type, a.llm_config::text, a.organization_id, w.created_at FROM (
  SELECT m.agent_id, m.created_at, m.sequence_id FROM (
    SELECT agent_id, created_at, sequence_id FROM messages WHERE sequence_id < %(bound)s AND NOT is_deleted
     ORDER BY sequence_id DESC) m
   WHERE (SELECT 1 FROM messages o WHERE o.agent_id = m.agent_id AND o.sequence_id > m.sequence_id AND NOT o.is_deleted
          LIMIT 1) IS NULL LIMIT 51) w JOIN agents a ON a.id = w.agent_id ORDER BY w.sequence_id DESC
"""
PROBE = """
SELECT a.id, a.name, a.agent_type, a.llm_config::text, a.organization_id, l.created_at
  FROM agents a CROSS JOIN LATERAL (
  SELECT sequence_id, created_at FROM messages m WHERE m.agent_id = a.id AND NOT m.is_deleted
   ORDER BY sequence_id DESC LIMIT 1) l WHERE a.name ILIKE %(name)s ORDER BY l.sequence_id DESC LIMIT 51
"""


@pytest.fixture(scope="module")
def big(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster)
    bulk_messages(
        database.owner,
        agents=AGENTS,
        messages=MESSAGES,
        big_agent_messages=MESSAGES // 10,
        schema=database.schema,
    )
    database.provision()
    return database


@pytest.fixture
def page_20(big: LettaDatabase, superuser: Client) -> Iterator[tuple[str, int]]:
    """The address of page 20 and the sequence number it begins below."""
    with pointed_at(big.uri()):
        url = "/agents/?format=json"
        for _ in range(19):
            body = json.loads(superuser.get(url).content)
            url = body["next"].removeprefix("http://testserver")
        last = body["results"][-1]["id"]
        bound = big.rows(
            "SELECT sequence_id FROM messages WHERE agent_id = %s AND NOT is_deleted ORDER BY 1 DESC LIMIT 1",
            [last],
        )
        yield url.replace("format=json&", "").replace("&format=json", ""), bound[0][0]


def milliseconds(question: Callable[[], object]) -> float:
    started = time.perf_counter()
    question()
    return (time.perf_counter() - started) * 1000


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("page", ["first", "page 20", "name"])
def test_the_page_costs_little_more_than_its_rows(
    page: str, page_20: tuple[str, int], big: LettaDatabase, superuser: Client
) -> None:
    url, bound = (
        ("/agents/", 2**62)
        if page == "first"
        else page_20
        if page == "page 20"
        else ("/agents/?q=agent+199", 0)
    )
    with psycopg.connect(big.uri(), autocommit=True) as connection:
        connection.execute(f"SET search_path TO {big.schema}")
        sql, values = (
            (PROBE, {"name": "%agent 199%"}) if page == "name" else (WALK, {"bound": bound})
        )
        rows = connection.execute(sql, values).fetchall()
        shown = [row.agent.pk for row in superuser.get(url).context["page"]]
        assert shown == [row[0] for row in rows[:50]]
        pairs = [
            (
                milliseconds(lambda: connection.execute(sql, values).fetchall()),
                milliseconds(lambda: superuser.get(url)),
            )
            for _ in range(TIMES)
        ]
    best, view = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    print(f"{page}: best SQL {best:.1f} ms, page {view:.1f} ms, {MESSAGES:,} messages")
    assert view <= best + MOST_EXTRA_MS
