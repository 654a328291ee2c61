"""Work on a history that the worker does: started, watched, cancelled."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.memory import background, queries
from agents_app.memory.reading import Told
from agents_app.revisions.cache import findings
from agents_app.revisions.collect import subject
from agents_app.ui.http import Request, render_page
from agents_app.work import queue
from agents_app.work.models import BackgroundWork, State

STOP_POLLING: Final = 286  # htmx's own status for "this was the last poll"
WAITS_S: Final = 6
STOPPED_FOR: Final = timedelta(minutes=10)
KINDS: Final = {"history": background.READING, "prompts": background.SEARCHING}
NAMES: Final = {kind: name for name, kind in KINDS.items()}


def work_context(request: Request, found: Told) -> dict[str, Any]:
    """What the page of a history says of work that is under way or could be started."""
    block_id = found.block.id
    unsure = bool(block_id) and found.whole and not _is_sure(found)
    kind = background.SEARCHING if unsure else "" if found.whole else background.READING
    about = block_id if kind == background.READING and block_id else ""
    last = queue.latest(request.user, kind, about=about) if kind and block_id else None
    return {
        "work": last if last and not last.is_over else None,
        "name": NAMES.get(kind, ""),
        "by_itself": kind == background.READING and not _stopped_lately(last),
        "coverage": findings.coverage() if unsure else None,
        "may_search": unsure and findings.possible(),
    }


def _stopped_lately(work: BackgroundWork | None) -> bool:
    """Whether the reader, or a fault, ended it: then it does not begin again by itself."""
    if work is None or not work.is_over or work.finished_at is None:
        return False
    return work.state != State.DONE and now() - work.finished_at < STOPPED_FOR


def _is_sure(found: Told) -> bool:
    counted = found.completeness
    sure = all(one.known and one.grade != "conflict" for one in found.revisions)
    return sure and counted is not None and not counted.gaps


@require_POST
@requires(Right.MEMORY)
def start(request: Request, block_id: str) -> HttpResponse:
    """Queues the reading of the whole history, or the search through all prompts; one at a time each."""
    block = subject(block_id)
    kind = KINDS.get(request.POST.get("work", ""))
    if block is None:
        raise Http404
    if kind is None:
        raise BadRequest("Say what to start: the reading of the history, or the search.")
    about = block_id if kind == background.READING else ""
    work = queue.under_way(request.user, kind, about=about) or _started(
        request, kind, block_id, about
    )
    record(
        request,
        "memory.history",
        kind="block",
        ids=[block_id],
        organization_id=block.organization_id,
        about=queries.holder_ids(block_id),
    )
    address = reverse("memory:work", args=[block_id, work.pk])
    if request.htmx and request.htmx.target == "reading":
        return _shown(request, block_id, work)
    return HttpResponseRedirect(address)


def _started(request: Request, kind: str, block_id: str, about: str) -> BackgroundWork:
    try:
        return queue.start(request.user, kind, {"block_id": block_id}, about=about)
    except queue.TooMuchWork as error:
        raise BadRequest(str(error)) from error


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.MEMORY)
def watch(request: Request, block_id: str, work_id: UUID) -> HttpResponse:
    """How far the work is; POST cancels it. Asks our own database only."""
    if request.method == "POST":
        queue.cancel(request.user, work_id)
    work = queue.watched(request.user, work_id)
    if work is None or work.kind not in NAMES:
        raise Http404
    return _shown(request, block_id, work)


def _shown(request: Request, block_id: str, work: BackgroundWork) -> HttpResponse:
    name = NAMES[work.kind]
    waits = work.state == State.QUEUED and (now() - work.created_at).total_seconds() > WAITS_S
    context = {
        "work": work,
        "block_id": block_id,
        "name": name,
        "waits": waits,
        "result": work.result,
    }
    data = {"state": work.state, "done": work.done, "total": work.total, "percent": work.percent}
    polled = bool(request.htmx and request.htmx.target == "reading")
    response = render_page(
        request, "memory/working.html", context, fragments=["reading"], data=lambda: data,
        status=STOP_POLLING if polled and work.is_over else 200,
    )  # fmt: skip
    if polled and work.state == State.DONE:
        response["HX-Refresh"] = "true"
    return response


start.starts_work = watch.starts_work = True  # type: ignore[attr-defined]
