"""A story told as revisions: grades, sources, both sides of a conflict."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from agents_app.revisions.counting import lines_changed
from agents_app.revisions.evidence import Call, Evidence, Sight
from agents_app.revisions.replay import TOOLS, Outcome, undo
from agents_app.revisions.revision import Grade, Revision, Source
from agents_app.revisions.weaving import Node, Weaver

OTHER = ":other"
_SOURCES: dict[str, Source] = {
    "trace": "trace", "system_message": "system_message", "block_history": "block_history", "current": "current",
}  # fmt: skip


@dataclass(slots=True)
class Telling:
    """Tells a weaver's story as far as it is settled; `before` is the value told last."""

    evidence: Evidence
    weaver: Weaver
    before: str | None = None
    checkpoint: str | None = None

    def revisions(self, *, everything: bool = False) -> Iterator[Revision]:
        """Oldest first; the very first is the block's creation."""
        nodes = self.weaver.nodes()
        marks = self.weaver.marks()
        learned = self.learned(nodes)
        count = len(nodes) if everything else min(self.weaver.common(nodes), _open_from(learned))
        others = self.other_sides(learned, marks)
        for node in learned[:count]:
            yield from self.told(node, marks.get(node.number, []), others)
        if not everything and count:
            self.weaver.settle(nodes, count)

    def told(self, node: Node, sights: list[Sight], others: "Others") -> Iterator[Revision]:
        hidden, other = others.hidden.get(node.number), others.values.get(node.number)
        if hidden is not None:
            place = node.place - 0.25
            yield _counted(
                Revision(f"gap:{place}{OTHER}", None, hidden, "conflict", "none", place),
                self.before,
            )
        revision = self.pointed(_revision(node, sights, self.evidence), node, sights)
        revision = replace(revision, seen=_sight_of(node, sights))
        if other is not None:
            revision = replace(revision, grade="conflict")
        yield _counted(revision, self.before)
        if other is not None:
            side = replace(revision, id=revision.id + OTHER, value=other, seen=None)
            yield _counted(side, self.before)
        self.before = node.value

    def pointed(self, revision: Revision, node: Node, sights: list[Sight]) -> Revision:
        """A return to the checkpoint that the block points at was an undo or a redo."""
        entry = self.evidence.subject.history_entry_id
        if entry and any(sight.id == f"history:{entry}" for sight in sights):
            self.checkpoint = node.value
        elif (
            node.kind == "unknown"
            and revision.source == "current"
            and node.value == self.checkpoint
        ):
            return replace(revision, source="block_history", note="undo")
        return revision

    def learned(self, nodes: list[Node]) -> list[Node]:
        """Copies, with unknown values undone from the value after them where that is unambiguous."""
        found = list(nodes)
        for index in range(len(found) - 2, -1, -1):
            after = found[index + 1]
            if (
                found[index].value is None
                and after.value is not None
                and after.call
                and not after.lost
            ):
                was = self.undo(after.call, after.value)
                if was.value is not None:
                    found[index] = replace(found[index], value=was.value, basis="undone")
        return found

    def undo(self, call: Call, value: str) -> Outcome:
        return undo(call.tool, call.arguments, value, label=self.evidence.label_at(call.place))

    def other_sides(self, nodes: list[Node], marks: dict[int, list[Sight]]) -> "Others":
        """Before an unexplained write that no call refuses, its place among the calls is not certain.

        Calls that are undone from the value after it give another value than those replayed from
        the value before it; back to the last one that a stored text confirms, both are possible.
        """
        found = Others()
        for index, node in enumerate(nodes):
            value, first = node.value if node.kind == "unknown" else None, None
            for earlier in reversed(nodes[:index]):
                was = None if marks.get(earlier.number) else self.before_call(earlier, value)
                if value is None or was is None or value == earlier.value:
                    break
                found.values[earlier.number], first, value = value, earlier, was
            if (
                first is not None
                and first.before is not None
                and value not in (None, first.before.value)
            ):
                found.hidden[first.number] = value or ""
        return found

    def before_call(self, node: Node, value: str | None) -> str | None:
        """The value before a replayed call when it left this one."""
        if (
            value is None
            or node.call is None
            or node.basis != "chain"
            or node.call.tool not in TOOLS
        ):
            return None
        return self.undo(node.call, value).value


@dataclass(slots=True)
class Others:
    """The other side of conflicts: values by node, and what a write hidden before a node left then."""

    values: dict[int, str] = field(default_factory=dict)
    hidden: dict[int, str] = field(default_factory=dict)


def _sight_of(node: Node, sights: list[Sight]) -> str | None:
    """A sight that shows the node's value, however the value came to be known."""
    found = (one for one in (*sights, node.sight) if one is not None and one.value == node.value)
    return next((one.id for one in found if node.value is not None), None)


def _open_from(nodes: list[Node]) -> int:
    """Where values begin that are unknown up to the end and may still be learned."""
    index = len(nodes)
    while index > 0 and nodes[index - 1].value is None:
        index -= 1
    return index


def _revision(node: Node, sights: list[Sight], evidence: Evidence) -> Revision:
    if node.kind == "start":
        return _created(node, sights, evidence)
    if node.call is not None:
        return _called(node, node.call, sights)
    sight = node.sight
    if sight is None:
        grade: Grade = "gap" if node.value is None else "replayed"
        name = f"gap:{node.place}"
        return Revision(
            name, None, node.value, grade, "none", node.place, undone=node.value is not None
        )
    return Revision(
        f"seen:{sight.id}", sight.at, node.value, _seen(sight), _SOURCES[sight.source], node.place,
        actor=sight.actor, step_id=sight.step_id, run_id=sight.run_id,
    )  # fmt: skip


def _created(node: Node, sights: list[Sight], evidence: Evidence) -> Revision:
    block = evidence.subject
    seen = node.sight or (sights[0] if sights else None)
    grade: Grade = "gap" if node.value is None else _seen(seen) if seen else "replayed"
    source: Source = _SOURCES[seen.source] if seen else "create"
    made = Revision(
        f"created:{block.id or block.label}", block.created_at, node.value, grade, source, node.place,
        actor=block.created_by, undone=node.basis == "undone",
    )  # fmt: skip
    if node.call is None:
        return made
    done = _called(node, node.call, sights)
    at = block.created_at or done.at
    return replace(
        done, id=made.id, at=at, grade="verified" if seen else "replayed", actor=made.actor
    )


def _called(node: Node, call: Call, sights: list[Sight]) -> Revision:
    return Revision(
        id=call.id,
        at=call.at,
        value=node.value,
        grade=_grade(node, confirmed=any(sight.value == node.value for sight in sights)),
        source="return" if node.basis == "return" else "call",
        place=node.place,
        tool=call.tool,
        call_index=call.index,
        call_place=call.call_place,
        message_id=call.message_id,
        return_message_id=call.return_message_id,
        step_id=call.step_id,
        run_id=call.run_id,
        agent_id=call.agent_id,
        conversation_id=call.conversation_id,
        lost=node.lost,
        suspected=call.tool not in TOOLS,
        undone=node.basis == "undone",
    )


def _grade(node: Node, *, confirmed: bool) -> Grade:
    if node.value is None:
        return "gap"
    if node.basis in ("return", "sight"):
        return _seen(node.sight) if node.sight else "observed"
    return "verified" if confirmed else "replayed"


def _seen(sight: Sight) -> Grade:
    """A text that does not show the value's last line ends leaves them open."""
    return "replayed" if sight.stripped else "observed"


def _counted(revision: Revision, before: str | None) -> Revision:
    added, removed = lines_changed(before, revision.value)
    return replace(revision, added=added, removed=removed)
