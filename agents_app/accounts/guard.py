"""What stands before every view: nothing is in scope and all is masked until the view's rights are granted."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agents_app.accounts import grants
from agents_app.accounts.grants import About
from agents_app.accounts.roles import Right, rights_of, role, role_of
from agents_app.letta import scoping
from agents_app.text.masking import policy
from agents_app.ui import doors

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Acting:
    """Each request begins with nothing in scope, and with the person's masking: for all but superusers, everything.

    What it answers with offers no page that the person is refused at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        held = role(request.user)
        masking = policy.MASKED if held.masked else policy.UNMASKED
        with scoping.using(scoping.NOTHING), policy.using(masking), doors.held(held.rights):
            return self.get_response(request)


def requires(*rights: Right, about: str | About = "") -> Callable[[View], View]:
    """Declares the rights a view needs, all of them; checked before the view fetches anything.

    Only inside such a view does Letta show rows: those in the person's scope (`accounts.grants`).
    `about` says whose own text the view shows: by the name that the object has in the address, or
    by a function of the request and the address. Where that object is revealed, and nowhere else,
    the view shows it unmasked; a view that names none is masked always.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            missing = [right for right in rights if right not in rights_of(request.user)]
            if missing:
                raise PermissionDenied(
                    f"This page needs the right to see {', '.join(missing)}; your role"
                    f" ({role_of(request.user) or 'none'}) does not include it. Ask an administrator."
                )
            own = about(request, options) if callable(about) else grants.named(about, options)
            return grants.within(
                request, rights, options, lambda: view(request, *arguments, **options), own=own
            )

        guarded.rights, guarded.about = rights, about  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
