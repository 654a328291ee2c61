"""Objects that somebody sees unmasked for half an hour: which are, revealing, and links to the form."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.core import signing
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse

from agents_app.accounts.access.models import MOST_REVEALED, Reveal
from agents_app.accounts.access.occasion import Occasion
from agents_app.accounts.audit import record
from agents_app.letta import scoping
from agents_app.letta.owners import agent_of, organization_of
from agents_app.ui.http import Request

_SALT: Final = "what a page offers to reveal"
Objects = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """An object as the page that shows it names it; the page signs it, so that the trail names it right."""

    kind: str
    id: str
    organization_id: str = ""
    agent_id: str = ""


def revealed(user: Any, objects: Objects) -> Reveal | None:
    """The newest reveal of one of these (kind, id) that still holds, by the database's clock. One query at most."""
    wanted = set(objects)
    if user.pk is None or not wanted:
        return None
    found = (
        alive(user)
        .filter(object_id__in={identifier for _, identifier in wanted})
        .order_by("-revealed_at", "-pk")
    )
    return next((one for one in found if (one.object_kind, one.object_id) in wanted), None)


def alive(user: Any) -> QuerySet[Reveal]:
    """The user's reveals that hold now, by the database's clock."""
    return Reveal.objects.filter(
        user_id=user.pk, closed_at=None, revealed_at__gt=Now() - MOST_REVEALED
    )


def conceal_all(request: HttpRequest, user: Any, *, by: Any, reason: str) -> None:
    """Ends what is revealed to the user, as their sessions end; on record as done `by` whom."""
    for one in alive(user):
        with transaction.atomic():
            if Reveal.objects.filter(pk=one.pk, closed_at=None).update(closed_at=Now()):
                record(
                    request, "object.conceal", kind=one.object_kind, ids=[one.object_id],
                    reason=reason, user=by,
                )  # fmt: skip


def reveal(request: Request, shown: Shown, *, occasion: Occasion) -> Reveal:
    """Reveals the object to the request's user, with its row in the trail."""
    with scoping.using(scoping.EVERYTHING):  # for the trail alone
        names = {f"{shown.kind}_id": shown.id}
        organization = shown.organization_id or organization_of(names)
        agent = shown.agent_id or agent_of(names)
    with transaction.atomic():
        made = Reveal.objects.create(
            user=request.user,
            object_kind=shown.kind,
            object_id=shown.id,
            **occasion.fields(),
        )
        record(
            request, "object.reveal", kind=shown.kind, ids=[shown.id], reason=occasion.said,
            organization_id=organization, agent_id=agent,
        )  # fmt: skip
    return made


def address(shown: Shown, *, back: str) -> str:
    """The form that reveals the object and then goes on to the path `back`."""
    about = signing.dumps(asdict(shown), salt=_SALT, compress=True)
    return f"{reverse('accounts:reveal')}?{urlencode({'about': about, 'next': back})}"


def named(about: str) -> Shown:
    """The object that a link names; a forged or broken one is a 400."""
    try:
        return Shown(**signing.loads(about, salt=_SALT))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadRequest(
            "Open this form by the link on the page that you want revealed."
        ) from error
