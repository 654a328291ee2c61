"""The lists of archives and of folders: two tables of Letta, one page."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.embeddings import rendering
from agents_app.embeddings.containers import (
    ContainerRow,
    archive_rows,
    archives,
    source_rows,
    sources,
)
from agents_app.embeddings.filters import ContainerForm
from agents_app.letta import catalogue
from agents_app.ui.http import Request
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import keyset, make_page, read_cursor, time_key, walk

Rows = Callable[[Sequence[Any]], list[ContainerRow]]


@require_safe
@requires(Right.METADATA)
def archive_list(request: Request) -> HttpResponseBase:
    """All archives, newest first, with how much they hold and how many agents search them."""
    return _listed(request, "archives", archives, rows=archive_rows, fields=rendering.ARCHIVE)


@require_safe
@requires(Right.METADATA)
def source_list(request: Request) -> HttpResponseBase:
    """All folders, newest first, with their files and how many agents have them."""
    return _listed(request, "sources", sources, rows=source_rows, fields=rendering.SOURCE)


def _listed(
    request: Request, table: str, base_of: Callable[[Any], Any], *,
    rows: Rows, fields: Fields[ContainerRow],
) -> HttpResponseBase:  # fmt: skip
    form, cursor = ContainerForm(request.GET), read_cursor(request)
    base = base_of(form.conditions())
    shown = rows(keyset(base, cursor))
    page = make_page(request, cursor, shown, key=lambda one: time_key(one.row))
    every = walk(lambda at: keyset(base, at), key=time_key)
    listing = Listing(table, page, fields, every=lambda: rendering.in_stretches(every, rows))
    context = {"form": form, "exists": catalogue.current().has_table(table)}
    return render_listing(request, f"embeddings/{table}.html", listing, context=context)
