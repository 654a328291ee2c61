"""The list of folders (sources), the page of one, and of a file."""

from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import recorded
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.embeddings import queries, rendering
from agents_app.embeddings.containers import outside
from agents_app.embeddings.filters import FileForm
from agents_app.embeddings.views.listed import (
    exported,
    listed,
    organization_of,
    record_shown,
    there,
)
from agents_app.letta.models import File, Source
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.listing import Listing, csv_response
from agents_app.ui.paging import Page, keyset, make_page, read_cursor, time_key, walk
from agents_app.ui.sections import section


@require_safe
@requires(Right.METADATA, about="source_id")
def source(request: Request, source_id: str) -> HttpResponseBase:
    """A folder: its files and the agents it is attached to."""
    content, prompt = may(request, Right.CONTENT), may(request, Right.PROMPT)
    hidden = [
        *([] if content else ["description"]),
        *([] if prompt else ["metadata", "instructions"]),
    ]
    found = there(queries.row(Source, source_id, *hidden))
    form = FileForm(request.GET, content=content)
    base = queries.files_of_source(found.pk, form.conditions(), content=content)
    if wants(request, "csv"):
        return _exported_files(request, base, content=content)
    agents = section(lambda: queries.agents_of_source(found.pk), "sources_agents")
    files = section(lambda: _file_page(request, base), "files")
    shown = [row.pk for row in files.value or ()]
    record_shown(request, found, "source", shown=None, content=content or prompt)
    context = {
        "source": found,
        "agents": agents,
        "files": files,
        "form": form,
        "narrowed": bool(form.conditions()),
        "outside": outside(found.vector_db_provider),
        "organization": organization_of(found),
        "shown": shown,
    }
    return render_page(
        request,
        "embeddings/source.html",
        context,
        fragments=["results"],
        data=lambda: rendering.source(found, agents, files, content=content, prompt=prompt),
    )


def _file_page(request: Request, base: Any) -> Page[Any]:
    cursor = read_cursor(request)
    return make_page(request, cursor, keyset(base, cursor), key=time_key)


def _exported_files(request: Request, base: Any, *, content: bool) -> HttpResponseBase:
    rows = partial(walk, partial(keyset, base), key=time_key)
    nothing: Page[Any] = Page([], None, None, None, None)
    fields = rendering.file_fields(content=content)
    if not content:
        return csv_response(Listing("files", nothing, fields, every=rows))
    every = partial(
        recorded, request, "file.read", kind="file", key=lambda row: str(row.pk),
        organization=lambda row: row.organization_id, about=lambda row: [row.source_id],
    )  # fmt: skip
    return csv_response(Listing("files", nothing, fields, every=lambda: every(rows())))


@require_safe
@requires(Right.METADATA, about="file_id")
def file(request: Request, file_id: str) -> HttpResponseBase:
    """A file: its state, its text, its passages, the agents that have it open."""
    content = may(request, Right.CONTENT)
    needs = "" if content else Right.CONTENT
    hidden = [] if content else ["file_name", "original_file_name", "file_path", "error_message"]
    found = there(queries.row(File, file_id, *hidden))
    base = queries.file_passages(found.pk)
    if (export := exported(request, base, name="passages")) is not None:
        return export
    text = (
        section(partial(queries.file_text, found.pk), "file_contents", needs=needs)
        if queries.has_file_text()
        else None
    )
    passages = section(lambda: listed(request, base), base.model._meta.db_table)
    agents = section(lambda: queries.openings(found.pk), "files_agents")
    parent = queries.row(Source, found.source_id) if found.source_id else None
    record_shown(request, found, "file", shown=passages.value, content=content)
    context = {
        "file": found,
        "source": parent,
        "text": text,
        "passages": passages,
        "agents": agents,
        "outside": outside(parent.vector_db_provider) if parent else "",
        "organization": organization_of(found),
    }
    return render_page(
        request,
        "embeddings/file.html",
        context,
        fragments=["results"],
        data=lambda: rendering.file(found, text, passages, agents=agents, content=content),
    )
