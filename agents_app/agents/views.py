"""The agents page and the page of one agent."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.agents import detail, rendering
from agents_app.agents.filters import AgentForm
from agents_app.agents.listing import AgentRow, agent_rows, fill_options, tags_of
from agents_app.letta import catalogue
from agents_app.letta.links import organization_names
from agents_app.letta.models import Agent
from agents_app.text.times import zone
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.listing import Listing, render_listing
from agents_app.ui.paging import make_page, read_cursor, walk
from agents_app.ui.sections import Section, section


@require_safe
@requires(Right.METADATA)
def agents(request: Request) -> HttpResponseBase:
    """All agents, newest activity first."""
    form, cursor = AgentForm(request.GET), read_cursor(request)
    narrowed = form.conditions()
    page = make_page(request, cursor, agent_rows(narrowed, cursor), key=_key)
    listing = Listing(
        "agents",
        page,
        rendering.AGENT_ROW,
        every=lambda: walk(lambda place: agent_rows(narrowed, place), key=_key),
    )
    if not wants(request, "json") and not wants(request, "csv"):
        fill_options(form)
    return render_listing(
        request, "agents/list.html", listing, context={"form": form, "narrowed": bool(narrowed)}
    )


def _key(row: AgentRow) -> tuple[str | None, ...]:
    return row.key


@dataclass(frozen=True)
class AgentPage:
    """The sections of an agent's page; each stands or fails alone."""

    recent: Section[detail.Recent]
    context: Section[detail.Context]
    blocks: Section[Any]
    isolated: Section[Any]
    identities: Section[Any]
    tools: Section[Any]
    archives: Section[Any]
    sources: Section[Any]
    files: Section[Any]
    groups: Section[Any]
    default_thread: Section[Any]
    conversations: Section[Any]
    runs: Section[Any]


@require_safe
@requires(Right.METADATA, about="agent_id")
def agent(request: Request, agent_id: str) -> HttpResponse:
    """What the agent is, holds and did last."""
    content, prompt = may(request, Right.CONTENT), may(request, Right.PROMPT)
    memory = may(request, Right.MEMORY)
    found = _agent_or_404(agent_id, content=content, prompt=prompt)
    if getattr(request, "times", "") == "agent":
        timezone.activate(zone(found.timezone).tz)
    page = _sections(found, content=content, memory=memory, personal=may(request, Right.PERSONAL))
    if content or prompt or memory:
        _record(request, found, page)
    tags = section(lambda: tags_of([found.pk]).get(found.pk, []), "agents_tags")
    organization = organization_names([found.organization_id]).get(found.organization_id or "")
    context = {"agent": found, "page": page, "tags": tags, "organization": organization}
    data = {"tags": tags.value, "organization": organization}
    return render_page(
        request,
        "agents/agent.html",
        context,
        data=lambda: (
            rendering.agent_json(found, prompt=prompt, content=content)
            | data
            | _sections_json(page, content=content, memory=memory)
        ),
    )


def _agent_or_404(agent_id: str, *, content: bool, prompt: bool) -> Agent:
    """The agent; what the reader may not see is not fetched, nor later when a template asks for it."""
    hidden = [] if prompt else ["system", "tool_rules", "response_format", "metadata"]
    hidden += [] if content else ["description"]
    found: Agent | None = Agent.objects.here().filter(pk=agent_id).defer(*hidden).first()
    if found is None:
        raise Http404
    for name in hidden:
        setattr(found, name, None)
    return found


def _sections(found: Agent, *, content: bool, memory: bool, personal: bool) -> AgentPage:
    recent = section(lambda: detail.recent(found), "messages")
    seen = recent.value or detail.Recent((), None)
    has_runs = catalogue.current().has_table("runs")
    return AgentPage(
        recent=recent,
        context=section(lambda: detail.context(found)),
        blocks=section(lambda: detail.blocks(found, content=memory), "blocks_agents", "block"),
        isolated=section(
            lambda: detail.isolated_blocks(found, content=memory),
            "blocks_conversations",
            "conversations",
        ),
        identities=section(
            lambda: detail.identities(found),
            "identities_agents",
            "identities",
            needs="" if personal else Right.PERSONAL,
        ),
        tools=section(lambda: detail.tools(found), "tools_agents", "tools"),
        archives=section(lambda: detail.archives(found), "archives_agents", "archives"),
        sources=section(lambda: detail.sources(found), "sources_agents", "sources"),
        files=section(lambda: detail.files(found), "files_agents"),
        groups=section(lambda: detail.groups(found), "groups"),
        default_thread=section(lambda: detail.default_thread_activity(found, seen), "messages"),
        conversations=section(
            lambda: detail.conversations(found, content=content), "conversations"
        ),
        runs=section(lambda: detail.runs(found), "runs")
        if has_runs
        else section(lambda: detail.jobs(found, seen), "jobs"),
    )


def _record(request: Request, found: Agent, page: AgentPage) -> None:
    """One event for what of people's words, of memory and of the prompt this view shows."""
    blocks = [
        held.block.pk for part in (page.blocks, page.isolated) if part for held in part.value or ()
    ]
    record(
        request,
        "agent.read",
        kind="agent",
        ids=[found.pk, *blocks],
        organization_id=found.organization_id,
        agent_id=found.pk,
        about=[one.pk for one in page.identities.value or ()],
    )


def _sections_json(page: AgentPage, *, content: bool, memory: bool) -> dict[str, Any]:
    seen = page.recent.value
    newest = seen.newest if seen else None
    rows = rendering
    return {
        "last_activity": newest.created_at if newest else None,
        "context": page.context.as_json(lambda value: rows.context_json(value, seen)),
        "blocks": page.blocks.as_json(
            lambda value: [rows.block_json(one, content=memory) for one in value]
        ),
        "isolated_blocks": page.isolated.as_json(
            lambda value: [rows.block_json(one, content=memory) for one in value]
        ),
        "identities": page.identities.as_json(rows.links),
        "tools": page.tools.as_json(
            lambda value: [rows.row_json(rows.TOOL_LINK, one) for one in value]
        ),
        "archives": page.archives.as_json(lambda value: [rows.archive_json(*one) for one in value]),
        "sources": page.sources.as_json(rows.links),
        "files": page.files.as_json(
            lambda value: [rows.file_json(one, content=content) for one in value]
        ),
        "groups": page.groups.as_json(lambda value: [rows.group_json(one) for one in value]),
        "default_thread": {"last_activity": page.default_thread.value},
        "conversations": page.conversations.as_json(
            lambda value: [rows.thread_json(one, content=content) for one in value]
        ),
        "runs": page.runs.as_json(lambda value: [rows.run_json(one) for one in value]),
    }
