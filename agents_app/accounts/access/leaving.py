"""What was opened and revealed ends with the sessions of whoever it was opened and revealed to."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from agents_app.accounts.access.openings import close_all
from agents_app.accounts.access.reveals import conceal_all


def connect() -> None:
    """Listens for people who sign out; called once at start-up."""
    user_logged_out.connect(_signed_out, dispatch_uid="openings")


def leave(request: HttpRequest, user: Any, *, by: Any) -> None:
    """Closes and masks again what the user opened and revealed; `by` the user, or by who ends their sessions."""
    reason = "" if by.pk == user.pk else f"sessions of {user.get_username()} ended"
    close_all(request, user, by=by, reason=reason)
    conceal_all(request, user, by=by, reason=reason)


def _signed_out(request: HttpRequest, user: Any, **others: Any) -> None:
    if user is not None and user.pk is not None:
        leave(request, user, by=user)
