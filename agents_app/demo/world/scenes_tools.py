"""Scenes about tools and runs that do not do what they should."""

from collections.abc import Callable
from datetime import datetime

from agents_app.demo.world import memory
from agents_app.demo.world.failures import FAILURES, TRACE_ERROR
from agents_app.demo.world.memory import Block, Edit
from agents_app.demo.world.scene import Scene, Scenery
from agents_app.demo.world.turns import Call


class Troubles(Scenery):
    """A failed tool, a truncated return, a read-only block, every kind of failed run."""

    __slots__ = ()

    def scenes(self) -> list[Scene]:
        found: list[Scene] = [(0.33, self.truncated), (0.39, self.failed_tool)]
        found += [(0.45, self.read_only), (0.99, self.unfinished)]
        return found + [(0.2 + 0.06 * n, self._failure(n)) for n in range(len(FAILURES))]

    def failed_tool(self, at: datetime) -> None:
        turn = self.turn(self.speaker("en"), "late.ask", "late.answer", at=at)
        bad = Call(
            "lookup_order", {"order_id": "FJ-000000"}, error=TRACE_ERROR, thought="Looking it up."
        )
        good = Call(
            "lookup_order",
            {"order_id": self.customers[0].orders[0]},
            {"status": "shipped"},
            "That number does not exist. I try the last order instead.",
        )
        turn.steps = [[bad], [good]]
        self.play("classic", turn)

    def truncated(self, at: datetime) -> None:
        """A return longer than the tool's return_char_limit, cut as Letta cuts it."""
        lines = "\n".join(f"FJ-{100_000 + n};{n % 7 + 1};shipped;DHL" for n in range(400))
        note = "... [NOTE: function output was truncated since it exceeded the character limit "
        result = lines[:6000] + f"{note}({len(lines)} > 6000)]"
        turn = self.turn(self.speaker("en"), "invoice.follow", "invoice.resolve", at=at)
        turn.steps = [
            [Call("export_orders", {"since": f"{at:%Y-%m-01}"}, result, "I export them all.")]
        ]
        self.play("desk", turn)

    def read_only(self, at: datetime) -> None:
        era = self.stage.era

        def edit(blocks: dict[str, Block]) -> Edit | None:
            policies = blocks["shop_policies"]
            return memory.replace(policies, "60 days", "90 days", era=era)

        turn = self.turn(self.speaker("en"), "size.follow", "size.resolve", at=at)
        turn.steps = [
            [Call("memory", edit=edit, thought="They say 90 days now; I correct the rule.")]
        ]
        self.play("vip", turn)

    def unfinished(self, at: datetime) -> None:
        for role in ("desk", "classic", "night"):
            turn = self.turn(self.speaker("en"), "late.ask", "late.answer", at=at)
            turn.unfinished = True
            self.play(role, turn)

    def _failure(self, number: int) -> Callable[[datetime], None]:
        role = ("classic", "desk", "night", "returns", "vip")[number % 5]

        def fail(at: datetime) -> None:
            turn = self.turn(self.speaker("en"), "late.ask", "late.answer", at=at)
            turn.failure = FAILURES[number]
            self.play(role, turn)

        return fail
