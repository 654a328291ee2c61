"""Finding agents, customers, blocks, tools and organizations by what people remember of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models.functions import Length

from agents_app.accounts.roles import Right
from agents_app.letta.links import agent_names, organization_names
from agents_app.letta.models import Agent, AgentBlock, AgentIdentity, Block, Organization, Tool
from agents_app.search.needles import Needle, first_found, needles
from agents_app.search.properties import identities_holding
from agents_app.text.masking import policy
from agents_app.text.search import contains, fold
from agents_app.ui.links import link
from agents_app.ui.panels import Panel, attempt

MOST_HITS = 20
MOST_LINKS = 200


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One row found; `where` says which of its texts matched, `is_exact` that it is what was typed."""

    kind: str
    id: str
    name: str
    url: str
    where: str
    is_exact: bool
    detail: str = ""
    organization_id: str | None = None
    agents: list["Linked"] = field(default_factory=list)


@dataclass(frozen=True)
class Linked:
    """An agent that the hit belongs to."""

    id: str
    name: str | None

    @property
    def url(self) -> str:
        return link("agents:agent", self.id)


@dataclass(frozen=True)
class Hits:
    rows: list[Hit]
    more: bool


@dataclass(frozen=True)
class Group:
    """The answer for one kind: hits, or why there are none."""

    kind: str
    title: str
    panel: Panel[Hits]

    @property
    def hits(self) -> Hits:
        return self.panel.value or Hits([], more=False)


def search(text: str, rights: frozenset[Right]) -> list[Group]:
    """One question for each kind the reader may see, each bounded and apart from the others."""
    questions: list[tuple[str, str, Right, Callable[[str], Hits]]] = [
        ("identity", "People", Right.PERSONAL, identities),
        ("agent", "Agents", Right.METADATA, agents),
        ("block", "Memory blocks", Right.METADATA, blocks),
        ("tool", "Tools", Right.METADATA, tools),
        ("organization", "Organizations", Right.METADATA, organizations),
    ]
    allowed = [(kind, title, ask) for kind, title, right, ask in questions if right in rights]
    return [Group(kind, title, attempt(lambda ask=ask: ask(text))) for kind, title, ask in allowed]  # type: ignore[misc]


def agents(text: str) -> Hits:
    """By name, wherever in it."""
    found = _matching(Agent, "name", text, "id", "name", "agent_type", "organization_id")
    names = organization_names(row["organization_id"] for row in found)
    return _hits(
        _hit(
            "agent",
            row,
            text,
            page="agents:agent",
            detail=_joined(row["agent_type"], names.get(row["organization_id"])),
            organization_id=row["organization_id"],
        )
        for row in found
    )


def tools(text: str) -> Hits:
    """By name."""
    return _hits(
        _hit(
            "tool",
            row,
            text,
            page="agents:tool",
            detail=row["tool_type"] or "",
            organization_id=row["organization_id"],
        )
        for row in _matching(Tool, "name", text, "id", "name", "tool_type", "organization_id")
    )


def organizations(text: str) -> Hits:
    """By name."""
    return _hits(
        _hit("organization", row, text, page="agents:organization", organization_id=row["id"])
        for row in _matching(Organization, "name", text, "id", "name")
    )


def blocks(text: str) -> Hits:
    """By label, with the agents that hold them; labels repeat from agent to agent."""
    found = _matching(Block, "label", text, "id", "label", "organization_id")
    holders = _agents_behind(AgentBlock, "block_id", [row["id"] for row in found])
    return _hits(
        _hit(
            "block",
            row,
            text,
            column="label",
            page="memory:block",
            organization_id=row["organization_id"],
            agents=holders.get(row["id"], []),
        )
        for row in found
    )


def identities(text: str) -> Hits:
    """By name, external key, or a property such as an e-mail or a phone number; with their agents."""
    certain = identities_holding(text, 3 * MOST_HITS)
    behind = _agents_behind(AgentIdentity, "identity_id", [row.pk for row, _ in certain])
    return _hits(
        Hit(
            kind="identity",
            id=row.pk,
            name=row.name or "",
            url=link("people:identity", row.pk),
            where=match.where,
            is_exact=match.is_exact,
            detail=_joined(row.identity_type, row.identifier_key),
            organization_id=row.organization_id,
            agents=behind.get(row.pk, []),
        )
        for row, match in certain
    )


def _matching(model: Any, column: str, text: str, *columns: str) -> list[dict[str, Any]]:
    """Rows whose column holds the text in any case, the shortest first: they are nearest to what was typed."""
    ordered = model.objects.here().order_by(Length(column), column, "pk")

    def ask(needle: Needle) -> list[dict[str, Any]]:
        rows = ordered.filter(needle(column)).values(*columns)[: 3 * MOST_HITS]
        return [row for row in rows if contains(policy.searchable(row[column] or ""), text)]

    return first_found(partial(ask, needle) for needle in needles(text))


def _hits(found: Iterable[Hit]) -> Hits:
    rows = sorted(found, key=lambda hit: not hit.is_exact)
    return Hits(rows[:MOST_HITS], more=len(rows) > MOST_HITS)


def _agents_behind(model: Any, column: str, ids: list[str]) -> dict[str, list[Linked]]:
    """Agents by the id they are linked to, three at most for each."""
    if not ids:
        return {}
    pairs = list(
        model.objects.here()
        .filter(**{f"{column}__in": ids})
        .values_list(column, "agent_id")[:MOST_LINKS]
    )
    names = agent_names(agent_id for _, agent_id in pairs)
    found: dict[str, list[Linked]] = {}
    for owner, agent_id in pairs:
        if len(found.setdefault(owner, [])) < 3:
            found[owner].append(Linked(agent_id, names.get(agent_id)))
    return found


def _hit(
    kind: str, row: dict[str, Any], text: str, *, page: str, column: str = "name", **more: Any
) -> Hit:
    """A row that was found by `column`, with a link to its page."""
    return Hit(
        kind=kind,
        id=row["id"],
        name=row[column] or "",
        url=link(page, row["id"]),
        where=column,
        is_exact=_same(row[column], text),
        **more,
    )


def _same(name: str | None, text: str) -> bool:
    return fold(name or "").strip() == fold(text).strip()


def _joined(*words: str | None) -> str:
    return ", ".join(word for word in words if word)
