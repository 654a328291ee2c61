"""A moment in an agent's life: after a message, before a step wrote, or at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.letta.models import Message, Step
from agents_app.revisions.collect.columns import place
from agents_app.revisions.travel import place_of_message, place_of_step, place_of_time

LOOKED_AT: Final = 500

_ROW = """
SELECT m.id, {step} AS step_id, {conversation} AS conversation_id, m.created_at, {place} AS place
  FROM messages m
 WHERE m.agent_id = %(agent)s AND {place} {way} %(at)s
 ORDER BY {place} {order} LIMIT %(most)s
"""


@dataclass(frozen=True)
class When:
    """Where in the agent's messages a moment lies; `place` is None before the first of them.

    `step_id` is the step whose request tells what the model had before it.
    """

    kind: str
    place: float | None
    at: Any
    step_id: str | None = None
    conversation_id: str | None = None
    message_id: str | None = None


def at_message(agent_id: str, message_id: str) -> When | None:
    """Just after a message, what its calls wrote included."""
    columns = ("id", "created_at", "step_id", "conversation_id")
    found = Message.objects.here().filter(pk=message_id, agent_id=agent_id).only(*columns).first()
    if found is None:
        return None
    place = place_of_message(message_id)
    return When(
        "message", place, found.created_at, found.step_id, found.conversation_id, message_id
    )


def at_step(agent_id: str, step_id: str) -> When | None:
    """Before the step wrote anything; for one without messages, when it began."""
    place = place_of_step(agent_id, step_id)
    if place is not None:
        row = next(iter(_rows(agent_id, place, later=True, most=1)), {})
        return When("step", place, row.get("created_at"), step_id, row.get("conversation_id"))
    step = (
        Step.objects.here().filter(pk=step_id, agent_id=agent_id).only("id", "created_at").first()
    )
    if step is None:
        return None
    at = step.created_at
    place = place_of_time(agent_id, at) if isinstance(at, datetime) else None
    return When("step", place, at, step_id)


def at_time(agent_id: str, moment: datetime) -> When:
    """After the agent's last message of that time; its step is the last one before."""
    place = place_of_time(agent_id, moment)
    rows = [] if place is None else _rows(agent_id, place, later=False, most=20)
    step = next((row["step_id"] for row in rows if row["step_id"]), None)
    thread = rows[0]["conversation_id"] if rows else None
    return When("time", place, moment, step, thread)


def messages_before(agent_id: str, when: When, *, most: int) -> list[dict[str, Any]]:
    """The newest rows of the thread up to that moment, oldest first."""
    if when.place is None:
        return []
    rows = _rows(agent_id, when.place, later=False, most=LOOKED_AT)
    return [row for row in rows if row["conversation_id"] == when.conversation_id][:most][::-1]


def _rows(agent_id: str, at: float, *, later: bool, most: int) -> list[dict[str, Any]]:
    """Rows on one side of a place, nearest first."""
    sql = _ROW.format(
        step=column("messages", "step_id", alias="m"),
        conversation=column("messages", "conversation_id", alias="m"),
        place=place("m"),
        way=">" if later else "<=",
        order="ASC" if later else "DESC",
    )
    return access.dict_rows(sql, {"agent": agent_id, "at": at, "most": most})
