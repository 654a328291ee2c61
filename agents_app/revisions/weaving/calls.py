"""How a story goes on with a tool call."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from agents_app.revisions.evidence import Call
from agents_app.revisions.replay import TOOLS
from agents_app.revisions.weaving import costs
from agents_app.revisions.weaving.story import Node, Story
from agents_app.revisions.weaving.teller import Teller

OVERLAP_SECONDS: Final = 30
MOST_OLDER: Final = 4


def called(story: Story, call: Call, teller: Teller) -> Iterator[Story]:
    """Every way in which the call may have gone."""
    if call.tool not in TOOLS:
        yield story
        yield story.extended(
            teller.written(story.tip, call, None, "none"), cost=costs.SUSPECT_WROTE
        )
    elif call.status != "success":
        yield from _not_succeeded(story, call, teller)
    elif (returned := teller.returned(call)) is not None:
        yield from _returned(story, call, returned, teller)
    else:
        yield from _replayed(story, call, teller)


def _not_succeeded(story: Story, call: Call, teller: Teller) -> Iterator[Story]:
    """A reported error changes nothing, unless it is a patch that stopped midway; no return may be either."""
    yield story
    done = teller.apply(call, story.tip.value)
    may_have_written = call.status == "unknown" or call.tool == "memory_apply_patch"
    if may_have_written and done.value not in (None, story.tip.value) and not done.created:
        yield story.extended(
            teller.written(story.tip, call, done.value, "chain"), cost=costs.ERROR_WROTE
        )


def _returned(story: Story, call: Call, returned: str, teller: Teller) -> Iterator[Story]:
    """The return holds the whole new value: which value did the tool start from?"""
    now = story.tip.value
    fits = next(
        (base for base in _bases(story, call) if teller.apply(call, base).value == returned), None
    )
    node = teller.written(story.tip, call, returned, "return")
    if returned in teller.evidence.twins:
        yield replace(story, unwritten=(call.run_id, returned))
        yield story.extended(node, cost=costs.COPY_WROTE)
    elif now is None or fits == now or (story.unwritten and fits == story.unwritten[1]):
        yield story.extended(story.tip if returned == now else node)
    else:
        if fits is not None:
            yield story.extended(replace(node, lost=True), cost=costs.OLDER_BASE)
        hidden = teller.hidden(story.tip, call, teller.undo(call, returned).value)
        yield story.extended(
            replace(node, before=hidden, depth=hidden.depth + 1), cost=costs.UNKNOWN_WRITE
        )


def _replayed(story: Story, call: Call, teller: Teller) -> Iterator[Story]:
    """Only the arguments are stored."""
    now = story.tip.value
    done = teller.apply(call, now)
    if done.kind == "untouched":
        yield story
        return
    if done.value is not None:
        yield story.extended(
            story.tip if done.value == now else teller.written(story.tip, call, done.value, "chain")
        )
    elif done.kind == "ambiguous":
        yield story.extended(teller.written(story.tip, call, None, "none"))
    else:
        yield from _impossible(story, call, teller)
    yield from _on_older(story, call, teller)


def _impossible(story: Story, call: Call, teller: Teller) -> Iterator[Story]:
    """A success that this value does not allow: something wrote before it, or it wrote nothing."""
    hidden = teller.hidden(story.tip, call, None)
    yield story.extended(teller.written(hidden, call, None, "none"), cost=costs.UNKNOWN_WRITE)
    yield story.dearer(costs.UNKNOWN_WRITE + costs.NO_EFFECT)


def _on_older(story: Story, call: Call, teller: Teller) -> Iterator[Story]:
    """Another agent wrote while this step ran, and its write is lost."""
    for base in _bases(story, call)[1:]:
        value = teller.apply(call, base).value
        if value is not None and value != story.tip.value:
            node = teller.written(story.tip, call, value, "older", lost=True)
            yield story.extended(node, cost=costs.OLDER_BASE)


def _bases(story: Story, call: Call) -> list[str]:
    """Values the tool may have loaded: the present one, then those that others replaced meanwhile."""
    found: list[str | None] = [story.tip.value]
    if story.unwritten and story.unwritten[0] == call.run_id:
        found.insert(0, story.unwritten[1])
    for node in islice(story.back(), MOST_OLDER):
        foreign = node.call is not None and node.call.agent_id != call.agent_id
        if node.before is None or not foreign or not _overlap(node, call):
            break
        found.append(node.before.value)
    return list(dict.fromkeys(value for value in found if value is not None))


def _overlap(node: Node, call: Call) -> bool:
    """Whether the write may have happened while the call's step ran."""
    earlier = node.call.at if node.call else None
    if not isinstance(earlier, datetime) or not isinstance(call.at, datetime):
        return False  # absent, or beyond the calendar
    return (call.at - earlier).total_seconds() < OVERLAP_SECONDS
