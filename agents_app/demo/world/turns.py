"""What happens in a turn, before it becomes rows: words, tool calls, edits, failures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agents_app.demo.world.memory import Block, Edit

# Makes the edit when the turn reaches it, from the blocks as they are then; None = no edit.
Editor = Callable[[dict[str, Block]], Edit | None]


@dataclass(slots=True)
class Call:
    """A tool call with its outcome; `edit` makes it a memory edit instead."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    thought: str = ""
    error: str | None = None
    printed: str | None = None
    truncated: bool = False
    edit: Editor | None = None


@dataclass(slots=True)
class Turn:
    """One request: what came in, the calls of each step, and what went out.

    `failure` is (stop_reason, error_type, message): the turn ends there without a reply.
    `role` is system for messages of other agents. `unfinished` leaves the run open.
    """

    at: datetime
    text: str
    reply: str
    steps: list[list[Call]] = field(default_factory=list)
    thought: str = ""
    role: str = "user"
    image: bool = False
    reasoning: str = ""
    sender_id: str | None = None
    group_id: str | None = None
    failure: tuple[str, str, str] | None = None
    unfinished: bool = False
    kind: str = "send_message"
    feedback: str | None = None
