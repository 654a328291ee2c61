"""Pages of tools, groups, organizations and API users: a list and a page each."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.agents import rendering, structure
from agents_app.agents.filters import ToolForm
from agents_app.letta.links import organization_names
from agents_app.letta.models import Group, Organization, User
from agents_app.ui.filterforms import NameForm
from agents_app.ui.http import Request, render_page
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import keyset, make_page, read_cursor, time_key, walk
from agents_app.ui.sections import section
from agents_app.ui.values import reference


def _list(
    request: Request, name: str, queryset: Any, *, form: NameForm, fields: Fields[Any]
) -> HttpResponseBase:
    """A listing by (created_at, id), with the names of the organizations on it."""
    cursor = read_cursor(request)
    page = make_page(request, cursor, keyset(queryset, cursor), key=time_key)
    every = partial(walk, partial(keyset, queryset), key=time_key)
    names = organization_names(getattr(row, "organization_id", None) for row in page)
    context = {"form": form, "organizations": names}
    return render_listing(
        request, f"agents/{name}.html", Listing(name, page, fields, every), context=context
    )


@require_safe
@requires(Right.METADATA)
def tools(request: Request) -> HttpResponseBase:
    form = ToolForm(request.GET)
    queryset = structure.tools(form.text(), form.kind())
    return _list(request, "tools", queryset, form=form, fields=rendering.TOOL)


@require_safe
@requires(Right.METADATA)
def groups(request: Request) -> HttpResponseBase:
    form = NameForm(request.GET)
    return _list(
        request, "groups", structure.groups(form.text()), form=form, fields=rendering.GROUP
    )


@require_safe
@requires(Right.METADATA)
def organizations(request: Request) -> HttpResponseBase:
    form = NameForm(request.GET)
    queryset = structure.named(Organization, form.text())
    return _list(request, "organizations", queryset, form=form, fields=rendering.ORGANIZATION)


@require_safe
@requires(Right.METADATA)
def users(request: Request) -> HttpResponseBase:
    form = NameForm(request.GET)
    return _list(
        request, "users", structure.named(User, form.text()), form=form, fields=rendering.USER
    )


@require_safe
@requires(Right.METADATA, about="tool_id")
def tool(request: Request, tool_id: str) -> HttpResponse:
    """The tool and the agents that have it; its source needs the right to see prompts."""
    prompt, content = may(request, Right.PROMPT), may(request, Right.CONTENT)
    found = structure.tool(tool_id, prompt=prompt, content=content)
    if found is None:
        raise Http404
    agents = section(lambda: structure.agents_of_tool(found.pk), "tools_agents")
    if prompt or content:
        record(
            request, "tool.read", kind="tool", ids=[found.pk], organization_id=found.organization_id
        )
    context = {
        "tool": found,
        "agents": agents,
        "packages": structure.packages(found),
        "organization": structure.organization_of(found),
    }
    return render_page(
        request,
        "agents/tool.html",
        context,
        data=lambda: rendering.tool_json(found, agents, prompt=prompt, content=content),
    )


@require_safe
@requires(Right.METADATA, about="group_id")
def group(request: Request, group_id: str) -> HttpResponse:
    """Manager, members in order, shared blocks, and how far a sleeptime agent has read."""
    content = may(request, Right.CONTENT)
    found = _one_or_404(Group.objects.here().defer(*([] if content else ["description"])), group_id)
    members = section(lambda: structure.members(found))
    blocks = section(lambda: structure.shared_blocks(found.pk), "groups_blocks", "block")
    last = section(lambda: structure.last_processed(found), "messages")
    if content:
        record(
            request,
            "group.read",
            kind="group",
            ids=[found.pk],
            organization_id=found.organization_id,
            about=_reached(members, blocks),
        )
    context = {
        "group": found,
        "members": members,
        "blocks": blocks,
        "last": last,
        "organization": structure.organization_of(found),
    }
    return render_page(
        request,
        "agents/group.html",
        context,
        data=lambda: rendering.group_page_json(found, members, blocks, last=last, content=content),
    )


def _reached(members: Any, blocks: Any) -> list[str]:
    """Agents and blocks of a group, for the trail."""
    listed = members.value
    agents = [one for one, _ in filter(None, (listed.manager, *listed.members))] if listed else []
    return [*agents, *(one.pk for one in blocks.value or ())]


@require_safe
@requires(Right.METADATA)
def organization(request: Request, organization_id: str) -> HttpResponse:
    """A tenant: how much it has, its newest agents, its API users."""
    found = _one_or_404(Organization.objects.here(), organization_id)
    counts = section(lambda: structure.counts("organization_id", found.pk))
    agents = section(lambda: structure.agents_of_organization(found.pk), "agents")
    users_of = section(lambda: structure.users_of_organization(found.pk), "users")
    context = {"organization": found, "counts": counts, "agents": agents, "users": users_of}
    data = {
        "counts": counts.as_json(rendering.counts_json),
        "agents": agents.as_json(rendering.links),
        "users": users_of.as_json(rendering.links),
    }
    return render_page(
        request,
        "agents/organization.html",
        context,
        data=lambda: rendering.row_json(rendering.ORGANIZATION, found) | data,
    )


@require_safe
@requires(Right.METADATA, about="user_id")
def user(request: Request, user_id: str) -> HttpResponse:
    """An API user and the rows it made."""
    found = _one_or_404(User.objects.here(), user_id)
    counts = section(lambda: structure.counts("_created_by_id", found.pk))
    agents = section(lambda: structure.agents_made_by(found.pk), "agents")
    home = structure.organization_of(found)
    data = {
        "organization": reference(found.organization_id, home.name if home else None),
        "created": counts.as_json(rendering.counts_json),
        "agents": agents.as_json(rendering.links),
    }
    context = {"api_user": found, "counts": counts, "agents": agents, "organization": home}
    return render_page(
        request,
        "agents/user.html",
        context,
        data=lambda: rendering.row_json(rendering.USER, found) | data,
    )


def _one_or_404(queryset: Any, pk: str) -> Any:
    found = queryset.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
