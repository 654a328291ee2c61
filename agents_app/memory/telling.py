"""Revisions in words: who wrote, how sure it is, what led to it, what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from agents_app.letta.links import agent_names
from agents_app.memory.reading import Told
from agents_app.revisions.evidence import Moment
from agents_app.revisions.grades import GRADES
from agents_app.revisions.revision import Completeness, Revision
from agents_app.ui.links import link

SOURCES: Final = {
    "create": "from the block’s creation",
    "call": "from a tool call",
    "return": "from a tool’s return",
    "trace": "seen in a prompt that was sent",
    "system_message": "seen in a stored system message",
    "block_history": "from a checkpoint in block_history",
    "current": "the present value",
    "none": "from what lies around it",
}
OTHER_SIDE: Final = ":other"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Entry:
    """A revision with what a reader sees of it; `before` is the one before it that is known."""

    revision: Revision
    before: Revision | None
    agent_name: str | None = None

    @property
    def level(self) -> str:
        return GRADES[self.revision.grade][0]

    @property
    def meaning(self) -> str:
        return GRADES[self.revision.grade][1]

    @property
    def source(self) -> str:
        return SOURCES[self.revision.source]

    @property
    def is_creation(self) -> bool:
        return self.revision.id.startswith("created:")

    @property
    def is_other_side(self) -> bool:
        return self.revision.id.endswith(OTHER_SIDE)

    @property
    def between(self) -> tuple[Moment, Moment] | None:
        """The bounds of a write whose own time is not known."""
        one = self.revision
        return (one.after, one.at) if one.after is not None and one.after != one.at else None

    @property
    def call_href(self) -> str:
        return link("conversations:message", self.revision.message_id)

    @property
    def turn_href(self) -> str:
        """The call in its conversation."""
        one = self.revision
        if not one.message_id:
            return ""
        if one.conversation_id:
            return link("conversations:conversation", one.conversation_id, at=one.message_id)
        return link("conversations:default_thread", one.agent_id, at=one.message_id)

    @property
    def cause_href(self) -> str:
        """The message that led to it, with the words marked that the call took from it."""
        one = self.revision
        words = {"words": one.id} if one.tool else {}
        return link("conversations:message", one.cause_message_id, **words)

    @property
    def step_href(self) -> str:
        return link("runs:step", self.revision.step_id)

    @property
    def run_href(self) -> str:
        return link("runs:run", self.revision.run_id)

    @property
    def writer_href(self) -> str:
        one = self.revision
        if one.agent_id:
            return link("agents:agent", one.agent_id)
        page = {"user": "agents:user", "agent": "agents:agent"}.get((one.actor or "").split("-")[0])
        return link(page, one.actor) if page else ""


def writer(revision: Revision) -> str:
    """The id of who wrote: an agent, an API user, or "unknown"."""
    return revision.agent_id or revision.actor or UNKNOWN


def entries(found: Iterable[tuple[Revision, Revision | None]]) -> list[Entry]:
    """The revisions with the names of their writers. One query."""
    pairs = list(found)
    names = agent_names(one.agent_id for one, _ in pairs)
    return [Entry(one, before, names.get(one.agent_id or "")) for one, before in pairs]


def with_predecessors(revisions: Sequence[Revision]) -> list[tuple[Revision, Revision | None]]:
    """Each with the nearest one before it whose value is known, other sides of conflicts left out."""
    found: list[tuple[Revision, Revision | None]] = []
    before: Revision | None = None
    for one in revisions:
        found.append((one, before))
        if one.known and not one.id.endswith(OTHER_SIDE):
            before = one
    return found


def sentence(counted: Completeness | None) -> str:
    """How complete the history is, in one sentence."""
    if counted is None:
        return "This history is too long to be rebuilt in one page load; these are some of its revisions."
    if counted.writes is None:
        known = _count(counted.explained, "change")
        return f"{known} known; without the block’s row nothing says how many there were."
    if not counted.writes:
        return "Never written since it was made, by its version counter."
    return f"{_count(counted.writes, 'write')} by the version counter, {counted.explained:,} explained."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def as_json(revision: Revision) -> dict[str, object]:
    """A revision with its value by the names of the API; null where only its absence is known."""
    names = ("id", "at", "value", "grade", "source", "tool", "message_id", "step_id", "run_id", "agent_id",
             "actor", "cause_message_id", "added", "removed")  # fmt: skip
    return {name: getattr(revision, name) for name in names}


def counts_json(told: Told) -> dict[str, object]:
    """How complete it is; all null when only the newest part was read."""
    counted = told.completeness
    if counted is None:
        version = told.block.version
        return {"writes": None if version is None else version - 1, "explained": None, "gaps": None}
    return {"writes": counted.writes, "explained": counted.explained, "gaps": counted.gaps}
