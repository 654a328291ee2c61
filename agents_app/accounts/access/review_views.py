"""The reviewers' queue: accesses with a reason, exports and resets of accounts, to approve or to flag."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from agents_app.accounts.access import reviewing
from agents_app.accounts.access.forms import ReviewForm
from agents_app.accounts.access.models import Review, Verdict
from agents_app.accounts.access.places import next_path
from agents_app.accounts.access.refusals import refused_on_record
from agents_app.accounts.access.reveals import Shown
from agents_app.accounts.access.review_filters import ReviewFilter
from agents_app.accounts.access.reviewing import Access
from agents_app.accounts.audit import record, recorded
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.text.masking.trees import ours
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import Cursor, Key, make_page, read_cursor, walk

ACCESS: Fields[Access] = {
    "sequence": lambda row: row.event.sequence,
    "at": lambda row: row.event.at,
    "user": lambda row: ours(row.event.user_name or None),
    "action": lambda row: row.event.action,
    "kind": lambda row: row.event.object_kind,
    "objects": lambda row: row.event.object_ids,
    "count": lambda row: row.objects,
    "rows": lambda row: row.rows,
    "organization_id": lambda row: row.event.organization_id or None,
    "other_organizations": lambda row: row.others,
    "agent_id": lambda row: row.event.agent_id or None,
    "reason": lambda row: row.event.reason or None,
    "state": lambda row: row.state,
    "reviews": lambda row: [_review(one) for one in row.reviews],
}


def _review(review: Review) -> dict[str, Any]:
    by = review.reviewer.get_username()
    return {"verdict": review.verdict, "note": review.note or None, "by": by, "at": review.at}


@require_safe
@requires(Right.TRAIL)
def queue(request: Request) -> HttpResponseBase:
    """What waits for a verdict, oldest first; looking at it is an event of the trail too."""
    form, cursor = ReviewFilter(request.GET), read_cursor(request)
    found = form.events()
    page = make_page(request, cursor, _rows(found, cursor), key=_key)
    listing = Listing("review", page, ACCESS, every=partial(_exported, request, found))
    if not wants(request, "csv"):
        record(request, "review.read", kind="access", ids=[], count=len(page))
    own = {row.event.sequence for row in page if reviewing.is_own(request.user, row.event)}
    context = {"form": form, "verdicts": Verdict, "own": own}
    return render_listing(request, "accounts/access/queue.html", listing, context=context)


def _rows(queryset: Any, cursor: Cursor) -> Sequence[Access]:
    """Up to limit + 1 accesses in walking order: by number, lowest first."""
    if cursor.key is not None:
        try:
            at = int(str(cursor.key[0]))
        except ValueError as error:
            raise BadRequest("This page link is not valid here.") from error
        queryset = queryset.filter(**{"sequence__lt" if cursor.backwards else "sequence__gt": at})
    ordered = queryset.order_by("-sequence" if cursor.backwards else "sequence")
    return reviewing.with_verdicts(ordered[: cursor.limit + 1])


def _key(row: Access) -> Key:
    return (str(row.event.sequence),)


def _exported(request: Request, queryset: Any) -> Iterator[Access]:
    rows = walk(partial(_rows, queryset), key=_key)
    return recorded(
        request, "review.read", rows, kind="access", key=lambda row: str(row.event.sequence)
    )


def _of_trail(request: HttpRequest, sequence: int) -> Shown:
    return Shown("access", str(sequence))


@require_http_methods(["GET", "HEAD", "POST"])
@refused_on_record("review.decide", _of_trail)
@requires(Right.TRAIL)
def one(request: Request, sequence: int) -> HttpResponse:
    """One access with the history of its verdicts, and the form for another."""
    access = reviewing.find(sequence)
    if access is None:
        raise Http404
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _decided(request, access, form)
    if not form.is_bound:
        record(request, "review.read", kind="access", ids=[str(sequence)])
    context = {"access": access, "form": form, "next": next_path(request)} | {
        "own": reviewing.is_own(request.user, access.event)
    }
    data = {name: get(access) for name, get in ACCESS.items()}
    return render_page(
        request, "accounts/access/review.html", context, data=lambda: data,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _decided(request: Request, access: Access, form: ReviewForm) -> HttpResponse:
    """The next page after a verdict: the queue, or the access itself where another came first."""
    given, number = form.cleaned_data, access.event.sequence
    verdict = Verdict(given["verdict"])
    try:
        reviewing.decide(request, access, verdict=verdict, note=given["note"], seen=given["seen"])
    except reviewing.DecidedMeanwhile:
        messages.warning(request, "Somebody decided about this in the meantime: see their verdict.")
        return HttpResponseRedirect(reverse("accounts:verdict", args=[number]))
    messages.info(request, f"{verdict.label}: row {number:,} of the trail.")
    return HttpResponseRedirect(next_path(request) or reverse("accounts:review"))
