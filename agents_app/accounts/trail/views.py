"""The page of the trail: who looked at what, when, from where, and what was denied."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.exceptions import BadRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record, recorded
from agents_app.accounts.models import AccessEvent
from agents_app.accounts.roles import Right, requires
from agents_app.accounts.trail import freshness
from agents_app.accounts.trail.filters import TrailFilter
from agents_app.ui.http import Request, wants
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import Cursor, Key, make_page, read_cursor, walk

EVENT: Fields[AccessEvent] = {
    "sequence": lambda row: row.sequence,
    "at": lambda row: row.at,
    "user": lambda row: row.user_name or None,
    "action": lambda row: row.action,
    "outcome": lambda row: row.outcome,
    "kind": lambda row: row.object_kind,
    "objects": lambda row: row.object_ids,
    "count": lambda row: row.object_count,
    "organization_id": lambda row: row.organization_id or None,
    "agent_id": lambda row: row.agent_id or None,
    "reason": lambda row: row.reason or None,
    "terms_hash": lambda row: row.terms or None,
    "request_id": lambda row: row.request_id,
    "address": lambda row: row.address,
    "hash": lambda row: row.hash,
}


@require_safe
@requires(Right.TRAIL)
def trail(request: Request) -> HttpResponseBase:
    """All events, newest first; looking at them is an event too."""
    form, cursor = TrailFilter(request.GET), read_cursor(request)
    queryset = form.events()
    page = make_page(request, cursor, _rows(queryset, cursor), key=_key)
    listing = Listing("trail", page, EVENT, every=partial(_exported, request, queryset))
    if not wants(request, "csv"):
        record(request, "trail.read", kind="access", ids=[], count=len(page))
    context = {"form": form, "checkpoint": freshness.newest()}
    return render_listing(request, "accounts/trail.html", listing, context=context)


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
    rows = walk(partial(_rows, queryset), key=_key)
    return recorded(request, "trail.read", rows, kind="access", key=lambda row: str(row.sequence))
