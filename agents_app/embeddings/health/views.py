"""The page of an archive's health, and the scan behind it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.embeddings.clouds import Scope
from agents_app.embeddings.health import background
from agents_app.embeddings.health.growth import growth
from agents_app.embeddings.health.page import (
    HealthPage,
    as_json,
    bar_chart,
    contradictions,
    growth_chart,
    health_page,
)
from agents_app.embeddings.map.forms import MOST_SELECTED
from agents_app.embeddings.map.selection import Shown, passages_of
from agents_app.embeddings.scoped import address, begin, follow, scope_of
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.panels import attempt


@require_safe
@requires(Right.METADATA)
def show(request: Request, **ids: str) -> HttpResponse:
    """Counts, distributions and groups are metadata; texts need the right to content and go on record."""
    scope, row = scope_of(ids)
    page = health_page(scope, request.GET)
    if wants(request, "json"):
        return render_page(request, "embeddings/health.html", {}, data=lambda: as_json(page))
    context = {
        "scope": scope,
        "row": row,
        "page": page,
        "unreadable": "" if page.clouds else scope.why_unreadable(),
        "growth": attempt(lambda: growth(scope)),
        "addresses": {
            "start": address("health_start", scope),
            "selection": address("map_selection", scope),
        },
        **_charts(page),
        **_texts(request, page, row),
    }
    context["growth_chart"] = growth_chart(context["growth"].value)
    fragments = ["selection", "contradictions"]
    return render_page(request, "embeddings/health.html", context, fragments=fragments)


def _charts(page: HealthPage) -> dict[str, Any]:
    found = page.found
    return {
        "length_chart": bar_chart(found.length_bars, digits=4) if found else None,
        "similarity_chart": bar_chart(found.similarity_bars) if found else None,
    }


def _texts(request: Request, page: HealthPage, row: Any) -> dict[str, Any]:
    """Texts that the address asks for: the members of `?group=`, the pairs of `?contradictions=1`."""
    found: dict[str, Any] = {"selection": None, "pairs": None}
    if not may(request, Right.CONTENT):
        return found
    number = request.GET.get("group", "")
    if number.isascii() and number.isdigit() and len(number) < 4:
        found["selection"] = _members(request, page, int(number), row)
    if request.GET.get("contradictions"):
        found["pairs"], read = contradictions(page)
        _record_read(request, page.scope, row, read)
    return found


def _members(request: Request, page: HealthPage, number: int, row: Any) -> Shown | None:
    ids = page.members(number)
    if not ids:
        return None
    shown = passages_of(page.scope, ids[:MOST_SELECTED], chosen=len(ids))
    _record_read(request, page.scope, row, [one.id for one in shown.rows])
    return shown


def _record_read(request: Request, scope: Scope, row: Any, ids: list[str]) -> None:
    if ids:
        record(
            request, "passage.read", kind="passage", ids=ids,
            organization_id=row.organization_id, agent_id=scope.agent_id, about=[scope.id],
        )  # fmt: skip


@require_POST
@requires(Right.METADATA)
def start(request: Request, **ids: str) -> HttpResponse:
    """Queues the comparison of every vector with every other."""
    scope, _ = scope_of(ids)
    return begin(request, scope, page="health", kind=background.KIND)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.METADATA)
def watch(request: Request, work_id: UUID, **ids: str) -> HttpResponse:
    """How far the comparison is; POST cancels it."""
    ((name, value),) = ids.items()
    scope = Scope(name.removesuffix("_id"), value)
    return follow(request, scope, page="health", work_id=work_id)


start.starts_work = watch.starts_work = True  # type: ignore[attr-defined]
