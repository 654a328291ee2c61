"""A database with one long thread, one short, a fork of many rows and a long conversation, for order and plans."""

from collections.abc import Iterator

import pytest

from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

LONG, SHORT, NAMED, FORK = 20_000, 300, 6_000, 40

FILL = f"""
INSERT INTO organizations (id, name, privileged_tools, is_deleted) VALUES ('org-1', 'Shop', false, false);
INSERT INTO agents (id, name, agent_type, organization_id, message_buffer_autoclear, is_deleted,
                    message_ids, created_at)
  SELECT 'agent-' || name, name, 'letta_v1_agent', 'org-1', false, false, '["message-long-1"]', now()
    FROM unnest(ARRAY['short', 'long', 'named']) AS name;
INSERT INTO conversations (id, agent_id, organization_id, summary, is_deleted, created_at)
  SELECT 'conv-' || name, 'agent-named', 'org-1', name, false, timestamptz '2026-05-01'
    FROM unnest(ARRAY['old', 'fork']) AS name;
INSERT INTO messages (id, agent_id, conversation_id, role, content, tool_calls, tool_returns, sequence_id, created_at,
                      organization_id, is_deleted)
  SELECT 'message-' || thread.name || '-' || n, 'agent-' || thread.agent, thread.conversation,
         (ARRAY['user', 'assistant', 'tool', 'assistant'])[1 + n % 4],
         json_build_array(json_build_object('type', 'text', 'text', 'Row ' || n || ' of ' || thread.name)),
         CASE n % 4 WHEN 1 THEN json_build_array(json_build_object('id', 'call_' || n, 'type', 'function', 'function',
           json_build_object('name', 'find_order', 'arguments', '{{"order": ' || n || '}}'))) ELSE '[]' END,
         CASE n % 4 WHEN 2 THEN json_build_array(json_build_object('tool_call_id', 'call_' || n - 1, 'status',
           CASE WHEN n % 200 = 2 THEN 'error' ELSE 'success' END, 'func_response', 'found ' || n)) ELSE '[]' END,
         thread.start + n, timestamptz '2026-05-01' + (thread.start + n) * interval '1 minute', 'org-1', n % 50 = 49
    FROM (VALUES ('short', 'short', NULL, 0, {SHORT}), ('long', 'long', NULL, 1000, {LONG}),
                 ('default', 'named', NULL, 100000, 500), ('old', 'named', 'conv-old', 200000, {NAMED}),
                 ('fork', 'named', 'conv-fork', 300000, {FORK})) AS thread (name, agent, conversation, start, rows),
         generate_series(1, thread.rows) AS n;
INSERT INTO conversation_messages (id, conversation_id, agent_id, message_id, "position", in_context,
                                   organization_id, is_deleted)
  SELECT 'conv_msg-' || id, conversation_id, agent_id, id,
         row_number() OVER (PARTITION BY conversation_id ORDER BY sequence_id) + 29,
         sequence_id % 7 = 0, 'org-1', false FROM messages WHERE conversation_id IS NOT NULL;
INSERT INTO conversation_messages (id, conversation_id, agent_id, message_id, "position", in_context,
                                   organization_id, is_deleted)
  SELECT 'conv_msg-shared-' || id, 'conv-fork', agent_id, id, row_number() OVER (ORDER BY sequence_id) - 1,
         true, 'org-1', false
    FROM messages WHERE sequence_id BETWEEN 100400 AND 100429;
SELECT setval('message_seq_id', 900000);
VACUUM (ANALYZE)
"""


@pytest.fixture(scope="package")
def threads_database(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster)
    for statement in FILL.split(";\n"):
        database.execute(statement)
    database.provision()
    return database


@pytest.fixture
def threads(threads_database: LettaDatabase) -> Iterator[LettaDatabase]:
    """Alias `letta` leads to it; read it, never change it."""
    with pointed_at(threads_database.uri()):
        yield threads_database
