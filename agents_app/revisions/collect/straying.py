"""Adds what stray traces show to a block's sources."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from agents_app.revisions.collect.clock import Clock
from agents_app.revisions.collect.gathering import Sources, before_block
from agents_app.revisions.collect.kept import kept_calls
from agents_app.revisions.collect.sights import APART
from agents_app.revisions.collect.strays import (
    BEFORE_SECONDS,
    Stray,
    of_organization,
    of_runs,
    sights,
)
from agents_app.revisions.evidence import Call, Sight
from agents_app.revisions.replay import TOOLS


def with_strays(
    sources: Sources,
    found: Sequence[Stray],
    *,
    telling: Collection[int],
    since: datetime | None = None,
) -> Sources:
    """The same sources and what traces without messages show; `telling` are hashes of values.

    They are of the block's organization only: a history is kept for all who may read the block.

    Runs of the holders whose messages are gone are asked, too, those that began after `since`: for
    their traces and for the calls in the responses that they keep.
    """
    holding = {one.holder.agent_id for one in sources.threads}
    found = of_organization(found, sources.block.organization_id)
    known = {stray.trace.id for stray in found}
    found = [
        *found,
        *(
            one
            for agent in sorted(holding)
            for one in of_runs(agent, since=since)
            if one.trace.id not in known
        ),
    ]
    sources.clock.prepare([one.at for one in found], 0, -BEFORE_SECONDS)
    more: list[Sight] = []
    for label in sorted({label for _, label in sources.labels}):
        more += sights(found, label, clock=sources.clock, telling=telling, holders=holding)
    more = [sight for sight in more if not before_block(sight.at, sources.block)]
    calls = [call for call in kept_calls(sorted(holding), TOOLS, since=since)
             if not before_block(call.at, sources.block) and _sees(sources, call)]  # fmt: skip
    sources.clock.prepare([call.at for call in calls], 0)
    seen, kept = _in_order(more, calls, sources.clock)
    few = sorted([*sources.few, *seen], key=lambda sight: sight.place)
    return replace(sources, few=few, kept=kept)


def _sees(sources: Sources, call: Call) -> bool:
    held = (one.holder for one in sources.threads if one.holder.agent_id == call.agent_id)
    return any(holder.sees(call.conversation_id) for holder in held)


BEFORE_PROMPTS: Final = (
    0.1  # system messages and checkpoints, placed by the same clock, hold what was written
)


def _in_order(
    seen: Sequence[Sight], calls: Sequence[Call], clock: Clock
) -> tuple[list[Sight], list[Call]]:
    """With places by the clock; a step's prompt precedes the step's calls, whatever their times say."""
    began = {sight.step_id: sight.at for sight in seen}
    moments = [began.get(call.step_id) or call.at for call in calls]
    order: list[tuple[str, int, int]] = [
        (str(sight.at), 0, number) for number, sight in enumerate(seen)
    ]
    order += [(str(at), 1, number) for number, at in enumerate(moments)]
    sights, kept = list[Sight](), list[Call]()
    for after, (_, is_call, number) in enumerate(sorted(order)):
        if is_call:
            place = clock.place(moments[number]) - BEFORE_PROMPTS + after * APART
            kept.append(replace(calls[number], place=place, call_place=place))
        else:
            sights.append(
                replace(seen[number], place=seen[number].place - BEFORE_PROMPTS + after * APART)
            )
    return sights, kept
