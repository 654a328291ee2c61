"""Pages of maps: the map itself, the work behind it, and what its points stand for."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.embeddings.clouds import Scope
from agents_app.embeddings.map import background
from agents_app.embeddings.map.forms import MOST_SELECTED, FindForm, SelectionForm
from agents_app.embeddings.map.page import MapPage, as_json, map_page
from agents_app.embeddings.map.selection import (
    FIELDS,
    MOST_FOUND,
    Shown,
    finding,
    passages_of,
    preview,
)
from agents_app.embeddings.scoped import address, begin, follow, scope_of
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.jsonout import json_response
from agents_app.ui.listing import Listing, csv_response
from agents_app.ui.paging import Page


@require_safe
@requires(Right.METADATA)
def show(request: Request, **ids: str) -> HttpResponse:
    """The map. Places, times and clusters are metadata; tags and texts need the right to content."""
    scope, row = scope_of(ids)
    content = may(request, Right.CONTENT)
    page = map_page(scope, request.GET, content=content)
    listed = _listed(request, page) if content and not wants(request, "json") else None
    if content and page.points is not None:
        record(
            request,
            "map.read",
            kind=scope.kind,
            ids=[scope.id],
            count=len(page.points),
            organization_id=row.organization_id,
            agent_id=scope.agent_id,
        )
    if listed:
        _record_read(request, scope, row, [one.id for one in listed.rows])
    context = {
        "scope": scope,
        "row": row,
        "page": page,
        "find": FindForm(),
        "selection": listed,
        "addresses": {
            name: address(f"map_{name}", scope) for name in ("start", "selection", "find")
        },
        "unreadable": "" if page.found else scope.why_unreadable(),
    }
    return render_page(
        request, "embeddings/map.html", context, fragments=["selection"], data=lambda: as_json(page)
    )


def _listed(request: Request, page: MapPage) -> Shown | None:
    """The passages of the category that `?list=` names: the map for those who do not use a pointer."""
    number = request.GET.get("list", "")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return None
    ids = page.listed(int(number))
    return passages_of(page.scope, ids[:MOST_SELECTED], chosen=len(ids)) if ids else None


@require_POST
@requires(Right.CONTENT)
def select(request: Request, **ids: str) -> HttpResponseBase:
    """Texts of up to 200 selected points; `?format=csv` exports them."""
    scope, row = scope_of(ids)
    form = SelectionForm(request.POST)
    if not form.is_valid():
        raise Http404
    selected = form.selected()
    shown = passages_of(scope, selected, chosen=form.cleaned_data.get("chosen") or len(selected))
    _record_read(request, scope, row, [one.id for one in shown.rows])
    if wants(request, "csv"):
        nothing = Page[object]([], None, None, None, None)
        return csv_response(Listing("selected-passages", nothing, FIELDS, every=lambda: shown.rows))
    context = {
        "selection": shown,
        "addresses": {"selection": address("map_selection", scope)},
    }
    return render_page(request, "embeddings/_selection.html", context)


@require_safe
@requires(Right.CONTENT)
def find(request: Request, **ids: str) -> HttpResponse:
    """Ids of passages that say `q`, to light them up; at most 500, looked for as long as a page may."""
    scope, row = scope_of(ids)
    form = FindForm(request.GET)
    if not form.is_valid():
        return json_response({"ids": [], "more": False, "message": "Say what to look for."})
    found, more = finding(scope, form.cleaned_data["q"])
    record(
        request,
        "passage.search",
        kind=scope.kind,
        ids=[scope.id],
        count=len(found),
        organization_id=row.organization_id,
        agent_id=scope.agent_id,
        terms=form.cleaned_data["q"],
    )
    return json_response({"ids": found, "more": more, "most": MOST_FOUND})


@require_safe
@requires(Right.CONTENT, about="passage_id")
def glance(request: Request, passage_id: str) -> HttpResponse:
    """The beginning of one passage, for the pointer that rests on its point."""
    shown = preview(passage_id)
    if shown is None:
        raise Http404
    record(
        request, "passage.read", kind="passage", ids=[passage_id],
        organization_id=shown.organization_id, agent_id=shown.agent_id, about=shown.owners,
    )  # fmt: skip
    data = {"id": shown.id, "text": shown.text, "characters": shown.characters, "tags": shown.tags}
    return render_page(
        request, "embeddings/glance.html", {"shown": shown}, fragments=["glance"], data=lambda: data
    )


@require_POST
@requires(Right.METADATA)
def start(request: Request, **ids: str) -> HttpResponse:
    """Queues the projection that keeps neighbours together."""
    scope, _ = scope_of(ids)
    return begin(request, scope, page="map", kind=background.KIND)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.METADATA)
def watch(request: Request, work_id: UUID, **ids: str) -> HttpResponse:
    """How far the projection is; POST cancels it."""
    ((name, value),) = ids.items()
    scope = Scope(name.removesuffix("_id"), value)
    return follow(request, scope, page="map", work_id=work_id)


def _record_read(request: Request, scope: Scope, row: Any, ids: list[str]) -> None:
    record(
        request, "passage.read", kind="passage", ids=ids,
        organization_id=row.organization_id, agent_id=scope.agent_id, about=[scope.id],
    )  # fmt: skip


start.starts_work = watch.starts_work = True  # type: ignore[attr-defined]
