"""The page on which a bundle is asked for, and the bundle itself."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from agents_app.accounts import grants
from agents_app.accounts.access.occasion import remember, remembered
from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may, rights_of
from agents_app.evidence.forms import EvidenceForm, OrderForm
from agents_app.evidence.making import begun, filters
from agents_app.evidence.room import Sending
from agents_app.evidence.shown import masking, shown_all
from agents_app.evidence.sources import Asked, Source, Subject, kinds, source
from agents_app.ui.http import Request, render_page

BUSY = "This server is writing as many bundles as it can at a time. Try again in some minutes."
Answer = Callable[[Asked, Source, Subject], HttpResponseBase]


@require_safe
@requires(Right.EVIDENCE)
def new(request: Request) -> HttpResponseBase:
    """What a bundle of the object will hold, its filters, and the form for the reason."""
    form = EvidenceForm(request.GET)
    asked = form.asked()
    if asked is None:
        told = {"kinds": kinds()}
        return render_page(request, "evidence/new.html", told, data=lambda: told)
    order = OrderForm(initial=remembered(request))

    def page(asked: Asked, found: Source, subject: Subject) -> HttpResponse:
        return _page(request, asked, found, subject=subject, form=form, order=order)

    return _granted(request, asked, page)


@require_POST
@requires(Right.EVIDENCE)
def download(request: Request) -> HttpResponseBase:
    """The bundle, sent while it is read."""
    order = OrderForm(request.POST)
    asked = order.asked()
    if asked is None:
        raise Http404

    def answer(asked: Asked, found: Source, subject: Subject) -> HttpResponseBase:
        if order.is_valid():
            remember(request, order.occasion())
            sent = _sent(request, asked, found, subject=subject, reason=order.occasion().said)
            if sent is not None:
                return sent
            order.add_error(None, BUSY)
        status = 503 if order.non_field_errors() else 400
        return _page(request, asked, found, subject=subject, form=order, order=order, status=status)

    answered = _granted(request, asked, answer)
    if answered.status_code == HTTPStatus.FOUND:  # a reason is asked for first, and leads back here
        return HttpResponseRedirect(f"{reverse('evidence:new')}?{urlencode(order.given)}")
    return answered


def _granted(request: Request, asked: Asked, answer: Answer) -> HttpResponseBase:
    """Answers within what the person may see of this object; a reason is asked for where that is missing."""
    found = source(asked.kind)
    missing = sorted(found.rights - rights_of(request.user))
    if missing:
        raise PermissionDenied(
            f"A bundle of this kind needs the right to see {', '.join(missing)} as well."
        )

    def view() -> HttpResponseBase:
        known = replace(asked, prompts=may(request, Right.PROMPT))
        subject = found.subject(known)
        if subject is None:
            raise Http404
        return answer(known, found, subject)

    needed = (Right.EVIDENCE, *sorted(found.rights))
    return grants.within(request, needed, found.objects(asked), view, own=found.own(asked))


def _sent(
    request: Request, asked: Asked, found: Source, *, subject: Subject, reason: str
) -> HttpResponseBase | None:
    """The bundle as a download; None where there is no room for one more."""
    sending = Sending()
    if not sending.has_place:
        return None
    try:
        bundle = begun(request, asked, found, subject=subject, reason=reason)
    except BaseException:
        sending.close()
        raise
    response = StreamingHttpResponse(sending.of(bundle.stream()), content_type="application/zip")
    name = f"evidence-{asked.kind}-{now():%Y%m%d-%H%M%S}-{bundle.id[:8]}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(
    request: Request, asked: Asked, found: Source, *, subject: Subject, form: EvidenceForm,
    order: OrderForm, status: int = 200,
) -> HttpResponse:  # fmt: skip
    record(
        request, "bundle.preview", kind=asked.kind, ids=[subject.id],
        organization_id=subject.organization_id, agent_id=subject.agent_id,
    )  # fmt: skip
    expected = found.expected(asked)
    context = {
        "form": form, "order": order, "kind": found.name, "asked": asked, "subject": subject,
        "expected": expected, "masking": masking(), "is_masked": masking()["applied"],
        "options": found.options,
    }  # fmt: skip
    return render_page(
        request, "evidence/new.html", context, status=status,
        data=lambda: _as_json(asked, subject, expected),
    )  # fmt: skip


def _as_json(asked: Asked, subject: Subject, expected: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        "kind": asked.kind,
        "id": subject.id,
        "title": shown_all(subject.title),
        "filters": filters(asked),
        "masking": masking(),
        "expected": shown_all(dict(expected)),
    }
