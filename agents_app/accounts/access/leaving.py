"""Signing out closes what was opened on request."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from agents_app.accounts.access.openings import close_all


def connect() -> None:
    """Listens for people who sign out; called once at start-up."""
    user_logged_out.connect(_signed_out, dispatch_uid="openings")


def _signed_out(request: HttpRequest, user: Any, **others: Any) -> None:
    if user is not None and user.pk is not None:
        close_all(request, user)
