"""Time travel: what an agent remembered at a moment, what the model was shown, beside what it remembers now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.letta.models import Agent, Block
from agents_app.memory.context import Sent, sent
from agents_app.memory.moments import (
    When,
    at_message,
    at_step,
    at_time,
    messages_before,
)
from agents_app.memory.stops import stops
from agents_app.revisions.grades import GRADES
from agents_app.revisions.travel import BlockAt, values_at
from agents_app.text.diff import Diff, compare_shown
from agents_app.text.marks import name_label
from agents_app.ui.formfields import IdField, WhenField
from agents_app.ui.http import Request, render_page
from agents_app.ui.links import link
from agents_app.ui.sections import Section, section

MOST_MESSAGES = 30


class MomentForm(forms.Form):
    """The moment asked for: a time, a message or a step."""

    t = WhenField(label="Time", required=False)
    message = IdField("Message id")
    step = IdField("Step id")

    def asked(self) -> dict[str, Any]:
        """The valid fields; a wrong one is as if it were absent."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


@dataclass(frozen=True)
class Then:
    """A block as it was, as the model was shown it, and as it is now."""

    block: BlockAt
    now: str | None
    shown: str | None
    diff: Diff | None

    @property
    def level(self) -> str:
        return GRADES[self.block.grade][0] if self.block.grade else "quiet"

    @property
    def meaning(self) -> str:
        return GRADES[self.block.grade][1] if self.block.grade else ""

    @property
    def name(self) -> str:
        """What the comparison is called for those who do not see it."""
        return f"{name_label(self.block.label)}, then and now"

    @property
    def unseen(self) -> bool:
        """Whether what was stored differed from what the model was shown."""
        return self.shown is not None and self.block.value not in (None, self.shown)

    @property
    def unseen_diff(self) -> Diff:
        """From what was shown to what was stored."""
        return compare_shown(self.shown, self.block.value)

    def as_json(self) -> dict[str, Any]:
        one = self.block
        return {
            "id": one.id or None, "label": one.label, "value": one.value, "grade": one.grade, "shown": self.shown,
        }  # fmt: skip


@require_safe
@requires(Right.MEMORY, about="agent_id")
def at(request: Request, agent_id: str) -> HttpResponse:
    """The agent's memory blocks as they were, and the context the model had."""
    agent = Agent.objects.here().filter(pk=agent_id).only("id", "name", "organization_id").first()
    if agent is None:
        raise Http404
    form = MomentForm(request.GET)
    when = _when(agent_id, form.asked())
    prompt = may(request, Right.PROMPT)
    request_sent: Section[Sent | None] = section(lambda: sent(when.step_id), "provider_traces")
    blocks = section(lambda: _blocks(agent_id, when, request_sent.value), "blocks_agents", "block")
    held = [one.block.id for one in blocks.value or ()]
    _record(request, agent, held, request_sent=request_sent.value if prompt else None)
    context = {
        "agent": agent,
        "form": form,
        "when": when,
        "sent": request_sent.value if prompt else None,
        "withheld": bool(request_sent.value) and not prompt,
        "blocks": blocks,
        "thread_rows": messages_before(agent_id, when, most=MOST_MESSAGES),
        "stops": stops(agent_id, when),
        "turn": _turn(agent_id, when),
    }
    return render_page(
        request,
        "memory/at.html",
        context,
        fragments=["moment"],
        data=lambda: _as_json(context, prompt=prompt),
    )


def _when(agent_id: str, asked: dict[str, Any]) -> When:
    if asked["message"] or asked["step"]:
        by_message = bool(asked["message"])
        find = at_message if by_message else at_step
        found = find(agent_id, asked["message"] if by_message else asked["step"])
        if found is None:
            raise Http404
        return found
    return at_time(agent_id, asked["t"] or now())


def _blocks(agent_id: str, when: When, request_sent: Sent | None) -> list[Then]:
    moment = when.at if isinstance(when.at, datetime) else None
    found = [] if when.place is None else values_at(
        agent_id, when.place, conversation_id=when.conversation_id, moment=moment, timed=when.kind == "time",
    )  # fmt: skip
    present = dict(
        Block.objects.here().filter(pk__in=[one.id for one in found]).values_list("pk", "value")
    )
    comparable = request_sent if when.kind == "step" else None
    held = [_then(one, present.get(one.id), comparable) for one in found]
    return held + _shown_only({one.label for one in found}, request_sent)


def _then(block: BlockAt, present: str | None, request_sent: Sent | None) -> Then:
    shown = request_sent.shown(block.label) if request_sent else None
    diff = None if block.value is None else compare_shown(block.value, present)
    return Then(block, present, shown, diff)


def _shown_only(held: set[str], request_sent: Sent | None) -> list[Then]:
    """Blocks that the model was shown and the agent holds no more."""
    memory = request_sent.memory if request_sent else None
    labels: Sequence[str] = (
        [label for label in memory.blocks if label not in held] if memory else ()
    )
    return [
        Then(BlockAt("", label, None), None, memory.blocks[label].value if memory else None, None)
        for label in labels
    ]


def _record(
    request: Request, agent: Any, blocks: Sequence[str], *, request_sent: Sent | None
) -> None:
    of_agent = {"organization_id": agent.organization_id, "agent_id": agent.pk}
    record(request, "memory.at", kind="agent", ids=[agent.pk], about=blocks, **of_agent)
    if request_sent is not None:
        ids = [request_sent.trace_id]
        record(request, "trace.read", kind="provider_trace", ids=ids, **of_agent)


def _turn(agent_id: str, when: When) -> str:
    """The message in its conversation."""
    if not when.message_id:
        return ""
    if when.conversation_id:
        return link("conversations:conversation", when.conversation_id, at=when.message_id)
    return link("conversations:default_thread", agent_id, at=when.message_id)


def _as_json(context: dict[str, Any], *, prompt: bool) -> dict[str, Any]:
    when, request_sent = context["when"], context["sent"]
    rebuilt = [
        {
            "message_id": row["id"],
            "at": row["created_at"],
            "step_id": row["step_id"],
            "source": "rebuilt",
        }
        for row in context["thread_rows"]
    ]
    return {
        "at": when.at,
        "step_id": when.step_id,
        "conversation_id": when.conversation_id,
        "blocks": context["blocks"].as_json(lambda value: [one.as_json() for one in value]),
        "context": request_sent.items if request_sent else rebuilt,
        "context_source": "trace" if request_sent else "rebuilt",
        "context_cut": bool(request_sent and request_sent.cut),
        "steps": [
            {"step_id": one.step_id, "at": one.at, "edits": one.edits}
            for one in context["stops"].steps
        ],
    }
