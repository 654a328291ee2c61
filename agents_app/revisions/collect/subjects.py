"""The block in question and everything that holds it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.revisions.collect.columns import ready
from agents_app.revisions.evidence import Subject

_BLOCK = """
SELECT b.id, coalesce({label}, '') AS label, {value} AS value, {version} AS version, {limit} AS "limit",
       {organization} AS organization_id, {created_at} AS created_at, {updated_at} AS updated_at,
       {created_by} AS created_by, {updated_by} AS updated_by, {entry} AS history_entry_id
  FROM block b
 WHERE b.id = %(id)s
"""

_COPY = """
SELECT l.conversation_id, c.agent_id
  FROM blocks_conversations l JOIN conversations c ON c.id = l.conversation_id
 WHERE l.block_id = %(id)s
"""

_COPIES_NEED = (
    "blocks_conversations.conversation_id", "blocks_conversations.block_id", "blocks_conversations.block_label",
    "conversations.agent_id",
)  # fmt: skip
_AGENTS = "SELECT DISTINCT agent_id FROM blocks_agents WHERE block_id = %(id)s"
_COPIES = """
SELECT DISTINCT l.conversation_id
  FROM conversations c JOIN blocks_conversations l ON l.conversation_id = c.id
 WHERE c.agent_id = %(agent)s AND l.block_label = %(label)s
"""
_TWIN = """
SELECT b.value FROM blocks_agents l JOIN block b ON b.id = l.block_id
 WHERE l.agent_id = %(agent)s AND l.block_label = %(label)s
"""

_NEIGHBOURS = """
SELECT a.id
  FROM agents a
 WHERE a.organization_id = %(organization)s
   AND NOT EXISTS (SELECT 1 FROM blocks_agents l WHERE l.agent_id = a.id AND l.block_label = %(label)s)
 ORDER BY abs(extract(epoch FROM a.created_at - %(created)s)) LIMIT %(most)s
"""
_NEIGHBOURS_NEED = (
    "agents.organization_id",
    "agents.created_at",
    "blocks_agents.agent_id",
    "blocks_agents.block_label",
)
MOST_NEIGHBOURS: Final = 300
_HELD = """
SELECT l.block_label, l.block_id FROM blocks_agents l
 WHERE l.agent_id = %(agent)s ORDER BY l.block_label LIMIT %(most)s
"""
_HELD_COPIES = """
SELECT l.conversation_id, l.block_label, l.block_id FROM blocks_conversations l
 WHERE l.conversation_id = ANY(%(conversations)s::text[])
"""
MOST_HELD: Final = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """An agent whose calls and prompts are about the block.

    `only` restricts it to one conversation (for an isolated copy), `without` leaves out those that
    have a copy of their own. `proven` is False for an agent that no longer holds the block.
    """

    agent_id: str
    only: str | None = None
    without: frozenset[str] = frozenset()
    proven: bool = True

    def sees(self, conversation_id: str | None) -> bool:
        if self.only is not None:
            return conversation_id == self.only
        return conversation_id not in self.without


def subject(block_id: str) -> Subject | None:
    """The block's row; None when there is none."""
    plain = ("label", "value", "version", "limit", "created_at", "updated_at")
    names = {
        **{name: name for name in plain},
        "organization": "organization_id",
        "created_by": "_created_by_id",
        "updated_by": "_last_updated_by_id",
        "entry": "current_history_entry_id",
    }
    sql = _BLOCK.format(
        **{name: column("block", stored, alias="b") for name, stored in names.items()}
    )
    rows = access.dict_rows(sql, {"id": block_id})
    if not rows:
        return None
    copies = access.rows(_COPY, {"id": block_id}) if ready(*_COPIES_NEED) else []
    return Subject(**rows[0], conversation_id=copies[0][0] if copies else None)


def holders(block: Subject) -> list[Holder]:
    """The agents that hold the block now."""
    if block.conversation_id is not None:
        rows = access.rows(_COPY, {"id": block.id})
        return [Holder(agent, only=conversation) for conversation, agent in rows]
    if not ready("blocks_agents.agent_id", "blocks_agents.block_id"):
        return []
    agents = [agent for (agent,) in access.rows(_AGENTS, {"id": block.id})]
    return [Holder(agent, without=copies(agent, block.label)) for agent in sorted(agents)]


def neighbours(block: Subject) -> list[str]:
    """Agents that hold no block of this label now and may have held this one, by age the nearest first."""
    if not ready(*_NEIGHBOURS_NEED) or not isinstance(block.created_at, datetime):
        return []
    asked = {
        "organization": block.organization_id,
        "label": block.label,
        "created": block.created_at,
    }
    return [found for (found,) in access.rows(_NEIGHBOURS, asked | {"most": MOST_NEIGHBOURS})]


def held(agent_id: str, conversations: Collection[str | None]) -> dict[str | None, dict[str, str]]:
    """By conversation, the blocks that the agent holds there now: id by label, isolated copies first."""
    own: dict[str, str] = {}
    if ready("blocks_agents.agent_id", "blocks_agents.block_id", "blocks_agents.block_label"):
        own = dict(access.rows(_HELD, {"agent": agent_id, "most": MOST_HELD}))
    found = {conversation: dict(own) for conversation in conversations}
    named = sorted(conversation for conversation in found if conversation is not None)
    if named and ready("blocks_conversations.conversation_id", "blocks_conversations.block_label"):
        rows = access.rows(_HELD_COPIES, {"conversations": named})
        for conversation, label, block in rows:
            found[conversation][label] = block
    return found


def copies(agent_id: str, label: str) -> frozenset[str]:
    """Conversations of the agent that have an isolated block of this label (0.16.4+)."""
    if not ready(*_COPIES_NEED):
        return frozenset()
    return frozenset(
        found for (found,) in access.rows(_COPIES, {"agent": agent_id, "label": label})
    )


def twins(agent_id: str, label: str) -> frozenset[str]:
    """The present value of the agent's own block of this label."""
    if not ready("blocks_agents.block_label", "block.value"):
        return frozenset()
    return frozenset(value for (value,) in access.rows(_TWIN, {"agent": agent_id, "label": label}))
