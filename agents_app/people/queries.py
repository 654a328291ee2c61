"""Identities and what they reach: agents, blocks, and when one of their agents last spoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents_app.letta.holding import holding
from agents_app.letta.links import Some, agents_with, last_activities, some
from agents_app.letta.models import Agent, AgentIdentity, Block, BlockIdentity, Identity

MOST_AGENTS, MOST_BLOCKS = 100, 100


def identities(text: str, kind: str) -> Any:
    """Identities without their properties; `text` is part of a name or key, or the beginning of an id.

    Where something is masked, part of what is masked finds nothing; a whole key does.
    """
    queryset = Identity.objects.here().defer("properties")
    if text:
        queryset = holding(queryset, text, "name", "identifier_key") | queryset.filter(
            identifier_key=text
        )
    return queryset.filter(identity_type=kind) if kind else queryset


def properties(found: Identity) -> list[tuple[str, Any]]:
    """Key and value of each property; empty when they are stored in another shape."""
    listed = found.properties.value if isinstance(found.properties.value, list) else []
    if not all(isinstance(one, dict) and "key" in one for one in listed):
        return []
    return [(str(one["key"]), one.get("value")) for one in listed]


@dataclass(frozen=True)
class Reached:
    """Agents tied to an identity, each with the time of its newest message."""

    agents: Sequence[tuple[Agent, Any]]
    more: bool

    @property
    def last_contact(self) -> Any:
        """The newest of those times; None when none of the agents has spoken."""
        return max((time for _, time in self.agents if time is not None), default=None)


def agents(identity_id: str) -> Reached:
    """Three queries: links with agents, then one index probe for each of them."""
    held: Some[Agent] = agents_with(
        AgentIdentity.objects.here().filter(identity_id=identity_id).values("agent_id"), MOST_AGENTS
    )
    times = last_activities([agent.pk for agent in held])
    return Reached([(agent, times.get(agent.pk)) for agent in held], held.more)


def blocks(identity_id: str) -> Some[Block]:
    """Blocks tied to the identity (0.6.39+), without their values."""
    held = BlockIdentity.objects.here().filter(identity_id=identity_id).values("block_id")
    columns = ("id", "label", "limit", "version", "updated_at")
    return some(
        Block.objects.here().filter(pk__in=held).only(*columns).order_by("label", "pk"), MOST_BLOCKS
    )
