"""Three questions with pages of their own: what a person did, and who looked at an agent or a customer."""

from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.models import AccessEvent
from agents_app.accounts.roles import Right, role_of
from agents_app.accounts.trail import reaching, summaries
from agents_app.accounts.trail.filters import TrailFilter
from agents_app.accounts.trail.reaching import Reached
from agents_app.accounts.trail.views import answer
from agents_app.letta.links import agent_names
from agents_app.text.masking.trees import ours
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.panels import attempt


@require_safe
@requires(Right.TRAIL)
def people(request: Request) -> HttpResponse:
    """Everybody who may sign in, and what the newest events say of each."""
    events = AccessEvent.objects.all()
    recent, accounts = summaries.by_person(events), summaries.people()
    record(request, "trail.read", kind="account", ids=[], count=len(accounts))
    return render_page(
        request,
        "accounts/trail/people.html",
        {"recent": recent, "lines": {one.id: one for one in recent.lines}, "accounts": accounts},
        data=lambda: {"accounts": [vars(one) for one in accounts], "recent": recent.as_json()},
    )


@require_safe
@requires(Right.TRAIL)
def person(request: Request, person_id: int) -> HttpResponseBase:
    """All that one account did, newest first, and which agents it was about."""
    user = get_object_or_404(User, pk=person_id)
    form = TrailFilter(request.GET, without=("person",))
    of_person = AccessEvent.objects.filter(user_id=user.pk)
    actions, agents = summaries.by_action(of_person), summaries.by_agent(of_person)
    context = {
        "person": user, "role": role_of(user), "form": form, "actions": actions, "agents": agents,
        "names": {} if wants(request, "csv") else _names([one.id for one in agents.shown]),
    }  # fmt: skip
    data = {
        "user": ours(user.get_username()),
        "actions": actions.as_json(),
        "agents": agents.as_json(),
    }
    return answer(
        request, "accounts/trail/person.html", form.events(of_person), context=context, data=data,
    )  # fmt: skip


@require_safe
@requires(Right.TRAIL)
def agent(request: Request, agent_id: str) -> HttpResponseBase:
    """Who looked at an agent: at its page, conversations, memory, passages, runs."""
    return _looks(request, "agent", reaching.of_agent(agent_id))


@require_safe
@requires(Right.TRAIL)
def identity(request: Request, identity_id: str) -> HttpResponseBase:
    """Who looked at this customer; the name is not on the page, as its right is another."""
    return _looks(request, "identity", reaching.of_identity(identity_id))


def _looks(request: Request, kind: str, reached: Reached) -> HttpResponseBase:
    request.closed = ""  # type: ignore[attr-defined]  # its content is not what this page would show
    form = TrailFilter(request.GET, without=("agent", "identity"))
    events = AccessEvent.objects.filter(reached.looks())
    people = summaries.by_person(events)
    if reached.exists is False and not people.lines:
        raise Http404
    noun = "customer" if kind == "identity" else kind
    context = {
        "form": form, "reached": reached, "people": people, "kind": kind, "this": f"this {noun}",
        "heading": f"Who looked at {'an' if kind == 'agent' else 'a'} {noun}",
        "nobody": f"Nobody looked at this {noun}.",
    }  # fmt: skip
    data = {kind: reached.id, "agents": reached.agents, "covers": len(reached.held),
            "people": people.as_json()}  # fmt: skip
    return answer(
        request, "accounts/trail/looks.html", form.events(events), context=context, data=data,
        asked=reached.id, partial=reached.partial,
    )  # fmt: skip


def _names(ids: list[Any]) -> dict[str, str | None]:
    """Names of agents; none while Letta does not answer."""
    return attempt(lambda: agent_names(ids)).value or {}
