"""Scenes about proof: writes that are certain, likely, contradicted or unknown; an undo, a new label."""

from datetime import datetime, timedelta

from agents_app.demo.world import memory
from agents_app.demo.world.memory import Block, Edit
from agents_app.demo.world.rows import dumps, stamps
from agents_app.demo.world.scene import Scene
from agents_app.demo.world.scenes_memory import Memories
from agents_app.demo.world.turns import Call, Editor

_SHELF = "Shelf 3: FJ-400333"
_MINUTE = timedelta(minutes=1)


class Proofs(Memories):
    """The Workshop Desk's list of repairs, and a persona that third-party code set back."""

    __slots__ = ()

    def scenes(self) -> list[Scene]:
        found: list[Scene] = [(0.48, self.slept), (0.6, self.undone)]
        if self.stage.era.since("0.13.0"):
            found.append((0.86, self.renamed))
        if self.stage.era.since("0.16.8"):
            found += [(0.7, self.verified), (0.72, self.replayed), (0.74, self.conflict)]
            found.append((0.76, self.gap))
        return found

    def slept(self, at: datetime) -> None:
        """The memory keeper of the Advice Desk edits the block that both hold."""
        customer = self.speaker("en")
        turn = self.turn(customer, "advice.follow", "advice.resolve", at=at)
        self.play("advice", turn)
        keeper, main = self.threads["advice-sleep"], self.threads["advice"]
        later = (main.last or at) + timedelta(seconds=20)
        self.scribe.turn(keeper, self.talk.sleeping(main, turn, customer, at=later))

    # -- from most to least certain ---------------------------------------------------------------

    def verified(self, at: datetime) -> None:
        """A call that returns a sentence; the next turn's prompt shows what it wrote."""
        self.repair(at, [self.patch("Waiting for parts: FJ-400111", "Ready: FJ-400111")])
        self.repair(at + 9 * _MINUTE, [])

    def replayed(self, at: datetime) -> None:
        """Two such calls in one turn: nothing stored shows what stood between them."""
        first = self.patch("Ready: FJ-400222", "Collected: FJ-400222")
        self.repair(at, [first, self.patch("Collected: FJ-400222", _SHELF)])
        self.repair(at + 9 * _MINUTE, [])

    def conflict(self, at: datetime) -> None:
        """A call and an edit by hand between two prompts: either may have come first."""
        self.repair(at, [self.patch("", "Waiting for the customer: FJ-400444")])
        block = self.roles["workshop"].blocks["open_repairs"]
        self.edit_by_hand(block, f"Closed on Friday\n{block.value}", at=at + 4 * _MINUTE)
        self.repair(at + 9 * _MINUTE, [])

    def gap(self, at: datetime) -> None:
        """An edit by hand in the middle of a turn, patched and then written over at once."""

        def patched(blocks: dict[str, Block]) -> Edit | None:
            block = blocks["open_repairs"]
            block.write("Stock-taking today", at=at, by=block.updated_by)
            return memory.update_patch(block, "Stock-taking today", "Stock-taking done")

        def rethought(blocks: dict[str, Block]) -> Edit | None:
            return memory.rethink(blocks["open_repairs"], f"{_SHELF}\nShelf 4: FJ-400555")

        self.repair(at, [patched, rethought])

    def patch(self, old: str, new: str) -> Editor:
        return lambda blocks: memory.update_patch(blocks["open_repairs"], old, new)

    def repair(self, at: datetime, edits: list[Editor]) -> None:
        """A turn of the Workshop Desk with a step for each edit."""
        turn = self.turn(self.speaker("en"), "late.follow", "late.resolve", at=at)
        thought = "The list of repairs is out of date."
        turn.steps = [[Call("memory", edit=edit, thought=thought)] for edit in edits]
        self.play("workshop", turn)

    # -- labels and checkpoints -------------------------------------------------------------------

    def renamed(self, at: datetime) -> None:
        """The agent gives a block another label; the row and its history stay the same."""
        agent = self.roles["workshop"]

        def edit(blocks: dict[str, Block]) -> Edit | None:
            block = blocks["open_repairs"]
            found = memory.rename(block, "repair_queue")
            agent.blocks["repair_queue"] = agent.blocks.pop("open_repairs")
            block.label, block.updated, block.version = "repair_queue", at, block.version + 1
            return found

        self.repair(at, [edit])
        self.stage.compile(self.threads["workshop"], at=at + _MINUTE)

    def undone(self, at: datetime) -> None:
        """Third-party code that keeps checkpoints: an edit by hand, then back to the state before.

        The Carrier Watcher is shown no blocks, so nothing but the checkpoints tells of it.
        """
        block = self.roles["react"].blocks["persona"]
        value, first = block.value, self.checkpoint(block, 1, at=at)
        later = at + 30 * _MINUTE
        self.edit_by_hand(block, f"{value} I never mention prices.", at=later)
        self.checkpoint(block, 2, at=later + timedelta(milliseconds=300))
        self.edit_by_hand(block, value, at=later + 30 * _MINUTE)
        block.checkpoint_id = first

    def checkpoint(self, block: Block, number: int, *, at: datetime) -> str:
        """Keeps the block's present state and points at it, which is a write of the row."""
        key, person = self.stage.ids.new("block_hist"), block.updated_by
        row = {
            "id": key,
            "block_id": block.id,
            "sequence_number": number,
            "label": block.label,
            "value": block.value,
            "limit": block.limit,
            "description": block.description,
            "metadata_": dumps({}),
            "actor_type": "letta_user",
            "actor_id": person,
            "organization_id": block.organization_id,
        }
        self.stage.sink.add("block_history", row | stamps(at, user=person))
        block.checkpoint_id, block.version = key, block.version + 1
        return key
