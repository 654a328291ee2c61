"""Sixty ways to do more than read Letta's database, each on a table `messages`."""

from typing import NamedTuple


class Attempt(NamedTuple):
    """`writes_table` marks what session and grants must stop without help of the gate."""

    sql: str
    writes_table: bool = False


_TABLE_WRITES = [
    "INSERT INTO messages (id) VALUES ('x')",
    "insert into messages default values",
    "INSERT INTO messages SELECT * FROM messages LIMIT 1",
    "UPDATE messages SET role = 'x'",
    "DELETE FROM messages",
    "TRUNCATE messages",
    "TRUNCATE TABLE messages CASCADE",
    "MERGE INTO messages m USING agents a ON m.id = a.id WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM messages RETURNING id) SELECT * FROM gone",
    "WITH made AS (INSERT INTO messages (id) VALUES ('x') RETURNING id) SELECT * FROM made",
    "WITH changed AS (UPDATE messages SET role = 'x' RETURNING id) SELECT * FROM changed",
    "EXPLAIN ANALYZE DELETE FROM messages",
    "EXPLAIN (ANALYZE) UPDATE messages SET role = 'x'",
    "COPY messages FROM STDIN",
    "ALTER TABLE messages ADD COLUMN inspector_was_here integer",
    "DROP TABLE messages CASCADE",
    "CREATE TABLE inspector_was_here (id integer)",
    "CREATE INDEX inspector_was_here ON messages (role)",
    "CREATE VIEW inspector_was_here AS SELECT 1",
    "SELECT * INTO inspector_was_here FROM messages",
    "CREATE TABLE inspector_was_here AS SELECT 1 AS one",
    "SELECT id FROM messages FOR UPDATE",
    "SELECT id FROM messages FOR SHARE",
    "SELECT id FROM messages FOR NO KEY UPDATE SKIP LOCKED",
    "SELECT id FROM messages FOR KEY SHARE NOWAIT",
    "DO $$ BEGIN DELETE FROM messages; END $$",
    "COMMENT ON TABLE messages IS 'x'",
    "ALTER TABLE messages DISABLE TRIGGER ALL",
]

_OTHERS = [
    "SELECT nextval('message_seq_id')",
    "SELECT setval('message_seq_id', 1)",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_unlink(1)",
    "SELECT pg_notify('x', 'y')",
    "NOTIFY x, 'y'",
    "LISTEN x",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_xact_lock(1)",
    "LOCK TABLE messages IN ACCESS SHARE MODE",
    "SELECT set_config('statement_timeout', '0', false)",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SET default_transaction_read_only = off",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    "RESET ALL",
    "BEGIN READ WRITE",
    "PREPARE x AS DELETE FROM messages",
    "EXECUTE x",
    "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM messages",
    "CREATE TEMP TABLE t (id integer)",
    "SELECT 1; DELETE FROM messages",
    "COPY messages TO PROGRAM 'true'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_sleep(10)",
    "SELECT query_to_xml('DELETE FROM messages', true, true, '')",
    "SELECT txid_current()",
    "SELECT pg_export_snapshot()",
    "VACUUM messages",
    "GRANT ALL ON messages TO PUBLIC",
]

ATTEMPTS = [Attempt(sql, writes_table=True) for sql in _TABLE_WRITES] + [
    Attempt(sql) for sql in _OTHERS
]
