"""Organizations that somebody opened on request: which are open now, opening, closing."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from agents_app.accounts.access.models import MOST_IDLE, MOST_OPEN, Opening
from agents_app.accounts.access.occasion import Occasion
from agents_app.accounts.audit import record
from agents_app.ui.http import Request

NOTE_AGAIN: Final = timedelta(minutes=1)


def alive(user: Any) -> QuerySet[Opening]:
    """The user's openings that hold now, by the database's clock."""
    return Opening.objects.filter(
        user_id=user.pk,
        closed_at=None,
        opened_at__gt=Now() - MOST_OPEN,
        seen_at__gt=Now() - MOST_IDLE,
    )


def open_organizations(user: Any, *, note: bool = True) -> tuple[str, ...]:
    """Ids of the organizations that are open to the user now. One query.

    Asking counts as use and prolongs them, which is noted once a minute at most (a second query);
    `note=False` only looks, for requests that no person makes, such as a page that asks by itself.
    """
    if user.pk is None:
        return ()
    stale = ExpressionWrapper(Q(seen_at__lt=Now() - NOTE_AGAIN), output_field=BooleanField())
    found = list(alive(user).values_list("organization_id", stale))
    if note and any(is_stale for _, is_stale in found):
        alive(user).update(seen_at=Now())
    return tuple(sorted({organization_id for organization_id, _ in found}))


def openings(user: Any) -> list[Opening]:
    """The openings that hold now, oldest first; looking at them prolongs none."""
    return list(alive(user).order_by("opened_at", "pk")) if user.pk is not None else []


def open_organization(request: Request, organization_id: str, *, occasion: Occasion) -> Opening:
    """Opens it, with its row in the trail; an earlier opening of the same organization ends."""
    with transaction.atomic():
        _end(alive(request.user).filter(organization_id=organization_id))
        opening = Opening.objects.create(
            user=request.user, organization_id=organization_id, **occasion.fields()
        )
        record(
            request, "organization.open", kind="organization", ids=[organization_id],
            organization_id=organization_id, reason=occasion.said,
        )  # fmt: skip
    return opening


def close(request: HttpRequest, opening: Opening, *, by: Any = None, reason: str = "") -> None:
    """Ends an opening at once; one that has ended already stays as it is. On record as done `by` whom."""
    with transaction.atomic():
        if _end(Opening.objects.filter(pk=opening.pk, closed_at=None)):
            record(
                request, "organization.close", kind="organization", ids=[opening.organization_id],
                organization_id=opening.organization_id, reason=reason, user=by,
            )  # fmt: skip


def close_all(request: HttpRequest, user: Any, *, by: Any, reason: str) -> None:
    """Ends what is open to the user, as their sessions end."""
    for opening in openings(user):
        close(request, opening, by=by, reason=reason)


def _end(queryset: QuerySet[Opening]) -> int:
    return queryset.update(closed_at=Now())
