"""Tells people at signing in that somebody else replaced their password or took their second factor away."""

from datetime import timedelta
from typing import Any, Final

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.db.models.functions import Now
from django.http import HttpRequest

from agents_app.accounts.models import FACTOR_RESET, PASSWORD_RESET, RESETS, AccessEvent, Outcome

TOLD_FOR: Final = timedelta(days=14)
MOST: Final = 5
DONE: Final = {
    PASSWORD_RESET: "gave you a new password",
    FACTOR_RESET: "removed your second factor",
}


def connect() -> None:
    """Listens for sign-ins of people; called once at start-up."""
    user_logged_in.connect(_tell, dispatch_uid="resets")


def _tell(request: HttpRequest, user: Any, **others: Any) -> None:
    """At each sign-in for two weeks: whoever used the new password first cannot take the message away."""
    found = AccessEvent.objects.filter(
        action__in=RESETS, outcome=Outcome.SUCCESS, object_ids__contains=[str(user.pk)],
        object_kind="account", at__gt=Now() - TOLD_FOR,
    )  # fmt: skip
    for event in found.order_by("-sequence")[:MOST]:
        messages.warning(
            request,
            f"{event.user_name} {DONE[event.action]} on {event.at:%Y-%m-%d at %H:%M} UTC. If you did"
            " not ask for it, tell whoever reviews the trail: somebody else may have used your account.",
        )
