"""The page of the trail: who looked at what, when, from where, and what was denied."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record, recorded
from agents_app.accounts.guard import requires
from agents_app.accounts.models import AccessEvent
from agents_app.accounts.roles import Right
from agents_app.accounts.trail import freshness
from agents_app.accounts.trail.filters import TrailFilter
from agents_app.text.masking.trees import ours
from agents_app.ui.http import Request, wants
from agents_app.ui.jsonout import json_response
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import Cursor, Key, make_page, read_cursor, walk

EVENT: Fields[AccessEvent] = {
    "sequence": lambda row: row.sequence,
    "at": lambda row: row.at,
    "user": lambda row: ours(row.user_name or None),
    "action": lambda row: row.action,
    "outcome": lambda row: row.outcome,
    "kind": lambda row: row.object_kind,
    "objects": lambda row: ours(row.object_ids),
    "count": lambda row: row.object_count,
    "organization_id": lambda row: row.organization_id or None,
    "agent_id": lambda row: row.agent_id or None,
    "reason": lambda row: row.reason or None,
    "terms_hash": lambda row: row.terms or None,
    "request_id": lambda row: row.request_id,
    "address": lambda row: ours(row.address),
    "hash": lambda row: row.hash,
}


@require_safe
@requires(Right.TRAIL)
def trail(request: Request) -> HttpResponseBase:
    """All events, newest first; looking at them is an event too."""
    form = TrailFilter(request.GET)
    events = form.events()
    context = {"form": form, "checkpoint": freshness.newest()}
    return answer(request, "accounts/trail.html", events, context=context, partial=form.partial)


def answer(
    request: Request,
    template: str,
    events: QuerySet[AccessEvent],
    *,
    context: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    asked: str = "",
    partial: str = "",
) -> HttpResponseBase:
    """A page of the events with its JSON (beside `data`) and CSV; `asked` is the id in question."""
    cursor = read_cursor(request)
    page = make_page(request, cursor, _rows(events, cursor), key=_key)
    listing = Listing(
        "trail", page, EVENT, every=lambda: _exported(request, events), partial=partial
    )
    if not wants(request, "csv"):
        ids = [asked] if asked else []
        record(request, "trail.read", kind="access", ids=ids, count=len(page))
    if data and wants(request, "json"):
        return json_response({**data, **listing.as_json()})
    return render_listing(request, template, listing, context=context)


def _rows(queryset: Any, cursor: Cursor) -> list[AccessEvent]:
    """Up to limit + 1 events in walking order."""
    if cursor.key is not None:
        try:
            at = int(str(cursor.key[0]))
        except ValueError as error:
            raise BadRequest("This page link is not valid here.") from error
        queryset = queryset.filter(**{"sequence__gt" if cursor.backwards else "sequence__lt": at})
    ordered = queryset.order_by("sequence" if cursor.backwards else "-sequence")
    return list(ordered[: cursor.limit + 1])


def _key(row: AccessEvent) -> Key:
    return (str(row.sequence),)


def _exported(request: Request, queryset: Any) -> Iterator[AccessEvent]:
    rows = walk(lambda cursor: _rows(queryset, cursor), key=_key)
    return recorded(
        request, "trail.read", rows, kind="access", key=lambda row: str(row.sequence),
        organization=lambda row: None,
    )  # fmt: skip
