"""A page of agents from one index probe for the newest message of each."""

from agents_app.agents.activity.place import Place, place_of
from agents_app.letta import access, catalogue
from agents_app.letta.agent_conditions import Where
from agents_app.letta.columns import column
from agents_app.ui.paging import Key

# The agents are chosen first, so that no plan probes those that a filter leaves out.
_PROBE = """
WITH fitting AS MATERIALIZED (
  SELECT a.id, {since} AS since FROM agents a WHERE {where}
)
SELECT a.id AS agent_id, l.position, l.last_activity, a.since::text AS since
  FROM fitting a
  LEFT JOIN LATERAL (
  SELECT {columns}
    FROM messages m
   WHERE m.agent_id = a.id AND {deleted} IS NOT TRUE {present}
   ORDER BY {order} LIMIT 1) l ON true
 WHERE {side}
 ORDER BY {outer} LIMIT %(count)s
"""


def by_probes(where: Where, key: Key | None, *, backwards: bool, count: int) -> list[Place]:
    """The page from one index probe for each agent that meets the conditions; forwards the idle ones follow."""
    numbered = catalogue.current().has_column("messages", "sequence_id")
    parts = _by_number(key, backwards=backwards) if numbered else _by_time(key, backwards=backwards)
    since = column("agents", "created_at", alias="a")
    side = (
        f"l.position IS NOT NULL AND {parts['side']}"
        if backwards
        else f"(l.position IS NULL OR {parts['side']})"
    )
    outer = parts["outer"] if backwards else f"{parts['outer']}, a.since DESC, a.id DESC"
    deleted = column("messages", "is_deleted", alias="m")
    bound = (
        {"bound": int(key[1]) if numbered else key[1], "bound_id": key[2]} if key and key[1] else {}
    )
    sql = _PROBE.format(
        **parts | {"side": side, "outer": outer}, where=where.sql, deleted=deleted, since=since
    )
    return [
        place_of(row)
        for row in access.dict_rows(sql, {**where.parameters, **bound, "count": count})
    ]


def _by_number(key: Key | None, *, backwards: bool) -> dict[str, str]:
    time = column("messages", "created_at", alias="m")
    return {
        "columns": f"m.sequence_id AS number, m.sequence_id::text AS position, {time} AS last_activity",
        "present": "",
        "order": "m.sequence_id DESC",
        "side": f"l.number {'>' if backwards else '<'} %(bound)s" if key else "true",
        "outer": f"l.number {'ASC' if backwards else 'DESC NULLS LAST'}",
    }


def _by_time(key: Key | None, *, backwards: bool) -> dict[str, str]:
    """Before 0.6.49, without sequence_id; a message without a time is no activity."""
    direction, sign = ("ASC", ">") if backwards else ("DESC", "<")
    return {
        "columns": "m.created_at::text AS position, m.created_at AS last_activity, m.id AS message_id",
        "present": "AND m.created_at IS NOT NULL",
        "order": "m.created_at DESC, m.id DESC",
        "side": f"(l.last_activity, a.id) {sign} (%(bound)s::timestamptz, %(bound_id)s)"
        if key
        else "true",
        "outer": f"l.last_activity {direction} NULLS LAST, CASE WHEN l.position IS NOT NULL THEN a.id END {direction}",
    }
