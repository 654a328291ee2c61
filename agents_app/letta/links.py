"""Bounded look-ups that many pages share: names behind ids, the rows at the other end of a link table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import F, OuterRef, Subquery

from agents_app.letta import catalogue, remembered
from agents_app.letta.models import Agent, AgentIdentity, Message, Organization
from agents_app.letta.reading.ids import is_storable

T = TypeVar("T")

MOST_NAMES = 1_000
AGENT_COLUMNS = ("id", "name", "agent_type", "organization_id", "hidden", "created_at")


@dataclass(frozen=True)
class Some(Generic[T]):
    """The first rows of a list; `more` says that it goes on."""

    rows: Sequence[T]
    more: bool = False

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def some(queryset: Any, limit: int) -> Some[Any]:
    """Up to `limit` rows of an ordered queryset, with one more asked for to know whether it goes on."""
    rows = list(queryset[: limit + 1])
    return Some(rows[:limit], more=len(rows) > limit)


def agent_names(ids: Iterable[str | None]) -> dict[str, str | None]:
    """Names of the agents that exist; a dangling id is absent. One query."""
    found = _names(Agent, ids)
    remembered.saw_agents(found)
    return found


def organization_names(ids: Iterable[str | None]) -> dict[str, str | None]:
    """Names of the organizations that exist. One query."""
    return _names(Organization, ids)


def agents_with(ids: Any, limit: int) -> Some[Agent]:
    """Agents whose id is in `ids` (a list or a subquery), newest first, without their large columns."""
    queryset = Agent.objects.here().filter(pk__in=ids).only(*AGENT_COLUMNS)
    return some(queryset.order_by("-created_at", "-pk"), limit)


def agent_ids_of_identity(identity_id: str) -> list[str]:
    """Agents tied to an identity, at most 1,000. One query."""
    linked = AgentIdentity.objects.here().filter(identity_id=identity_id)
    return list(linked.values_list("agent_id", flat=True)[:MOST_NAMES])


def agents_in_order(ids: Sequence[str]) -> list[tuple[str, Agent | None]]:
    """Each id with its agent, in the order of `ids`; None where the id dangles. One query."""
    wanted = list(dict.fromkeys(ids))[:MOST_NAMES]
    asked = Agent.objects.here().filter(pk__in=filter(is_storable, wanted)).only(*AGENT_COLUMNS)
    found = {agent.pk: agent for agent in asked}
    return [(one, found.get(one)) for one in wanted]


def message_order() -> tuple[Any, ...]:
    """Newest first as Letta orders messages: by sequence_id, before 0.6.49 by (created_at, id)."""
    if catalogue.current().has_column("messages", "sequence_id"):
        return (F("sequence_id").desc(),)
    return F("created_at").desc(), F("pk").desc()


def last_activities(agent_ids: Sequence[str]) -> dict[str, Any]:
    """The time of each agent's newest message; agents without one are absent. One index probe each, one query."""
    if not agent_ids or not catalogue.current().has_table("messages"):
        return {}
    newest = (
        Message.objects.filter(agent_id=OuterRef("pk"))
        .exclude(is_deleted=True)
        .order_by(*message_order())
    )
    agents = Agent.objects.here().filter(pk__in=list(agent_ids)[:MOST_NAMES])
    timed = agents.annotate(last_activity=Subquery(newest.values("created_at")[:1]))
    return {pk: time for pk, time in timed.values_list("pk", "last_activity") if time is not None}


def _names(model: Any, ids: Iterable[str | None]) -> dict[str, str | None]:
    wanted = sorted({one for one in ids if one and is_storable(one)})[:MOST_NAMES]
    if not wanted:
        return {}
    return dict(model.objects.here().filter(pk__in=wanted).values_list("pk", "name"))
