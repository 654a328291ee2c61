"""`/go?identity=<external key>`: the way in for ticket systems.

An external key is often an e-mail address, so it is kept out of everything that is written down: log
lines hold the route alone, the trail a keyed hash, and no address that we send on holds the key.
"""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from agents_app.accounts import reach
from agents_app.accounts.audit import record_rows
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.letta import scoping
from agents_app.letta.links import organization_names
from agents_app.letta.models import Identity
from agents_app.letta.scoping import NOTHING
from agents_app.people import keys
from agents_app.people.filters import KeyForm
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.links import link


@require_http_methods(["GET", "HEAD", "POST"])
def go(request: Request) -> HttpResponseBase:
    """Straight to the identity; whoever must sign in first takes the key along sealed."""
    if not request.user.is_authenticated:
        return _to_sign_in(_key(request))
    return _found(request)


def _to_sign_in(key: str) -> HttpResponse:
    here = reverse("people:go")
    onward = f"{here}?{urlencode({'sealed': keys.seal(key)})}" if key else here
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode({'next': onward})}")


def _key(request: Request) -> str:
    """The key of a link, a form, or a sealed link; nothing for one that is far too long."""
    form = KeyForm(request.POST if request.method == "POST" else request.GET)
    form.is_valid()
    given: dict[str, str] = form.cleaned_data
    return given.get("identity") or keys.unseal(given.get("sealed", ""))


@requires(Right.METADATA, Right.PERSONAL)
def _found(request: Request) -> HttpResponse:
    """A redirect for one match, else a chooser, or a page that says that there is none."""
    key = _key(request)
    found = keys.matches(key)
    if key:
        _record(request, found, key)
    leads = found if len(found) == 1 else [] if found else _behind_a_reason(request.user, key)
    only = link("people:identity", leads[0].pk) if len(leads) == 1 else ""
    if only and not wants(request, "json"):
        return HttpResponseRedirect(only)
    names = organization_names(one.organization_id for one in found)
    context = {
        "form": KeyForm(),
        "asked": bool(key),
        "found": found,
        "organizations": names,
        "many": len(found) >= keys.MOST_MATCHES,
    }
    return render_page(
        request,
        "people/go.html",
        context,
        data=lambda: {"results": [_as_json(one) for one in found]},
        status=404 if key and not found else 200,
    )


def _behind_a_reason(user: User, key: str) -> list[Identity]:
    """In organizations that the person may open with a reason, which the identity's page then asks for."""
    scope = reach.requestable(user)
    if scope == NOTHING or not key:
        return []
    with scoping.using(scope):
        return keys.matches(key)


def _record(request: Request, found: list[Identity], key: str) -> None:
    """Whom the key named; the key itself as a keyed hash."""
    record_rows(
        request,
        "identity.find",
        rows=found,
        kind="identity",
        key=lambda one: str(one.pk),
        terms=key,
    )


def _as_json(one: Identity) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "identity_type": one.identity_type,
        "organization_id": one.organization_id,
        "project_id": one.project_id,
        "url": link("people:identity", one.pk),
    }


go.rights = _found.rights  # type: ignore[attr-defined]
