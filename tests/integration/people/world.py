"""A customer with two agents of their own and one that is shared with another customer."""

from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database

ROWS = """
INSERT INTO organizations (id, name, privileged_tools, is_deleted) VALUES
  ('org-1', 'Shop', false, false), ('org-2', 'Other shop', false, false);
INSERT INTO agents (id, name, organization_id, message_buffer_autoclear, is_deleted, created_at)
  SELECT 'agent-' || n, 'Desk ' || n, 'org-1', false, false, now() - interval '90 days' FROM generate_series(1, 4) AS n;
INSERT INTO identities (id, identifier_key, name, identity_type, properties, organization_id, is_deleted, created_at) VALUES
  ('identity-1', 'ada+shop@example.com', 'Ada', 'user', '[{"key": "phone", "value": "+44 1", "type": "string"}]', 'org-1', false, now()),
  ('identity-2', 'bob', 'Bob', 'user', '[]', 'org-1', false, now()),
  ('identity-3', 'bob', 'Bob elsewhere', 'user', '[]', 'org-2', false, now()),
  ('identity-4', 'nobody', 'Without anything', 'user', '[]', 'org-1', false, now());
INSERT INTO identities_agents (identity_id, agent_id) VALUES
  ('identity-1', 'agent-1'), ('identity-1', 'agent-2'), ('identity-1', 'agent-3'), ('identity-2', 'agent-3');
INSERT INTO conversations (id, agent_id, organization_id, summary, created_at, is_deleted) VALUES
  ('conv-1', 'agent-1', 'org-1', 'Where is my parcel', now(), false),
  ('conv-gone', 'agent-1', 'org-1', 'Deleted', now(), true);
INSERT INTO messages (id, agent_id, role, tool_calls, content, sequence_id, created_at, organization_id, is_deleted, conversation_id, sender_id)
  SELECT 'message-' || n, 'agent-' || 1 + n % 3, 'user', '[]'::json, ('[{"type": "text", "text": "parcel ' || n || '"}]')::json, 61 - n,
         now() - n * interval '1 day', 'org-1', n = 1,
         CASE WHEN n % 6 = 0 THEN 'conv-1' END, CASE WHEN n % 3 = 2 THEN 'identity-1' END
    FROM generate_series(1, 60) AS n;
INSERT INTO block (id, label, value, "limit", is_template, read_only, version, organization_id, created_at, updated_at, is_deleted) VALUES
  ('block-zebra', 'zebra', 'stripes', 5000, false, false, 1, 'org-1', now() - interval '90 days', now() - interval '90 days', false),
  ('block-human', 'human', 'Ada likes tea', 5000, false, false, 2, 'org-1', now() - interval '90 days', now() - interval '1 day', false),
  ('block-tied', 'notes', 'tied to Ada', 5000, false, false, 1, 'org-1', now() - interval '2 days', now() - interval '2 days', false),
  ('block-copy', 'human', 'in one conversation', 5000, false, false, 1, 'org-1', now() - interval '60 days', now() - interval '60 days', false),
  ('block-strange', 'human', 'of somebody else', 5000, false, false, 1, 'org-1', now(), now(), false);
INSERT INTO identities_blocks (identity_id, block_id) VALUES ('identity-1', 'block-tied');
INSERT INTO blocks_agents (agent_id, block_id, block_label) VALUES
  ('agent-1', 'block-human', 'human'), ('agent-1', 'block-zebra', 'zebra'), ('agent-4', 'block-zebra', 'zebra'),
  ('agent-4', 'block-strange', 'human');
INSERT INTO blocks_conversations (conversation_id, block_id, block_label) VALUES ('conv-1', 'block-copy', 'human');
INSERT INTO messages (id, agent_id, role, tool_calls, content, tool_call_id, sequence_id, created_at, organization_id, is_deleted) VALUES
  ('message-call', 'agent-1', 'assistant',
   '[{"id": "call-1", "type": "function", "function": {"name": "core_memory_replace", "arguments": "{\\"label\\": \\"human\\", \\"old_content\\": \\"Ada likes coffee\\", \\"new_content\\": \\"Ada likes tea\\"}"}}]',
   '[]', 'call-1', 101, now() - interval '1 day', 'org-1', false),
  ('message-return', 'agent-1', 'tool', '[]',
   '[{"type": "text", "text": "{\\"status\\": \\"OK\\", \\"message\\": \\"None\\"}"}]', 'call-1', 102,
   now() - interval '1 day', 'org-1', false);
INSERT INTO archives (id, name, vector_db_provider, organization_id, is_deleted, created_at) VALUES
  ('archive-1', 'Notes of Ada', 'NATIVE', 'org-1', false, now()), ('archive-2', 'Shared shelf', 'NATIVE', 'org-1', false, now());
INSERT INTO archives_agents (agent_id, archive_id, is_owner) VALUES
  ('agent-1', 'archive-1', true), ('agent-2', 'archive-2', true), ('agent-4', 'archive-2', false);
INSERT INTO archival_passages (id, text, metadata_, archive_id, organization_id, created_at, is_deleted)
  SELECT 'passage-' || n, 'tea order ' || n, '{}'::json, 'archive-' || 1 + n % 2, 'org-1', now() - n * interval '3 days', false
    FROM generate_series(1, 30) AS n;
INSERT INTO sources (id, name, embedding_config, vector_db_provider, organization_id, is_deleted, created_at)
  VALUES ('source-1', 'Manuals', '{}', 'NATIVE', 'org-1', false, now());
INSERT INTO sources_agents (agent_id, source_id) VALUES ('agent-1', 'source-1');
INSERT INTO files (id, source_id, file_name, processing_status, file_size, organization_id, is_deleted, created_at)
  VALUES ('file-1', 'source-1', 'teapot.pdf', 'completed', 2048, 'org-1', false, now());
INSERT INTO files_agents (id, file_id, agent_id, source_id, file_name, is_open, last_accessed_at, organization_id, is_deleted)
  VALUES ('file_agent-1', 'file-1', 'agent-1', 'source-1', 'teapot.pdf', true, now(), 'org-1', false);
INSERT INTO runs (id, agent_id, status, organization_id, created_at, is_deleted)
  SELECT 'run-' || n, 'agent-' || 1 + n % 3, 'completed', 'org-1', now() - n * interval '1 day', false FROM generate_series(1, 6) AS n;
INSERT INTO steps (id, run_id, organization_id, completion_tokens, prompt_tokens, total_tokens, is_deleted, created_at)
  SELECT 'step-' || n, 'run-' || 1 + n % 6, 'org-1', 0, 0, 0, false, now() FROM generate_series(1, 12) AS n;
INSERT INTO provider_traces (id, request_json, response_json, step_id, organization_id, is_deleted, created_at)
  SELECT 'provider_trace-' || n, '{"q": "tea"}'::json, '{}'::json, 'step-' || n, 'org-1', false, now() FROM generate_series(1, 12) AS n;
INSERT INTO provider_traces (id, request_json, response_json, step_id, organization_id, is_deleted, created_at)
  VALUES ('provider_trace-lost', '{"q": "tea"}', '{}', 'step-lost', 'org-1', false, now())
"""


def customers(cluster: Cluster) -> LettaDatabase:
    """A database with these rows."""
    database = new_database(cluster)
    for statement in ROWS.split(";\n"):
        database.execute(statement)
    database.provision()
    return database
