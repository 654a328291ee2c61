"""Agents without messages, by (created_at, id)."""

from agents_app.agents.activity.place import IDLE, Place
from agents_app.letta import access, catalogue
from agents_app.letta.agent_conditions import Where
from agents_app.letta.columns import column
from agents_app.ui.paging import Key

_IDLE = """
SELECT a.id AS agent_id, {time}::text AS since
  FROM agents a
 WHERE {where} AND {silent} AND {side}
 ORDER BY {order} LIMIT %(count)s
"""

_SILENT = (
    "(SELECT 1 FROM messages m WHERE m.agent_id = a.id AND {deleted} IS NOT TRUE LIMIT 1) IS NULL"
)


def idle_agents(where: Where, key: Key | None, *, backwards: bool, count: int) -> list[Place]:
    """Agents without messages by (created_at, id); one without a creation time counts as newest."""
    time, direction = column("agents", "created_at", alias="a"), "ASC" if backwards else "DESC"
    silent = "true"
    if has_messages():
        silent = _SILENT.format(deleted=column("messages", "is_deleted", alias="m"))
    sql = _IDLE.format(
        time=time,
        where=where.sql,
        silent=silent,
        side=_beside(key, time, backwards=backwards),
        order=f"{time} {direction}, a.id {direction}",
    )
    bound = {"since": key[1], "bound_id": key[2]} if key else {}
    rows = access.dict_rows(sql, {**where.parameters, **bound, "count": count})
    return [Place(row["agent_id"], None, (IDLE, row["since"], row["agent_id"])) for row in rows]


def _beside(key: Key | None, time: str, *, backwards: bool) -> str:
    if key is None:
        return "true"
    if key[1] is None:
        same = f"{time} IS NULL AND a.id {'>' if backwards else '<'} %(bound_id)s"
        return f"({same})" if backwards else f"(({same}) OR {time} IS NOT NULL)"
    pair = f"({time}, a.id) {'>' if backwards else '<'} (%(since)s::timestamptz, %(bound_id)s)"
    return f"({pair} OR {time} IS NULL)" if backwards else pair


def has_messages() -> bool:
    """Whether this database lets messages be put in order by agent."""
    known = catalogue.current()
    order = known.has_column("messages", "sequence_id") or known.has_column(
        "messages", "created_at"
    )
    return order and known.has_column("messages", "agent_id")
