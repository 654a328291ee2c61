"""One memory block and everything that holds it."""

from typing import Any

from django.db.models.functions import Length

from agents_app.letta.links import Some, agents_with, some
from agents_app.letta.models import (
    Agent,
    AgentBlock,
    Block,
    BlockGroup,
    BlockIdentity,
    Conversation,
    ConversationBlock,
    Group,
    Identity,
)

MOST_AGENTS, MOST_OTHERS = 100, 50


def block(block_id: str, *, content: bool, prompt: bool) -> Block | None:
    """The block with the length of its value in `characters`; the value only with the right to read it."""
    hidden = ([] if content else ["value", "description"]) + ([] if prompt else ["metadata"])
    queryset = Block.objects.here().annotate(characters=Length("value")).defer(*hidden)
    found: Block | None = queryset.filter(pk=block_id).first()
    return found


def agents(block_id: str) -> Some[Agent]:
    return agents_with(
        AgentBlock.objects.here().filter(block_id=block_id).values("agent_id"), MOST_AGENTS
    )


def holder_ids(block_id: str) -> list[str]:
    """Ids of the agents that hold it, a hundred at most."""
    held = AgentBlock.objects.here().filter(block_id=block_id)
    return list(held.values_list("agent_id", flat=True)[:MOST_AGENTS])


def identities(block_id: str) -> Some[Identity]:
    held = BlockIdentity.objects.here().filter(block_id=block_id).values("identity_id")
    return some(
        Identity.objects.here().filter(pk__in=held).defer("properties").order_by("name", "pk"),
        MOST_OTHERS,
    )


def groups(block_id: str) -> Some[Group]:
    held = BlockGroup.objects.here().filter(block_id=block_id).values("group_id")
    return some(
        Group.objects.here().filter(pk__in=held).only("id", "manager_type").order_by("pk"),
        MOST_OTHERS,
    )


def conversations(block_id: str) -> list[Any]:
    """The conversations whose private copy this block is (0.16.4+); normally one or none."""
    held = ConversationBlock.objects.here().filter(block_id=block_id).values("conversation_id")
    found = (
        Conversation.objects.here()
        .filter(pk__in=held)
        .only("id", "agent_id", "created_at", "is_deleted")
    )
    return list(found.order_by("pk")[:MOST_OTHERS])
