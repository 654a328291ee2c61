"""The stops of the slider: an agent's steps around a moment, whatever their conversation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.memory.moments import When
from agents_app.revisions.collect.calls import named
from agents_app.revisions.collect.columns import of_messages, text_column
from agents_app.revisions.replay import TOOLS
from agents_app.ui.links import link

ROWS: Final = 600
MOST_STEPS: Final = 50
LONGEST: Final = 262_144

_ROWS = """
SELECT {step} AS step_id, {created_at} AS at,
       CASE WHEN {role} IN ('assistant', 'approval') AND pg_column_size({stored}) < %(longest)s
            THEN {tool_calls} ~ %(names)s END AS edits
  FROM messages m
 WHERE m.agent_id = %(agent)s AND {place} {way} %(at)s
 ORDER BY {place} {order} LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A step; `edits` says that it calls a memory tool, `here` that the page shows it."""

    step_id: str
    at: Any
    href: str
    edits: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True)
class Stops:
    """Steps oldest first; `more_before` and `more_after` say that the agent has others beyond them."""

    steps: Sequence[Stop] = ()
    more_before: bool = False
    more_after: bool = False

    @property
    def position(self) -> int:
        """Where the page's step stands; the last one before its moment when it is between two."""
        return next((n for n, one in enumerate(self.steps) if one.here), 0)

    @property
    def last_position(self) -> int:
        return len(self.steps) - 1

    @property
    def shown(self) -> Stop | None:
        return self.steps[self.position] if self.steps else None

    @property
    def oldest(self) -> Stop | None:
        return self.steps[0] if self.steps else None

    @property
    def newest(self) -> Stop | None:
        return self.steps[-1] if self.steps else None

    @property
    def earlier(self) -> str:
        found = self._beside(-1)
        return found.href if found else ""

    @property
    def later(self) -> str:
        found = self._beside(1)
        return found.href if found else ""

    def _beside(self, way: int) -> Stop | None:
        here = next((n for n, one in enumerate(self.steps) if one.here), None)
        place = None if here is None else here + way
        if place is None or not 0 <= place < len(self.steps):
            return None
        return self.steps[place]


def stops(agent_id: str, when: When) -> Stops:
    """Up to 50 steps on either side of the moment, by the index on place. Two statements."""
    if when.place is None:
        return Stops()
    before = _rows(agent_id, when.place, later=False)
    after = _rows(agent_id, when.place, later=True)
    steps = _steps([*reversed(before), *after])
    here = _here(steps, when, before)
    first, last = max(here - MOST_STEPS, 0), here + MOST_STEPS + 1
    shown = [
        Stop(step_id, at, link("memory:at", agent_id, step=step_id), edits, number == here)
        for number, (step_id, (at, edits)) in enumerate(steps.items())
        if first <= number < last
    ]
    return Stops(
        [one for one in shown if one.href],
        more_before=first > 0 or len(before) == ROWS,
        more_after=last < len(steps) or len(after) == ROWS,
    )


def _here(steps: dict[str, Any], when: When, before: Sequence[dict[str, Any]]) -> int:
    """The place of the moment's step, or of the last one before the moment."""
    names = list(steps)
    if when.step_id in steps:
        return names.index(when.step_id or "")
    earlier = next((row["step_id"] for row in before if row["step_id"]), None)
    return names.index(earlier) if earlier else 0


def _steps(rows: Iterable[dict[str, Any]]) -> dict[str, tuple[Any, bool]]:
    """Each step with the time of its first row and whether it calls a memory tool, in order."""
    found: dict[str, tuple[Any, bool]] = {}
    for row in rows:
        step = row["step_id"]
        if step:
            at, edits = found.get(step, (row["at"], False))
            found[step] = (at, edits or bool(row["edits"]))
    return found


def _rows(agent_id: str, at: float, *, later: bool) -> list[dict[str, Any]]:
    """Rows on one side of a place, nearest first, without what they hold."""
    sql = of_messages(
        _ROWS,
        step=column("messages", "step_id", alias="m"),
        tool_calls=text_column("messages", "tool_calls", "m"),
        stored=column("messages", "tool_calls", alias="m"),
        way=">" if later else "<=",
        order="ASC" if later else "DESC",
    )
    asked = {"agent": agent_id, "at": at, "most": ROWS, "names": named(TOOLS), "longest": LONGEST}
    return access.dict_rows(sql, asked)
