"""What pages of a scope share: which scope an address means, and starting and watching its heavy work."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents_app.embeddings.clouds import Scope
from agents_app.ui.http import Request, render_page
from agents_app.work import queue

STOP_POLLING = 286  # htmx's own status for "this was the last poll"


def scope_of(ids: dict[str, str]) -> tuple[Scope, Any]:
    """The scope that the arguments of an address name, and its row; a 404 when there is none."""
    ((name, value),) = ids.items()
    scope = Scope(name.removesuffix("_id"), value)
    row = scope.row()
    if row is None:
        raise Http404
    return scope, row


def address(page: str, scope: Scope, *more: object) -> str:
    """`address("map", scope)` is /archives/…/map/ or /agents/…/map/."""
    return reverse(f"embeddings:{scope.kind}_{page}", args=[scope.id, *more])


def begin(request: Request, scope: Scope, *, page: str, kind: str) -> HttpResponse:
    """Queues the heavy work behind a page and leads to where it is watched."""
    given = {"kind": scope.kind, "id": scope.id, "space": request.POST.get("space", "")[:20]}
    try:
        work = queue.start(request.user, kind, given)
    except queue.TooMuchWork as error:
        raise BadRequest(str(error)) from error
    return HttpResponseRedirect(address(f"{page}_work", scope, work.pk))


def follow(request: Request, scope: Scope, *, page: str, work_id: UUID) -> HttpResponse:
    """Progress of the work, asked of our own database only; POST cancels it. Leads on when it is done."""
    if request.method == "POST":
        queue.cancel(request.user, work_id)
    work = queue.watched(request.user, work_id)
    if work is None:
        raise Http404
    home = address(page, scope)
    polled = request.htmx and request.htmx.target == "progress"
    context = {"work": work, "scope": scope, "page": page, "home": home}
    data = {"state": work.state, "percent": work.percent, "failure": work.failure or None}
    response = render_page(
        request,
        "embeddings/work.html",
        context,
        fragments=["progress"],
        data=lambda: data,
        status=STOP_POLLING if polled and work.is_over else 200,
    )
    if polled and work.state == "done":
        response["HX-Redirect"] = home
    return response
