"""Adds what stray traces show to a block's sources."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from agents_app.revisions.collect.gathering import Sources, before_block
from agents_app.revisions.collect.sights import in_time
from agents_app.revisions.collect.strays import BEFORE_SECONDS, Stray, of_runs, sights
from agents_app.revisions.evidence import Sight


def with_strays(
    sources: Sources,
    found: Sequence[Stray],
    *,
    telling: Collection[int],
    since: datetime | None = None,
) -> Sources:
    """The same sources and what traces without messages show; `telling` are hashes of values.

    Runs of the holders whose messages are gone are asked, too: those that began after `since`.
    """
    holding = {one.holder.agent_id for one in sources.threads}
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
    more = in_time([sight for sight in more if not before_block(sight.at, sources.block)])
    few = sorted([*sources.few, *more], key=lambda sight: sight.place)
    for one in sources.threads:
        one.reading = None
    return replace(sources, few=few)
