"""How PostgreSQL answers the agents page: never by reading all messages."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from django.test import Client

from agents_app.agents import activity
from agents_app.agents.activity import ACTIVE, IDLE, places
from agents_app.letta import access
from agents_app.letta.agent_conditions import AgentFilter, where
from agents_app.ui.paging import Cursor
from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

FILL = """
INSERT INTO organizations (id, name, privileged_tools, is_deleted) VALUES ('org-1', 'Shop', false, false);
INSERT INTO agents (id, name, agent_type, organization_id, message_buffer_autoclear, is_deleted, llm_config,
                    created_at, hidden)
  SELECT 'agent-' || lpad(n::text, 8, '0'), 'Desk ' || n, 'letta_v1_agent', 'org-1', false, false,
         '{"model": "gpt-4o"}', now() - n * interval '1 minute', n % 50 = 0 FROM generate_series(1, 3000) AS n;
INSERT INTO agents_tags (agent_id, tag) SELECT id, 'vip' FROM agents WHERE right(id, 3) = '777';
INSERT INTO messages (id, agent_id, role, content, tool_calls, sequence_id, created_at, organization_id, is_deleted)
  SELECT 'message-' || n, 'agent-' || lpad((1 + n::bigint * n * 7919 % 2990)::text, 8, '0'), 'user', '[]', '[]', n,
         timestamptz '2026-06-01' + n * interval '1 second', 'org-1', n % 100 = 0 FROM generate_series(1, 60000) AS n;
VACUUM (ANALYZE)
"""
CONDITIONS = {
    "all": AgentFilter(),
    "tag": AgentFilter(tag="vip"),
    "name": AgentFilter(q="Desk 29"),
    "hidden": AgentFilter(hidden="yes"),
    "model": AgentFilter(model="gpt-4o"),
}
CURSORS = {
    "first": Cursor(None, backwards=False, limit=50),
    "deep": Cursor((ACTIVE, "40000", "agent-1"), backwards=False, limit=50),
    "back": Cursor((ACTIVE, "40000", "agent-1"), backwards=True, limit=50),
    "silent": Cursor((IDLE, "2026-01-01 00:00:00+00", "agent-1"), backwards=False, limit=50),
}


@pytest.fixture(scope="module")
def many(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster)
    for statement in FILL.split(";\n"):
        database.execute(statement)
    database.provision()
    return database


@pytest.fixture
def plans(many: LettaDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Plans of every statement that goes through `access.dict_rows`."""
    found: list[str] = []
    real = access.dict_rows

    def explained(sql: str, params: object = None) -> list[dict[str, object]]:
        found.append("\n".join(row[0] for row in access.rows(f"EXPLAIN {sql}", params)))  # type: ignore[arg-type]
        return real(sql, params)  # type: ignore[arg-type]

    monkeypatch.setattr(access, "dict_rows", explained)
    with pointed_at(many.uri()):
        yield found


@pytest.mark.parametrize("cursor", CURSORS)
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("few", [0, 10**9], ids=["windows", "probes"])
def test_messages_are_reached_by_index_only(
    few: int, condition: str, cursor: str, plans: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "FEW_AGENTS", few)
    places(where(CONDITIONS[condition]), CURSORS[cursor])
    assert plans
    for plan in plans:
        assert not re.search(r"(Seq Scan|Bitmap Heap Scan) on messages", plan), plan


def test_a_window_reads_no_more_messages_than_it_names(
    plans: list[str], many: LettaDatabase
) -> None:
    page = places(where(AgentFilter()), CURSORS["first"])
    assert len(page) == 51
    with psycopg.connect(many.uri()) as connection:
        connection.execute("SET search_path TO letta")
        read = connection.execute(
            "SELECT count(*) FROM messages WHERE sequence_id >= %s", [page[-1].key[1]]
        ).fetchone()
    assert read is not None
    assert read[0] <= 3 * 51


@pytest.mark.django_db
def test_the_page_of_a_big_database_needs_few_queries(plans: list[str], superuser: Client) -> None:
    assert superuser.get("/agents/").status_code == 200
    assert len(plans) == 1
