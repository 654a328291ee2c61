"""The user message that led to a call: the last one before it in the same conversation.

A sleeptime agent is set off by a transcript of the main agent's conversation; there the message
that led to the call is the main agent's last one before the transcript.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from agents_app.letta import access
from agents_app.letta.reading.messages import read_message
from agents_app.revisions.collect.columns import ready
from agents_app.revisions.collect.rows import HEAD, preceding_rows
from agents_app.revisions.revision import Revision

SAID: Final = frozenset({"user", "transcript", "agent_message"})

_MANAGERS = """
SELECT l.agent_id, g.manager_agent_id
  FROM groups_agents l JOIN groups g ON g.id = l.group_id
 WHERE l.agent_id = ANY(%(agents)s::text[]) AND g.manager_type IN ('sleeptime', 'voice_sleeptime')
   AND g.manager_agent_id IS NOT NULL AND g.manager_agent_id <> l.agent_id
"""

_MANAGERS_NEED = (
    "groups.manager_type",
    "groups.manager_agent_id",
    "groups_agents.agent_id",
    "groups_agents.group_id",
)


def with_causes(revisions: Sequence[Revision]) -> list[Revision]:
    """The same with `cause_message_id`, where a call brought the revision and its messages are stored."""
    found: dict[str, dict[str, Any]] = {}
    for (agent, conversation), members in _threads(revisions).items():
        rows = preceding_rows(agent, conversation, sorted({place for _, place in members}))
        causes = _said(rows)
        found |= {revision_id: causes[place] for revision_id, place in members if place in causes}
    ids = _of_main_agents(found)
    return [replace(one, cause_message_id=ids.get(one.id)) for one in revisions]


def _threads(revisions: Iterable[Revision]) -> dict[tuple[str, str | None], list[tuple[str, int]]]:
    """Revision ids and places of their calls, by agent and conversation."""
    found: dict[tuple[str, str | None], list[tuple[str, int]]] = {}
    for one in revisions:
        if one.agent_id and one.message_id and one.call_place is not None:
            found.setdefault((one.agent_id, one.conversation_id), []).append(
                (one.id, int(one.call_place))
            )
    return found


def _said(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """For each place asked for, the latest row before it that somebody said; heartbeats and alerts are not."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["asked"] not in found and (kind := _kind(row)) in SAID:
            found[row["asked"]] = row | {"kind": kind}
    return found


def _kind(row: dict[str, Any]) -> str:
    cut = {
        name for name in ("content", "text") if row.get(name) is not None and len(row[name]) >= HEAD
    }
    return read_message(row, agent_type=None, cut=cut).kind


def _of_main_agents(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Message ids by revision; for sleeptime agents what the main agent was told last."""
    ids = {revision_id: str(row["id"]) for revision_id, row in found.items()}
    managers = _managers(sorted({row["agent_id"] for row in found.values()}))
    for manager in sorted(set(managers.values())):
        members = {revision_id: int(row["place"]) for revision_id, row in found.items()
                   if managers.get(row["agent_id"]) == manager}  # fmt: skip
        told = _said(preceding_rows(manager, None, sorted(set(members.values()))))
        ids |= {
            revision_id: str(told[place]["id"])
            for revision_id, place in members.items()
            if place in told
        }
    return ids


def _managers(agents: list[str]) -> dict[str, str]:
    """The main agent of each sleeptime agent."""
    if not agents or not ready(*_MANAGERS_NEED):
        return {}
    return dict(access.rows(_MANAGERS, {"agents": agents}))
