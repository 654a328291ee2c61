"""Walking the rows of a thread by index, in both directions: keys first, bodies by their ids.

Order is sequence_id (0.6.49+), else (created_at, id) as Letta had it before.

Written as `agent_id = … ORDER BY sequence_id LIMIT 50`, the planner may walk the unique index on
sequence_id through other agents' rows, a million of them where an agent has been silent for long.
`agent_id = ANY(…)` is no constant to it: `ORDER BY agent_id, sequence_id` then has one index only.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.letta import access, catalogue
from agents_app.letta.columns import column, live

FIRST_MEMBERS, FEW_MEMBERS = 100, 2_000

_WALK = """
SELECT m.id, {place}::text AS place{more}
  FROM messages m
 WHERE {rows} AND {beyond}
 ORDER BY {order} LIMIT %(count)s
"""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on `messages m`; `leads` are columns that the index puts before the order."""

    sql: str
    values: Mapping[str, Any]
    leads: tuple[str, ...] = ("m.agent_id",)


def numbered() -> bool:
    """Whether messages have the number that Letta orders them by (0.6.49+)."""
    return catalogue.current().has_column("messages", "sequence_id")


def place() -> str:
    """The column that orders messages."""
    return "m.sequence_id" if numbered() else column("messages", "created_at", alias="m")


class Rows:
    """The rows of one thread, walked in either direction; made anew for each request."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread

    def newest(self, *, count: int, before: Key | None = None) -> list[Key]:
        """Up to `count` keys, newest first, all older than `before`."""
        return self._keys(before, backwards=True, count=count)

    def oldest(self, *, count: int, after: Key | None = None) -> list[Key]:
        """Up to `count` keys, oldest first, all newer than `after`."""
        return self._keys(after, backwards=False, count=count)

    def _keys(self, start: Key | None, *, backwards: bool, count: int) -> list[Key]:
        own = walk(own_rows(self.thread), start, backwards=backwards, count=count)
        if self.thread.scope is not Scope.NAMED:
            return own
        until = own[-1] if len(own) == count else None
        shared = self._shared(start, until, backwards=backwards, count=count)
        return in_order({*own, *shared}, backwards=backwards)[:count] if shared else own

    def _shared(
        self, start: Key | None, until: Key | None, *, backwards: bool, count: int
    ) -> list[Key]:
        """Members that name another thread: the conversation is a fork and shares them (0.16.7+).

        Membership has no index in the order of messages. A short one was read whole. A long one is
        only looked at when its first positions show a fork, and then from the side of the messages.
        """
        if not self.members.shared:
            return []
        if self.members.is_whole:
            return _beyond(self.members.shared, start, backwards=backwards)
        return walk(_member_rows(self.thread), start, backwards=backwards, count=count, until=until)

    def shared_rows(self) -> Where | None:
        """A fork's rows of other threads as a condition; None when there are none."""
        if not self.members.shared:
            return None
        return (
            _among(self.thread, self.members.shared)
            if self.members.is_whole
            else _member_rows(self.thread)
        )

    @cached_property
    def members(self) -> "Members":
        """The first members by position."""
        return _members(self.thread)

    def holds(self, message: Mapping[str, Any]) -> bool:
        """Whether a message (`id`, `agent_id`, `conversation_id`) is one of this thread's rows, deleted or not."""
        thread = self.thread
        if message["agent_id"] != thread.agent_id:
            return False
        if thread.scope is Scope.ALL:
            return True
        if message["conversation_id"] == thread.conversation_id:
            return True
        if thread.scope is Scope.DEFAULT or not catalogue.current().has_table(
            "conversation_messages"
        ):
            return False
        rows = access.rows(
            _IS_MEMBER, {"conversation": thread.conversation_id, "id": message["id"]}
        )
        return bool(rows)


_IS_MEMBER = """
SELECT 1 FROM conversation_messages c
 WHERE c.conversation_id = %(conversation)s AND c.message_id = %(id)s LIMIT 1
"""


OF_AGENT = "m.agent_id = ANY(%(agents)s)"


def own_rows(thread: Thread) -> Where:
    """Rows whose own columns put them into the thread.

    The default thread is every row that names no conversation, as it was written: rows that a fork
    of it shares since (0.16.7+) still belong to it, though Letta's own listing then leaves them out.
    """
    known, values = catalogue.current(), _values(thread)
    conditions, leads = [OF_AGENT], ["m.agent_id"]
    if not known.has_column("messages", "conversation_id"):
        if thread.scope is Scope.NAMED:
            conditions.append("false")
    elif thread.scope is Scope.NAMED:
        conditions.append("m.conversation_id = %(conversation)s")
    elif thread.scope is Scope.DEFAULT:
        conditions.append("m.conversation_id IS NULL")
        if known.has_index("messages", "agent_id", "conversation_id", "sequence_id"):
            leads.append("m.conversation_id")  # IS NULL is no constant to the planner either
    if not thread.with_deleted:
        conditions.append(live("messages", alias="m"))
    return Where(" AND ".join(conditions), values, tuple(leads))


def _values(thread: Thread) -> dict[str, Any]:
    return {
        "agents": [thread.agent_id],
        "agent": thread.agent_id,
        "conversation": thread.conversation_id,
    }


def walk(
    where: Where, start: Key | None, *, backwards: bool, count: int, until: Key | None = None
) -> list[Key]:
    """Keys of the rows beyond `start`, nearest first, none beyond `until`."""
    found: list[Key] = []
    for sql, values in walking(where, start, backwards=backwards, until=until):
        rows = access.rows(sql, {**values, "count": count - len(found)})
        found += [Key(place, id) for id, place in rows]
        if len(found) >= count:
            break
    return found


def walking(
    where: Where, start: Key | None, *, backwards: bool, until: Key | None = None, more: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements that walk these rows, to be asked one after another; each takes a `count`."""
    bounds = {"until": until.place if until else None}
    for beyond, values in _stretches(start, backwards=backwards):
        sql = _WALK.format(
            place=place(),
            more=more,
            rows=where.sql + _short_of(until, backwards=backwards),
            beyond=beyond,
            order=_order(where.leads, backwards=backwards),
        )
        yield sql, {**where.values, **values, **bounds}


def _stretches(start: Key | None, *, backwards: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Conditions to be walked one after another; rows without a time count as the newest."""
    sign = "<" if backwards else ">"
    if start is None:
        yield "true", {}
    elif numbered():
        yield f"m.sequence_id {sign} %(place)s", {"place": int(start.place or 0)}
    else:
        yield from _stretches_by_time(start, place(), backwards=backwards)


def _stretches_by_time(
    start: Key, time: str, *, backwards: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    values = {"place": start.place, "id": start.id}
    if start.place is not None:
        sign = "<" if backwards else ">"
        yield f"({time}, m.id) {sign} (%(place)s::timestamptz, %(id)s)", values
        if not backwards:
            yield f"{time} IS NULL", values
    elif backwards:
        yield f"{time} IS NULL AND m.id < %(id)s", values
        yield f"{time} IS NOT NULL", values
    else:
        yield f"{time} IS NULL AND m.id > %(id)s", values


def _short_of(until: Key | None, *, backwards: bool) -> str:
    if until is None or until.place is None:
        return ""
    kind = "bigint" if numbered() else "timestamptz"
    return f" AND {place()} {'>' if backwards else '<'} %(until)s::{kind}"


def _order(leads: tuple[str, ...], *, backwards: bool) -> str:
    direction = " DESC" if backwards else ""
    names = [*leads, place()] if numbered() else [*leads, place(), "m.id"]
    return ", ".join(f"{name}{direction}" for name in names)


# --- named conversations: rows of their own, and rows shared with what they were forked from ----------


@dataclass(frozen=True, slots=True)
class Members:
    """`shared` are members that name another thread; all of them if `is_whole`, else some."""

    shared: tuple[Key, ...] = ()
    is_whole: bool = True


_MEMBERS = """
SELECT m.id, {place}::text AS place, {elsewhere} AS elsewhere
  FROM (SELECT c.message_id
          FROM conversation_messages c
         WHERE c.conversation_id = %(conversation)s AND {live}
         ORDER BY {order}, {since} LIMIT %(count)s) member
  LEFT JOIN messages m ON m.id = member.message_id
"""


def _members(thread: Thread) -> Members:
    """A fork shows in its first positions: it begins with the rows it shares, and those that a compaction
    moved out of the context keep their position. So a long membership is read only where they do.
    """
    if not catalogue.current().has_table("conversation_messages"):
        return Members()
    first, more = _read_members(thread, FIRST_MEMBERS)
    if not more or not first:
        return Members(tuple(first))
    shared, more = _read_members(thread, FEW_MEMBERS)
    return Members(tuple(shared), is_whole=not more)


def _read_members(thread: Thread, count: int) -> tuple[list[Key], bool]:
    """The shared ones among the first `count` members by position, and whether there are more members."""
    sql = _MEMBERS.format(
        place=place(),
        elsewhere=_elsewhere(thread),
        live=_live_member(thread),
        order=column("conversation_messages", "position", alias="c"),
        since=column("conversation_messages", "created_at", alias="c"),
    )
    rows = access.rows(sql, {**_values(thread), "count": count + 1})
    return [Key(place, id) for id, place, elsewhere in rows if elsewhere], len(rows) > count


def _elsewhere(thread: Thread) -> str:
    """Rows of the same agent that name another thread; rows of other agents are nobody's to show here."""
    conditions = [OF_AGENT]
    if catalogue.current().has_column("messages", "conversation_id"):
        conditions.append("m.conversation_id IS DISTINCT FROM %(conversation)s")
    if not thread.with_deleted:
        conditions.append(live("messages", alias="m"))
    return " AND ".join(conditions)


def _live_member(thread: Thread) -> str:
    return "true" if thread.with_deleted else live("conversation_messages", alias="c")


def _among(thread: Thread, keys: Iterable[Key]) -> Where:
    values = _values(thread) | {"ids": [key.id for key in keys]}
    return Where(f"m.id = ANY(%(ids)s) AND {_elsewhere(thread)}", values)


def _member_rows(thread: Thread) -> Where:
    member = _MEMBER.format(live=_live_member(thread))
    return Where(f"{_elsewhere(thread)} AND {member}", _values(thread))


_MEMBER = """EXISTS (SELECT 1 FROM conversation_messages c
  WHERE c.message_id = m.id AND c.conversation_id = %(conversation)s AND {live})"""


def _beyond(keys: Iterable[Key], start: Key | None, *, backwards: bool) -> list[Key]:
    if start is None:
        return list(keys)
    bound = _sortable(start)
    return [
        key for key in keys if (_sortable(key) < bound if backwards else _sortable(key) > bound)
    ]


def in_order(keys: Iterable[Key], *, backwards: bool = False) -> list[Key]:
    """Keys as the thread has them."""
    return sorted(keys, key=_sortable, reverse=backwards)


def _sortable(key: Key) -> tuple[Any, ...]:
    if numbered():
        return (int(key.place or 0),)
    return key.place is None, key.place or "", key.id
