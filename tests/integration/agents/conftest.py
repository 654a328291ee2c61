"""A Letta database of known activity: 90 agents, 3,000 messages, some deleted, some agents silent, some rows broken."""

from collections.abc import Iterator

import pytest

from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

AGENTS, SILENT, MESSAGES = 90, 12, 3_000

FILL = f"""
INSERT INTO organizations (id, name, privileged_tools, is_deleted)
  SELECT 'org-' || n, 'Shop ' || n, false, false FROM generate_series(1, 2) AS n;
INSERT INTO agents (id, name, agent_type, llm_config, embedding_config, tool_rules, message_ids, organization_id,
                    message_buffer_autoclear, hidden, last_stop_reason, is_deleted, created_at)
  SELECT 'agent-' || lpad(n::text, 8, '0'), CASE WHEN n % 9 = 0 THEN 'Ada 100%' ELSE 'Desk ' || n END,
         (ARRAY['letta_v1_agent', 'memgpt_v2_agent', 'sleeptime_agent'])[1 + n % 3],
         (CASE WHEN n % 30 = 7 THEN '{{"model": "\\u0000\\ud800 gpt-4o"}}'
               WHEN n % 4 = 0 THEN '{{"model": "gpt-4o", "model_endpoint_type": "openai", "handle": "openai/gpt-4o"}}'
               WHEN n % 4 = 1 THEN '{{"model": "gpt-4o-mini", "display_name": "gpt-4o"}}'
               ELSE 'null' END)::json,
         'null', '[]', '[]', 'org-' || 1 + n % 2, false, CASE WHEN n % 10 = 0 THEN true END,
         CASE WHEN n % 7 = 0 THEN 'error' ELSE 'end_turn' END, false,
         CASE WHEN n = 5 THEN NULL WHEN n = 6 THEN 'infinity' ELSE timestamptz '2026-05-01' + n * interval '1 hour' END
    FROM generate_series(1, {AGENTS}) AS n;
INSERT INTO agents_tags (agent_id, tag)
  SELECT 'agent-' || lpad(n::text, 8, '0'), tag FROM generate_series(1, {AGENTS}) AS n,
         unnest(ARRAY[CASE WHEN n % 8 = 0 THEN 'vip' END, 'team-' || n % 5]) AS tag WHERE tag IS NOT NULL;
INSERT INTO messages (id, agent_id, role, content, tool_calls, sequence_id, created_at, organization_id, is_deleted)
  SELECT 'message-' || n,
         'agent-' || lpad((1 + ({SILENT} + n::bigint * n * 7919 % {AGENTS - SILENT}))::text, 8, '0'), 'user', '[]',
         '[]', n, CASE WHEN n % 500 = 0 THEN 'infinity' ELSE timestamptz '2026-06-01' + n * interval '1 minute' END,
         'org-1', n % 3 = 0 OR n > {MESSAGES - 20}
    FROM generate_series(1, {MESSAGES}) AS n;
ANALYZE;
"""


@pytest.fixture(scope="package")
def active_database(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster)
    for statement in FILL.split(";\n"):
        if statement.strip():
            database.execute(statement)
    database.provision()
    return database


@pytest.fixture
def active(active_database: LettaDatabase) -> Iterator[LettaDatabase]:
    """Alias `letta` leads to it."""
    with pointed_at(active_database.uri()):
        yield active_database
