"""A customer's threads: the default thread of each agent and named conversations, newest activity first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column, live

MOST_THREADS: Final = 100
MOST_COUNTED: Final = 500
WEEK, MONTH = timedelta(days=7), timedelta(days=30)

# The last message of a thread and how many it has, both by (agent_id, conversation_id, sequence_id).
_THREADS = """
SELECT t.agent_id, t.conversation_id, t.title, n.created_at AS last_activity, c.messages
  FROM ({threads}) t
  LEFT JOIN LATERAL (
       SELECT {created} AS created_at FROM messages m
        WHERE m.agent_id = t.agent_id AND {same} AND {live}
        ORDER BY {order} LIMIT 1) n ON true
  LEFT JOIN LATERAL (
       SELECT count(*) AS messages FROM (
              SELECT 1 FROM messages m
               WHERE m.agent_id = t.agent_id AND {same} AND {live}
               LIMIT %(counted)s) w) c ON true
"""
_DEFAULT = """
SELECT a AS agent_id, NULL::text AS conversation_id, NULL::text AS title
  FROM unnest(%(agents)s::text[]) AS a
"""
_NAMED = """
SELECT c.agent_id, c.id AS conversation_id, {title} AS title
  FROM conversations c
 WHERE c.agent_id = ANY(%(agents)s::text[]) AND {live}
 ORDER BY {created} DESC NULLS LAST, c.id DESC LIMIT %(most)s
"""
_LATELY = """
SELECT sum(w.week), sum(w.month), bool_or(w.month >= %(counted)s)
  FROM unnest(%(agents)s::text[]) AS a (agent),
       LATERAL (SELECT count(*) AS month, count(*) FILTER (WHERE r.created_at >= %(week)s) AS week
                  FROM (SELECT m.created_at FROM messages m
                         WHERE m.agent_id = a.agent AND m.created_at >= %(month)s AND {live}
                         ORDER BY m.created_at DESC LIMIT %(counted)s) r) w
"""


@dataclass(frozen=True)
class CustomerThread:
    """`conversation_id` None is the agent's default thread; `title` is None without the right to content.

    `messages` is counted up to 500; deleted ones are not.
    """

    agent_id: str
    agent_name: str | None
    conversation_id: str | None
    title: str | None
    last_activity: Any
    messages: int

    @property
    def is_capped(self) -> bool:
        return self.messages >= MOST_COUNTED


@dataclass(frozen=True)
class Threads:
    """`more`: only the 100 newest named conversations were looked at."""

    threads: Sequence[CustomerThread]
    more: bool
    week: int | None
    month: int | None
    capped: bool


def threads(agents: Mapping[str, str | None], now: datetime, *, content: bool) -> Threads:
    """Threads that hold a message, and named ones that hold none yet. Three queries."""
    asked = {"agents": list(agents), "counted": MOST_COUNTED, "most": MOST_THREADS + 1}
    known = catalogue.current()
    if not agents or not known.has_column("messages", "agent_id"):
        return Threads([], more=False, week=None, month=None, capped=False)
    default = [row for row in _asked(_DEFAULT, asked) if row["messages"]]
    named = _asked(_named(content=content), asked) if known.has_table("conversations") else []
    shown = [*default, *named[:MOST_THREADS]]
    found = [CustomerThread(agent_name=agents.get(row["agent_id"]), **row) for row in shown]
    found.sort(
        key=lambda one: (one.last_activity is not None, str(one.last_activity)), reverse=True
    )
    week, month, capped = _lately(asked, now)
    return Threads(found, len(named) > MOST_THREADS, week, month, capped)


def _named(*, content: bool) -> str:
    return _NAMED.format(
        title=column("conversations", "summary", alias="c") if content else "NULL::text",
        live=live("conversations", alias="c"),
        created=column("conversations", "created_at", alias="c"),
    )


def _asked(threads: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    known = catalogue.current()
    parted = known.has_column("messages", "conversation_id")
    ordered = known.has_column("messages", "sequence_id")
    sql = _THREADS.format(
        threads=threads,
        created=column("messages", "created_at", alias="m"),
        # `IS NOT DISTINCT FROM` uses no index, so the two kinds of thread are spelled out.
        same=_same(threads) if parted else "true",
        live=live("messages", alias="m"),
        order="m.sequence_id DESC" if ordered else "m.created_at DESC, m.id DESC",
    )
    return access.dict_rows(sql, asked)


def _same(threads: str) -> str:
    if threads == _DEFAULT:
        return "m.conversation_id IS NULL"
    return "m.conversation_id = t.conversation_id"


def _lately(asked: Mapping[str, Any], now: datetime) -> tuple[int | None, int | None, bool]:
    """Messages of the last 7 and 30 days, up to 500 of each agent; None where no index tells."""
    if not catalogue.current().has_index("messages", "agent_id", "created_at"):
        return None, None, False
    sql = _LATELY.format(live=live("messages", alias="m"))
    ((week, month, capped),) = access.rows(sql, {**asked, "week": now - WEEK, "month": now - MONTH})
    return int(week or 0), int(month or 0), bool(capped)
