"""What an agent remembers: its blocks, how old each line is, and what their histories give away."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django import forms
from django.db.models.functions import Length
from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.letta.errors import LettaTimeout
from agents_app.letta.models import Agent, AgentBlock, Block
from agents_app.memory.blame import Line
from agents_app.memory.listing import NEARLY_FULL
from agents_app.memory.reading import MOST_CHARACTERS, Told, told
from agents_app.memory.signs import Signs, signs
from agents_app.memory.telling import counts_json, sentence
from agents_app.memory.views.history import GONE
from agents_app.revisions.revision import Revision
from agents_app.revisions.vanished import Vanished, vanished_labels
from agents_app.ui.formfields import IdField
from agents_app.ui.http import Request, render_page
from agents_app.ui.sections import Section, section

MOST_BLOCKS: Final = 50
MOST_LINES: Final = 300
LONGEST_S: Final = 2.0


@dataclass(frozen=True)
class Remembered:
    """A block with its history; `told` and `signs` are None when there was no time left to read it."""

    block: Block
    told: Told | None = None
    signs: Signs | None = None
    lines: list[Line] | None = None

    @property
    def characters(self) -> int:
        return self.block.characters or 0  # type: ignore[attr-defined]

    @property
    def is_nearly_full(self) -> bool:
        limit = self.block.limit or 0
        return limit > 0 and self.characters >= NEARLY_FULL * limit

    @property
    def shown(self) -> list[Line]:
        return (self.lines or [])[:MOST_LINES]

    @property
    def left_out(self) -> int:
        return max(len(self.lines or []) - MOST_LINES, 0)

    @property
    def sentence(self) -> str:
        return sentence(self.told.completeness) if self.told else ""


class OneForm(forms.Form):
    """Which block alone to show: its history is read without waiting for the others."""

    block = IdField("Block id")

    def block_id(self) -> str | None:
        """None when it is absent or wrong."""
        self.is_valid()
        found: str | None = self.cleaned_data.get("block")
        return found


@require_safe
@requires(Right.MEMORY, about="agent_id")
def remembered(request: Request, agent_id: str) -> HttpResponse:
    """The agent's blocks with the age of each line and the signs of trouble."""
    agent = Agent.objects.here().filter(pk=agent_id).only("id", "name", "organization_id").first()
    if agent is None:
        raise Http404
    only = OneForm(request.GET).block_id()
    found: Section[list[Remembered]] = section(
        lambda: _blocks(agent_id, only), "blocks_agents", "block"
    )
    vanished: Section[list[Vanished]] = section(lambda: vanished_labels(agent_id), "messages")
    record(
        request, "memory.agent", kind="agent", ids=[agent_id],
        organization_id=agent.organization_id, agent_id=agent_id,
        about=[one.block.pk for one in found.value or ()],
    )  # fmt: skip
    context = {
        "agent": agent, "found": found, "only": only, "vanished": vanished, "no_id": GONE,
    }  # fmt: skip
    return render_page(
        request,
        "memory/remembered.html#one" if request.htmx and only else "memory/remembered.html",
        context,
        data=lambda: {
            "blocks": found.as_json(lambda value: [_as_json(one) for one in value]),
            "vanished": vanished.as_json(lambda value: [asdict(one) for one in value]),
        },
    )


def _blocks(agent_id: str, only: str | None) -> list[Remembered]:
    """The first 50 blocks by label, or one of them; histories are read while there is time."""
    held = AgentBlock.objects.here().filter(agent_id=agent_id).values("block_id")
    queryset = Block.objects.here().filter(pk__in=held).annotate(characters=Length("value"))
    if only is not None:
        queryset = queryset.filter(pk=only)
    columns = ("id", "label", "limit", "version", "read_only", "updated_at")
    rows = list(queryset.only(*columns).order_by("label", "pk")[:MOST_BLOCKS])
    gives_up = time.monotonic() + LONGEST_S
    return [_read(row) if time.monotonic() < gives_up else Remembered(row) for row in rows]


def _read(block: Block) -> Remembered:
    try:
        found = told(block.pk)
    except LettaTimeout:
        found = None
    if found is None:
        return Remembered(block)
    lines = found.blame(until=None, ignore_rewrites=False).lines()
    if sum(one.size or 0 for one in found.revisions) > MOST_CHARACTERS:
        return Remembered(block, found, None, lines)
    return Remembered(block, found, signs(_at_hand(found), now()), lines)


def _at_hand(found: Told) -> Sequence[Revision]:
    """The revisions with their values, equal ones as one object."""
    if found.skeleton is None:
        return found.revisions
    texts: dict[str, str] = {}
    return [
        replace(
            found.revisions[number], value=None if value is None else texts.setdefault(value, value)
        )
        for number, value in found.values()
    ]


def _as_json(one: Remembered) -> dict[str, Any]:
    found = one.signs
    return {
        "id": one.block.pk,
        "label": one.block.label,
        "characters": one.characters,
        "limit": one.block.limit,
        "nearly_full": one.is_nearly_full,
        **(counts_json(one.told) if one.told else {"writes": None, "explained": None, "gaps": None}),
        "recent": found and found.recent,
        "added": found and found.added,
        "removed": found and found.removed,
        "flip_flops": found and [[two.first.id, two.away.id, two.back.id] for two in found.flip_flops],
        "losses": found and [
            {"before": two.before.id, "revision": two.revision.id, "share": round(two.share, 3)}
            for two in found.losses
        ],
        "lines": [
            {"number": line.number, "text": line.text, "at": line.origin.revision.at,
             "revision": line.origin.revision.id}
            for line in one.shown
        ] if one.lines is not None else None,
    }  # fmt: skip
