"""The list of archives, the page of one, and what an agent of any release keeps."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.embeddings import queries, rendering
from agents_app.embeddings.containers import outside
from agents_app.embeddings.passages import archive_tags
from agents_app.embeddings.views.listed import (
    exported,
    listed,
    organization_of,
    record_shown,
    there,
)
from agents_app.letta.models import Agent, Archive
from agents_app.ui.http import Request, render_page
from agents_app.ui.sections import section


@require_safe
@requires(Right.METADATA, about="archive_id")
def archive(request: Request, archive_id: str) -> HttpResponseBase:
    """An archive: its model, the agents that search it, its passages."""
    content, prompt = may(request, Right.CONTENT), may(request, Right.PROMPT)
    hidden = [*([] if content else ["description"]), *([] if prompt else ["metadata"])]
    found = there(queries.row(Archive, archive_id, *hidden))
    base = queries.archival_passages(found.pk)
    if (export := exported(request, base, name="passages")) is not None:
        return export
    agents = section(lambda: queries.agents_of_archive(found.pk), "archives_agents")
    passages = section(lambda: listed(request, base), "archival_passages")
    if passages.value and content:
        passages.value.form.offer_tags(archive_tags(found.pk, found.organization_id))
    record_shown(request, found, "archive", shown=passages.value, content=content or prompt)
    context = {
        "archive": found,
        "agents": agents,
        "passages": passages,
        "outside": outside(found.vector_db_provider),
        "organization": organization_of(found),
    }
    return render_page(
        request,
        "embeddings/archive.html",
        context,
        fragments=["results"],
        data=lambda: rendering.archive(found, agents, passages, content=content, prompt=prompt),
    )


@require_safe
@requires(Right.METADATA)
def of_agent(request: Request, agent_id: str) -> HttpResponseBase:
    """The archival passages of an agent, from whichever table its release keeps them in."""
    columns = ("id", "name", "organization_id", "embedding_config")
    found = there(Agent.objects.here().filter(pk=agent_id).only(*columns).first())
    its_archive = queries.archive_of_agent(found.pk)
    base = queries.agent_passages(found, its_archive.pk if its_archive else None)
    if (export := exported(request, base, name="passages")) is not None:
        return export
    passages = section(lambda: listed(request, base), base.model._meta.db_table)
    if its_archive and passages.value:
        passages.value.form.offer_tags(archive_tags(its_archive.pk, its_archive.organization_id))
    content = may(request, Right.CONTENT)
    record_shown(request, found, "agent", shown=passages.value, content=content)
    context = {"agent": found, "archive": its_archive, "passages": passages}
    return render_page(
        request,
        "embeddings/agent.html",
        context,
        fragments=["results"],
        data=lambda: rendering.agent(found, its_archive, passages),
    )
