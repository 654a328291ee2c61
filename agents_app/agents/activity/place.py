"""Where an agent stands in the order of activity."""

from dataclasses import dataclass
from typing import Any

from agents_app.ui.paging import Key

ACTIVE, IDLE = "active", "idle"


@dataclass(frozen=True)
class Place:
    """Where an agent stands: `position` orders the active ones, `since` and the id the idle ones.

    `position` is the newest message's sequence_id, or "time id" before 0.6.49.
    """

    agent_id: str
    last_activity: Any
    key: Key


def place_of(row: dict[str, Any]) -> Place:
    """From a row with agent_id, position, last_activity, since; without a position the agent is idle."""
    if row["position"] is None:
        return Place(row["agent_id"], None, (IDLE, row["since"], row["agent_id"]))
    return Place(row["agent_id"], row["last_activity"], (ACTIVE, row["position"], row["agent_id"]))
