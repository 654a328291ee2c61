"""Puts on record what somebody tried and may not, by what it was about and not only by its page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agents_app.accounts.access.reveals import Shown
from agents_app.accounts.audit import record
from agents_app.accounts.models import Outcome
from agents_app.ui import failures

View = Callable[..., HttpResponseBase]


def refused_on_record(action: str, about: Callable[..., Shown | None]) -> Callable[[View], View]:
    """Answers a view's PermissionDenied with the page that says no, on record as `action`, denied.

    `about` gets what the view gets and names the object, if the request names one.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def watched(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            try:
                return view(request, *arguments, **options)
            except PermissionDenied as refusal:
                _denied(request, action, about(request, *arguments, **options))
                return failures.forbidden(request, refusal)

        return watched

    return decorate


def _denied(request: HttpRequest, action: str, shown: Shown | None) -> None:
    record(
        request, action, kind=shown.kind if shown else "page", ids=[shown.id] if shown else [],
        organization_id=shown.organization_id if shown else "",
        agent_id=shown.agent_id if shown else "", outcome=Outcome.DENIED,
    )  # fmt: skip
