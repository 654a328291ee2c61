"""The page of one customer, and its parts: each a page of its own, which the first one loads after itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.letta.links import organization_names
from agents_app.letta.models import Identity
from agents_app.people import queries, rendering
from agents_app.people.customer import changes, files, memory, passages, threads
from agents_app.people.filters import OneBlockForm
from agents_app.people.views.listing import IDENTITY
from agents_app.ui.http import Request, render_page
from agents_app.ui.sections import section
from agents_app.ui.values import reference, stored

TITLES: Final = {
    "conversations": "Conversations",
    "memory": "What is remembered",
    "changes": "What changed",
    "passages": "Passages",
    "files": "Files",
}


@dataclass(frozen=True)
class Customer:
    """An identity with the names of its newest 100 agents by id."""

    identity: Identity
    agents: dict[str, str | None]
    more: bool


def customer_of(identity_id: str) -> Customer:
    """Two queries; Http404 where there is no such identity."""
    found = queries.identity(identity_id, "properties")
    if found is None:
        raise Http404
    held = queries.agents_of(found.pk)
    return Customer(found, {agent.pk: agent.name for agent in held}, held.more)


@require_safe
@requires(Right.METADATA, Right.PERSONAL, about="identity_id")
def identity(request: Request, identity_id: str) -> HttpResponse:
    """Who this is, which agents are tied to them, and the last contact; the rest follows by itself."""
    found = queries.identity(identity_id)
    if found is None:
        raise Http404
    agents = section(lambda: queries.agents(found.pk), "identities_agents")
    blocks = section(lambda: queries.blocks(found.pk), "identities_blocks", "block")
    organization = organization_names([found.organization_id]).get(found.organization_id or "")
    tied = [agent.pk for agent, _ in agents.value.agents] if agents.value else []
    _record(request, found, "identity.read", kind="identity", ids=[found.pk], about=tied)
    context = {
        "identity": found,
        "tab": "identity",
        "properties": queries.properties(found),
        "agents": agents,
        "blocks": blocks,
        "organization": organization,
    }
    return render_page(
        request, "people/identity.html", context, data=lambda: _identity_json(found, agents, blocks)
    )


def _identity_json(found: Identity, agents: Any, blocks: Any) -> dict[str, Any]:
    reached = agents.value
    return {
        **{name: get(found) for name, get in IDENTITY.items()},
        "project_id": found.project_id,
        "properties": stored(found.properties),
        "updated_at": found.updated_at,
        "last_contact": reached.last_contact if reached else None,
        "agents": agents.as_json(
            lambda value: [
                (reference(agent.pk, agent.name) or {}) | {"last_activity": at}
                for agent, at in value.agents
            ]
        ),
        "blocks": blocks.as_json(
            lambda value: [{"id": one.pk, "label": one.label} for one in value]
        ),
    }


@require_safe
@requires(Right.METADATA, Right.PERSONAL)
def conversations(request: Request, identity_id: str) -> HttpResponse:
    """The customer's threads; their titles only for those who may read content."""
    found, content = customer_of(identity_id), may(request, Right.CONTENT)
    part = section(lambda: threads.threads(found.agents, now(), content=content), "messages")
    shown = part.value.threads if part.value else []
    ids = [one.conversation_id or one.agent_id for one in shown]
    return _part(
        request, found, name="conversations", action="identity.conversations",
        kind="conversation", ids=ids, part=part,
    )  # fmt: skip


@require_safe
@requires(Right.METADATA, Right.PERSONAL, Right.MEMORY)
def remembered(request: Request, identity_id: str) -> HttpResponse:
    """What is remembered about the customer now."""
    found = customer_of(identity_id)

    def ask() -> memory.Remembered:
        held = memory.holding(found.identity.pk, found.agents)
        return memory.remembered(held, found.agents, content=True)

    part = section(ask, "block")
    ids = [one.block.pk for one in part.value.blocks] if part.value else []
    return _part(
        request, found, name="memory", action="memory.identity", kind="block", ids=ids, part=part
    )


@require_safe
@requires(Right.METADATA, Right.PERSONAL, Right.MEMORY)
def changed(request: Request, identity_id: str) -> HttpResponse:
    """What changed in that memory in the last 7 and 30 days."""
    found, only = customer_of(identity_id), OneBlockForm(request.GET).block_id()

    def ask() -> changes.Changes:
        held = memory.holding(found.identity.pk, found.agents)
        return changes.changes(held, now(), only=only)

    part = section(ask, "block")
    ids = [one.block.pk for one in part.value.blocks if one.told] if part.value else []
    return _part(
        request, found, name="changes", action="memory.changes", kind="block", ids=ids, part=part,
        only=only,
    )  # fmt: skip


@require_safe
@requires(Right.METADATA, Right.PERSONAL)
def recalled(request: Request, identity_id: str) -> HttpResponse:
    """Passages by archive with bounded counts; the newest texts only for those who may read content."""
    found, content = customer_of(identity_id), may(request, Right.CONTENT)
    part = section(lambda: passages.stores(found.agents, now(), content=content))
    ids = [one.pk for one in part.value.newest] if part.value else []
    return _part(
        request,
        found,
        name="passages",
        action="identity.passages",
        kind="passage",
        ids=ids,
        part=part,
    )


@require_safe
@requires(Right.METADATA, Right.PERSONAL)
def stored_files(request: Request, identity_id: str) -> HttpResponse:
    """Files within the reach of the customer's agents; their names only with the right to content."""
    found, content = customer_of(identity_id), may(request, Right.CONTENT)
    part = section(lambda: files.files(found.agents, content=content), "files")
    ids = [one.file.pk for one in part.value.files] if part.value else []
    return _part(
        request, found, name="files", action="identity.files", kind="file", ids=ids, part=part
    )


def _part(
    request: Request,
    found: Customer,
    *,
    name: str,
    action: str,
    kind: str,
    ids: Iterable[str],
    part: Any,
    **more: Any,
) -> HttpResponse:
    """One part as a page, as the fragment that the first page loads, or as JSON; on record first."""
    _record(request, found.identity, action, kind=kind, ids=list(ids), about=list(found.agents))
    told: Callable[[Any], Any] = rendering.PARTS[name]
    context = {
        "identity": found.identity,
        "tab": name,
        "part_title": TITLES[name],
        "part": part,
        "agents": found.agents,
        "more_agents": found.more,
        "content": may(request, Right.CONTENT),
        **more,
    }
    one = "#one" if request.htmx and more.get("only") else ""
    return render_page(
        request,
        f"people/{name}.html{one}",
        context,
        fragments=[name],
        data=lambda: {"id": found.identity.pk, name: part.as_json(told)},
    )


def _record(
    request: Request, found: Identity, action: str, *, kind: str, ids: list[str], about: list[str]
) -> None:
    """The organization is the customer's; a part that shows nothing counts as a look at the identity."""
    known = ids or [found.pk]
    record(
        request,
        action,
        kind=kind if ids else "identity",
        ids=known,
        organization_id=found.organization_id,
        about=[found.pk, *about],
    )
