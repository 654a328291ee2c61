"""What stands around messages: their agent and conversation, steps, runs, context, senders, returns elsewhere."""

from collections.abc import Collection, Sequence
from typing import Any

from agents_app.conversations.queries.bodies import Body, bodies
from agents_app.conversations.queries.keys import OF_AGENT, Where, own_rows, walking
from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.letta import access, catalogue
from agents_app.letta.columns import column, live, selected

LONGEST_CONTEXT = 2_000_000
NEAR = 16
MOST_THREADS = 12

AGENT_COLUMNS = ("name", "agent_type", "organization_id", "timezone", "is_deleted", "hidden")
_AGENT = "SELECT a.id, {plain}, left({context}::text, %(longest)s) AS message_ids FROM agents a WHERE a.id = %(id)s"


def agent(agent_id: str) -> dict[str, Any] | None:
    """The agent with the raw text of its context window."""
    sql = _AGENT.format(
        plain=selected("agents", AGENT_COLUMNS, alias="a"),
        context=column("agents", "message_ids", alias="a"),
    )
    rows = access.dict_rows(sql, {"id": agent_id, "longest": LONGEST_CONTEXT})
    return rows[0] if rows else None


CONVERSATION_COLUMNS = ("agent_id", "summary", "created_at", "is_deleted")
_CONVERSATIONS = (
    "SELECT c.id, {plain} FROM conversations c WHERE {where} ORDER BY {order}, c.id LIMIT %(count)s"
)


def conversation(conversation_id: str) -> dict[str, Any] | None:
    """One named conversation (0.16.2+)."""
    found = _conversations("c.id = %(id)s", {"id": conversation_id, "count": 1})
    return found[0] if found else None


def conversations_of(agent_id: str) -> list[dict[str, Any]]:
    """The agent's live named conversations, newest first; one more than are shown."""
    where = f"c.agent_id = %(id)s AND {live('conversations', alias='c')}"
    return _conversations(where, {"id": agent_id, "count": MOST_THREADS + 1})


def _conversations(where: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    known = catalogue.current()
    if not known.has_column("conversations", "id") or not known.has_column(
        "conversations", "agent_id"
    ):
        return []
    sql = _CONVERSATIONS.format(
        plain=selected("conversations", CONVERSATION_COLUMNS, alias="c"),
        where=where,
        order=f"{column('conversations', 'created_at', alias='c')} DESC NULLS LAST",
    )
    return access.dict_rows(sql, values)


STEP_COLUMNS = (
    "run_id", "model", "prompt_tokens", "completion_tokens", "total_tokens", "stop_reason", "status", "error_type",
)  # fmt: skip
_STEPS = """
SELECT s.id, {plain}, {step_ns} AS step_ns, {run_status} AS run_status, {run_stop_reason} AS run_stop_reason
  FROM steps s {joins}
 WHERE s.id = ANY(%(ids)s)
"""


def steps(ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Tokens, time and outcome of each step that still exists, with the outcome of its run (0.12+)."""
    known = catalogue.current()
    if not ids or not known.has_column("steps", "id"):
        return {}
    timed = known.has_column("step_metrics", "id") and known.has_column("step_metrics", "step_ns")
    ran = known.has_column("runs", "id") and known.has_column("steps", "run_id")
    joins = (
        "LEFT JOIN step_metrics t ON t.id = s.id" if timed else "",
        "LEFT JOIN runs r ON r.id = s.run_id" if ran else "",
    )
    sql = _STEPS.format(
        plain=", ".join(_step_column(name) for name in STEP_COLUMNS),
        step_ns="t.step_ns" if timed else "NULL::bigint",
        run_status=column("runs", "status", alias="r") if ran else "NULL::text",
        run_stop_reason=column("runs", "stop_reason", alias="r") if ran else "NULL::text",
        joins=" ".join(joins),
    )
    return {row["id"]: row for row in access.dict_rows(sql, {"ids": sorted(ids)})}


def _step_column(name: str) -> str:
    """`status` and, for a while, `stop_reason` are native enums, of labels not all known here."""
    text = "::text" if name in ("status", "stop_reason") else ""
    return f'{column("steps", name, alias="s")}{text} AS "{name}"'


_MEMBERSHIPS = """
SELECT c.message_id, c.conversation_id, {plain}
  FROM conversation_messages c
 WHERE c.message_id = ANY(%(ids)s) AND {conversation}
 ORDER BY c.conversation_id LIMIT %(count)s
"""


def memberships(
    ids: Sequence[str], *, conversation_id: str | None = None, count: int = 500
) -> list[dict[str, Any]]:
    """Named conversations that hold these messages, or only this one; with position and in_context."""
    known = catalogue.current()
    columns = ("message_id", "conversation_id")
    if not ids or not all(known.has_column("conversation_messages", name) for name in columns):
        return []
    sql = _MEMBERSHIPS.format(
        plain=selected(
            "conversation_messages", ("position", "in_context", "is_deleted"), alias="c"
        ),
        conversation="c.conversation_id = %(conversation)s" if conversation_id else "true",
    )
    return access.dict_rows(
        sql, {"ids": list(ids), "conversation": conversation_id, "count": count}
    )


CALLING, RETURNING = "('assistant', 'approval')", "('tool', 'function', 'approval')"


def neighbours(
    thread: Thread, *, before: Key | None, after: Key | None, count: int = NEAR
) -> tuple[list[Body], list[Body]]:
    """Among the agent's `count` rows on either side, those that may hold a parted call or its return, in order.

    A return that came later than that stays unknown here; nothing is looked for where a side is None.
    """
    everything = own_rows(
        Thread(thread.agent_id, scope=Scope.ALL, with_deleted=thread.with_deleted)
    )
    ids: list[list[str]] = []
    for start, backwards, roles in ((before, True, CALLING), (after, False, RETURNING)):
        ids.append(_near(everything, start, backwards=backwards, roles=roles, count=count))
    found = bodies([*ids[0], *ids[1]], head=16_384)
    return [found[id] for id in reversed(ids[0]) if id in found], [
        found[id] for id in ids[1] if id in found
    ]


def _near(where: Where, start: Key | None, *, backwards: bool, roles: str, count: int) -> list[str]:
    if start is None:
        return []
    fits = f", {column('messages', 'role', alias='m')} IN {roles} AS fits"
    for sql, values in walking(where, start, backwards=backwards, more=fits):
        return [id for id, _, fits in access.rows(sql, {**values, "count": count}) if fits]
    return []


_NAMES = "SELECT a.id, {name} AS name FROM agents a WHERE a.id = ANY(%(ids)s)"


def agent_names(ids: Collection[str]) -> dict[str, str | None]:
    """Names of the agents that exist."""
    if not ids:
        return {}
    sql = _NAMES.format(name=column("agents", "name", alias="a"))
    return {row["id"]: row["name"] for row in access.dict_rows(sql, {"ids": sorted(ids)})}


_AT_TIME = """
SELECT m.id, {place}::text AS place
  FROM messages m
 WHERE {of_agent} AND {time} {sign} %(moment)s
 ORDER BY m.agent_id {direction}, {time} {direction} LIMIT %(count)s
"""


def around_time(agent_id: str, moment: Any, *, later: bool, count: int = 1) -> list[Key]:
    """The agent's first messages at or after a time (or last ones before it), by the index on time."""
    if not catalogue.current().has_column("messages", "created_at"):
        return []
    numbered = catalogue.current().has_column("messages", "sequence_id")
    sql = _AT_TIME.format(
        place=column("messages", "sequence_id" if numbered else "created_at", alias="m"),
        of_agent=OF_AGENT,
        time="m.created_at",
        sign=">=" if later else "<",
        direction="ASC" if later else "DESC",
    )
    rows = access.dict_rows(sql, {"agents": [agent_id], "moment": moment, "count": count})
    return [Key(row["place"], row["id"]) for row in rows]
