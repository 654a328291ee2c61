"""A page of active agents from windows of the newest messages, grouped by agent."""

from dataclasses import dataclass
from typing import Any

from agents_app.agents.activity.place import Place, place_of
from agents_app.letta import access
from agents_app.letta.agent_conditions import Where
from agents_app.letta.columns import column
from agents_app.ui.paging import Key

WIDEST_WINDOW, GROWTH, MOST_WINDOWS = 200_000, 25, 4

# What things cost, in microseconds on a warm cache: only their ratios matter, and only for the choice of the way.
READ, JOIN, PROBE = 1.0, 10.0, 7.0  # a message in order; an agent by id; an agent's newest message
SURPRISE = 4  # what a filter keeps is not spread evenly over time, so its windows must promise more than break even

_WINDOW = """
WITH seen AS MATERIALIZED (
  SELECT m.agent_id, m.sequence_id, {deleted} AS deleted
    FROM messages m
   WHERE {side}
   ORDER BY m.sequence_id {direction} LIMIT %(size)s
), newest AS MATERIALIZED (
  SELECT agent_id, max(sequence_id) AS position FROM seen WHERE deleted IS NOT TRUE GROUP BY agent_id
), fitting AS MATERIALIZED (
  SELECT n.agent_id, n.position FROM newest n {join} WHERE {where}
), chosen AS (
  SELECT n.agent_id, n.position FROM fitting n WHERE {last} ORDER BY n.position {direction} LIMIT %(count)s
)
SELECT c.agent_id, c.position::text AS position,
       (SELECT {time} FROM messages x WHERE x.sequence_id = c.position LIMIT 1) AS last_activity,
       NULL::bigint AS seen, NULL::bigint AS agents, NULL::bigint AS fitting
  FROM chosen c
UNION ALL
SELECT NULL, {edge}(sequence_id)::text, NULL, count(*), (SELECT count(*) FROM newest), (SELECT count(*) FROM fitting)
  FROM seen
"""

# LIMIT keeps the planner from turning the probe into a join over all messages.
_NEWER = """(SELECT 1 FROM messages o WHERE o.agent_id = n.agent_id AND o.sequence_id {than}
             AND {deleted} IS NOT TRUE LIMIT 1) IS NULL"""


@dataclass(frozen=True)
class Window:
    """What a window of messages held: places of the page, messages read, agents among them, those that fit."""

    places: list[Place]
    seen: int
    agents: int
    fitting: int
    edge: str | None


def by_windows(
    where: Where, key: Key | None, *, backwards: bool, count: int, agents: int
) -> list[Place] | None:
    """The page from windows of messages, or None when probing the agents is expected to be cheaper."""
    bound, size, found = key[1] if key else None, 3 * count, list[Place]()
    for _ in range(MOST_WINDOWS):
        window = _window(where, bound, backwards=backwards, count=count - len(found), size=size)
        found += window.places
        if len(found) >= count or window.seen < size:
            return found
        more = (count - len(found)) * size / max(len(window.places), 0.5)
        if _reading_us(window, more, where) * (SURPRISE if where else 1) > _probing_us(
            window, agents, where
        ):
            return None
        bound, size = window.edge, int(min(max(more * 1.3, size), size * GROWTH, WIDEST_WINDOW))
    return None


def _reading_us(window: Window, messages: float, where: Where) -> float:
    """The expected cost of reading so many more messages; each new agent among them is checked by index."""
    each = window.agents * JOIN * bool(where) + window.fitting * PROBE
    return messages * (READ + each / max(window.seen, 1))


def _probing_us(window: Window, agents: int, where: Where) -> float:
    """The expected cost of probing every agent that fits, as far as the window tells how many do."""
    fitting = max(window.fitting, 1) / max(window.agents, 1)
    return agents * (READ + fitting * PROBE) if where else agents * PROBE


def _window(where: Where, bound: str | None, *, backwards: bool, count: int, size: int) -> Window:
    """Agents whose newest message lies in the next `size` messages beyond `bound`."""
    sql = _WINDOW.format(
        deleted=column("messages", "is_deleted", alias="m"),
        time=column("messages", "created_at", alias="x"),
        side="true" if bound is None else f"m.sequence_id {'>' if backwards else '<'} %(bound)s",
        direction="ASC" if backwards else "DESC",
        edge="max" if backwards else "min",
        join="JOIN agents a ON a.id = n.agent_id" if where else "",
        where=where.sql,
        last=_last(bound, backwards=backwards),
    )
    rows = access.dict_rows(
        sql, {**where.parameters, "bound": bound and int(bound), "count": count, "size": size}
    )
    end = next(row for row in rows if row["seen"] is not None)
    chosen = sorted((row for row in rows if row is not end), key=_number, reverse=not backwards)
    return Window(
        [place_of(row) for row in chosen],
        end["seen"],
        end["agents"],
        end["fitting"],
        end["position"],
    )


def _number(row: dict[str, Any]) -> int:
    return int(row["position"])


def _last(bound: str | None, *, backwards: bool) -> str:
    """The condition that an agent has no message beyond the window on its newer side."""
    deleted = column("messages", "is_deleted", alias="o")
    if backwards:
        return _NEWER.format(than="> (SELECT max(sequence_id) FROM seen)", deleted=deleted)
    return "true" if bound is None else _NEWER.format(than=">= %(bound)s", deleted=deleted)
