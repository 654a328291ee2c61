"""What is remembered about a customer now: blocks tied to the identity and those that its agents hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count
from django.db.models.functions import Left, Length

from agents_app.letta.models import (
    AgentBlock,
    Block,
    BlockIdentity,
    Conversation,
    ConversationBlock,
)
from agents_app.text.masking import policy

MOST_BLOCKS: Final = 60
MOST_LINKS: Final = 1_000
MOST_CHARACTERS: Final = 8_000
FIRST_LABELS: Final = ("human", "user", "customer")
COLUMNS: Final = ("id", "label", "limit", "version", "read_only", "created_at", "updated_at")


@dataclass(frozen=True)
class Holding:
    """Which of a customer's blocks there are, and who holds each; ids only.

    `tied` are those of the identity itself, `copies` the private ones of named conversations.
    """

    tied: frozenset[str]
    agents: Mapping[str, Sequence[str]]
    copies: Mapping[str, str]

    @property
    def ids(self) -> list[str]:
        return sorted({*self.tied, *self.agents, *self.copies})


@dataclass(frozen=True)
class CustomerBlock:
    """A block; `text` is its beginning, None where only its frame was asked for.

    `others` is how many agents hold it that are not this customer's.
    """

    block: Block
    is_tied: bool
    agents: Sequence[tuple[str, str | None]]
    conversation_id: str | None
    others: int
    text: str | None

    @property
    def characters(self) -> int:
        return getattr(self.block, "characters", None) or 0

    @property
    def is_cut(self) -> bool:
        return self.characters > MOST_CHARACTERS


@dataclass(frozen=True)
class Remembered:
    blocks: Sequence[CustomerBlock]
    more: bool


def holding(identity_id: str, agent_ids: Iterable[str]) -> Holding:
    """Up to four queries, by index each."""
    ids = list(agent_ids)
    tied = BlockIdentity.objects.here().filter(identity_id=identity_id)
    held = AgentBlock.objects.here().filter(agent_id__in=ids).values_list("block_id", "agent_id")
    threads = Conversation.objects.here().filter(agent_id__in=ids).exclude(is_deleted=True)
    copies = ConversationBlock.objects.here().filter(conversation_id__in=threads.values("pk"))
    agents: dict[str, list[str]] = {}
    for block_id, agent_id in held[:MOST_LINKS]:
        agents.setdefault(block_id, []).append(agent_id)
    return Holding(
        frozenset(tied.values_list("block_id", flat=True)[:MOST_LINKS]),
        agents,
        dict(copies.values_list("block_id", "conversation_id")[:MOST_LINKS]),
    )


def remembered(held: Holding, names: Mapping[str, str | None], *, content: bool) -> Remembered:
    """The blocks, what is said of the person first; values only with `content`. Three queries at most."""
    queryset = Block.objects.here().filter(pk__in=held.ids).annotate(characters=Length("value"))
    rows = sorted(queryset.only(*COLUMNS)[:MOST_LINKS], key=lambda row: place(held, row))
    shown = rows[:MOST_BLOCKS]
    ids = [row.pk for row in shown]
    others, texts = _others(held, ids), _texts(ids) if content else {}
    found = [
        _block(held, row, names, others=others.get(row.pk, 0), text=texts.get(row.pk))
        for row in shown
    ]
    return Remembered(found, more=len(rows) > MOST_BLOCKS)


def _texts(ids: Sequence[str]) -> dict[str, str]:
    """By block, the first 8,000 characters of its value, as the reader may see them."""
    ahead = Left("value", MOST_CHARACTERS + policy.AHEAD)
    found = Block.objects.here().filter(pk__in=ids).annotate(excerpt=ahead)
    rows = found.values_list("pk", "excerpt")
    return {pk: policy.beginning(text or "", MOST_CHARACTERS)[0] for pk, text in rows}


def place(held: Holding, row: Block) -> tuple[Any, ...]:
    """What is said of the person first, then what is tied to the identity, then by label."""
    label = (row.label or "").casefold()
    rank = FIRST_LABELS.index(label) if label in FIRST_LABELS else len(FIRST_LABELS)
    return rank, row.pk not in held.tied, label, row.pk


def _block(
    held: Holding, row: Block, names: Mapping[str, str | None], *, others: int, text: str | None
) -> CustomerBlock:
    agents = [(one, names.get(one)) for one in held.agents.get(row.pk, ())]
    copy = held.copies.get(row.pk)
    return CustomerBlock(row, row.pk in held.tied, agents, copy, others, text)


def _others(held: Holding, ids: Sequence[str]) -> dict[str, int]:
    """By block, agents of others that hold it too. One query, by the index on block_id."""
    own = {agent for agents in held.agents.values() for agent in agents}
    links = AgentBlock.objects.here().filter(block_id__in=ids).exclude(agent_id__in=own)
    return dict(links.values_list("block_id").annotate(held=Count("agent_id")))
