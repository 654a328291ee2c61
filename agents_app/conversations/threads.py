"""What a transcript is a transcript of: one thread of an agent, or every row the agent has."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """`DEFAULT` is the conversation without a row of its own; `NAMED` one of `conversations` (0.16.2+)."""

    DEFAULT = "default"
    NAMED = "named"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Thread:
    """Rows of one agent. `with_deleted` adds the soft-deleted ones."""

    agent_id: str
    conversation_id: str | None = None
    scope: Scope = Scope.DEFAULT
    with_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """Where a message stands: `place` is its sequence_id or, before 0.6.49, its time as PostgreSQL spells it."""

    place: str | None
    id: str

    @property
    def sealed(self) -> tuple[str | None, str]:
        """As a cursor holds it."""
        return self.place, self.id
