"""What is stored about a person: asked for here, read by the worker, shown, printed and exported."""

from typing import Any, Final
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents_app.accounts.audit import keyed, record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.letta.links import agent_names
from agents_app.letta.models import Identity
from agents_app.people import queries
from agents_app.people.filters import TermsForm
from agents_app.people.footprint.background import KIND
from agents_app.people.footprint.places import UNREACHED
from agents_app.people.footprint.report import FIELDS, Report, report
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.listing import Listing, csv_response
from agents_app.ui.paging import Page
from agents_app.work import queue
from agents_app.work.models import BackgroundWork, State

STOP_POLLING: Final = 286  # htmx's own status for "this was the last poll"
WAITS_S: Final = 6


@require_safe
@requires(Right.METADATA, Right.PERSONAL, Right.EVIDENCE)
def footprint(request: Request, identity_id: str) -> HttpResponse:
    """The form that asks for one, and the person's last report."""
    return _form_page(request, _identity(identity_id), TermsForm())


@require_POST
@requires(Right.METADATA, Right.PERSONAL, Right.EVIDENCE)
def start(request: Request, identity_id: str) -> HttpResponse:
    """Queues a footprint; what it shall look for is sealed until it ends, and then gone."""
    found, form = _identity(identity_id), TermsForm(request.POST)
    if form.is_valid() and form.cleaned_data["terms"] and not may(request, Right.CONTENT):
        form.add_error(
            "terms", "Words are looked for in organizations that you opened with a reason."
        )
    if not form.is_valid():
        return _form_page(request, found, form, status=400)
    terms: list[str] = form.cleaned_data["terms"]
    for term in terms or [""]:
        _record(request, found, "identity.footprint", terms=term)
    given = {
        "identity_id": found.pk,
        "terms": terms,
        "prompts": may(request, Right.PROMPT),
        "hashes": [keyed(term) for term in terms],
    }
    try:
        work = queue.start(request.user, KIND, given, about=found.pk)
    except queue.TooMuchWork as error:
        raise BadRequest(str(error)) from error
    return HttpResponseRedirect(reverse("people:footprint_report", args=[found.pk, work.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.METADATA, Right.PERSONAL, Right.EVIDENCE)
def watch(request: Request, identity_id: str, work_id: UUID) -> HttpResponseBase:
    """How far it is, then the report; POST cancels it. A poll asks our own database only."""
    if request.method == "POST":
        queue.cancel(request.user, work_id)
    work = queue.watched(request.user, work_id)
    if work is None or work.kind != KIND or work.about != identity_id:
        raise Http404
    told = report(work.result, identity=identity_id, over=work.is_over)
    polled = bool(request.htmx and request.htmx.target == "progress")
    if polled and not work.is_over:
        return render_page(request, "people/footprint_report.html#progress", _watching(work, told))
    if polled:
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    return _shown(request, _identity(identity_id), work, told)


def _shown(
    request: Request, found: Identity, work: BackgroundWork, told: Report | None
) -> HttpResponseBase:
    _record(request, found, "identity.footprint" if work.is_over else "identity.read")
    if wants(request, "csv") and told is not None:
        page = Page(told.lines, None, None, None, None)
        return csv_response(Listing("footprint", page, FIELDS, every=lambda: told.lines))
    names = agent_names(one["id"] for one in told.agents) if told else {}
    agents = [(one, names.get(one["id"])) for one in told.agents] if told else []
    context = _watching(work, told) | {"identity": found, "tab": "footprint", "agents_told": agents}
    return render_page(
        request,
        "people/footprint_report.html",
        context,
        fragments=["progress"],
        data=lambda: _as_json(found, work, told),
    )


def _watching(work: BackgroundWork, told: Report | None) -> dict[str, Any]:
    waits = work.state == State.QUEUED and (now() - work.created_at).total_seconds() > WAITS_S
    return {"work": work, "told": told, "waits": waits, "unreached": UNREACHED, "content": False}


def _form_page(
    request: Request, found: Identity, form: TermsForm, *, status: int = 200
) -> HttpResponse:
    _record(request, found, "identity.read")
    last = queue.latest(request.user, KIND, about=found.pk)
    context = {
        "identity": found,
        "tab": "footprint",
        "form": form,
        "last": last,
        "unreached": UNREACHED,
    }
    return render_page(
        request,
        "people/footprint.html",
        context,
        data=lambda: {"id": found.pk, "last": last and {"id": last.pk, "state": last.state}},
        status=status,
    )


def _identity(identity_id: str) -> Identity:
    found = queries.identity(identity_id, "properties")
    if found is None:
        raise Http404
    return found


def _record(request: Request, found: Identity, action: str, *, terms: str = "") -> None:
    record(
        request, action, kind="identity", ids=[found.pk], terms=terms,
        organization_id=found.organization_id,
    )  # fmt: skip


def _as_json(found: Identity, work: BackgroundWork, told: Report | None) -> dict[str, Any]:
    """Numbers by table, agents with whom else they serve, and what was not reached."""
    shown = (
        {}
        if told is None
        else {key: value for key, value in told.result.items() if key not in {"tables", "doing"}}
    )
    return {
        "identity": found.pk,
        "state": work.state,
        "complete": told is not None and told.is_whole,
        "rows": told.rows if told else work.done,
        "bytes": told.bytes if told else None,
        "tables": [{name: get(one) for name, get in FIELDS.items()} for one in told.lines]
        if told
        else [],
        "not_reached": UNREACHED,
        **shown,
    }


start.starts_work = watch.starts_work = True  # type: ignore[attr-defined]
