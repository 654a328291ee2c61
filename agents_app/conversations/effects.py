"""What memory calls did to blocks, ready to be drawn, and where a transcript loads that from."""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from agents_app.converters import LettaId
from agents_app.letta.reading.calls import ToolCall
from agents_app.letta.reading.messages import Reading
from agents_app.revisions.effects import Effect
from agents_app.revisions.grades import GRADES
from agents_app.revisions.replay import TOOLS
from agents_app.revisions.unseen import Unseen
from agents_app.text.diff import Diff, compare_shown
from agents_app.ui.links import link

AT_ONCE: Final = 40
DRAWN_S: Final = 1.0
MOST_CHARACTERS: Final = 300_000
KINDS: Final = {"created": "new block", "detached": "detached", "renamed": "renamed"}
_ID: Final = re.compile(LettaId.regex)


def slot(message_id: str, index: int) -> str:
    """The element id of the place where a call's effects appear; made like `Effect.revision_id`."""
    return f"effects-call:{message_id}:{index}"


def slots(reading: Reading) -> dict[int, str]:
    """By index, the places of the row's memory calls."""
    return {call.index: slot(reading.id, call.index) for call in reading.calls if edits(call)}


def edits(call: ToolCall) -> bool:
    """Whether the call is one that changes memory when it succeeds."""
    return call.name in TOOLS


def effects_urls(agent_id: str, readings: Iterable[Reading]) -> list[str]:
    """From where the effects of these rows' calls load, forty rows at a time."""
    return _urls("effects", agent_id, "message", [one.id for one in readings if slots(one)])


def unseen_urls(agent_id: str, step_ids: Iterable[str]) -> list[str]:
    """From where the marks "stored but not seen" of these steps load."""
    return _urls("unseen", agent_id, "step", list(dict.fromkeys(step_ids)))


def _urls(name: str, agent_id: str, parameter: str, ids: Sequence[str]) -> list[str]:
    path = link(f"conversations:{name}", agent_id)
    good = [one for one in ids if _ID.fullmatch(one)] if path else []
    return [f"{path}?{urlencode({parameter: part}, doseq=True)}" for part in _parts(good)]


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


@dataclass(frozen=True, slots=True)
class Change:
    """One effect as it is drawn; `diff` is None where there is nothing to compare or no room for it."""

    effect: Effect
    diff: Diff | None
    left_out: bool = False

    @property
    def level(self) -> str:
        return GRADES[self.effect.grade][0]

    @property
    def meaning(self) -> str:
        return GRADES[self.effect.grade][1]

    @property
    def words(self) -> str:
        return KINDS.get(self.effect.kind, "")

    @property
    def is_rewritten(self) -> bool:
        """Whether the whole value was written, and nothing near tells what it replaced."""
        return self.effect.kind == "edited" and self.effect.added is None

    @property
    def history(self) -> str:
        path = link("memory:history", self.effect.block_id) if self.effect.block_id else ""
        return f"{path}?{urlencode({'to': self.effect.revision_id})}" if path else ""


@dataclass(slots=True)
class Room:
    """What is left for comparing texts on one page: time and characters."""

    ends_at: float
    characters: int = MOST_CHARACTERS

    def changes(self, effects: Iterable[Effect]) -> list[Change]:
        return [self._change(one) for one in effects]

    def compare(self, old: str, new: str) -> Diff | None:
        """None when too much was compared already."""
        if time.monotonic() > self.ends_at or self.characters < 0:
            return None
        self.characters -= len(old) + len(new)
        return compare_shown(old, new) if self.characters >= 0 else None

    def _change(self, effect: Effect) -> Change:
        if effect.after is None:
            return Change(effect, None)
        diff = self.compare(effect.before or "", effect.after)
        return Change(effect, diff, left_out=diff is None)


def room() -> Room:
    return Room(time.monotonic() + DRAWN_S)


@dataclass(frozen=True, slots=True)
class Missed:
    """A block that the model was shown with another value than was stored; from shown to stored."""

    unseen: Unseen
    diff: Diff | None

    @property
    def level(self) -> str:
        return GRADES[self.unseen.grade][0]

    @property
    def history(self) -> str:
        path = link("memory:history", self.unseen.block_id)
        return f"{path}?{urlencode({'to': self.unseen.revision_id})}" if path else ""


def effect_json(effect: Effect) -> dict[str, Any]:
    """An effect by the names of the API; `before` and `after` are whole values when `whole`."""
    names = ("block_id", "label", "kind", "tool", "revision_id", "grade", "added", "removed", "before", "after",
             "whole", "new_label")  # fmt: skip
    return {name: getattr(effect, name) for name in names}


def unseen_json(one: Unseen) -> dict[str, Any]:
    names = ("block_id", "label", "shown", "stored", "revision_id", "grade")
    return {name: getattr(one, name) for name in names}
