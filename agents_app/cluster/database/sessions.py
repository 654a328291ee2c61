"""Who is connected to Letta's database, and which queries take long or wait for another."""

from dataclasses import dataclass

from agents_app.letta import access
from agents_app.text.statements import without_values

MOST_GROUPS, MOST_QUERIES, LONGEST_TEXT = 100, 50, 4_000

# Without pg_read_all_stats PostgreSQL gives state, times and backend type of one's own role only.
_SESSIONS = """
SELECT coalesce(a.application_name, '') AS application, a.usename::text AS role, a.state,
       count(*) AS sessions,
       extract(epoch FROM max(clock_timestamp() - a.state_change))::float8 AS longest_s
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = current_database()
   AND coalesce(a.backend_type, 'client backend') = 'client backend'
 GROUP BY 1, 2, 3
 ORDER BY 4 DESC, 1, 2, 3
 LIMIT %(most)s
"""
_QUERIES = """
SELECT a.pid, coalesce(a.application_name, '') AS application, a.usename::text AS role, a.state,
       a.wait_event_type, a.wait_event,
       extract(epoch FROM clock_timestamp() - a.query_start)::float8 AS query_s,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction_s,
       CASE WHEN a.wait_event_type = 'Lock' THEN pg_blocking_pids(a.pid) ELSE '{}'::integer[] END
           AS blocked_by,
       CASE WHEN %(texts)s THEN left(a.query, %(longest)s) END AS text
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.state <> 'idle'
   AND (a.wait_event_type = 'Lock'
        OR clock_timestamp() - a.query_start > interval '1 second' AND a.state = 'active'
        OR clock_timestamp() - a.xact_start > interval '10 seconds')
 ORDER BY a.xact_start, a.pid
 LIMIT %(most)s
"""


@dataclass(frozen=True)
class Sessions:
    """Sessions of one application, role and state; `state` is None where this role may not know it."""

    application: str
    role: str | None
    state: str | None
    sessions: int
    longest_s: float | None

    @property
    def is_own(self) -> bool:
        return self.application.startswith("letta-inspector")


@dataclass(frozen=True)
class RunningQuery:
    """A query that takes over a second, a transaction over ten, or one that waits for a lock.

    `text` is its shape without values, None while nobody asked for it.
    """

    pid: int
    application: str
    role: str | None
    state: str | None
    wait_event_type: str | None
    wait_event: str | None
    query_s: float | None
    transaction_s: float | None
    blocked_by: list[int]
    text: str | None


def sessions() -> list[Sessions]:
    """The most numerous first."""
    return [Sessions(**row) for row in access.dict_rows(_SESSIONS, {"most": MOST_GROUPS})]


def queries(*, texts: bool) -> list[RunningQuery]:
    """The oldest transaction first."""
    asked = {"most": MOST_QUERIES, "texts": texts, "longest": LONGEST_TEXT}
    return [
        RunningQuery(**row | {"text": row["text"] and without_values(row["text"])})
        for row in access.dict_rows(_QUERIES, asked)
    ]
