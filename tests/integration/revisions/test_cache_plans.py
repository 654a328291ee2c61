"""How PostgreSQL answers what kept histories ask: by index, whatever the size of the tables."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from agents_app.letta import access
from agents_app.revisions.cache import key
from agents_app.revisions.collect import strays
from agents_app.revisions.collect.columns import of_messages
from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

FILL = """
INSERT INTO organizations (id, name, privileged_tools, is_deleted) VALUES ('org-1', 'Shop', false, false);
INSERT INTO agents (id, name, agent_type, organization_id, message_buffer_autoclear, is_deleted, created_at)
  SELECT 'agent-' || n, 'Desk', 'letta_v1_agent', 'org-1', false, false, now() FROM generate_series(1, 300) AS n;
INSERT INTO block (id, label, value, "limit", organization_id, is_template, read_only, is_deleted, version)
  SELECT 'block-' || n, 'human', '', 100, 'org-1', false, false, false, 1 FROM generate_series(1, 3000) AS n;
INSERT INTO blocks_agents (agent_id, block_id, block_label)
  SELECT 'agent-' || n, 'block-' || n, 'human' FROM generate_series(1, 300) AS n;
INSERT INTO messages (id, agent_id, role, content, tool_calls, sequence_id, step_id, created_at, organization_id, is_deleted)
  SELECT 'message-' || n, 'agent-' || 1 + n % 300, 'user', '[]', '[]', n, NULL, now(), 'org-1', false
    FROM generate_series(1, 60000) AS n;
INSERT INTO provider_traces (id, request_json, response_json, step_id, organization_id, created_at, is_deleted)
  SELECT 'provider_trace-' || md5(n::text), '{}', '{}', 'step-' || n, 'org-1', now(), false FROM generate_series(1, 30000) AS n;
VACUUM (ANALYZE)
"""


@pytest.fixture(scope="module")
def many(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster)
    for statement in FILL.split(";\n"):
        database.execute(statement)
    database.provision()
    return database


@pytest.fixture
def letta(many: LettaDatabase) -> Iterator[LettaDatabase]:
    with pointed_at(many.uri()):
        yield many


def plan(database: LettaDatabase, sql: str, values: dict[str, object]) -> str:
    with psycopg.connect(database.owner) as connection:
        connection.execute(f"SET search_path = {database.schema}, public")
        rows = connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", values).fetchall()
    return "\n".join(line for (line,) in rows)


def test_the_newest_message_of_each_writer_is_one_step_into_an_index(letta: LettaDatabase) -> None:
    found = plan(letta, of_messages(key._NEWEST), {"agents": ["agent-7", "agent-8", "agent-9"]})
    assert "Seq Scan on messages" not in found
    assert "Sort" not in found
    assert all(int(rows) <= 3 for rows in re.findall(r"on messages .*?actual rows=(\d+)", found))


def test_holders_are_found_by_index(letta: LettaDatabase) -> None:
    assert "Seq Scan on block " not in plan(letta, key._HOLDERS, {"id": "block-77"})


def test_a_window_of_traces_is_read_by_primary_key(letta: LettaDatabase) -> None:
    after = "provider_trace-8"
    found = plan(letta, strays._IDS, {"after": after, "most": strays.IDS_AT_ONCE})
    assert "Seq Scan" not in found
    assert "Sort" not in found
    assert "OFFSET" not in strays._IDS
    assert len(strays.window(after)) == strays.IDS_AT_ONCE


def test_steps_with_messages_are_found_by_index(letta: LettaDatabase) -> None:
    steps = [f"step-{n}" for n in range(500)]
    assert "Seq Scan" not in plan(letta, strays._WITH_MESSAGES, {"steps": steps})


def test_every_statement_ends_within_its_time_limit(letta: LettaDatabase) -> None:
    assert access.rows("SHOW statement_timeout")[0][0] == "3s"
