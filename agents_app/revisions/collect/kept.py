"""Calls in responses that runs and jobs keep, where the rows of the messages are gone.

Runs are reached by the index on agent_id. Jobs have none but on user_id: they are read where the
table is small, and the job or its steps say whose they were.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column
from agents_app.revisions.collect.calls import joined
from agents_app.revisions.collect.columns import ready
from agents_app.revisions.evidence import Call
from agents_app.revisions.results import rows_of_result
from agents_app.text.jsontext import parse

MOST_RESULTS: Final = 300
FEW_JOBS: Final = 20_000
WIDEST_BYTES: Final = 4_000_000

_RUNS = """
WITH gone AS MATERIALIZED (
     SELECT r.id, {conversation} AS conversation_id
       FROM runs r
      WHERE r.agent_id = %(agent)s AND r.created_at >= coalesce(%(since)s::timestamptz, '-infinity')
        AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.run_id = r.id)
      ORDER BY r.created_at DESC LIMIT %(most)s)
SELECT g.conversation_id, r.metadata_::text
  FROM gone g JOIN runs r ON r.id = g.id
 WHERE octet_length(r.metadata_::text) <= %(widest)s AND strpos(r.metadata_::text, '"result"') > 0
 ORDER BY r.created_at DESC
"""
_JOBS = """
SELECT j.metadata_::text
  FROM jobs j
 WHERE j.created_at >= coalesce(%(since)s::timestamptz, '-infinity')
   AND octet_length(j.metadata_::text) <= %(widest)s AND strpos(j.metadata_::text, '"result"') > 0
 ORDER BY j.created_at DESC LIMIT %(most)s
"""
_STORED = "SELECT m.id FROM messages m WHERE m.id = ANY(%(ids)s::text[])"
_OWNERS = "SELECT s.id, s.agent_id FROM steps s WHERE s.id = ANY(%(steps)s::text[])"

Rows = list[dict[str, Any]]


def kept_calls(
    agents: Sequence[str], names: Collection[str], *, since: datetime | None = None
) -> list[Call]:
    """Calls of these agents whose rows are gone, in their order; their places are still to be found."""
    found: list[Call] = []
    for agent, rows in [*_of_runs(agents, since), *_of_jobs(agents, since)]:
        gone = _gone(rows)
        if gone:
            found += _calls(agent, gone, names)
    return sorted(found, key=lambda call: str(call.at))


def _of_runs(agents: Sequence[str], since: datetime | None) -> Iterator[tuple[str, Rows]]:
    if not ready("runs.agent_id", "runs.created_at", "runs.metadata_", "messages.run_id"):
        return
    sql = _RUNS.format(conversation=column("runs", "conversation_id", alias="r"))
    for agent in agents:
        asked = {"agent": agent, "since": since, "most": MOST_RESULTS, "widest": WIDEST_BYTES}
        for conversation, text in reversed(access.rows(sql, asked)):
            rows = rows_of_result(parse(text).value)
            yield agent, [row | {"conversation_id": conversation} for row in rows]


def _of_jobs(agents: Sequence[str], since: datetime | None) -> Iterator[tuple[str, Rows]]:
    """Before 0.12 runs were jobs."""
    if (
        not ready("jobs.metadata_", "jobs.created_at")
        or catalogue.current().rows.get("jobs", 0) > FEW_JOBS
    ):
        return
    asked = {"since": since, "most": MOST_RESULTS, "widest": WIDEST_BYTES}
    for (text,) in reversed(access.rows(_JOBS, asked)):
        metadata = parse(text).value
        rows = rows_of_result(metadata)
        owner = _owner(metadata, rows)
        if owner is not None and owner in agents:
            yield owner, [row | {"conversation_id": None} for row in rows]


def _owner(metadata: Any, rows: Rows) -> str | None:
    said = metadata.get("agent_id") if isinstance(metadata, dict) else None
    steps = sorted({row["step_id"] for row in rows if isinstance(row["step_id"], str)})
    if isinstance(said, str) or not steps or not ready("steps.agent_id"):
        return said if isinstance(said, str) else None
    owners: Mapping[str, str] = dict(access.rows(_OWNERS, {"steps": steps}))
    return next(iter(owners.values()), None)


def _gone(rows: Rows) -> Rows:
    """The rows that are not stored any more, numbered in their order."""
    ids = [row["id"] for row in rows]
    stored = {found for (found,) in access.rows(_STORED, {"ids": ids})} if ids else set()
    left = [row for row in rows if row["id"] not in stored]
    return [row | {"place": number} for number, row in enumerate(left)]


def _calls(agent: str, rows: Rows, names: Collection[str]) -> list[Call]:
    owned = [row | {"agent_id": agent} for row in rows]
    calls, _ = joined(owned, [], names)
    return [replace(call, at=call.at or rows[0]["created_at"]) for call in calls]
