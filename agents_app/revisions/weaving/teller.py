"""The tools of a block replayed under the label it had then, and new nodes for stories."""

from itertools import count

from agents_app.revisions.evidence import START, Call, Evidence
from agents_app.revisions.replay import TOOLS, Outcome, apply, undo
from agents_app.revisions.returns import complete_value
from agents_app.revisions.weaving import costs
from agents_app.revisions.weaving.story import Basis, Node, Story


class Teller:
    """Knows one block's evidence; `settled` are hashes of values whose revisions were told already."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.numbers = count(1)
        self.settled: set[int] = set()

    def apply(self, call: Call, value: str | None) -> Outcome:
        return apply(call.tool, call.arguments, value, label=self.evidence.label_at(call.place))

    def undo(self, call: Call, value: str) -> Outcome:
        return undo(call.tool, call.arguments, value, label=self.evidence.label_at(call.place))

    def returned(self, call: Call) -> str | None:
        return complete_value(call, label=self.evidence.label_at(call.place))

    def beginning(self) -> Node:
        """The block's first value, known when a call made the block."""
        call = self.evidence.creation
        if call is None:
            return Node(0, "start", None, START, "none")
        made = apply(call.tool, call.arguments, None, label=self.evidence.labels[0][1])
        return Node(0, "start", made.value, START, "chain", call)

    def written(
        self, before: Node, call: Call, value: str | None, basis: Basis, *, lost: bool = False
    ) -> Node:
        return Node(
            next(self.numbers),
            "call",
            value,
            call.place,
            basis,
            call,
            None,
            before,
            lost,
            before.depth + 1,
        )

    def hidden(self, before: Node, call: Call, value: str | None) -> Node:
        """A write that nothing stored explains, before the step of a call: its tool has loaded the value."""
        basis: Basis = "none" if value is None else "undone"
        place = max(call.call_place - 0.75, before.place)
        return Node(
            next(self.numbers),
            "unknown",
            value,
            place,
            basis,
            before=before,
            depth=before.depth + 1,
        )

    def replays(self, node: Node) -> bool:
        """Whether the node is a call of a memory tool, whose effect is known."""
        return node.call is not None and node.call.tool in TOOLS

    def writes(self) -> int | None:
        """What the version counter counted, without checkpoints; None without a row."""
        version = self.evidence.subject.version
        return None if version is None else version - 1 - self.evidence.checkpoints

    def old_sight(self, *, fresh: bool) -> float:
        """What an outdated prompt costs: less than a hidden write only where the counter has none left."""
        writes = self.writes()
        if writes is not None and writes <= self.evidence.successes:
            return costs.OLD_SIGHT_EXPECTED
        return costs.OLD_FRESH_SIGHT if fresh else costs.OLD_SIGHT

    def miscounted(self, story: Story) -> float:
        """What the story pays for telling other than the version counter."""
        writes = self.writes()
        if writes is None:
            return 0.0
        told = story.tip.depth + len(self.evidence.labels) - 1 - writes
        return costs.OVERTOLD * told if told > 0 else -costs.UNTOLD_WRITE * told
