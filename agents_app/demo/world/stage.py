"""What every part of the world shares while it is made: chance, ids, the release, the sink."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from agents_app.demo.world.era import Era
from agents_app.demo.world.memory import Block
from agents_app.demo.world.people import Customer, Organization
from agents_app.demo.world.prompts import Setting, compiled
from agents_app.demo.world.rows import Ids, Sink
from agents_app.demo.world.tools import Toolbox
from agents_app.demo.world.traces import Model, Said


@dataclass(slots=True)
class Agent:
    """An agent with what it remembers.

    `speaks`: the reply is the text (v3 loop); otherwise it is a `send_message` call.
    """

    id: str
    name: str
    type: str
    organization: Organization
    model: Model
    system: str
    created: datetime
    speaks: bool
    timezone: str = "UTC"
    blocks: dict[str, Block] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    customer: Customer | None = None
    group_id: str | None = None
    sleeper: "Agent | None" = None
    archival: int = 0
    last_stop: str | None = None
    updated: datetime | None = None

    @property
    def boots(self) -> bool:
        """Whether the first rows are the canned boot pair and a login."""
        return self.type in ("memgpt_agent", "memgpt_v2_agent")


@dataclass(slots=True)
class Thread:
    """The default conversation of an agent, or a named one."""

    agent: Agent
    conversation_id: str | None = None
    customer: Customer | None = None
    system_id: str = ""
    prompt: str = ""
    prompt_at: datetime | None = None
    context: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    said: deque[Said] = field(default_factory=lambda: deque(maxlen=10))
    isolated: dict[str, Block] = field(default_factory=dict)
    rows: int = 0
    turns: int = 0
    last: datetime | None = None

    def blocks(self) -> dict[str, Block]:
        """The blocks in effect: isolated copies win over the agent's own (0.16.4+)."""
        return self.agent.blocks | self.isolated


class Stage:
    """The world under construction."""

    def __init__(self, rng: Random, sink: Sink, era: Era, *, until: datetime) -> None:
        self.rng = rng
        self.sink = sink
        self.era = era
        self.until = until
        self.ids = Ids(rng)
        self.toolbox = Toolbox(era)
        self.sequence = 0
        self.messages = 0
        self.defaults: list[Thread] = []

    def message(self, thread: Thread, row: Mapping[str, Any], *, seen: bool = True) -> str:
        """Insert one message with the next number; `seen` puts it into the context window."""
        self.sequence += 1
        self.messages += 1
        thread.rows += 1
        thread.last = row["created_at"]
        agent = thread.agent
        user = agent.organization.backend
        complete = {
            "agent_id": agent.id,
            "organization_id": agent.organization.id,
            "conversation_id": thread.conversation_id,
            "sequence_id": self.sequence,
            "tool_calls": "[]",
            "tool_returns": "[]",
            "approvals": "[]",
            "is_deleted": False,
            "_created_by_id": user,
            "_last_updated_by_id": user,
        }
        self.sink.add("messages", {**complete, **row})
        if seen:
            thread.context.append(row["id"])
        thread.members.append(row["id"])
        return str(row["id"])

    def compile(self, thread: Thread, *, at: datetime) -> str:
        """Refresh the thread's system prompt from the blocks as they are now."""
        agent = thread.agent
        setting = Setting(
            agent_id=agent.id,
            agent_type=agent.type,
            endpoint=agent.model.endpoint,
            timezone=agent.timezone,
            rules=agent.rules,
            conversation_id=thread.conversation_id,
            recall=max(0, thread.rows - 1),
            archival=agent.archival,
        )
        blocks = thread.blocks().values()
        thread.prompt = compiled(agent.system, blocks, setting, era=self.era, at=at)
        thread.prompt_at = at
        return thread.prompt
