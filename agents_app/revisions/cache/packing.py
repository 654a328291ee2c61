"""A revision without its value as JSON: ids, numbers, times, hashes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from agents_app.revisions.cache.hashing import digest
from agents_app.revisions.evidence import Moment
from agents_app.revisions.replay import TOOLS
from agents_app.revisions.revision import Revision
from agents_app.text.times import BeyondCalendar

Where = list[Any]
"""How to have a value again. ["apply", n]: the revision's call on the value of revision n; ["call"]: its
arguments; ["return"]: what it returned; ["sight", id]: a stored text; ["same", n]: it is the value of
revision n; ["undo", n]: the call of revision n undone from that revision's value. []: not known, or
known by the whole story only: then a part of the history is told again."""

_PLAIN: Final = (
    "id", "grade", "source", "place", "call_index", "call_place", "message_id", "return_message_id",
    "step_id", "run_id", "agent_id", "conversation_id", "actor", "added", "removed", "lost",
    "suspected", "undone", "note", "seen", "size",
)  # fmt: skip
_EMPTY: Final = (None, 0, False, "")


@dataclass(frozen=True, slots=True)
class Bone:
    """One kept revision: `where` its value lies, its `hash`, and how its lines differ from those before.

    `changes` are four numbers for each change: lines [a, b) of the value before became lines [c, d).
    """

    revision: Revision
    where: Where
    hash: str
    changes: list[int]
    tool_hash: str = ""


def packed(one: Revision, where: Where, hashed: str, changes: list[int]) -> dict[str, Any]:
    """The row that is stored; what is empty is left out."""
    row: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    row["size"] = None if one.value is None else len(one.value)
    row["at"], row["after"] = _moment(one.at), _moment(one.after)
    row["where"], row["hash"] = where, hashed
    row["changes"] = changes
    row.update(_tool(one.tool))
    row["place"] = _number(one.place)
    found = {name: value for name, value in row.items() if not (value in _EMPTY or value == [])}
    if row["size"] == 0:
        found["size"] = 0
    return found


def unpacked(row: dict[str, Any]) -> Bone:
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN if name in row}
    plain |= {"place": float(row["place"]) if "place" in row else 0.0, "at": _stamp(row.get("at"))}
    revision = Revision(value=None, after=_stamp(row.get("after")), tool=row.get("tool"), **plain)
    return Bone(
        revision, row.get("where", []), row.get("hash", ""), row.get("changes", []),
        row.get("tool_hash", ""),
    )  # fmt: skip


def _tool(name: str | None) -> dict[str, str | None]:
    """The name of a custom tool is the customer's: only its hash is kept."""
    return {"tool": name} if name is None or name in TOOLS else {"tool_hash": digest(name)}


def _number(place: float) -> float | str:
    """JSON has no infinity."""
    return place if abs(place) != float("inf") else str(place)


def _moment(at: Moment) -> Any:
    if isinstance(at, BeyondCalendar):
        return {"beyond": at.text}
    return None if at is None else at.isoformat()


def _stamp(stored: Any) -> Moment:
    if isinstance(stored, dict):
        return BeyondCalendar(stored["beyond"])
    return None if stored is None else datetime.fromisoformat(stored)
