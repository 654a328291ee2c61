"""Values stored in so many words: the present row, checkpoints, current system messages."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.letta.reading.messages import read_message
from agents_app.revisions.collect.columns import of_messages, ready, text_column
from agents_app.revisions.evidence import NOW, Place, Sight, Subject
from agents_app.revisions.prompts import read_memory
from agents_app.text.jsontext import parse

MOST_CHECKPOINTS: Final = 2_000
PROMPTS_AT_ONCE: Final = 20
MOST_CONVERSATIONS: Final = 500

_CHECKPOINTS = """
SELECT h.id, h.sequence_number, h.value, {created_at} AS created_at, {actor} AS actor
  FROM block_history h
 WHERE h.block_id = %(id)s
 ORDER BY h.sequence_number LIMIT %(most)s
"""

_CONTEXT = "SELECT left(a.message_ids::text, 200) FROM agents a WHERE a.id = %(agent)s"

_FIRST_OF_CONVERSATIONS = """
SELECT cm.message_id
  FROM conversation_messages cm
 WHERE cm.agent_id = %(agent)s AND cm."position" = 0
 LIMIT %(most)s
"""

_SYSTEM = """
SELECT m.id, m.agent_id, {role} AS role, {place} AS place, {conversation} AS conversation_id,
       {created_at} AS created_at, {updated_at} AS updated_at, {content} AS content, {text} AS text
  FROM messages m
 WHERE m.id = ANY(%(ids)s) AND {role} = 'system'
"""

_STAMPS = """
SELECT coalesce({updated_at}, {created_at}) FROM messages m WHERE m.id = ANY(%(ids)s::text[])
"""


def current(block: Subject) -> Iterator[Sight]:
    """What the row holds now."""
    if block.value is not None:
        yield Sight(
            id=f"current:{block.id}:{block.version}", source="current", value=block.value,
            since=NOW, place=NOW, at=block.updated_at, actor=block.updated_by,
        )  # fmt: skip


def checkpoints(block: Subject) -> list[dict[str, Any]]:
    """Rows of block_history by sequence number; nearly always none."""
    if block.id is None or not ready(
        "block_history.block_id", "block_history.value", "block_history.sequence_number"
    ):
        return []
    sql = _CHECKPOINTS.format(
        actor=column("block_history", "actor_id", alias="h"),
        created_at=column("block_history", "created_at", alias="h"),
    )
    return access.dict_rows(sql, {"id": block.id, "most": MOST_CHECKPOINTS})


def prompt_ids(agent_id: str) -> list[str]:
    """The system messages in use: the agent's, and one for each conversation."""
    ids: list[object] = []
    for (stored,) in (
        access.rows(_CONTEXT, {"agent": agent_id}) if ready("agents.message_ids") else ()
    ):
        first = parse(stored.split(",")[0].rstrip("] ") + "]") if stored else None
        ids += first.value[:1] if first and isinstance(first.value, list) else []
    if ready(*(f"conversation_messages.{name}" for name in ("agent_id", "message_id", "position"))):
        asked = {"agent": agent_id, "most": MOST_CONVERSATIONS}
        ids += [found for (found,) in access.rows(_FIRST_OF_CONVERSATIONS, asked)]
    return [found for found in ids if isinstance(found, str)]


def system_rows(ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows of role system, a few at a time."""
    sql = of_messages(_SYSTEM,
        conversation=column("messages", "conversation_id", alias="m"),
        updated_at=column("messages", "updated_at", alias="m"), content=text_column("messages", "content", "m"),
        text=column("messages", "text", alias="m"),
    )  # fmt: skip
    wanted = list(dict.fromkeys(ids))
    for begin in range(0, len(wanted), PROMPTS_AT_ONCE):
        yield from access.dict_rows(sql, {"ids": wanted[begin : begin + PROMPTS_AT_ONCE]})


def system_stamps(ids: Sequence[str]) -> list[Any]:
    """When these rows were last written, without what they hold."""
    sql = of_messages(_STAMPS, updated_at=column("messages", "updated_at", alias="m"))
    return [at for (at,) in access.rows(sql, {"ids": list(ids)})] if ids else []


def system_sight(row: dict[str, Any], label: str, *, since: Place, place: Place) -> Sight | None:
    """What one system message shows; it was compiled when the row was last written."""
    reading = read_message(row, agent_type=None)
    memory = read_memory(reading.text)
    shown = memory.blocks.get(label) if memory else None
    if shown is None:
        return None
    return Sight(
        id=f"system:{row['id']}", source="system_message", value=shown.value, since=since, place=place,
        at=row["updated_at"] or row["created_at"], agent_id=row["agent_id"],
        conversation_id=row["conversation_id"], stripped=shown.stripped,
    )  # fmt: skip
