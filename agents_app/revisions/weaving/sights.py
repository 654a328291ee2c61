"""How a story goes on with a stored text that shows the block's value."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Final

from agents_app.revisions.evidence import START, Sight
from agents_app.revisions.weaving import costs
from agents_app.revisions.weaving.story import LOOK_BACK, Node, Story
from agents_app.revisions.weaving.teller import Teller

LONGEST_AGO: Final = 200
MOST_FILLS: Final = 4
MOST_HIDDEN: Final = 16
STAMP_MARGIN: Final = 0.1  # seconds that the clocks of server and database may differ


def sighted(story: Story, sight: Sight, teller: Teller) -> list[Story]:
    """Unchanged where the value was there within the sight's bounds; else every way to explain it."""
    blanks: list[Node] = []
    for node in _within(story, sight):
        if sight.shows(node.value):
            return [story.dearer(_stamped_later(node, sight, teller)).marked(node, sight)]
        if node.value is None:
            blanks.append(node)
    return [
        *_filled(story, blanks, sight, teller),
        *_hidden(story, sight, teller),
        *_outdated(story, sight, teller),
        _unknown(story, sight, teller),
    ]


def _within(story: Story, sight: Sight) -> Iterator[Node]:
    """Nodes that were the block's value at some moment of the sight's span, latest first."""
    earliest = story.last_seen(sight.thread)
    for node in islice(story.back(), LOOK_BACK):
        yield node
        if node.place <= sight.since or node.number == earliest:
            return


def _outdated(story: Story, sight: Sight, teller: Teller) -> Iterator[Story]:
    """The prompt is older than it should be: runs at the same time, or a forked conversation."""
    if sight.source not in ("trace", "system_message"):
        return
    if sight.source == "trace" and not sight.fresh and sight.since < teller.evidence.floor:
        yield story.dearer(costs.OLDER_THAN_READ)
    elif any(sight.shows(node.value) for node in islice(story.back(), LONGEST_AGO)):
        expected = not sight.fresh and sight.since == START
        cost = 0.0 if expected else teller.old_sight(fresh=sight.fresh)
        yield story.dearer(cost)
    elif hash(sight.value) in teller.settled:
        yield story.dearer(0.0 if sight.since == START else teller.old_sight(fresh=sight.fresh))


def _unknown(story: Story, sight: Sight, teller: Teller) -> Story:
    """Something wrote after the last call."""
    node = Node(
        next(teller.numbers), "unknown", sight.value, sight.place, "sight", None, sight, story.tip,
        depth=story.tip.depth + 1,
    )  # fmt: skip
    late = costs.ALREADY_LAST if _was_last(story.tip, sight, teller) else 0.0
    return replace(story, cost=story.cost + costs.UNKNOWN_WRITE + late, tip=node).marked(
        node, sight
    )


def _was_last(node: Node, sight: Sight, teller: Teller) -> bool:
    """Whether the row was not written after this call, by its own stamp."""
    after = _stamped_after(node, sight, teller)
    return after is not None and after <= 0


def _stamped_later(node: Node, sight: Sight, teller: Teller) -> float:
    """What it costs that the row was written after this call: a tool writes before its return is made."""
    after = _stamped_after(node, sight, teller)
    return costs.STAMPED_LATER if after is not None and after > STAMP_MARGIN else 0.0


def _stamped_after(node: Node, sight: Sight, teller: Teller) -> float | None:
    """Seconds from the return of the node's call to the row's own stamp; None where either is unknown."""
    stamp, at = teller.evidence.subject.updated_at, node.call.at if node.call else None
    if sight.source != "current" or not isinstance(at, datetime) or not isinstance(stamp, datetime):
        return None
    return (stamp - at).total_seconds()


def _filled(story: Story, blanks: list[Node], sight: Sight, teller: Teller) -> Iterator[Story]:
    """The value is that of a node whose value was not known."""
    for number, blank in enumerate(blanks[:MOST_FILLS]):
        if _may_be_left(blank, sight.value, teller):
            tip = replace(blank, value=sight.value, basis="sight", sight=sight)
            told = _replayed_on(tip, _after(story, blank), teller)
            if told is not None:
                late = _stamped_later(story.tip, sight, teller)
                cost = story.cost + number * costs.FILL_STEP + late
                yield replace(story, cost=cost, tip=told).marked(blank, sight)


def _may_be_left(node: Node, value: str, teller: Teller) -> bool:
    """Whether the write at a node can have left this value."""
    if node.before is not None and node.before.value == value:
        return False
    if node.call is None or not teller.replays(node):
        return True
    return teller.undo(node.call, value).kind != "failed"


def _after(story: Story, node: Node) -> list[Node]:
    """The nodes that follow, oldest first."""
    later: list[Node] = []
    for found in story.back():
        if found.number == node.number:
            break
        later.append(found)
    return later[::-1]


def _replayed_on(tip: Node, later: list[Node], teller: Teller) -> Node | None:
    """The nodes that follow, on a value just learned; None when one of them refuses it."""
    for node in later:
        value, basis = node.value, node.basis
        if node.call is not None and teller.replays(node) and not node.lost:
            done = teller.apply(node.call, tip.value)
            if done.kind == "failed" or value not in (None, done.value):
                return None
            value, basis = (done.value, "chain") if value is None else (value, basis)
        tip = replace(node, before=tip, value=value, basis=basis, depth=tip.depth + 1)
    return tip


def _hidden(story: Story, sight: Sight, teller: Teller) -> Iterator[Story]:
    """A call left the value, on one that an unexplained write had left before it."""
    later: list[Node] = []
    for node in islice(_within(story, sight), MOST_HIDDEN):
        if node.basis != "chain" or not teller.replays(node) or story.is_marked(node):
            return
        tip = _on_hidden(node, sight, teller)
        told = _rewritten(tip, later[::-1], teller) if tip else None
        if told is not None:
            fresh = 2 if story.saw_base(node) else -1
            cost = costs.UNKNOWN_WRITE + (len(later) + fresh) * costs.HIDDEN_STEP
            cost += story.cost + _stamped_later(story.tip, sight, teller)
            yield replace(story, cost=cost, tip=told).marked(node, sight)
        later.append(node)


def _on_hidden(node: Node, sight: Sight, teller: Teller) -> Node | None:
    if node.call is None or node.before is None:
        return None
    was = teller.undo(node.call, sight.value).value
    if was is None or was == node.before.value:
        return None
    hidden = teller.hidden(node.before, node.call, was)
    return replace(node, value=sight.value, before=hidden, depth=hidden.depth + 1)


def _rewritten(tip: Node, later: list[Node], teller: Teller) -> Node | None:
    """The replayed calls that follow, replayed again."""
    for node in later:
        done = teller.apply(node.call, tip.value) if node.call else None
        if done is None or done.value is None:
            return None
        tip = replace(node, value=done.value, before=tip, depth=tip.depth + 1)
    return tip
