"""Millions of small, realistic message rows for benchmarks, made inside PostgreSQL (0.16.8)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from agents_app.demo.builder import add_constraint, drop_constraint
from agents_app.demo.releases import tables
from agents_app.demo.world.rows import dumps

Connection = psycopg.Connection[tuple[Any, ...]]

RELEASE = "0.16.8"
BIG_AGENT = "agent-b16b16b1-0000-4000-8000-000000000001"
SMALL_AGENT = "agent-b16b16b1-0000-4000-8000-000000000002"
SMALL_AGENT_MESSAGES = 1000
_ORGANIZATION = "org-b16b16b1-0000-4000-8000-000000000000"
_USER = "user-b16b16b1-0000-4000-8000-000000000000"
_CHUNK = 500_000
_START = datetime(2026, 5, 1, tzinfo=UTC)
_SPAN = timedelta(days=182)

# Ten rows of a turn: question, call, return, answer, and short exchanges. `{n}` becomes the
# row's number, so that no two rows are equal. JSON is ASCII, as Letta writes it.
_KINDS: tuple[tuple[str, str], ...] = (
    ("user", '[{"type": "text", "text": "Hello, where is order FJ-{n}? It was due on Monday.", '
             '"signature": null}]'),
    ("assistant", '[{"type": "text", "text": "I look the order up first.", "signature": null}]'),
    ("tool", '[{"type": "text", "text": "{\\n  \\"status\\": \\"OK\\",\\n  \\"message\\": '
             '\\"shipped, {n}\\"\\n}", "signature": null}]'),
    ("assistant", '[{"type": "text", "text": "Order FJ-{n} left our warehouse yesterday and comes '
                  'on Thursday. I keep an eye on it.", "signature": null}]'),
    ("user", '[{"type": "text", "text": "Can the driver leave parcel {n} with my neighbour?", '
             '"signature": null}]'),
    ("assistant", '[{"type": "text", "text": "Yes, the driver of {n} has the note now.", '
                  '"signature": null}]'),
    ("user", '[{"type": "text", "text": "\\u0421\\u043f\\u0430\\u0441\\u0438\\u0431\\u043e, {n}!", '
             '"signature": null}]'),
    ("assistant", '[{"type": "text", "text": "You are welcome. Enjoy the boots ({n})!", '
                  '"signature": null}]'),
    ("user", '[{"type": "text", "text": "One more thing about invoice R-{n}.", "signature": null}]'),
    ("assistant", '[{"type": "reasoning", "is_native": true, "reasoning": "They want a copy.", '
                  '"signature": "c2ln{n}"}, {"type": "text", "text": "A copy of R-{n} is in your '
                  'mailbox.", "signature": null}]'),
)  # fmt: skip
_CALL = (
    '[{"id": "call_{n}", "function": {"arguments": "{\\"order_id\\": \\"FJ-{n}\\"}", '
    '"name": "lookup_order"}, "type": "function"}]'
)
_RETURN = (
    '[{"tool_call_id": "call_{n}", "status": "success", "stdout": null, "stderr": null, '
    '"func_response": "{\\n  \\"status\\": \\"OK\\",\\n  \\"message\\": \\"shipped\\"\\n}"}]'
)

# A run of ten numbers is one turn of one agent. `slot` picks it: evenly spread for the small and
# the big agent, skewed towards low slots for the others.
_INSERT = """
INSERT INTO messages (id, agent_id, organization_id, role, content, tool_calls, tool_returns,
    approvals, model, name, tool_call_id, created_at, updated_at, is_deleted, _created_by_id,
    _last_updated_by_id, sequence_id)
SELECT 'message-' || md5('message' || n)::uuid::text,
    CASE WHEN slot = -1 THEN %(big)s WHEN slot = -2 THEN %(small)s ELSE pg_temp.bulk_agent(slot) END,
    %(organization)s,
    (%(roles)s::text[])[kind],
    replace((%(contents)s::text[])[kind], '{n}', n::text)::json,
    CASE kind WHEN 2 THEN replace(%(call)s, '{n}', n::text)::json ELSE '[]' END,
    CASE kind WHEN 3 THEN replace(%(returned)s, '{n}', (n - 1)::text)::json ELSE '[]' END,
    '[]', CASE WHEN kind %% 2 = 0 THEN 'gpt-4o-mini' END,
    CASE kind WHEN 3 THEN 'lookup_order' END,
    CASE kind WHEN 2 THEN 'call_' || n WHEN 3 THEN 'call_' || (n - 1) END,
    at, at, false, %(user)s, %(user)s, n
FROM (
    SELECT n, (n %% 10)::int + 1 AS kind, %(start)s::timestamptz + n * %(pace)s::interval AS at,
        CASE WHEN (n / 10) %% %(rarity)s = 0 AND n / 10 / %(rarity)s < 100 THEN -2
            WHEN floor((n / 10 + 1) * %(share)s::float8) > floor(n / 10 * %(share)s::float8) THEN -1
            ELSE floor(power(n / 10 * 2654435761 %% 4294967296 / 4294967296.0::float8, 2)
                * %(agents)s)::int END AS slot
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
) AS numbered
"""
_AGENT_ID = """
CREATE FUNCTION pg_temp.bulk_agent(slot int) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'agent-' || md5('agent' || slot)::uuid::text
"""
_AGENTS = """
INSERT INTO agents (id, name, agent_type, message_ids, llm_config, embedding_config, tool_rules,
    organization_id, message_buffer_autoclear, timezone, created_at, updated_at, is_deleted,
    _created_by_id, _last_updated_by_id, system)
SELECT id, name, 'letta_v1_agent', '[]', %(model)s, 'null', '[]', %(organization)s, false, 'UTC',
    %(start)s, %(start)s, false, %(user)s, %(user)s, 'You are a support agent.'
FROM (
    SELECT pg_temp.bulk_agent(slot) AS id, 'Support agent ' || slot AS name
    FROM generate_series(0, %(agents)s - 1) AS slot
    UNION ALL VALUES (%(big)s, 'Busiest desk'), (%(small)s, 'Quiet desk')
) AS named
"""
_CONTEXTS = """
UPDATE agents SET message_ids = newest.ids, updated_at = newest.at
FROM (
    SELECT a.id AS agent_id, json_agg(m.id ORDER BY m.sequence_id) AS ids, max(m.created_at) AS at
    FROM agents a CROSS JOIN LATERAL (
        SELECT id, sequence_id, created_at FROM messages WHERE agent_id = a.id
        ORDER BY sequence_id DESC LIMIT 20) AS m
    GROUP BY a.id
) AS newest WHERE newest.agent_id = agents.id
"""


def bulk_messages(
    dsn: str,
    *,
    agents: int,
    messages: int,
    big_agent_messages: int,
    schema: str = "public",
    seed: int = 7,
) -> None:
    """Fill an empty 0.16.8 database with `messages` rows over `agents` agents.

    Activity is skewed. `BIG_AGENT` has about `big_agent_messages` of the rows and `SMALL_AGENT`
    1,000 (of at least 2,000) with the same mix; both are spread over the whole half year.
    `seed` varies only where the rows begin in time. Keys and indexes of `messages` are dropped
    for the load and made again after it.
    """
    start = _START + timedelta(minutes=seed)
    values = _values(agents, messages, big=big_agent_messages, start=start)
    with psycopg.connect(dsn) as connection:
        connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        connection.execute("SET LOCAL synchronous_commit = off")
        connection.execute(_AGENT_ID)
        _people(connection, values)
        with _bare_messages(connection):
            for first in range(0, messages, _CHUNK):
                last = min(first + _CHUNK, messages) - 1
                connection.execute(_INSERT, values | {"first": first, "last": last})
        connection.execute("ANALYZE messages")
        connection.execute(_CONTEXTS)
        connection.execute("SELECT setval('message_seq_id', %s)", [messages])
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _values(agents: int, messages: int, *, big: int, start: datetime) -> dict[str, Any]:
    model = {"model": "gpt-4o-mini", "model_endpoint_type": "openai", "context_window": 128_000}
    return {
        "big": BIG_AGENT,
        "small": SMALL_AGENT,
        "organization": _ORGANIZATION,
        "user": _USER,
        "agents": agents,
        "model": dumps(model),
        "roles": [role for role, _content in _KINDS],
        "contents": [content for _role, content in _KINDS],
        "call": _CALL,
        "returned": _RETURN,
        "start": start,
        "pace": _SPAN / max(1, messages),
        "rarity": max(1, messages // SMALL_AGENT_MESSAGES),
        "share": big / max(1, messages),
    }


def _people(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(
        "INSERT INTO organizations (id, name, privileged_tools, is_deleted)"
        " VALUES (%(organization)s, 'Benchmark shop', false, false)",
        values,
    )
    connection.execute(
        "INSERT INTO users (id, name, organization_id, is_deleted)"
        " VALUES (%(user)s, 'benchmark', %(organization)s, false)",
        values,
    )
    connection.execute(_AGENTS, values)


@contextmanager
def _bare_messages(connection: Connection) -> Iterator[None]:
    """The table without keys, references and indexes; all of them are back afterwards."""
    own = [("messages", constraint) for constraint in tables(RELEASE)["messages"].constraints]
    references = [
        (table.name, constraint)
        for table in tables(RELEASE).values()
        for constraint in table.constraints
        if constraint.kind == "fk" and constraint.rest.split()[0] == "messages"
    ]
    for table, constraint in [*references, *reversed(own)]:
        connection.execute(drop_constraint(table, constraint).encode())
    yield
    for table, constraint in [*own, *references]:
        connection.execute(add_constraint(table, constraint).encode())
