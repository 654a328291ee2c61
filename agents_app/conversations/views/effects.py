"""What memory calls changed, and what the model was not shown: loaded after the transcript they belong to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.conversations.effects import Change, Missed, effect_json, room, unseen_json
from agents_app.conversations.queries import surroundings
from agents_app.revisions.effects import Effect
from agents_app.revisions.effects import Key as EffectKey
from agents_app.revisions.effects import effects as effects_of
from agents_app.revisions.unseen import unseen as unseen_of
from agents_app.ui.formfields import IdField
from agents_app.ui.http import Request, render_page
from agents_app.ui.links import link

MOST_IDS = 60


def asked_ids(request: Request, name: str) -> list[str]:
    """The ids of a parameter that may be given many times; a wrong one is a 400."""
    given = list(dict.fromkeys(request.GET.getlist(name)))
    if len(given) > MOST_IDS:
        raise BadRequest(f"At most {MOST_IDS} ids can be asked for at once.")
    field = IdField(name)
    try:
        return [found for one in given if (found := field.clean(one))]
    except forms.ValidationError as wrong:
        raise BadRequest("This address names something that is not an id.") from wrong


@require_safe
@requires(Right.CONTENT, about="agent_id")
def effects(request: Request, agent_id: str) -> HttpResponse:
    """What the memory calls in the rows `?message=` did to blocks."""
    agent = _agent(agent_id)
    found = effects_of(agent_id, asked_ids(request, "message"))
    blocks = {one.block_id for own in found.values() for one in own if one.block_id}
    _record(request, "memory.effects", agent, blocks)
    context = {
        "agent": agent,
        "calls": _calls(found),
        "message_url": link("conversations:message", "x")[:-2],
    }
    return render_page(
        request,
        _template(request, "effects"),
        context,
        data=lambda: {"effects": [
            {"message_id": message_id, "tool_call_id": call_id or None, **effect_json(one)}
            for (message_id, call_id), own in found.items() for one in own
        ]},
    )  # fmt: skip


@require_safe
@requires(Right.CONTENT, about="agent_id")
def unseen(request: Request, agent_id: str) -> HttpResponse:
    """The blocks that the model was shown in the steps `?step=` with another value than was stored."""
    agent = _agent(agent_id)
    found = unseen_of(agent_id, asked_ids(request, "step"))
    _record(
        request, "memory.unseen", agent, {one.block_id for own in found.values() for one in own}
    )
    space = room()
    steps = [
        (step_id, [Missed(one, space.compare(one.shown, one.stored)) for one in own])
        for step_id, own in found.items()
    ]
    context = {"agent": agent, "steps": steps, "step_url": link("runs:step", "x")[:-2]}
    return render_page(
        request,
        _template(request, "unseen"),
        context,
        data=lambda: {
            "steps": [
                {"step_id": step_id, "blocks": [unseen_json(one) for one in own]}
                for step_id, own in found.items()
            ]
        },
    )


def _template(request: Request, name: str) -> str:
    """The page, or for htmx only what takes its places in the transcript."""
    return f"conversations/{name}.html" + (f"#{name}" if request.htmx else "")


def _calls(found: Mapping[EffectKey, Sequence[Effect]]) -> list[tuple[str, str, list[Change]]]:
    """Message id, revision id (it names the call) and changes of each call."""
    space, calls = room(), dict[tuple[str, str], list[Change]]()
    for (message_id, _), own in found.items():
        for one in space.changes(own):
            calls.setdefault((message_id, one.effect.revision_id), []).append(one)
    return [(*key, changes) for key, changes in calls.items()]


def _agent(agent_id: str) -> dict[str, Any]:
    found = surroundings.agent(agent_id)
    if found is None:
        raise Http404
    return found


def _record(request: Request, action: str, agent: dict[str, Any], blocks: set[str]) -> None:
    ids: Sequence[str] = sorted(blocks)
    record(
        request, action, kind="block", ids=ids,
        organization_id=agent["organization_id"], agent_id=agent["id"],
    )  # fmt: skip
