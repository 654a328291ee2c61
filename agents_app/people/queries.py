"""Identities, and what they reach: agents, with the time each last spoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta.holding import holding
from agents_app.letta.links import Some, agents_with, last_activities, some
from agents_app.letta.models import Agent, AgentIdentity, Block, BlockIdentity, Identity

MOST_AGENTS: Final = 100
MOST_BLOCKS: Final = 100


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


def identity(identity_id: str, *hidden: str) -> Identity | None:
    """The row, or None; `hidden` columns are not fetched."""
    found: Identity | None = Identity.objects.here().filter(pk=identity_id).defer(*hidden).first()
    return found


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


def agents_of(identity_id: str) -> Some[Agent]:
    """The newest 100 agents tied to the identity. One query."""
    linked = AgentIdentity.objects.here().filter(identity_id=identity_id)
    return agents_with(linked.values("agent_id"), MOST_AGENTS)


def agents(identity_id: str) -> Reached:
    """Two queries: the agents, then one index probe for each of them."""
    held = agents_of(identity_id)
    times = last_activities([agent.pk for agent in held])
    return Reached([(agent, times.get(agent.pk)) for agent in held], held.more)


def blocks(identity_id: str) -> Some[Block]:
    """Blocks tied to the identity (0.6.39+), without their values."""
    held = BlockIdentity.objects.here().filter(identity_id=identity_id).values("block_id")
    columns = ("id", "label", "limit", "version", "updated_at")
    return some(
        Block.objects.here().filter(pk__in=held).only(*columns).order_by("label", "pk"), MOST_BLOCKS
    )
