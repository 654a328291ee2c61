"""What one page may read and show: decided before its view fetches anything, and in force until it is sent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse

from agents_app.accounts import reach
from agents_app.accounts.access import Reveal, revealed
from agents_app.accounts.audit import record
from agents_app.accounts.models import Outcome
from agents_app.accounts.roles import Right, role
from agents_app.letta import scoping
from agents_app.letta.errors import LettaError
from agents_app.letta.owners import exists, organization_of
from agents_app.letta.scoping import NOTHING, Scope
from agents_app.text.masking import policy
from agents_app.ui.http import asked_by_itself, wants
from agents_app.ui.jsonout import json_response

_ENDED: Any = object()
Objects = Iterable[tuple[str, str]]
About = Callable[[HttpRequest, Mapping[str, Any]], Objects]


@dataclass(frozen=True)
class Grant:
    """`closed` is the organization whose content a reason would open; empty where none waits."""

    rights: frozenset[Right]
    scope: Scope
    closed: str = ""


@dataclass(frozen=True)
class Lift:
    """The object (kind and id) that a page may show unmasked to the person, and the reveal that does so now."""

    kind: str
    id: str
    reveal: Reveal | None


def grant(
    user: User, needed: Sequence[Right], objects: Mapping[str, Any], *, note: bool = False
) -> Grant:
    """What a page on these objects (names and values of its address) may show to the person.

    `note` says that the person opened it, which prolongs what they have open.

    Rights that need a reason hold on pages about an object of an opened organization, and on pages
    that need them, for opened organizations only.
    """
    held = role(user)
    if not held.with_reason:
        return Grant(held.rights, _open_to(user, note=note))
    opened, everywhere = reach.opened(user, note=note), reach.standing(user)
    inside = reach.reach_of(user).within(opened)
    if held.with_reason & frozenset(needed):
        return Grant(held.rights, inside)
    with scoping.using(everywhere):
        owner = _owner(objects)
    if owner and owner in opened:
        return Grant(held.rights, inside)
    return Grant(held.rights - held.with_reason, everywhere, closed=owner or "")


def _owner(objects: Mapping[str, Any]) -> str | None:
    """Whose the objects are; where Letta does not say, nobody's: no content, and pages of our own go on."""
    try:
        return organization_of(objects)
    except LettaError:
        return None


def _open_to(user: User, *, note: bool) -> Scope:
    """Own organizations and those on request that are open now."""
    standing = reach.standing(user)
    if standing.organizations is None:
        return standing
    return reach.reach_of(user).within({*standing.organizations, *reach.opened(user, note=note)})


def within(
    request: HttpRequest,
    needed: Sequence[Right],
    objects: Mapping[str, Any],
    view: Callable[[], HttpResponseBase],
    *,
    own: Objects = (),
) -> HttpResponseBase:
    """Answers with the view under its grant; asks for a reason where that is what is missing.

    `own` are kinds and ids: the first that is a row in scope is the object whose own text is shown.
    """
    user: User = request.user  # type: ignore[assignment]
    found = grant(user, needed, objects, note=not asked_by_itself(request))
    request.granted, request.closed = found.rights, found.closed  # type: ignore[attr-defined]
    scoping.put(found.scope)
    try:
        request.lift = lift = _lift(user, own)  # type: ignore[attr-defined]
        with _masked_as_granted(lift):
            return _as_granted_until_sent(view())
    except Http404:
        closed = _on_request(user, objects)
        if closed:
            return _ask_for_a_reason(request, closed)
        raise


def _lift(user: User, own: Objects) -> Lift | None:
    """For those who read masked and may reveal: what the page could show them unmasked, or does.

    What is no row (any more) cannot be revealed, so that a reveal never holds for more than it named.
    """
    held = role(user)
    if not held.masked or Right.REVEAL not in held.rights:
        return None
    found = next(((kind, key) for kind, key in own if exists(f"{kind}_id", key)), None)
    return Lift(*found, revealed(user, [found])) if found else None


def _masked_as_granted(lift: Lift | None) -> AbstractContextManager[None]:
    """Unmasked where the person has revealed the object whose text the page shows."""
    if lift is not None and lift.reveal is not None:
        return policy.using(policy.UNMASKED)
    return nullcontext()


def _as_granted_until_sent(response: HttpResponseBase) -> HttpResponseBase:
    """The answer; one that is made while it is sent is made in the scope and masking of this moment."""
    if isinstance(response, StreamingHttpResponse):
        frame, pieces = copy_context(), iter(response)
        response.streaming_content = iter(lambda: frame.run(next, pieces, _ENDED), _ENDED)
    return response


def named(name: str, objects: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Kind and id of what an address calls `name`: `agent_id` names an agent; nothing for another name."""
    value = objects.get(name)
    return [(name.removesuffix("_id"), value)] if isinstance(value, str) else []


def _on_request(user: User, objects: Mapping[str, Any]) -> str | None:
    """The organization of the object that was asked for, if the person may open it with a reason."""
    candidates = reach.requestable(user)
    if candidates == NOTHING:
        return None
    with scoping.using(candidates):
        found = organization_of(objects)
    return found if found and found not in reach.opened(user) else None


def _ask_for_a_reason(request: HttpRequest, organization_id: str) -> HttpResponse:
    """To the page that opens the organization, and from there back; the attempt is on record."""
    match = request.resolver_match
    record(
        request, match.view_name[:60] if match else "page", kind="page",
        ids=[str(value) for value in (match.kwargs if match else {}).values()],
        organization_id=organization_id, outcome=Outcome.DENIED, reason="not opened",
        agent_id=str(match.kwargs.get("agent_id", "")) if match else "",
    )  # fmt: skip
    words = {"organization": organization_id, "next": request.get_full_path()}
    address = f"{reverse('accounts:open')}?{urlencode(words)}"
    if wants(request, "json") or wants(request, "csv"):
        message = "This belongs to an organization that you open with a reason first."
        return json_response(
            {"error": "reason_needed", "message": message, "open": address}, status=403
        )
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
