"""What pages show of access with a reason: the banner of what is open, and the way to reveal an object."""

from typing import Any

from django.http import HttpRequest
from django.template import Context, Library

from agents_app.accounts.access import openings, reveals
from agents_app.accounts.access.reveals import Shown
from agents_app.accounts.grants import Lift
from agents_app.accounts.reach import reach_of

register = Library()


@register.inclusion_tag("accounts/access/_banner.html", takes_context=True)
def open_banners(context: Context) -> dict[str, Any]:
    """Banners: of each organization that this person opened and that is still open, and of what waits for a reason."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    found = openings.openings(user) if user is not None else []
    return {
        "openings": found,
        "closed": getattr(request, "closed", ""),
        "back": request.get_full_path() if request is not None else "",
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag(takes_context=True)
def may_open(context: Context) -> bool:
    """Whether any organization is on request for this person; asks nothing of Letta."""
    return bool(reach_of(context["request"].user).on_request)


@register.inclusion_tag("accounts/access/_reveal_here.html", takes_context=True)
def reveal_here(context: Context) -> dict[str, Any]:
    """On a page that shows an object's own text: the way to see it unmasked, for those who may; else nothing."""
    request: HttpRequest | None = context.get("request")
    lift: Lift | None = getattr(request, "lift", None)
    if request is None or lift is None:
        return {"reveal": None, "href": ""}
    href = reveals.address(Shown(lift.kind, lift.id), back=request.get_full_path())
    return {"reveal": lift.reveal, "href": href}
