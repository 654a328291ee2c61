"""The turns that calls belong to: the message that led to each, and the row that holds its return."""

from collections.abc import Sequence
from typing import Any, Final

from agents_app.conversations.queries.keys import OF_AGENT, in_order, place
from agents_app.conversations.threads import Key, Thread
from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.letta.reading.messages import read_message
from agents_app.revisions.causes import SAID

NEAR: Final = 120
HEAD: Final = 2_000

# Rows beside a call are looked at by the index on (agent_id, place); only those of fitting roles give text.
_BESIDE = """
SELECT c.id AS asked, w.*
  FROM messages c CROSS JOIN LATERAL (
       SELECT n.id, n.agent_id, n.place, n.role, n.name,
              left(n.content, %(head)s) AS content, left(n.text, %(head)s) AS text
         FROM (SELECT m.id, m.agent_id, {place}::text AS place, {role} AS role, {name} AS name,
                      ({content})::text AS content, {text} AS text, {conversation} AS conversation_id
                 FROM messages m
                WHERE {of_agent} AND {place} {sign} {asked}
                ORDER BY m.agent_id {order}, {place} {order} LIMIT %(near)s) n
        WHERE n.role = ANY(%(roles)s) AND n.conversation_id IS NOT DISTINCT FROM {thread}
        LIMIT %(most)s) w
 WHERE c.id = ANY(%(ids)s)
"""


def turns(thread: Thread, keys: Sequence[Key]) -> tuple[list[Key], dict[str, str]]:
    """The calls at these keys with what led to them and what they gave back, oldest first.

    Beside it, for each row, the row that its turn begins with. Two statements.
    """
    found, begins = set(keys), dict[str, str]()
    for asked, row in _said(_beside(thread, keys, backwards=True)).items():
        found.add(Key(row["place"], row["id"]))
        begins[asked] = begins[row["id"]] = row["id"]
    for row in _beside(thread, keys, backwards=False):
        found.add(Key(row["place"], row["id"]))
        begins[row["id"]] = begins.get(row["asked"], row["asked"])
    return in_order(found), begins


def _said(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """For each call the latest row before it that somebody said; heartbeats and alerts are not."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        cut = {one for one in ("content", "text") if len(row[one] or "") >= HEAD}
        if row["asked"] not in found and read_message(row, agent_type=None, cut=cut).kind in SAID:
            found[row["asked"]] = row
    return found


def _beside(thread: Thread, keys: Sequence[Key], *, backwards: bool) -> list[dict[str, Any]]:
    """Rows before the calls that may have led to them, or the next return, nearest first."""
    if not keys:
        return []
    names = ("role", "name", "content", "text", "conversation_id")
    columns = {name: column("messages", name, alias="m") for name in names}
    columns["conversation"] = columns.pop("conversation_id")
    sql = _BESIDE.format(
        **columns,
        place=place(),
        of_agent=OF_AGENT,
        sign="<" if backwards else ">",
        order="DESC" if backwards else "ASC",
        asked=place().replace("m.", "c.", 1),
        thread=column("messages", "conversation_id", alias="c"),
    )
    roles, most = (["user", "system"], 6) if backwards else (["tool"], 1)
    values = {"ids": [key.id for key in keys], "agents": [thread.agent_id], "roles": roles}
    return access.dict_rows(sql, values | {"most": most, "near": NEAR, "head": HEAD})
