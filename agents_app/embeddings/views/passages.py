"""All passages of one kind, newest first, and the page of one passage."""

from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record, record_rows
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.embeddings import queries, rendering
from agents_app.embeddings.passages import owners, tags_of
from agents_app.embeddings.views.listed import exported, listed, organization_of, there
from agents_app.letta.models import AgentPassage, ArchivalPassage, OldPassage, SourcePassage
from agents_app.letta.vectors import space_of, why_no_space, without_vector
from agents_app.ui.http import Request, render_page
from agents_app.ui.sections import section


@require_safe
@requires(Right.METADATA)
def passage_list(request: Request) -> HttpResponseBase:
    """The newest passages of all archives, or with `of=files` of all files."""
    of_files = request.GET.get("of") == "files"
    base = _newest_files() if of_files else _newest_archival()
    if (export := exported(request, base, name="passages")) is not None:
        return export
    passages = section(lambda: listed(request, base), base.model._meta.db_table)
    if passages.value and may(request, Right.CONTENT):
        record_rows(
            request, "passage.read", rows=passages.value.page, kind="passage",
            key=lambda row: str(row.passage.pk),
            organization=lambda row: row.passage.organization_id,
            agent=lambda row: vars(row.passage).get("agent_id"),
            about=lambda row: owners(row.passage),
            terms=passages.value.wanted.q,
        )  # fmt: skip
    context = {"passages": passages, "of_files": of_files}
    return render_page(
        request,
        "embeddings/passages.html",
        context,
        fragments=["results"],
        data=lambda: rendering.passages(passages),
    )


def _newest_archival() -> Any:
    for model in (ArchivalPassage, AgentPassage):
        if queries.exists(model):
            return model.objects.here()
    return OldPassage.objects.here()


def _newest_files() -> Any:
    return queries.of_table(SourcePassage, OldPassage)


@require_safe
@requires(Right.METADATA, about="passage_id")
def passage(request: Request, passage_id: str) -> HttpResponseBase:
    """A passage: text, tags, model, parents, and which agents and customers it reaches."""
    content, prompt = may(request, Right.CONTENT), may(request, Right.PROMPT)
    hidden = [*([] if content else ["text", "tags"]), *([] if content and prompt else ["metadata"])]
    found = there(queries.passage(passage_id, *hidden))
    parents = section(lambda: queries.parents(found, content=content))
    agents = section(lambda: queries.agents_reaching(found))
    if content:
        record(
            request, "passage.read", kind="passage", ids=[found.pk],
            organization_id=found.organization_id, agent_id=vars(found).get("agent_id"),
            about=[*owners(found), *(agent.pk for agent in agents.value or ())],
        )  # fmt: skip
    above = parents.value or queries.Parents(queries.parent_ids(found))
    has_vector = not without_vector(found._meta.db_table, [found.pk])
    place = section(lambda: queries.place_in_file(found.pk)) if above.ids["file_id"] else None
    context = {
        "passage": found,
        "parents": above,
        "agents": agents,
        "identities": _identities(request, agents),
        "tags": tags_of(found.tags) if content else [],
        "space": space_of(found.embedding_config),
        "has_vector": has_vector,
        "problem": why_no_space(found.embedding_config),
        "place": place.value if place else None,
        "organization": organization_of(found),
    }
    return render_page(
        request,
        "embeddings/passage.html",
        context,
        data=lambda: rendering.passage(
            found, agents, has_vector=has_vector, content=content, prompt=prompt
        ),
    )


def _identities(request: Request, agents: Any) -> Any:
    """The customers of the agents that can find it, for readers who may see people."""
    if not may(request, Right.PERSONAL):
        return None
    ids = [agent.pk for agent in agents.value or ()]
    return section(lambda: queries.identities_of(ids), "identities_agents", "identities")
