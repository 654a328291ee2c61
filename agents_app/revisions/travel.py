"""Time travel: an agent's memory blocks as they were at a message, a step or a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.revisions.collect import Sources, gather, subject
from agents_app.revisions.collect.columns import of_messages
from agents_app.revisions.collect.subjects import held
from agents_app.revisions.evidence import START, Moment, Place
from agents_app.revisions.history import stream
from agents_app.revisions.revision import Grade, Revision
from agents_app.revisions.telling import OTHER

CALLS_BEFORE: Final = 20
AFTER_PROMPT: Final = 0.4  # a step's prompt stands half before its first row
LATE: Final = timedelta(hours=1)
WITHIN_ROW: Final = (
    0.1  # calls of one row take their places in thousandths; what a clock places stands later
)

_MESSAGE = "SELECT m.agent_id, {place}, {role} = 'user', {step} FROM messages m WHERE m.id = %(id)s"
_ANSWER = """
SELECT {place}, {role} <> 'user' AND coalesce({step} = %(step)s, true) FROM messages m
 WHERE m.agent_id = %(agent)s AND {place} > %(place)s
 ORDER BY {place} LIMIT 1
"""
_STEP = """
SELECT coalesce(min({place}) FILTER (WHERE {role} <> 'user'), min({place}))
  FROM messages m
 WHERE m.agent_id = %(agent)s AND m.step_id = %(step)s
"""
_TIME = """
SELECT max(w.place)
  FROM (SELECT {place} AS place FROM messages m
         WHERE m.agent_id = %(agent)s AND {created_at} <= %(moment)s
         ORDER BY {created_at} DESC LIMIT 50) w
"""


@dataclass(frozen=True, slots=True)
class BlockAt:
    """A block at a place; `revision` is the one in force, None when the block did not exist yet."""

    id: str
    label: str
    revision: Revision | None

    @property
    def value(self) -> str | None:
        return self.revision.value if self.revision else None

    @property
    def grade(self) -> Grade | None:
        return self.revision.grade if self.revision else None


def place_of_message(message_id: str) -> Place | None:
    """Just after the message; after a person's message what the prompt sent with it shows."""
    names = {"step": column("messages", "step_id", alias="m")}
    rows = access.rows(of_messages(_MESSAGE, **names), {"id": message_id})
    if not rows or rows[0][1] is None:
        return None
    agent_id, place, is_user, step = rows[0]
    if is_user:
        asked = {"agent": agent_id, "place": place, "step": step}
        answers = access.rows(of_messages(_ANSWER, **names), asked)
        if answers and answers[0][1]:
            return float(answers[0][0]) - AFTER_PROMPT
    return float(place) + WITHIN_ROW


def place_of_step(agent_id: str, step_id: str) -> Place | None:
    """Before the step wrote anything: what its prompt should have shown; None when it has no messages."""
    rows = access.rows(of_messages(_STEP), {"agent": agent_id, "step": step_id})
    return rows[0][0] - 0.5 if rows and rows[0][0] is not None else None


def place_of_time(agent_id: str, moment: datetime) -> Place | None:
    """After the agent's last message of that time; None before its first."""
    rows = access.rows(of_messages(_TIME), {"agent": agent_id, "moment": moment})
    return rows[0][0] + WITHIN_ROW if rows and rows[0][0] is not None else None


def values_at(
    agent_id: str,
    at: Place,
    *,
    conversation_id: str | None = None,
    moment: Moment = None,
    timed: bool = False,
) -> list[BlockAt]:
    """The agent's present blocks as they were; in a conversation its isolated copies stand in.

    Which blocks were attached then is not stored; what the step's prompt showed says it better.
    `moment` tells blocks that did not exist yet, and with `timed` what was written after the place
    and until the moment: by others, or through REST.
    """
    found = []
    for label, block_id in sorted(held(agent_id, {conversation_id})[conversation_id].items()):
        block = subject(block_id)
        if block is not None:
            known = not _later(block.created_at, moment)
            until = moment if timed else None
            revision = value_at(gather(block), at, until=until) if known else None
            found.append(BlockAt(block_id, label, revision))
    return found


def value_at(sources: Sources, at: Place, *, until: Moment = None) -> Revision | None:
    """The revision in force at a place: read from a little before, further back while it is not known.

    With `until` also what was surely written by that time, wherever it stands.
    """
    calls = CALLS_BEFORE
    while True:
        part = sources.from_call(calls, until=at)
        found = _last(part, at, until)
        if part.floor == START or (found is not None and found.value is not None):
            return found
        calls *= 4


def _last(sources: Sources, at: Place, until: Moment) -> Revision | None:
    found: Revision | None = None
    for revision in stream(sources):
        if revision.place > at and not _by(revision, until):
            if not isinstance(until, datetime) or _is_after(revision, until):
                break
        elif not revision.id.endswith(OTHER):
            found = revision
    return found


def _by(revision: Revision, until: Moment) -> bool:
    """Whether the revision was surely written by then."""
    known = isinstance(revision.at, datetime) and isinstance(until, datetime)
    return known and not _later(revision.at, until)


def _is_after(revision: Revision, until: datetime) -> bool:
    """Whether nothing that follows can have been written by then: rows may come late, but not for long."""
    return isinstance(revision.at, datetime) and revision.at - until > LATE


def _later(created: Moment, moment: Moment) -> bool:
    return isinstance(created, datetime) and isinstance(moment, datetime) and created > moment
