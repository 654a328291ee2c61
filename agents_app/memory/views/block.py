"""The page of one memory block."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.letta.links import organization_names
from agents_app.memory import queries
from agents_app.memory.last_write import last_write
from agents_app.memory.telling import Entry
from agents_app.memory.views.history import gone
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.sections import Section, section
from agents_app.ui.values import reference, safely


@require_safe
@requires(Right.METADATA, about="block_id")
def block(request: Request, block_id: str) -> HttpResponse:
    """What the block says now, how full it is, and who holds it."""
    content, prompt = may(request, Right.MEMORY), may(request, Right.PROMPT)
    found = queries.block(block_id, content=content, prompt=prompt)
    if found is None:
        if content and not wants(request, "json"):
            return gone(request, block_id)
        raise Http404
    holders = _holders(found.pk, personal=may(request, Right.PERSONAL))
    if content or prompt:
        record(
            request,
            "block.read",
            kind="block",
            ids=[found.pk],
            organization_id=found.organization_id,
            about=[
                one.pk for name in ("agents", "identities") for one in holders[name].value or ()
            ],
        )
    organization = organization_names([found.organization_id]).get(found.organization_id or "")
    last: Section[Entry | None] = section(
        lambda: last_write(found.pk), "messages", needs="" if content else Right.MEMORY
    )
    context = {
        "memory_block": found,
        "organization": organization,
        "last": last,
        **holders,
        "another": _another(last.value, holders["agents"]),
    }
    return render_page(
        request,
        "memory/block.html",
        context,
        data=lambda: _block_json(found, holders, content=content, prompt=prompt),
    )


def _another(last: Entry | None, agents: Section[Any]) -> bool:
    """Whether the last writer is one of several agents that share the block, or holds it no more."""
    held = [one.pk for one in agents.value or ()]
    writer = last.revision.agent_id if last else None
    return writer is not None and (len(held) > 1 or writer not in held)


def _holders(block_id: str, *, personal: bool) -> dict[str, Section[Any]]:
    needs = "" if personal else Right.PERSONAL
    return {
        "agents": section(lambda: queries.agents(block_id), "blocks_agents"),
        "identities": section(
            lambda: queries.identities(block_id), "identities_blocks", "identities", needs=needs
        ),
        "groups": section(lambda: queries.groups(block_id), "groups_blocks", "groups"),
        "conversations": section(
            lambda: queries.conversations(block_id), "blocks_conversations", "conversations"
        ),
    }


def _block_json(
    found: Any, holders: dict[str, Section[Any]], *, content: bool, prompt: bool
) -> dict[str, Any]:
    plain = ("label", "limit", "characters", "read_only", "version", "hidden", "is_template", "template_name",
             "preserve_on_migration", "current_history_entry_id", "organization_id", "project_id", "created_at",
             "updated_at", "created_by_id", "last_updated_by_id")  # fmt: skip
    return {
        "id": found.pk,
        **{name: getattr(found, name) for name in plain},
        "value": found.value if content else None,
        "description": found.description if content else None,
        "metadata": safely(found.metadata) if prompt else None,
        "agents": holders["agents"].as_json(_links),
        "identities": holders["identities"].as_json(_links),
        "groups": holders["groups"].as_json(
            lambda value: [{"id": one.pk, "manager_type": one.manager_type} for one in value]
        ),
        "conversations": holders["conversations"].as_json(
            lambda value: [{"id": one.pk, "agent_id": one.agent_id} for one in value]
        ),
    }


def _links(found: Any) -> list[dict[str, Any] | None]:
    return [reference(row.pk, row.name) for row in found]
