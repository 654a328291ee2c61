"""What is stored for one identity, for evidence bundles: who it is, its blocks' histories, its agents' messages."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import Count

from agents_app.accounts.roles import Right
from agents_app.evidence.sources import (
    Asked,
    Chapter,
    Coverage,
    Portion,
    Source,
    Subject,
    source,
)
from agents_app.letta.links import agent_ids_of_identity, agent_names
from agents_app.letta.models import AgentBlock, AgentIdentity, Block, BlockIdentity, Identity
from agents_app.text.marks import name_label
from agents_app.ui.values import stored

MOST_BLOCKS: Final = 500
COLUMNS: Final = ("id", "name", "identifier_key", "identity_type", "organization_id", "project_id",
                  "created_at", "updated_at")  # fmt: skip
ELSEWHERE: Final = "Passages, files, traces and runs are left out."
SHARED: Final = (
    "Agents that other identities share, so that what they hold may be about somebody else: {}."
)
MORE_BLOCKS: Final = (
    f"More than {MOST_BLOCKS:,} blocks are tied to this identity; the rest is left out."
)
NO_MESSAGES: Final = "Messages of the agents are left out: only what concerns memory was asked for."


def subject(asked: Asked) -> Subject | None:
    """The identity's row."""
    found = Identity.objects.here().filter(pk=asked.id).first()
    if found is None:
        return None
    facts = {name: getattr(found, name) for name in COLUMNS} | {
        "properties": stored(found.properties)
    }
    return Subject(
        found.pk, f"Identity {name_label(found.name)}", found.organization_id, None, facts
    )


def expected(asked: Asked) -> list[tuple[str, Any]]:
    """How many agents and blocks are followed."""
    agents, blocks = agent_ids_of_identity(asked.id), _blocks(asked.id)
    told: list[tuple[str, Any]] = [("Agents", len(agents)), ("Blocks", _counted(blocks))]
    return [*told, ("Agents that other identities share", _shared(agents))]


def _counted(blocks: list[Block]) -> Any:
    return f"more than {MOST_BLOCKS:,}" if len(blocks) > MOST_BLOCKS else len(blocks)


def _blocks(identity_id: str) -> list[Block]:
    """Its own blocks and those of its agents; one more than are followed."""
    own = BlockIdentity.objects.here().filter(identity_id=identity_id).values("block_id")
    agents = AgentBlock.objects.here().filter(agent_id__in=agent_ids_of_identity(identity_id))
    ids = {*own.values_list("block_id", flat=True)[: MOST_BLOCKS + 1]}
    ids |= {*agents.values_list("block_id", flat=True)[: MOST_BLOCKS + 1]}
    columns = ("id", "label", "limit", "version", "created_at", "updated_at")
    found = Block.objects.here().filter(pk__in=sorted(ids)).only(*columns).order_by("label", "pk")
    return list(found[: MOST_BLOCKS + 1])


def _shared(agents: Iterable[str]) -> int:
    """How many of these agents several identities are tied to."""
    linked = AgentIdentity.objects.here().filter(agent_id__in=list(agents)).values("agent_id")
    found = linked.annotate(identities=Count("identity_id")).filter(identities__gt=1)
    return len(found[: 2 * MOST_BLOCKS])


def chapters(asked: Asked, coverage: Coverage) -> Iterator[Chapter]:
    """What is tied to the identity, then each block's history, then each agent's messages."""
    agents, blocks = agent_ids_of_identity(asked.id), _blocks(asked.id)
    coverage.note(ELSEWHERE)
    coverage.note(SHARED, count=_shared(agents))
    if len(blocks) > MOST_BLOCKS:
        coverage.note(MORE_BLOCKS)
    yield _ties(asked.id, agents, blocks[:MOST_BLOCKS])
    for block in blocks[:MOST_BLOCKS]:
        yield from source("block").chapters(asked.of("block", block.pk), coverage)
    if asked.memory_only:
        coverage.note(NO_MESSAGES)
        return
    for agent_id in agents:
        yield from source("agent").chapters(asked.of("agent", agent_id), coverage)


def _ties(identity_id: str, agents: list[str], blocks: list[Block]) -> Chapter:
    names = agent_names(agents)
    rows = [_tie("agent", one, names.get(one)) for one in agents]
    rows += [_tie("block", one.pk, one.label, updated_at=one.updated_at) for one in blocks]
    portion = Portion(rows, [identity_id])
    title = "Agents and blocks tied to it"
    return Chapter("ties", title, "identity", "people/evidence.html", [portion], time="updated_at")


def _tie(kind: str, identifier: str, name: str | None, *, updated_at: Any = None) -> dict[str, Any]:
    return {"kind": kind, "id": identifier, "name": name, "updated_at": updated_at}


_RIGHTS = frozenset({Right.CONTENT, Right.MEMORY, Right.PERSONAL})
IDENTITY = Source("identity", "identity_id", _RIGHTS, subject, expected, chapters)
