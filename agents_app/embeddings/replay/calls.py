"""The search call of a message, what it asked for, and the return that answers it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from agents_app.embeddings.replay.returned import Hit, archival_hits, file_hits, line_hits
from agents_app.letta import catalogue
from agents_app.letta.models import Agent, Message
from agents_app.letta.reading.calls import ToolCall
from agents_app.letta.reading.messages import TOOL_ROLES, Reading, read_message
from agents_app.letta.reading.pairing import Answer, pair
from agents_app.text.times import parse_when, zone

READERS: Final = {
    "archival_memory_search": archival_hits,
    "semantic_search_files": file_hits,
    "search_files": file_hits,
    "grep_files": line_hits,
    "grep": line_hits,
}
"""Tools that look something up, and how their return is read."""

_ROWS_LOOKED_AT: Final = 60
_JSON = ("content", "tool_calls", "tool_returns", "approvals")
_COLUMNS = ("id", "agent_id", "role", "text", "tool_call_id", "created_at", "organization_id")
_MOST = 50


@dataclass(frozen=True)
class Asked:
    """What the agent asked for; times are aware, `most` is how many results it wanted at most."""

    tool: str
    query: str
    tags: tuple[str, ...] = ()
    all_tags: bool = False
    since: datetime | None = None
    until: datetime | None = None
    most: int = 10

    @property
    def is_archival(self) -> bool:
        return self.tool == "archival_memory_search"

    @property
    def is_grep(self) -> bool:
        return READERS[self.tool] is line_hits


@dataclass(frozen=True)
class Retrieval:
    """One search: its message, its agent, what was asked and what came back (None: no return found)."""

    message: Any
    agent: Any
    call: ToolCall
    asked: Asked
    answer: Answer | None
    hits: list[Hit] = field(default_factory=list)

    @property
    def at(self) -> Any:
        return self.message.created_at


def retrieval(message_id: str, index: int) -> Retrieval | None:
    """None where the message is gone, or its call of that index looks nothing up."""
    found = _messages([message_id])
    if not found:
        return None
    reading = _read(found[0])
    call = next((one for one in reading.calls if one.index == index), None)
    if call is None or call.name not in READERS:
        return None
    agent = _agent(found[0].agent_id)
    answer = _answer(found[0], reading, index)
    returned = answer.tool_return.message if answer else ""
    tz = zone(agent.timezone if agent else None).tz
    asked = _asked(call, tz)
    return Retrieval(found[0], agent, call, asked, answer, READERS[call.name](returned))


def _agent(agent_id: str | None) -> Any:
    columns = ("id", "name", "timezone", "organization_id", "embedding_config")
    return Agent.objects.here().filter(pk=agent_id).only(*columns).first()


def _messages(ids: list[str]) -> list[Any]:
    columns = [*_COLUMNS, *_JSON]
    if catalogue.current().has_column("messages", "sequence_id"):
        columns.append("sequence_id")
    return list(Message.objects.here().filter(pk__in=ids).only(*columns))


def _read(row: Any) -> Reading:
    values = {
        name: getattr(row, name) for name in ("id", "agent_id", "role", "text", "tool_call_id")
    }
    return read_message(values | {name: getattr(row, name).raw for name in _JSON}, agent_type=None)


def _answer(call: Any, reading: Reading, index: int) -> Answer | None:
    """The return among the agent's next sixty rows."""
    after = Message.objects.here().filter(agent_id=call.agent_id)
    if catalogue.current().has_column("messages", "sequence_id"):
        after = after.filter(sequence_id__gt=call.sequence_id).order_by("sequence_id")
    else:
        after = after.filter(created_at__gte=call.created_at).order_by("created_at", "pk")
    beside = list(after.values_list("pk", "role")[:_ROWS_LOOKED_AT])
    ids = [pk for pk, role in beside if role in (*TOOL_ROLES, "approval") and pk != call.pk]
    rows = {row.pk: row for row in _messages(ids)}
    readings = [_read(rows[pk]) for pk in ids if pk in rows]
    return pair([reading, *readings]).answer(reading.id, index)


def _asked(call: ToolCall, tz: tzinfo) -> Asked:
    given = call.own_arguments or {}
    query = given.get("query", given.get("pattern"))
    tags = given.get("tags")
    return Asked(
        tool=call.name,
        query=query if isinstance(query, str) else "",
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        all_tags=given.get("tag_match_mode") == "all",
        since=_time(given.get("start_datetime"), tz),
        until=_end(given.get("end_datetime"), tz),
        most=_most(given.get("top_k", given.get("limit"))),
    )


def _time(value: Any, tz: tzinfo) -> datetime | None:
    return parse_when(value, tz=tz) if isinstance(value, str) else None


def _end(value: Any, tz: tzinfo) -> datetime | None:
    """A day without a time is meant to its end."""
    found = _time(value, tz)
    return (
        found + timedelta(days=1)
        if found and len(str(value).strip()) == len("2026-11-20")
        else found
    )


def _most(value: Any) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, 1), _MOST) if whole else 10
