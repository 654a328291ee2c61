"""Scenes about memory: there and back again, a full block, edits by hand, a left-over."""

from collections.abc import Callable
from datetime import datetime, timedelta

from agents_app.demo.world import memory
from agents_app.demo.world.memory import Block, Edit
from agents_app.demo.world.scene import Scene, Scenery
from agents_app.demo.world.turns import Call


class Memories(Scenery):
    """Edits by tools and by REST that a reader of memory must tell apart."""

    __slots__ = ()

    def scenes(self) -> list[Scene]:
        found: list[Scene] = [(0.52, self.flip_flop), (0.57, self.full_block), (0.77, self.touch)]
        return [*found, (0.8, self.by_hand), (0.88, self.left_over)]

    def full_block(self, at: datetime) -> None:
        """Editing a block that is nearly at its limit: one line replaced by another."""
        era = self.stage.era

        def edit(blocks: dict[str, Block]) -> Edit | None:
            watch = blocks["vip_watchlist"]
            old = watch.value.split("\n")[3]
            new = "04 done: called about " + old.rpartition(" ")[2]
            if self.roles["vip"].type == "memgpt_agent":
                return memory.core_replace(watch, old, new)
            return memory.replace(watch, old, new, era=era)

        turn = self.turn(self.speaker("en"), "thanks", "welcome", at=at)
        turn.steps = [
            [Call("memory", edit=edit, thought="That promise is kept; I mark it as done.")]
        ]
        self.play("vip", turn)

    def flip_flop(self, at: datetime) -> None:
        """A line that goes from A to B and back to A, in three turns."""
        for number, carrier in enumerate(("DHL", "PostNord", "DHL")):
            turn = self.turn(
                self.speaker("en"),
                "late.follow",
                "late.resolve",
                at=at + timedelta(minutes=9 * number),
            )
            turn.steps = [
                [
                    Call(
                        "memory",
                        edit=self._night_carrier(carrier),
                        thought="The carrier for night orders changed again.",
                    )
                ]
            ]
            self.play("night", turn)

    def _night_carrier(self, carrier: str) -> Callable[[dict[str, Block]], Edit | None]:
        era, agent = self.stage.era, self.roles["night"]

        def edit(blocks: dict[str, Block]) -> Edit | None:
            human, line = blocks["human"], f"Carrier for night orders: {carrier}"
            lines = human.value.split("\n")
            old = next((known for known in lines if known.startswith("Carrier for night")), None)
            if agent.type == "memgpt_agent":
                return memory.core_replace(human, old, line) if old else memory.append(human, line)
            if old is None:
                return memory.insert(human, line, -1, era=era)
            return memory.replace(human, old, line, era=era)

        return edit

    def by_hand(self, at: datetime) -> None:
        """An edit through REST: it leaves no message, only value, version and time."""
        agent = next((one for one in self.casting.agents if one.customer), self.roles["desk"])
        for block in (agent.blocks["human"], self.roles["desk"].blocks["team_notes"]):
            self.edit_by_hand(block, f"{block.value}\nVIP since this month (set by support)", at=at)

    def edit_by_hand(self, block: Block, value: str, *, at: datetime) -> None:
        organization = self.casting.agents[0].organization
        block.write(value, at=at, by=organization.person)
        for key, thread in self.threads.items():
            del key
            if any(own.id == block.id for own in thread.agent.blocks.values()):
                self.stage.compile(thread, at=at)

    def touch(self, at: datetime) -> None:
        """A write that leaves the value alone: only the description changes, version goes up."""
        block = self.roles["desk"].blocks["team_notes"]
        block.description = "Notes that all desks share. Keep it under 20 lines."
        block.version += 1
        block.updated, block.updated_by = at, self.roles["desk"].organization.person

    def left_over(self, at: datetime) -> None:
        """What a deleted agent leaves: its block."""
        organization = self.roles["desk"].organization
        self.casting.block("human", "Name: a customer whose agent was deleted", organization, at=at)
