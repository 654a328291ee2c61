"""Threads of all agents by their last message, newest first: default threads and named conversations together.

The newest messages are read in windows of the index and grouped. Where that finds too little (a
filter, a deep page, a few very busy threads) each thread is probed once instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents_app.conversations.filters import ListNarrowed
from agents_app.letta import access, catalogue
from agents_app.letta.agent_conditions import Where
from agents_app.letta.columns import column, live

WINDOWS = (2_000, 8_000, 40_000)
FEW_AGENTS = 500
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread with its newest message. `conversation_id` None is the agent's default thread."""

    agent_id: str
    conversation_id: str | None
    place: str
    last_activity: Any
    message_id: str
    agent_name: str | None
    agent_type: str | None
    organization_id: str | None
    title: str | None

    @property
    def key(self) -> Key:
        return self.place, self.agent_id, self.conversation_id or ""


def threads(
    narrowed: ListNarrowed, key: Key | None, *, agents: Where, backwards: bool, count: int
) -> list[ThreadRow]:
    """Up to `count` threads beyond `key`, in walking order, of the `agents` that a filter confirmed."""
    known = catalogue.current()
    if not known.has_column("messages", "agent_id") or not known.has_column("agents", "id"):
        return []
    few = known.rows.get("agents", 0) <= FEW_AGENTS
    if not (few or backwards or narrowed.until) and known.has_index("messages", "sequence_id"):
        found = _windows(agents, narrowed, key, count=count)
        if found is not None:
            return found
    return _probes(agents, narrowed, key, backwards=backwards, count=count)


def _active(narrowed: ListNarrowed, time: str) -> tuple[str, dict[str, Any]]:
    parts, values = ["true"], dict[str, Any]()
    if narrowed.since:
        parts.append(f"{time} >= %(since)s")
        values["since"] = narrowed.since
    if narrowed.until:
        parts.append(f"{time} < %(until)s")
        values["until"] = narrowed.until
    return " AND ".join(parts), values


# --- windows -----------------------------------------------------------------------------------------

_WINDOW = """
WITH seen AS MATERIALIZED (
  SELECT m.agent_id, {conversation} AS conversation_id, m.sequence_id
    FROM messages m
   WHERE {beyond} AND {live}
   ORDER BY m.sequence_id DESC LIMIT %(size)s
), newest AS (
  SELECT s.agent_id, s.conversation_id, max(s.sequence_id) AS place FROM seen s GROUP BY 1, 2
)
SELECT n.agent_id, n.conversation_id, n.place::text AS place, x.id AS message_id, {time} AS last_activity,
       {described}, (SELECT count(*) FROM seen) AS seen
  FROM newest n
  JOIN agents a ON a.id = n.agent_id
  JOIN messages x ON x.sequence_id = n.place
  {conversations}
 WHERE {where} AND {active} AND {listed} AND {unseen}
 ORDER BY n.place DESC LIMIT %(count)s
"""
# LIMIT keeps the planner from turning the probe into a join over all messages.
_NEWER = """(SELECT 1 FROM messages o
  WHERE o.agent_id = n.agent_id AND {same} AND o.sequence_id >= %(bound)s AND {live} LIMIT 1)"""


def _windows(
    where: Where, narrowed: ListNarrowed, key: Key | None, *, count: int
) -> list[ThreadRow] | None:
    """The page from the messages before `key`; None when even the widest window holds too few threads."""
    active, values = _active(narrowed, column("messages", "created_at", alias="x"))
    bound = int(key[0] or 0) if key else None
    sql = _WINDOW.format(
        conversation=column("messages", "conversation_id", alias="m"),
        beyond="true" if bound is None else "m.sequence_id < %(bound)s",
        live=live("messages", alias="m"),
        time=column("messages", "created_at", alias="x"),
        described=_described(),
        conversations=_join_conversations("n.conversation_id"),
        where=where.sql,
        active=active,
        listed=_listed("n.conversation_id"),
        unseen="true" if bound is None else _unseen(),
    )
    for size in WINDOWS:
        rows = access.dict_rows(
            sql, {**where.parameters, **values, "bound": bound, "size": size, "count": count}
        )
        if len(rows) >= count or (rows and rows[0]["seen"] < size):
            return [_thread(row) for row in rows]
    return None


def _unseen() -> str:
    """The condition that a thread has no newer message, which put it on an earlier page."""
    if not catalogue.current().has_column("messages", "conversation_id"):
        return f"{_NEWER.format(same='true', live=live('messages', alias='o'))} IS NULL"
    alive = live("messages", alias="o")
    named = _NEWER.format(same="o.conversation_id = n.conversation_id", live=alive)
    default = _NEWER.format(same="o.conversation_id IS NULL", live=alive)
    return f"CASE WHEN n.conversation_id IS NULL THEN {default} ELSE {named} END IS NULL"


# --- probes ------------------------------------------------------------------------------------------

_PROBES = """
SELECT p.agent_id, p.conversation_id, p.place::text AS place, p.message_id, p.last_activity, {described}
  FROM ({branches}) p
  JOIN agents a ON a.id = p.agent_id
  {conversations}
 WHERE {active} AND {side}
 ORDER BY {order} LIMIT %(count)s
"""
_DEFAULT = """
SELECT a.id AS agent_id, NULL::text AS conversation_id, l.place, l.message_id, l.last_activity
  FROM agents a CROSS JOIN LATERAL ({last}) l WHERE {where}
"""
_NAMED = """
SELECT c.agent_id, c.id, l.place, l.message_id, l.last_activity
  FROM conversations c JOIN agents a ON a.id = c.agent_id CROSS JOIN LATERAL ({last}) l WHERE {where} AND {live}
"""
_LAST = """
SELECT {place} AS place, m.id AS message_id, {time} AS last_activity
  FROM messages m
 WHERE m.agent_id = ANY(ARRAY[{agent}]) AND {same} AND {place} IS NOT NULL AND {live}
 ORDER BY m.agent_id DESC, {order} LIMIT 1
"""


def _probes(
    where: Where, narrowed: ListNarrowed, key: Key | None, *, backwards: bool, count: int
) -> list[ThreadRow]:
    """The page from one index probe for each thread of the agents that meet the conditions."""
    numbered = catalogue.current().has_column("messages", "sequence_id")
    active, values = _active(narrowed, "p.last_activity")
    direction, sign = ("ASC", ">") if backwards else ("DESC", "<")
    triple = "(p.place, p.agent_id, coalesce(p.conversation_id, ''))"
    bound = f"(%(bound)s::{'bigint' if numbered else 'timestamptz'}, %(bound_agent)s, %(bound_conversation)s)"
    sql = _PROBES.format(
        described=_described(),
        branches=_branches(where, numbered=numbered),
        conversations=_join_conversations("p.conversation_id"),
        active=active,
        side=f"{triple} {sign} {bound}" if key else "true",
        order=f"p.place {direction}, p.agent_id {direction}, coalesce(p.conversation_id, '') {direction}",
    )
    if key:
        values |= {"bound": key[0], "bound_agent": key[1], "bound_conversation": key[2]}
    return [
        _thread(row)
        for row in access.dict_rows(sql, {**where.parameters, **values, "count": count})
    ]


def _branches(where: Where, *, numbered: bool) -> str:
    known, place = catalogue.current(), "sequence_id" if numbered else "created_at"
    has_threads = known.has_column("messages", "conversation_id")
    leads = has_threads and known.has_index(
        "messages", "agent_id", "conversation_id", "sequence_id"
    )
    shared = {
        "place": column("messages", place, alias="m"),
        "time": column("messages", "created_at", alias="m"),
        "live": live("messages", alias="m"),
    }
    order = f"{shared['place']} DESC"
    default = _LAST.format(
        agent="a.id",
        same="m.conversation_id IS NULL" if has_threads else "true",
        order=f"m.conversation_id DESC, {order}" if leads else order,
        **shared,
    )
    branches = [_DEFAULT.format(last=default, where=where.sql)]
    if has_threads and _has_conversations():
        named = _LAST.format(
            agent="c.agent_id", same="m.conversation_id = c.id", order=order, **shared
        )
        branches.append(
            _NAMED.format(last=named, where=where.sql, live=live("conversations", alias="c"))
        )
    return " UNION ALL ".join(branches)


# --- both --------------------------------------------------------------------------------------------


def _has_conversations() -> bool:
    known = catalogue.current()
    return known.has_column("conversations", "id") and known.has_column("conversations", "agent_id")


def _described() -> str:
    agent = ", ".join(
        f"{column('agents', stored, alias='a')} AS {name}"
        for name, stored in (
            ("agent_name", "name"),
            ("agent_type", "agent_type"),
            ("organization_id", "organization_id"),
        )
    )
    title = column("conversations", "summary", alias="v") if _has_conversations() else "NULL::text"
    return f"{agent}, {title} AS title"


def _join_conversations(conversation: str) -> str:
    return f"LEFT JOIN conversations v ON v.id = {conversation}" if _has_conversations() else ""


def _listed(conversation: str) -> str:
    """Soft-deleted conversations are not listed."""
    if not _has_conversations():
        return "true"
    return f"({conversation} IS NULL OR {live('conversations', alias='v')})"


def _thread(row: dict[str, Any]) -> ThreadRow:
    row.pop("seen", None)
    return ThreadRow(**row)


_BEFORE_LAST = """
SELECT b.id, l.id AS last
  FROM unnest(%(ids)s::text[], %(agents)s::text[], %(conversations)s::text[], %(places)s::bigint[])
       AS l (id, agent_id, conversation_id, place)
 CROSS JOIN LATERAL (
  SELECT m.id, {conversation} AS conversation_id, m.sequence_id
    FROM messages m
   WHERE m.agent_id = ANY(ARRAY[l.agent_id]) AND m.sequence_id < l.place
   ORDER BY m.agent_id DESC, m.sequence_id DESC LIMIT 2) b
 WHERE b.conversation_id IS NOT DISTINCT FROM nullif(l.conversation_id, '')
 ORDER BY b.sequence_id
"""


def before_last(rows: Sequence[ThreadRow]) -> dict[str, str]:
    """Messages shortly before the last one of each thread: their ids, with the id of that last one."""
    if not rows or not catalogue.current().has_column("messages", "sequence_id"):
        return {}
    values = {
        "ids": [row.message_id for row in rows],
        "agents": [row.agent_id for row in rows],
        "conversations": [row.conversation_id or "" for row in rows],
        "places": [int(row.place) for row in rows],
    }
    sql = _BEFORE_LAST.format(conversation=column("messages", "conversation_id", alias="m"))
    return {row["id"]: row["last"] for row in access.dict_rows(sql, values)}
