"""What an event must name to be a look at an agent, or at a customer."""

from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.db.models.expressions import RawSQL

from agents_app.letta import access, catalogue
from agents_app.letta.errors import LettaError
from agents_app.letta.links import agent_ids_of_identity, agent_names
from agents_app.letta.models import Agent, AgentArchive, AgentBlock, BlockIdentity, Identity

MOST_AGENTS: Final = 200
MOST_HELD: Final = 500
# Each id by one probe of the index over objects: of `&&` with hundreds of ids PostgreSQL believes that it
# is true of nearly every row, and tries it on each.
_NAMED: Final = """
SELECT e.sequence FROM unnest(%s::text[]) AS wanted(id)
  JOIN agents_app_accessevent e ON e.object_ids @> ARRAY[wanted.id]::varchar(120)[]
 UNION
SELECT e.sequence FROM agents_app_accessevent e WHERE e.agent_id = ANY(%s::text[])
"""
NOT_A_LOOK: Final = ~Q(action__startswith="trail.")
"""Reading the trail is on record too, and asks after the same ids."""


@dataclass(frozen=True)
class Reached:
    """What is tied to a customer, or held by an agent, today; `note` says when Letta did not tell.

    `exists` is None while nobody knows whether Letta has such a row.
    """

    id: str
    name: str | None = None
    exists: bool | None = None
    agents: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    more: bool = False
    note: str = ""

    @property
    def partial(self) -> str:
        """Why events may be missing; empty where none are."""
        if self.note:
            return (
                "Only events that name this id itself are here, as Letta’s database did not tell"
                f" what belongs to it. {self.note}"
            )
        if self.more:
            return (
                f"It has more than {MOST_AGENTS:,} agents or {MOST_HELD:,} blocks and archives;"
                " events that name only others of them are missing."
            )
        return ""

    def looks(self) -> Q:
        """Events that name the id itself, one of its agents, or what those hold."""
        agents = [self.id, *self.agents]
        named = RawSQL(_NAMED, ([*agents, *self.held], agents))  # noqa: S611  (ids are parameters)
        return Q(sequence__in=named) & NOT_A_LOOK


def of_agent(agent_id: str) -> Reached:
    """An agent; events about it name it, so nothing is added to it but its own name."""
    try:
        name = agent_names([agent_id])
        return Reached(
            agent_id, name.get(agent_id), exists=bool(name) or _is_there(Agent, agent_id)
        )
    except LettaError as error:
        return Reached(agent_id, note=str(error))


def of_identity(identity_id: str) -> Reached:
    """A customer, by the links of today: agents, their blocks and archives, and blocks of its own."""
    try:
        agents = agent_ids_of_identity(identity_id)
        held = _held(identity_id, agents[:MOST_AGENTS])
        exists = bool(agents) or _is_there(Identity, identity_id)
    except LettaError as error:
        return Reached(identity_id, note=str(error))
    more = len(agents) > MOST_AGENTS or len(held) > MOST_HELD
    return Reached(
        identity_id, exists=exists, agents=agents[:MOST_AGENTS], held=held[:MOST_HELD], more=more
    )


def _held(identity_id: str, agents: list[str]) -> list[str]:
    links: list[tuple[Any, str, dict[str, Any]]] = [
        (BlockIdentity, "block_id", {"identity_id": identity_id})
    ]
    links += [(AgentBlock, "block_id", {"agent_id__in": agents})] if agents else []
    links += [(AgentArchive, "archive_id", {"agent_id__in": agents})] if agents else []
    found: dict[str, None] = {}
    for model, column, condition in links:
        if catalogue.current().has_table(model._meta.db_table):
            queryset = model.objects.here().filter(**condition)
            found |= dict.fromkeys(queryset.values_list(column, flat=True)[: MOST_HELD + 1])
    return list(found)


def _is_there(model: Any, pk: str) -> bool:
    if not access.status().configured or not catalogue.current().has_table(model._meta.db_table):
        return False
    return bool(model.objects.here().filter(pk=pk).values_list("pk", flat=True).first())
