"""Reads single values where they lie: in a call, a return, a prompt, a checkpoint, the present row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from agents_app.revisions.cache.hashing import digest
from agents_app.revisions.collect import gather
from agents_app.revisions.collect.calls import arguments, with_returns
from agents_app.revisions.collect.gathering import before_block, labels
from agents_app.revisions.collect.rows import call_rows
from agents_app.revisions.collect.stored import checkpoints, system_rows, system_sight
from agents_app.revisions.collect.traces import traces
from agents_app.revisions.evidence import START, Place, Subject
from agents_app.revisions.history import stream
from agents_app.revisions.replay import TOOLS, apply, undo
from agents_app.revisions.returns import complete_value
from agents_app.revisions.revision import Revision

CALLS_BEFORE: Final = 20


@dataclass
class Places:
    """`renames` are agents and ids of rows whose calls may have renamed the block."""

    block: Subject
    writers: Sequence[str]
    renames: Sequence[Sequence[str]]
    given: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def labels(self) -> list[tuple[Place, str]]:
        """The block's labels by the place from which on it had them."""
        found = []
        for agent in sorted({agent for agent, _ in self.renames}):
            rows = call_rows([row for owner, row in self.renames if owner == agent])
            found += with_returns(agent, rows, TOOLS)
        return labels(self.block, [one for one in found if not before_block(one.at, self.block)])

    def label_at(self, place: Place) -> str:
        return next(label for begins, label in reversed(self.labels) if begins <= place)

    def prepare(self, revisions: Iterable[Revision]) -> None:
        """Reads what the calls of these revisions were given, instead of what was read before."""
        self.given = arguments([one.message_id for one in revisions if one.message_id])

    def applied(self, one: Revision, base: str | None) -> str | None:
        """What the revision's call makes of a value."""
        given = self._given(one)
        if given is None or one.tool is None:
            return None
        return apply(one.tool, given, base, label=self.label_at(one.place)).value

    def undone(self, one: Revision, value: str) -> str | None:
        given = self._given(one)
        if given is None or one.tool is None:
            return None
        return undo(one.tool, given, value, label=self.label_at(one.place)).value

    def call(self, one: Revision, *, returned: bool) -> str | None:
        """The whole value that a call was given, or returned (0.16.5+)."""
        if not returned:
            return self.applied(one, None)
        rows = call_rows([one.message_id] if one.message_id else [])
        calls = with_returns(one.agent_id or "", rows, {one.tool or ""})
        label = self.label_at(one.place)
        found = (
            complete_value(call, label=label) for call in calls if call.index == one.call_index
        )
        return next(found, None)

    def told(self, one: Revision, hashed: str) -> str | None:
        """Tells the history again from a little before a revision, further back until it has this value."""
        sources, calls = gather(self.block), CALLS_BEFORE
        while True:
            part = sources.from_call(calls, until=one.place)
            for found in stream(part):
                if found.id == one.id and found.value is not None and digest(found.value) == hashed:
                    return found.value
            if part.floor == START:
                return None
            calls *= 4

    def sight(self, sight_id: str, one: Revision) -> str | None:
        """What a stored text shows, by the id of its sight."""
        kind, _, name = sight_id.partition(":")
        if kind == "current":
            return self.block.value
        if kind == "history":
            rows = checkpoints(self.block)
            return next((row["value"] for row in rows if str(row["id"]) == name), None)
        return self._in_prompt(kind, name, one)

    def _in_prompt(self, kind: str, name: str, one: Revision) -> str | None:
        """In a prompt that was sent or is stored; it may show the block under the label of another time."""
        wanted = [self.label_at(one.place), *(label for _, label in self.labels)]
        shown = self._shown_by_trace(name) if kind == "trace" else None
        for label in dict.fromkeys(wanted):
            if shown is not None and label in shown:
                return shown[label]
            for row in system_rows([name]) if kind == "system" else ():
                found = system_sight(row, label, since=START, place=START)
                if found is not None:
                    return found.value
        return None

    def _shown_by_trace(self, trace_id: str) -> dict[str, str]:
        found = next(iter(traces([trace_id])), None)
        return {label: one.value for label, one in found.memory.blocks.items()} if found else {}

    def _given(self, one: Revision) -> Mapping[str, Any] | None:
        key = (one.message_id or "", one.call_index)
        if key not in self.given and one.message_id:
            self.given |= arguments([one.message_id])
        return self.given.get(key)
