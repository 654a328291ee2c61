"""Agents in the order of their real last activity: the newest message of each that is not soft-deleted.

No table keeps this order and `messages` may hold ten million rows, so two ways lead to a page, both by
index. A window of the newest messages, grouped by agent, holds a full page as long as many agents are
busy. When few are, or a filter is narrow, each agent's newest message is probed instead. The windows
grow only while that is expected to be cheaper than the probes. Either way the result is exact.
"""

from agents_app.agents.activity.idle import has_messages, idle_agents
from agents_app.agents.activity.place import ACTIVE, IDLE, Place
from agents_app.agents.activity.probes import by_probes
from agents_app.agents.activity.windows import by_windows
from agents_app.letta import catalogue
from agents_app.letta.agent_conditions import Where
from agents_app.ui.paging import Cursor, Key

__all__ = ["ACTIVE", "IDLE", "Place", "places"]

FEW_AGENTS = 500  # so few are probed at once
UNKNOWN_AGENTS = 20_000


def places(where: Where, cursor: Cursor) -> list[Place]:
    """Up to limit + 1 agents in walking order; those without messages come last, newest first."""
    need, key = cursor.limit + 1, cursor.key
    if not has_messages():
        return idle_agents(where, key, backwards=cursor.backwards, count=need)
    idle = key is not None and key[0] == IDLE
    if cursor.backwards:
        found = idle_agents(where, key, backwards=True, count=need) if idle else []
        if len(found) < need:
            bound = None if idle else key
            found += _active(where, bound, backwards=True, count=need - len(found))[0]
        return found
    found, complete = ([], False) if idle else _active(where, key, backwards=False, count=need)
    if len(found) < need and not complete:
        found += idle_agents(where, key if idle else None, backwards=False, count=need - len(found))
    return found


def _active(
    where: Where, key: Key | None, *, backwards: bool, count: int
) -> tuple[list[Place], bool]:
    """Agents with messages; true when those without have been added already."""
    known = catalogue.current()
    agents = known.rows.get("agents", UNKNOWN_AGENTS)
    from_the_end = backwards and key is None
    if known.has_index("messages", "sequence_id") and agents > FEW_AGENTS and not from_the_end:
        found = by_windows(where, key, backwards=backwards, count=count, agents=agents)
        if found is not None:
            return found, False
    return by_probes(where, key, backwards=backwards, count=count), not backwards
