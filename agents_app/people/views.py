"""The list of identities and the page of one."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record, record_rows, recorded
from agents_app.accounts.roles import Right, requires
from agents_app.letta.links import organization_names
from agents_app.letta.models import Identity
from agents_app.people import queries
from agents_app.people.filters import IdentityForm
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import keyset, make_page, read_cursor, time_key, walk
from agents_app.ui.sections import section
from agents_app.ui.values import reference, stored

IDENTITY: Fields[Identity] = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "identifier_key": lambda row: row.identifier_key,
    "identity_type": lambda row: row.identity_type,
    "organization_id": lambda row: row.organization_id,
    "created_at": lambda row: row.created_at,
}


@require_safe
@requires(Right.METADATA, Right.PERSONAL)
def identities(request: Request) -> HttpResponseBase:
    """All identities, newest first."""
    form, cursor = IdentityForm(request.GET), read_cursor(request)
    queryset = queries.identities(form.text(), form.kind())
    page = make_page(request, cursor, keyset(queryset, cursor), key=time_key)
    names = organization_names(row.organization_id for row in page)
    if not wants(request, "csv"):
        record_rows(
            request, "identity.list", rows=page, kind="identity", key=lambda row: str(row.pk),
            organization=lambda row: row.organization_id, terms=form.text(),
        )  # fmt: skip
    listing = Listing(
        "identities", page, IDENTITY, every=partial(_exported, request, queryset, form.text())
    )
    return render_listing(
        request, "people/identities.html", listing, context={"form": form, "organizations": names}
    )


def _exported(request: Request, queryset: Any, terms: str) -> Iterator[Identity]:
    rows = walk(partial(keyset, queryset), key=time_key)
    return recorded(
        request, "identity.list", rows, kind="identity", key=lambda row: str(row.pk),
        organization=lambda row: row.organization_id, terms=terms,
    )  # fmt: skip


@require_safe
@requires(Right.METADATA, Right.PERSONAL)
def identity(request: Request, identity_id: str) -> HttpResponse:
    """Who this is, which agents and blocks are tied to them, and the last contact."""
    found = Identity.objects.here().filter(pk=identity_id).first()
    if found is None:
        raise Http404
    agents = section(lambda: queries.agents(found.pk), "identities_agents")
    blocks = section(lambda: queries.blocks(found.pk), "identities_blocks", "block")
    organization = organization_names([found.organization_id]).get(found.organization_id or "")
    record(
        request,
        "identity.read",
        kind="identity",
        ids=[found.pk],
        organization_id=found.organization_id,
        about=[agent.pk for agent, _ in agents.value.agents] if agents.value else (),
    )
    context = {
        "identity": found,
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
