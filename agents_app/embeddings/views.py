"""Pages of archives, sources, files and passages."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.roles import Right, may, requires
from agents_app.embeddings import queries, rendering
from agents_app.letta.links import organization_names
from agents_app.letta.models import Archive, File, Source
from agents_app.ui.http import Request, render_page
from agents_app.ui.paging import Page, keyset, make_page, read_cursor, time_key
from agents_app.ui.sections import section


def _page(request: Request, queryset: Any) -> Page[Any]:
    """One keyset page of what hangs on the row."""
    cursor = read_cursor(request)
    return make_page(request, cursor, keyset(queryset, cursor), key=time_key)


def _there(found: Any) -> Any:
    if found is None:
        raise Http404
    return found


def _organization(found: Any) -> str | None:
    return organization_names([found.organization_id]).get(found.organization_id or "")


@require_safe
@requires(Right.METADATA)
def archive(request: Request, archive_id: str) -> HttpResponse:
    """An archive: its model, the agents that search it, its passages."""
    content, prompt = may(request, Right.CONTENT), may(request, Right.PROMPT)
    found = _there(queries.row(Archive, archive_id, *_hidden(content=content, prompt=prompt)))
    agents = section(lambda: queries.agents_of_archive(found.pk), "archives_agents")
    passages = section(
        lambda: _page(request, queries.archival_passages(found.pk, content=content)),
        "archival_passages",
    )
    _record(request, found, "archive", passages.value or (), shown=content or prompt)
    context = {
        "archive": found,
        "agents": agents,
        "passages": passages,
        "organization": _organization(found),
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
def source(request: Request, source_id: str) -> HttpResponse:
    """A folder: its files and the agents it is attached to."""
    content, prompt = may(request, Right.CONTENT), may(request, Right.PROMPT)
    hidden = [*_hidden(content=content, prompt=prompt), *([] if prompt else ["instructions"])]
    found = _there(queries.row(Source, source_id, *hidden))
    agents = section(lambda: queries.agents_of_source(found.pk), "sources_agents")
    files = section(
        lambda: _page(request, queries.files_of_source(found.pk, content=content)), "files"
    )
    _record(request, found, "source", files.value or (), shown=content or prompt)
    context = {
        "source": found,
        "agents": agents,
        "files": files,
        "organization": _organization(found),
    }
    return render_page(
        request,
        "embeddings/source.html",
        context,
        fragments=["results"],
        data=lambda: rendering.source(found, agents, files, content=content, prompt=prompt),
    )


@require_safe
@requires(Right.METADATA)
def file(request: Request, file_id: str) -> HttpResponse:
    """A file: its state, its text, its passages, the agents that have it open."""
    content = may(request, Right.CONTENT)
    needs = "" if content else Right.CONTENT
    hidden = [] if content else ["file_name", "original_file_name", "file_path", "error_message"]
    found = _there(queries.row(File, file_id, *hidden))
    text = (
        section(partial(queries.file_text, found.pk), "file_contents", needs=needs)
        if queries.has_file_text()
        else None
    )
    passages = section(
        lambda: _page(request, queries.file_passages(found.pk, content=content)), "source_passages"
    )
    agents = section(lambda: queries.openings(found.pk), "files_agents")
    parent = queries.row(Source, found.source_id) if found.source_id else None
    _record(request, found, "file", passages.value or (), shown=content)
    context = {
        "file": found,
        "source": parent,
        "text": text,
        "passages": passages,
        "agents": agents,
    }
    return render_page(
        request,
        "embeddings/file.html",
        context | {"organization": _organization(found)},
        fragments=["results"],
        data=lambda: rendering.file(found, text, passages, agents=agents, content=content),
    )


@require_safe
@requires(Right.METADATA)
def passage(request: Request, passage_id: str) -> HttpResponse:
    """A passage: text, tags, model, parents, and which agents can find it."""
    content, prompt = may(request, Right.CONTENT), may(request, Right.PROMPT)
    hidden = [*([] if content else ["text", "tags"]), *([] if content and prompt else ["metadata"])]
    found = _there(queries.passage(passage_id, *hidden))
    parents = section(lambda: queries.parents(found, content=content))
    agents = section(lambda: queries.agents_reaching(found))
    if content:
        record(
            request,
            "passage.read",
            kind="passage",
            ids=[found.pk],
            organization_id=found.organization_id,
        )
    above = parents.value or queries.Parents(queries.parent_ids(found))
    context = {
        "passage": found,
        "parents": above,
        "agents": agents,
        "organization": _organization(found),
    }
    return render_page(
        request,
        "embeddings/passage.html",
        context,
        data=lambda: rendering.passage(found, agents, content=content, prompt=prompt),
    )


def _hidden(*, content: bool, prompt: bool) -> list[str]:
    """Columns that are not even fetched without the right to see them."""
    return [*([] if content else ["description"]), *([] if prompt else ["metadata"])]


def _record(request: Request, found: Any, kind: str, rows: Any, *, shown: bool) -> None:
    if shown:
        ids = [found.pk, *(row.pk for row in rows)]
        record(request, f"{kind}.read", kind=kind, ids=ids, organization_id=found.organization_id)
