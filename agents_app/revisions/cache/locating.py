"""Where the value of each revision can be had again, found while the history is rebuilt."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agents_app.revisions.cache.hashing import digest
from agents_app.revisions.cache.packing import Where
from agents_app.revisions.evidence import Place
from agents_app.revisions.replay import TOOLS, apply, undo
from agents_app.revisions.revision import Revision

RECENT: Final = 8
Given = Mapping[tuple[str, int], Mapping[str, Any]]


@dataclass(slots=True)
class Locator:
    """Takes the revisions in order, with what their calls were given.

    A way is noted only when it was tried and gives this very value.
    """

    label_at: Callable[[Place], str]
    recent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=RECENT))
    hashes: dict[str, int] = field(default_factory=dict)

    def where(self, number: int, one: Revision, given: Given) -> tuple[Where, str]:
        """The way to the value of revision `number`, and the value's hash."""
        if one.value is None:
            return [], ""
        hashed = digest(one.value)
        found = self._way(one, one.value, given) or self._again(hashed)
        self.recent.append((number, one.value))
        self.hashes.setdefault(hashed, number)
        return found, hashed

    def _way(self, one: Revision, value: str, given: Given) -> Where:
        arguments = given.get((one.message_id or "", one.call_index))
        if one.tool in TOOLS and arguments is not None:
            label = self.label_at(one.place)
            if apply(one.tool, arguments, None, label=label).value == value:
                return ["call"]
            for number, base in reversed(self.recent):
                if apply(one.tool, arguments, base, label=label).value == value:
                    return ["apply", number]
        return self.stored(one, given)

    def stored(self, one: Revision, given: Given) -> Where:
        """The way to a value that stands somewhere in so many words."""
        if one.source == "return" and (one.message_id or "", one.call_index) in given:
            return ["return"]  # else the row is gone, and only a run's result tells of it
        return ["sight", one.seen] if one.seen else []

    def _again(self, hashed: str) -> Where:
        number = self.hashes.get(hashed)
        return [] if number is None else ["same", number]

    def undone(self, number: int, later: Revision, value: str, given: Given) -> Where:
        """The way to an earlier value through the call of `later`, revision `number`."""
        arguments = given.get((later.message_id or "", later.call_index))
        if later.tool not in TOOLS or arguments is None or later.value is None:
            return []
        was = undo(later.tool, arguments, later.value, label=self.label_at(later.place))
        return ["undo", number] if was.value == value else []
