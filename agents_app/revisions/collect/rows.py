"""The rows of an agent's messages that hold memory calls, and the steps beside them.

Everything is reached by the index on (agent_id, sequence_id), newest first, in windows that each
fit into one short statement.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.revisions.collect.columns import of_messages, place, text_column
from agents_app.revisions.evidence import Moment

WINDOW_ROWS: Final = 5_000
CALLS_AT_ONCE: Final = 50
MARKS_AT_ONCE: Final = 1_000
WIDEST_BYTES: Final = 4_000_000
MOST_PROMPTS: Final = 2_000
HEAD: Final = 2_000
NEWEST: Final = 2**62

_BOUNDS = """
SELECT min(w.place), count(*)
  FROM (SELECT {place} AS place FROM messages m
         WHERE m.agent_id = %(agent)s AND {place} < %(before)s
         ORDER BY {place} DESC LIMIT %(rows)s) w
"""

_CALL_PLACES = """
SELECT m.id, {place} AS place, {tool_calls} ~ 'rename|Move to' AS may_rename,
       strpos({tool_calls}, %(mention)s) > 0 AS mentions
  FROM messages m
 WHERE m.agent_id = %(agent)s AND {place} >= %(first)s AND {place} < %(before)s
   AND {role} IN ('assistant', 'approval') AND {tool_calls} ~ %(names)s
 ORDER BY {place}
"""

_LAST_PLACES = """
SELECT asked.at, t.place
  FROM unnest(%(moments)s::timestamptz[]) AS asked (at)
 CROSS JOIN LATERAL (
       SELECT {place} AS place
         FROM messages m
        WHERE m.agent_id = %(agent)s AND {created_at} <= asked.at
        ORDER BY {created_at} DESC LIMIT 1) t
"""

_RETURN_MARKS = """
SELECT asked.place AS asked, t.place, t.created_at, t.head ~ '"status": ?"error"' AS failed
  FROM unnest(%(places)s::bigint[]) AS asked (place)
 CROSS JOIN LATERAL (
       SELECT {place} AS place, {created_at} AS created_at, left({tool_returns}, 400) AS head
         FROM messages m
        WHERE m.agent_id = %(agent)s AND {place} > asked.place AND {role} = 'tool'
        ORDER BY {place} LIMIT 1) t
"""

_CALLS = """
SELECT {columns}
  FROM messages m
 WHERE m.id = ANY(%(ids)s::text[]) AND {tool_calls} ~ %(names)s
 ORDER BY {place}
"""

_RETURNS = """
SELECT t.*
  FROM unnest(%(places)s::bigint[]) AS asked (place)
 CROSS JOIN LATERAL (
       SELECT {columns}
         FROM messages m
        WHERE m.agent_id = %(agent)s AND {place} > asked.place AND {role} = 'tool'
        ORDER BY {place} LIMIT %(after)s) t
"""

_SYSTEM_IDS = """
SELECT m.id
  FROM messages m
 WHERE m.agent_id = %(agent)s AND {place} >= %(first)s AND {place} < %(before)s AND {role} = 'system'
 ORDER BY {place} LIMIT %(most)s
"""

_STEPS = """
SELECT {step} AS step_id, {run} AS run_id, {conversation} AS conversation_id,
       coalesce(min({place}) FILTER (WHERE {role} <> 'user'), min({place})) AS first,
       max({place}) AS last, min({created_at}) AS at
  FROM messages m
 WHERE m.agent_id = %(agent)s AND {place} >= %(first)s AND {place} < %(before)s AND {step} IS NOT NULL
 GROUP BY 1, 2, 3
"""

_USERS = """
SELECT asked.place AS asked, u.*
  FROM unnest(%(places)s::bigint[]) AS asked (place)
 CROSS JOIN LATERAL (
       SELECT {columns}, {head}
         FROM messages m
        WHERE m.agent_id = %(agent)s AND {place} < asked.place AND {role} IN ('user', 'system')
          AND {conversation} IS NOT DISTINCT FROM %(conversation)s
        ORDER BY {place} DESC LIMIT %(most)s) u
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Places of an agent's rows from `first` up to, not including, `before`."""

    agent_id: str
    first: int
    before: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step by its rows; `previous` is the last row of the thread's step before it."""

    id: str
    run_id: str | None
    conversation_id: str | None
    first: int
    last: int
    at: Moment


@dataclass(frozen=True, slots=True)
class CallPlace:
    """A row with calls; `mentions` says that the block's label occurs in it."""

    id: str
    place: int
    may_rename: bool
    mentions: bool


@dataclass(frozen=True, slots=True)
class ReturnMark:
    """The return of the calls at place `asked`; `failed` is None where the row does not say."""

    asked: int
    place: int
    at: Moment
    failed: bool | None


def windows(agent_id: str, *, before: int = NEWEST, rows: int = WINDOW_ROWS) -> Iterator[Window]:
    """Newest first."""
    while True:
        asked = {"agent": agent_id, "before": before, "rows": rows}
        ((first, found),) = access.rows(of_messages(_BOUNDS), asked)
        if not found:
            return
        yield Window(agent_id, first, before)
        if found < rows:
            return
        before = first


def call_places(window: Window, names: str, *, label: str) -> list[CallPlace]:
    """Rows whose calls match the regular expression `names`, oldest first, without what they hold."""
    sql = of_messages(_CALL_PLACES, tool_calls=text_column("messages", "tool_calls", "m"))
    mention = json.dumps(json.dumps(label)[1:-1])[
        1:-1
    ]  # as it stands in a string inside stored JSON
    values = {
        "agent": window.agent_id,
        "first": window.first,
        "before": window.before,
        "names": names,
    }
    return [CallPlace(*row) for row in access.rows(sql, values | {"mention": mention})]


def return_marks(agent_id: str, places: Sequence[int]) -> list[ReturnMark]:
    """Where, when and how the calls at these places returned, by the next row of role tool."""
    sql = of_messages(_RETURN_MARKS, tool_returns=text_column("messages", "tool_returns", "m"))
    found: list[ReturnMark] = []
    for begin in range(0, len(places), MARKS_AT_ONCE):
        asked = {"agent": agent_id, "places": list(places[begin : begin + MARKS_AT_ONCE])}
        found += [ReturnMark(*row) for row in access.rows(sql, asked)]
    return found


def last_places(agent_id: str, moments: Sequence[datetime]) -> list[tuple[datetime, int]]:
    """For each moment the place of the agent's last message until then (index on agent_id, created_at)."""
    sql = of_messages(_LAST_PLACES)
    found: list[tuple[datetime, int]] = []
    for begin in range(0, len(moments), MARKS_AT_ONCE):
        asked = {"agent": agent_id, "moments": list(moments[begin : begin + MARKS_AT_ONCE])}
        found += [(at, int(where)) for at, where in access.rows(sql, asked)]
    return found


def call_rows(ids: Sequence[str], *, names: str = "") -> list[dict[str, Any]]:
    """Rows with their calls, oldest first; those whose calls match the regular expression `names`."""
    sql = of_messages(_CALLS, columns=row_columns("tool_calls"),
                      tool_calls=text_column("messages", "tool_calls", "m"))  # fmt: skip
    found: list[dict[str, Any]] = []
    for begin in range(0, len(ids), CALLS_AT_ONCE):
        asked = {"ids": list(ids[begin : begin + CALLS_AT_ONCE]), "names": names}
        found += access.dict_rows(sql, asked)
    return sorted(found, key=lambda row: (int(row["place"]), str(row["id"])))


def return_rows(agent_id: str, places: Sequence[int], *, after: int) -> list[dict[str, Any]]:
    """The next rows of role tool after each place, without repetition, oldest first."""
    sql = of_messages(_RETURNS, columns=f"{row_columns('tool_returns')}, {_bodies()}")
    found: dict[str, dict[str, Any]] = {}
    for begin in range(0, len(places), CALLS_AT_ONCE):
        values = {
            "agent": agent_id,
            "places": list(places[begin : begin + CALLS_AT_ONCE]),
            "after": after,
        }
        found |= {row["id"]: row for row in access.dict_rows(sql, values)}
    return sorted(found.values(), key=lambda row: (row["place"], row["id"]))


def steps(window: Window) -> list[Step]:
    """Oldest first."""
    sql = of_messages(_STEPS,
        step=column("messages", "step_id", alias="m"), run=column("messages", "run_id", alias="m"),
        conversation=column("messages", "conversation_id", alias="m"),
    )  # fmt: skip
    rows = access.rows(
        sql, {"agent": window.agent_id, "first": window.first, "before": window.before}
    )
    return sorted((Step(*row) for row in rows), key=lambda step: step.first)


def system_ids(window: Window) -> list[str]:
    """Rows of role system, oldest first: up to 0.6.49 each change of memory left a new prompt."""
    asked = {
        "agent": window.agent_id,
        "first": window.first,
        "before": window.before,
        "most": MOST_PROMPTS,
    }
    return [found for (found,) in access.rows(of_messages(_SYSTEM_IDS), asked)]


def preceding_rows(
    agent_id: str, conversation_id: str | None, places: Sequence[int], *, most: int = 6
) -> list[dict[str, Any]]:
    """For each place, in `asked`, the last rows of role user or system before it, latest first."""
    sql = of_messages(_USERS,
        columns=row_columns(), head=_head(),
        conversation=column("messages", "conversation_id", alias="m"),
    )  # fmt: skip
    found: list[dict[str, Any]] = []
    for begin in range(0, len(places), CALLS_AT_ONCE):
        values = {"agent": agent_id, "conversation": conversation_id, "most": most,
                  "places": list(places[begin : begin + CALLS_AT_ONCE])}  # fmt: skip
        found += access.dict_rows(sql, values)
    return found


def row_columns(*bodies: str) -> str:
    plain = (
        "step_id",
        "run_id",
        "conversation_id",
        "tool_call_id",
        "name",
        "created_at",
        "group_id",
    )
    named = [f"{column('messages', name, alias='m')} AS {name}" for name in plain]
    long = [f"{_bounded(name)} AS {name}" for name in bodies]
    return ", ".join(
        [
            "m.id",
            "m.agent_id",
            f"{column('messages', 'role', alias='m')} AS role",
            f"{place('m')} AS place",
            *named,
            *long,
        ]
    )


def _bodies() -> str:
    """Where a tool's answer stood before 0.12, and only there."""
    returns = text_column("messages", "tool_returns", "m")
    return ", ".join(
        f"CASE WHEN strpos(coalesce({returns}, ''), '\"func_response\"') = 0 THEN {_bounded(name)} END AS {name}"
        for name in ("content", "text")
    )


def _head() -> str:
    """The beginning of what a row says: enough to tell a person's words from an envelope."""
    bodies = (
        (text_column("messages", "content", "m"), "content"),
        (column("messages", "text", alias="m"), "text"),
    )
    return ", ".join(f"left({value}, {HEAD}) AS {name}" for value, name in bodies)


def _bounded(name: str) -> str:
    """A long column as text; NULL where it is larger than any value of a block can make it."""
    value = text_column("messages", name, "m")
    return f"CASE WHEN octet_length({value}) <= {WIDEST_BYTES} THEN {value} END"
