"""One revision of a block: a value, where it comes from, and how sure that is."""

from dataclasses import dataclass
from typing import Literal

from agents_app.revisions.evidence import Moment, Place

Grade = Literal["observed", "verified", "replayed", "conflict", "gap"]
"""How sure a value is.

observed  a stored text holds it: a tool's return, a prompt, a checkpoint, the present row
verified  replayed from the value before, and a later stored text shows the same
replayed  replayed or undone from a known value, and nothing stored contradicts it
conflict  two pieces of evidence disagree; each side's value is a revision of its own
gap       something wrote here and nothing stored says what
"""

Source = Literal[
    "create", "call", "return", "trace", "system_message", "block_history", "current", "none"
]


@dataclass(frozen=True, slots=True)
class Revision:
    """`id` is made of the evidence and stays the same between readings; permalinks use it.

    `at` is when the value was written, or for a write that only a later text shows, when that text
    was made: then `after` is when the value before was last known to stand. `message_id` is the row
    with the call. `lost` says that the tool worked on an older value and undid another write,
    `suspected` that a custom tool ran just then and may have written, `undone` that the value was
    worked out backwards. `note` "undo": the block was set back (or forth) to a checkpoint.
    `seen` is the id of a sight that shows the value. `size` is the length of a value that is known
    and not at hand: then `value` is None all the same.
    """

    id: str
    at: Moment
    value: str | None
    grade: Grade
    source: Source
    place: Place
    after: Moment = None
    tool: str | None = None
    call_index: int = 0
    call_place: float | None = None
    message_id: str | None = None
    return_message_id: str | None = None
    step_id: str | None = None
    run_id: str | None = None
    agent_id: str | None = None
    conversation_id: str | None = None
    actor: str | None = None
    cause_message_id: str | None = None
    added: int = 0
    removed: int = 0
    lost: bool = False
    suspected: bool = False
    undone: bool = False
    note: str = ""
    seen: str | None = None
    size: int | None = None

    @property
    def known(self) -> bool:
        """Whether its value is known, be it at hand or not."""
        return self.value is not None or self.size is not None


@dataclass(frozen=True, slots=True)
class Completeness:
    """`writes` is version - 1, which also counts changes of label, limit or description; None without a row.

    `explained` are those the revisions (and renames by calls) account for. `gaps` are the writes
    that are left: of the value or of something else.
    """

    writes: int | None
    explained: int
    gaps: int
