"""What Letta stores about the values of a block, each piece with what it proves.

Places put evidence in order: `messages.sequence_id`, with halves for what lies between two rows.
They come from rows and steps; a clock places only what no message belongs to any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from agents_app.text.times import BeyondCalendar

Place = float
Moment = datetime | BeyondCalendar | None
START: Place = float("-inf")
NOW: Place = float("inf")
Status = Literal["success", "error", "unknown"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call and its return.

    Proves an intent, and with status "success" that the tool ran; `returned` may be the complete
    new value (0.16.5+). It does not prove on which value the tool worked: that is the one loaded
    when the step began.
    """

    message_id: str
    index: int
    call_id: str | None
    agent_id: str
    conversation_id: str | None
    place: Place
    tool: str
    arguments: Mapping[str, Any]
    status: Status = "unknown"
    returned: str | None = None
    truncated: bool = False
    call_place: Place = START
    at: Moment = None
    step_id: str | None = None
    run_id: str | None = None
    return_message_id: str | None = None

    @property
    def id(self) -> str:
        """A stable name: the row with the call and its index in it."""
        return f"call:{self.message_id}:{self.index}"


Source = Literal["trace", "system_message", "block_history", "current"]


@dataclass(frozen=True, slots=True)
class Sight:
    """A stored text that shows the block's value as it was at some moment between `since` and `place`.

    A trace proves what the model was sent, from 0.16.5 on perhaps an old value: then `since` lies
    far back. `value` was the block's at that time either way.
    """

    id: str
    source: Source
    value: str
    since: Place
    place: Place
    at: Moment = None
    agent_id: str | None = None
    conversation_id: str | None = None
    step_id: str | None = None
    run_id: str | None = None
    actor: str | None = None
    fresh: bool = False
    """Compiled for the very request (up to 0.16.4), so old only when steps ran at the same time."""
    thread: str | None = None
    """Sights of one thread never go back in time: its prompts are compiled one after the other."""
    stripped: bool = False
    """Line ends at the end of the value are not shown: it stands for several values."""

    def shows(self, value: str | None) -> bool:
        if self.stripped and value is not None:
            return value.rstrip("\n") == self.value
        return value == self.value


@dataclass(frozen=True, slots=True)
class Subject:
    """The block itself: its row, or for one that no longer exists what is asked for."""

    id: str | None
    label: str
    value: str | None
    version: int | None
    limit: int | None
    organization_id: str | None
    created_at: Moment
    updated_at: Moment
    created_by: str | None = None
    updated_by: str | None = None
    conversation_id: str | None = None
    history_entry_id: str | None = None


@dataclass(slots=True)
class Stretch:
    """Evidence between two places; each kind in order of place."""

    calls: list[Call]
    sights: list[Sight]
    suspects: list[Call]
    last: bool = False


@dataclass(slots=True)
class Evidence:
    """All that was found, each kind in order of place; `labels` holds (from place, label).

    `suspects` are calls of custom tools that can change memory: each may or may not have written.
    `creation` is the call that made the block, `successes` how many calls on it report success,
    `checkpoints` how many writes of the version counter only stored one. Below `floor` nothing was read.
    """

    subject: Subject
    calls: list[Call]
    sights: list[Sight]
    suspects: list[Call]
    labels: list[tuple[Place, str]]
    creation: Call | None = None
    twins: frozenset[str] = frozenset()
    successes: int = 0
    """Values of the agent's own block of the same label, for an isolated copy (0.16.4+)."""
    checkpoints: int = 0
    floor: Place = START

    def label_at(self, place: Place) -> str:
        found = self.labels[0][1]
        for begins, label in self.labels:
            if begins <= place:
                found = label
        return found
