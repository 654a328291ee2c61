"""What goes on record besides views of content: sign-in, sign-out, failed tries, and what was denied."""

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse

from agents_app.accounts.audit import record
from agents_app.accounts.models import Outcome
from agents_app.ui import failures


def connect() -> None:
    """Listens for sign-ins of people; called once at start-up."""
    user_logged_in.connect(_signed_in, dispatch_uid="trail")
    user_logged_out.connect(_signed_out, dispatch_uid="trail")
    password_changed.connect(_password_changed, dispatch_uid="trail")
    user_login_failed.connect(_refused, dispatch_uid="trail")
    authenticator_added.connect(_factor_added, dispatch_uid="trail")
    authenticator_removed.connect(_factor_removed, dispatch_uid="trail")
    authentication_failed.connect(_factor_refused, dispatch_uid="trail")


def _signed_in(request: HttpRequest, user: Any, **others: Any) -> None:
    _of_account(request, "account.sign-in", user)


def _signed_out(request: HttpRequest, user: Any, **others: Any) -> None:
    if user is not None and user.pk is not None:
        _of_account(request, "account.sign-out", user)


def _password_changed(request: HttpRequest, user: Any, **others: Any) -> None:
    _of_account(request, "account.password", user)


def _factor_added(request: HttpRequest, user: Any, **others: Any) -> None:
    _of_account(request, "account.factor-added", user)


def _factor_removed(request: HttpRequest, user: Any, **others: Any) -> None:
    _of_account(request, "account.factor-removed", user)


def _factor_refused(request: HttpRequest, user: Any, **others: Any) -> None:
    _of_account(request, "account.sign-in", user, outcome=Outcome.FAILED)


def _of_account(
    request: HttpRequest, action: str, user: Any, *, outcome: Outcome = Outcome.SUCCESS
) -> None:
    record(request, action, kind="account", ids=[str(user.pk)], user=user, outcome=outcome)


def _refused(credentials: Any, request: HttpRequest | None = None, **others: Any) -> None:
    """A failed try; of the name that was typed only a keyed hash is kept, as it may be a password."""
    if request is not None:
        name = str(credentials.get("username") or credentials.get("email") or "")
        record(
            request, "account.sign-in", kind="account", ids=[], terms=name, outcome=Outcome.FAILED
        )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403: what was asked for goes on record before the page says no."""
    attempted(request, Outcome.DENIED)
    return failures.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: an id that led nowhere goes on record, as it may be one out of reach."""
    match = request.resolver_match
    if match is not None and match.kwargs:
        attempted(request, Outcome.FAILED)
    return failures.not_found(request, exception)


def attempted(request: HttpRequest, outcome: Outcome) -> None:
    """Puts on record that somebody who is signed in asked for a page and did not get it."""
    match, user = request.resolver_match, getattr(request, "user", None)
    if match is None or user is None or not user.is_authenticated:
        return
    ids = [str(value) for value in match.kwargs.values()]
    record(
        request, match.view_name[:60], kind="page", ids=ids, outcome=outcome,
        agent_id=str(match.kwargs.get("agent_id", "")),
    )  # fmt: skip
