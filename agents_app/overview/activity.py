"""What happened last, read off the newest 2,000 messages by the index on their order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents_app.letta.links import agent_names, message_order
from agents_app.letta.models import Conversation, Message
from agents_app.text.times import BeyondCalendar
from agents_app.ui.links import link

NEWEST_MESSAGES, MOST_ROWS = 2_000, 12
Moment = datetime | BeyondCalendar | None


@dataclass(frozen=True)
class Thread:
    """A thread among the newest messages; without a conversation id it is the agent's default thread."""

    agent_id: str
    agent_name: str | None
    conversation_id: str | None
    last_at: Moment
    messages: int
    errors: int

    @property
    def url(self) -> str:
        """The transcript; for who may not read it, the agent."""
        if self.conversation_id:
            transcript = link("conversations:conversation", self.conversation_id)
        else:
            transcript = link("conversations:default_thread", self.agent_id)
        return transcript or self.agent_url

    @property
    def agent_url(self) -> str:
        return link("agents:agent", self.agent_id)


@dataclass(frozen=True)
class Activity:
    """Threads by their newest message; `looked_at` messages lie behind the counts."""

    rows: list[Thread]
    looked_at: int


def conversations() -> Activity:
    """The threads spoken in last."""
    return _activity(lambda agent_id, conversation_id: (agent_id, conversation_id))


def agents() -> Activity:
    """The agents that spoke last, whatever the thread."""
    return _activity(lambda agent_id, _: (agent_id, None))


def _activity(thread: Any) -> Activity:
    columns = ("agent_id", "conversation_id", "created_at", "is_err", "is_deleted")
    newest = list(
        Message.objects.here().order_by(*message_order()).values_list(*columns)[:NEWEST_MESSAGES]
    )
    found: dict[tuple[str, str | None], list[Any]] = {}
    for agent_id, conversation_id, created_at, is_err, is_deleted in newest:
        if is_deleted:
            continue
        counted = found.setdefault(thread(agent_id, conversation_id), [created_at, 0, 0])
        counted[1] += 1
        counted[2] += bool(is_err)
    return Activity(_rows(list(found.items())[:MOST_ROWS]), len(newest))


def _rows(found: list[tuple[tuple[str, str | None], list[Any]]]) -> list[Thread]:
    names = agent_names(agent_id for (agent_id, _), _ in found)
    gone = _deleted_conversations(conversation_id for (_, conversation_id), _ in found)
    return [
        Thread(agent_id, names.get(agent_id), conversation_id, *counted)
        for (agent_id, conversation_id), counted in found
        if conversation_id not in gone
    ]


def _deleted_conversations(ids: Iterable[str | None]) -> set[str]:
    wanted = [one for one in ids if one]
    if not wanted:
        return set()
    return set(
        Conversation.objects.here()
        .filter(pk__in=wanted, is_deleted=True)
        .values_list("pk", flat=True)
    )
