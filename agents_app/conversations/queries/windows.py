"""Looking through a thread for what no index knows (text, roles, tools, errors), newest first, window by window.

A window is a bounded stretch of the index. SQL finds candidates in it without parsing JSON, so one
poisoned row fails nothing; Python decodes those and decides. Windows go on until enough is found
or the time is over, and the place where they stopped is where the reader may go on.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents_app.conversations.filters import Narrowed
from agents_app.conversations.queries.bodies import JSON_COLUMNS
from agents_app.conversations.queries.keys import Rows, Where, numbered, own_rows, walking
from agents_app.conversations.queries.surroundings import around_time
from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.letta.errors import LettaTimeout
from agents_app.revisions.collect.calls import named
from agents_app.revisions.replay import TOOLS
from agents_app.text.search import needle_regex, needle_variants

BUDGET_SECONDS = 1.8
FIRST_WINDOW, WIDEST_WINDOW, NARROWEST_WINDOW = 400, 20_000, 10
WINDOW_SECONDS = 0.4
MOST_CANDIDATES = 120
SEARCHED = 262_144
EDGE_ROWS = 1_000


@dataclass(slots=True)
class Looked:
    """What the windows gave: keys newest first; `next_key` is where to go on, None at the thread's beginning."""

    keys: list[Key] = field(default_factory=list)
    count: int = 0
    back_to: Any = None
    next_key: Key | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A condition on `messages m` that finds candidates, and more."""

    sql: str
    values: Mapping[str, Any]


def match(narrowed: Narrowed) -> Match:
    """The filters as far as SQL can tell without parsing JSON."""
    parts, values = ["true"], dict[str, Any]()
    if narrowed.role:
        parts.append(f"{column('messages', 'role', alias='m')} = %(role)s")
        values["role"] = narrowed.role
    if narrowed.since:
        parts.append(f"{column('messages', 'created_at', alias='m')} >= %(since)s")
        values["since"] = narrowed.since
    if narrowed.until:
        parts.append(f"{column('messages', 'created_at', alias='m')} < %(until)s")
        values["until"] = narrowed.until
    if narrowed.tool:
        parts.append(_names_tool(needle_variants(narrowed.tool), values))
    if narrowed.memory:
        calling = f"{column('messages', 'role', alias='m')} IN ('assistant', 'approval')"
        parts.append(f"({calling} AND {_searched('tool_calls')} ~ %(memory_tools)s)")
        values["memory_tools"] = named(TOOLS)
    if narrowed.errors:
        parts.append(_errors(values))
    if narrowed.q:
        texts = " OR ".join(
            f"{_searched(name)} ~ %(words)s" for name in (*JSON_COLUMNS, "text", "denial_reason")
        )
        parts.append(f"({texts})")
        values["words"] = needle_regex(narrowed.q)
    return Match(" AND ".join(parts), values)


def _names_tool(spellings: Sequence[str], values: dict[str, Any]) -> str:
    """Rows that call the tool, or that hold its return."""
    values |= {f"spelling_{number}": spelling for number, spelling in enumerate(spellings)}
    texts = [_searched(name) for name in ("name", "tool_calls")]
    tests = [
        f"strpos({text}, %(spelling_{number})s) > 0"
        for text in texts
        for number in range(len(spellings))
    ]
    return f"({' OR '.join(tests)})"


def _errors(values: dict[str, Any]) -> str:
    """Rows marked by Letta, and rows whose returns may say that something failed."""
    values |= {"error": '"error"', "failed": "Failed"}
    tests = [f"{column('messages', 'is_err', alias='m')} IS TRUE"]
    tests += [f"strpos({_searched(name)}, %(error)s) > 0" for name in ("tool_returns", "approvals")]
    role = column("messages", "role", alias="m")
    tests += [
        f"({role} = 'tool' AND strpos({_searched(name)}, %(failed)s) > 0)"
        for name in ("content", "text")
    ]
    return f"({' OR '.join(tests)})"


def _searched(name: str) -> str:
    """The text of a column, of a very long one its beginning."""
    stored = column("messages", name, alias="m")
    if name not in JSON_COLUMNS and name != "text":
        return stored
    is_long = f"pg_column_size({stored}) > {SEARCHED // 8}"
    return f"CASE WHEN {is_long} THEN left({stored}::text, {SEARCHED}) ELSE {stored}::text END"


_WINDOW = """
WITH seen AS MATERIALIZED (
  SELECT w.*, row_number() OVER () AS number FROM ({walk}) w
)
(SELECT id, place, at, number, false AS is_edge FROM seen WHERE hit ORDER BY number LIMIT %(most)s)
UNION ALL
(SELECT id, place, at, number, true FROM seen ORDER BY number DESC LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Window:
    """`candidates` by key with the number of rows looked at up to each; `edge` is the last row looked at."""

    candidates: Sequence[tuple[Key, int, Any]]
    edge: tuple[Key, int, Any] | None


def _window(where: Where, wanted: Match, start: Key | None, *, size: int) -> Window:
    at = column("messages", "created_at", alias="m")
    found: list[tuple[Key, int, Any]] = []
    for walk, values in walking(
        where, start, backwards=True, more=f", {at} AS at, ({wanted.sql}) AS hit"
    ):
        sql = _WINDOW.format(walk=walk)
        rows = access.dict_rows(
            sql, {**values, **wanted.values, "count": size, "most": MOST_CANDIDATES}
        )
        found = [(Key(row["place"], row["id"]), row["number"], row["at"]) for row in rows]
        if rows:
            return Window(found[:-1], found[-1])
    return Window((), None)


def look(
    thread: Thread,
    narrowed: Narrowed,
    start: Key | None,
    *,
    count: int,
    confirm: Callable[[Sequence[Key]], set[str]],
) -> Looked:
    """Up to `count` rows that meet the conditions, older than `start`; `confirm` decodes and decides."""
    looked, wanted, ends_at = Looked(), match(narrowed), time.monotonic() + BUDGET_SECONDS
    start = _later_of(start, thread, narrowed)
    floor = _floor(thread, narrowed)
    for where in _sources(
        thread
    ):  # a fork's shared rows are older than its own, so one place bounds both
        if not _look_in(
            where, wanted, start, looked, count=count, confirm=confirm, ends_at=ends_at, floor=floor
        ):
            return looked
    looked.next_key = None
    return looked


def _look_in(
    where: Where, wanted: Match, start: Key | None, looked: Looked, *, count: int,
    confirm: Callable[[Sequence[Key]], set[str]], ends_at: float, floor: int | None,
) -> bool:  # fmt: skip
    """Windows over one source of rows; whether it was looked through to its end."""
    size = FIRST_WINDOW
    while True:
        began = time.monotonic()
        try:
            window = _window(where, wanted, start, size=size)
        except LettaTimeout:
            if size <= NARROWEST_WINDOW or access.remaining() < 1:
                raise
            size = max(size // 20, NARROWEST_WINDOW)
            continue
        if window.edge is None:
            return True
        edge, seen, back_to = window.edge
        if len(window.candidates) == MOST_CANDIDATES:
            edge, seen, back_to = window.candidates[-1]
        hits = _confirmed(window, confirm)
        room = count - len(looked.keys)
        if len(hits) > room:
            edge, seen, back_to = hits[room - 1]
        looked.keys += [key for key, _, _ in hits[:room]]
        looked.count, looked.back_to, looked.next_key, start = (
            looked.count + seen,
            back_to,
            edge,
            edge,
        )
        at_end = (
            window.edge[1] < size
            and edge == window.edge[0]
            and (numbered() or edge.place is not None)
        )
        if at_end or (floor is not None and int(edge.place or 0) < floor):
            return True
        if len(looked.keys) >= count or time.monotonic() > ends_at:
            return False
        elapsed = max(time.monotonic() - began, 0.001)
        size = int(
            min(max(size * min(WINDOW_SECONDS / elapsed, 8), NARROWEST_WINDOW), WIDEST_WINDOW)
        )


def _confirmed(
    window: Window, confirm: Callable[[Sequence[Key]], set[str]]
) -> list[tuple[Key, int, Any]]:
    keys = [key for key, _, _ in window.candidates]
    kept = confirm(keys) if keys else set[str]()
    return [candidate for candidate in window.candidates if candidate[0].id in kept]


def _sources(thread: Thread) -> Iterator[Where]:
    """A thread's own rows, then, for a fork, the older ones that it shares."""
    yield own_rows(thread)
    if thread.scope is Scope.NAMED:
        shared = Rows(thread).shared_rows()
        if shared is not None:
            yield shared


def _later_of(start: Key | None, thread: Thread, narrowed: Narrowed) -> Key | None:
    """Without a cursor a range of time begins near its end, found by the index on time."""
    if start is not None or narrowed.until is None or not numbered():
        return start
    ends = around_time(thread.agent_id, narrowed.until, later=False, count=EDGE_ROWS)
    if not ends:
        return Key("0", "")
    return Key(str(max(int(key.place or 0) for key in ends) + 1), "")


def _floor(thread: Thread, narrowed: Narrowed) -> int | None:
    """The lowest place that a range of time reaches; clocks and places disagree by a few rows at most."""
    if narrowed.since is None or not numbered():
        return None
    begins = around_time(thread.agent_id, narrowed.since, later=True, count=EDGE_ROWS)
    if not begins:
        return 2**62
    return min(int(key.place or 0) for key in begins)
