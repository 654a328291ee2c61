"""The agents: a desk for every generation and kind, then personal ones for single customers."""

from datetime import datetime, timedelta
from typing import Any

from agents_app.demo.world.memory import Block
from agents_app.demo.world.people import Customer, Organization
from agents_app.demo.world.roles import (
    BASE,
    DESCRIPTIONS,
    EARLY,
    EMBEDDING,
    MEMORY_TOOLS,
    PERSONA,
    PERSONAL_MODELS,
    PERSONAL_TYPES,
    POLICIES,
    SHOP_TOOLS,
    SLEEP,
    Role,
)
from agents_app.demo.world.rows import dumps, stamps
from agents_app.demo.world.stage import Agent, Stage
from agents_app.demo.world.traces import Model, llm_config


class Casting:
    """Creates agents with their blocks, tools and links."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._shared: dict[tuple[str, str], Block] = {}
        self.blocks: list[Block] = []
        self.agents: list[Agent] = []

    def role(
        self, role: Role, organization: Organization, *, at: datetime, name: str | None = None
    ) -> Agent:
        """An agent of the cast with the shared blocks of its organization."""
        agent = self._agent(
            role.type,
            name or role.name,
            organization,
            role.model,
            at=at,
            description=role.description,
            tags=role.tags,
        )
        if not role.key.endswith("sleep"):
            self._attach(
                agent,
                self.block(
                    "human", "Customers of the shop write in many languages.", organization, at=at
                ),
            )
            self._attach(
                agent, self.block("persona", PERSONA.format(name=agent.name), organization, at=at)
            )
            if agent.type not in ("react_agent", "workflow_agent"):
                self._attach(agent, self.shared("shop_policies", POLICIES, organization, at=at))
                notes = "Stand-up is at 9:15.\nCarrier contact: dispatch desk, extension 12"
                self._attach(agent, self.shared("team_notes", notes, organization, at=at))
        if role.key == "vip":
            self._attach(agent, self._watchlist(organization, at=at))
        if role.key == "workshop":
            jobs = "Waiting for parts: FJ-400111\nReady: FJ-400222"
            self._attach(agent, self.block("open_repairs", jobs, organization, at=at))
        return agent

    def personal(self, customer: Customer, number: int, *, at: datetime) -> Agent:
        """The agent of a single customer, linked to their identity."""
        agent = self._agent(
            PERSONAL_TYPES[number % 4],
            f"Concierge of {customer.first} {customer.last}",
            customer.organization,
            PERSONAL_MODELS[number % 7],
            at=at,
            description="Personal agent of one customer.",
            tags=("personal", f"lang:{customer.language}"),
        )
        agent.customer = customer
        value = f"Name: {customer.first} {customer.last}\nCustomer since: {customer.since:%B %Y}"
        human = self.block("human", value, customer.organization, at=at)
        self._attach(agent, human)
        self._attach(
            agent,
            self.block("persona", PERSONA.format(name=agent.name), customer.organization, at=at),
        )
        if number % 3 == 0:
            self._attach(
                agent, self.shared("shop_policies", POLICIES, customer.organization, at=at)
            )
        link = {"identity_id": customer.id}
        self.stage.sink.add("identities_agents", link | {"agent_id": agent.id})
        self.stage.sink.add("identities_blocks", link | {"block_id": human.id})
        return agent

    def block(
        self,
        label: str,
        value: str,
        organization: Organization,
        *,
        at: datetime,
        limit: int | None = None,
        read_only: bool = False,
    ) -> Block:
        """A new block row."""
        era = self.stage.era
        block = Block(
            id=self.stage.ids.new("block"),
            label=label,
            value=value,
            limit=limit or era.block_limit,
            organization_id=organization.id,
            description=DESCRIPTIONS.get(label, f"The {label} block."),
            created=at,
            updated=at,
            updated_by=organization.backend,
            read_only=read_only,
        )
        self.stage.sink.add(
            "block",
            {
                "id": block.id,
                "value": value,
                "limit": block.limit,
                "label": label,
                "metadata_": dumps({}),
                "description": block.description,
                "is_template": False,
                "organization_id": organization.id,
                "version": 1,
                "read_only": read_only,
                "preserve_on_migration": False,
            }
            | stamps(at, user=organization.backend),
        )
        self.blocks.append(block)
        return block

    def shared(self, label: str, value: str, organization: Organization, *, at: datetime) -> Block:
        """The one block of this label that agents of the organization share."""
        key = (organization.id, label)
        if key not in self._shared:
            read_only = label == "shop_policies"
            block = self.block(label, value, organization, at=at, read_only=read_only)
            self._shared[key] = block
            tag = {"block_id": block.id, "tag": "shared", "organization_id": organization.id}
            self.stage.sink.add("blocks_tags", tag | stamps(at, user=organization.backend))
        return self._shared[key]

    def pair(self, main: Agent, sleeper: Agent, *, manager_type: str, at: datetime) -> None:
        """Make a sleeptime group: the sleeper sees the main agent's blocks and one of its own."""
        key = self.stage.ids.new("group")
        for block in main.blocks.values():
            self._attach(sleeper, block)
        value = "I keep the notes short: one fact per line, newest truth wins."
        self._attach(sleeper, self.block("memory_persona", value, main.organization, at=at))
        main.group_id = sleeper.group_id = key
        main.sleeper = sleeper
        voice = manager_type == "voice_sleeptime"
        self.stage.sink.add(
            "groups",
            {
                "id": key,
                "description": f"{main.name} and its memory keeper",
                "manager_type": manager_type,
                "manager_agent_id": main.id,
                "agent_ids": dumps([sleeper.id]),
                "sleeptime_agent_frequency": None if voice else 5,
                "turns_counter": None if voice else -1,
                "max_message_buffer_length": 30 if voice else None,
                "min_message_buffer_length": 15 if voice else None,
                "organization_id": main.organization.id,
            }
            | stamps(at, user=main.organization.backend),
        )
        self.stage.sink.add("groups_agents", {"group_id": key, "agent_id": sleeper.id})

    def _watchlist(self, organization: Organization, *, at: datetime) -> Block:
        lines = [
            f"{number:02d} promised: call back about FJ-{400_000 + number * 37}"
            for number in range(1, 22)
        ]
        value = "\n".join(lines)
        return self.block("vip_watchlist", value, organization, at=at, limit=len(value) + 13)

    def _attach(self, agent: Agent, block: Block) -> None:
        agent.blocks[block.label] = block
        self.stage.sink.add(
            "blocks_agents",
            {"agent_id": agent.id, "block_id": block.id, "block_label": block.label},
        )

    def _agent(
        self,
        kind: str,
        name: str,
        organization: Organization,
        model: Model,
        *,
        at: datetime,
        description: str,
        tags: tuple[str, ...],
    ) -> Agent:
        era = self.stage.era
        kind = era.agent_type(kind)
        if not era.since("0.13.0") and model.endpoint == "openai":
            model = EARLY
        rest = MEMORY_TOOLS.get(kind, ())
        speaks = kind in ("letta_v1_agent", "react_agent", "workflow_agent")
        speaks |= kind == "sleeptime_agent" and era.since("0.16.8")
        names = (*rest, *(() if speaks or "sleeptime" in kind else ("send_message",)))
        if "sleeptime" not in kind:
            names = (*names, *SHOP_TOOLS)
        known = set(self.stage.toolbox.names())
        names = tuple(name for name in names if name in known)
        system = (SLEEP if "sleeptime" in kind else BASE).format(name=name, shop=organization.name)
        agent = Agent(
            id=self.stage.ids.new("agent"),
            name=name,
            type=kind,
            organization=organization,
            model=model,
            system=system,
            created=at,
            speaks=speaks,
            tools=names,
            rules=_rules(kind, names),
            tags=tags,
            timezone="Europe/Oslo" if organization.share > 0.5 else "UTC",
        )
        self._insert(agent, description)
        self.agents.append(agent)
        return agent

    def _insert(self, agent: Agent, description: str) -> None:
        sink, hidden = self.stage.sink, "role:subagent" in agent.tags
        sink.add("agents", self._row(agent, description) | {"hidden": hidden or None})
        for tag in agent.tags:
            sink.add("agents_tags", {"agent_id": agent.id, "tag": tag})
        for name in agent.tools:
            tool_id = self.stage.toolbox.id(agent.organization, name)
            if tool_id:
                sink.add("tools_agents", {"agent_id": agent.id, "tool_id": tool_id})

    def _row(self, agent: Agent, description: str) -> dict[str, Any]:
        parallel = agent.model.endpoint == "anthropic"
        config = llm_config(agent.model, inner_thoughts=not agent.speaks, parallel=parallel)
        rules = [
            {"tool_name": name, "type": kind, "prompt_template": None} for name, kind in agent.rules
        ]
        return {
            "id": agent.id,
            "name": agent.name,
            "description": description,
            "message_ids": "[]",
            "system": agent.system,
            "agent_type": agent.type,
            "llm_config": dumps(config),
            "embedding_config": dumps(EMBEDDING),
            "metadata_": dumps(None),
            "tool_rules": dumps(rules),
            "response_format": "null",
            "organization_id": agent.organization.id,
            "message_buffer_autoclear": agent.type == "workflow_agent",
            "enable_sleeptime": "advice" in agent.name.lower() and "sleeptime" not in agent.type,
            "timezone": agent.timezone,
            "compaction_settings": dumps(
                {"mode": "sliding_window", "clip_chars": 50_000, "sliding_window_percentage": 0.3}
            ),
            "max_files_open": 5,
            "per_file_view_window_char_limit": 15_000,
        } | stamps(agent.created, user=agent.organization.backend)


def _rules(kind: str, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    rules = [(name, "continue_loop") for name in names if name.startswith(("core_", "memory_"))]
    if kind == "letta_v1_agent":
        return (("issue_refund", "requires_approval"),)
    if kind in ("sleeptime_agent", "voice_sleeptime_agent"):
        return (
            *((n, k) for n, k in rules if n != "memory_finish_edits"),
            ("memory_finish_edits", "exit_loop"),
        )
    if kind in ("react_agent", "workflow_agent"):
        return ()
    return (*rules, ("send_message", "exit_loop"))


def spaced(start: datetime, number: int) -> datetime:
    """Creation times: the cast in the first week, personal agents over the next three months."""
    hours = 9 + 11 * number if number < 16 else 185 + 67 * ((number - 16) % 30)
    return start + timedelta(hours=hours)
