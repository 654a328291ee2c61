"""A page of runs: found by index or in windows, then completed with names, steps and tokens."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from agents_app.letta.keyset import Key
from agents_app.letta.links import agent_names
from agents_app.letta.outcomes import is_failed, is_unfinished
from agents_app.runs.filters import Wanted
from agents_app.runs.sources import Row, batches, row_key, sources, whole
from agents_app.runs.totals import agents_of_jobs, run_times_ns, totals_of_jobs, totals_of_runs
from agents_app.text.times import BeyondCalendar
from agents_app.ui.links import link
from agents_app.ui.paging import Cursor

MOST_LOOKED_AT, EXPORTED_AT_ONCE = 200_000, 200
LONGEST_SEARCH_S = 1.5


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One run of the list; `source` is the table it lives in, `key` its place in the list."""

    id: str
    source: str
    agent_id: str | None
    agent_name: str | None
    conversation_id: str | None
    organization_id: str | None
    status: str | None
    stop_reason: str | None
    created_at: datetime | BeyondCalendar | None
    completed_at: datetime | BeyondCalendar | None
    duration_ms: float | None
    steps: int | None
    total_tokens: int | None
    error_type: str | None
    key: Key

    @property
    def href(self) -> str:
        return link("runs:run", self.id)

    @property
    def agent_href(self) -> str:
        return link("agents:agent", self.agent_id)

    @property
    def is_unfinished(self) -> bool:
        return is_unfinished(self.status)

    @property
    def is_failed(self) -> bool:
        return is_failed(self.status, self.stop_reason)


@dataclass(frozen=True)
class Found:
    """Rows in walking order; `reached` is the key looked at last when the search paused before its end."""

    rows: list[RunRow]
    looked_at: int
    reached: Key | None
    reached_at: datetime | BeyondCalendar | None


def find(wanted: Wanted, cursor: Cursor) -> Found:
    """Up to limit + 1 runs beside the cursor; looks at 200,000 rows or for 1.5 s at most."""
    gives_up, count = time.monotonic() + LONGEST_SEARCH_S, cursor.limit + 1
    matches: list[Row] = []
    looked_at = 0
    for source, rows in batches(
        sources(wanted), cursor.key, backwards=cursor.backwards, size=count
    ):
        looked_at += len(rows)
        matches += source.kept(rows)
        if len(matches) >= count:
            break
        if source.keeps and (looked_at >= MOST_LOOKED_AT or time.monotonic() > gives_up):
            return Found(complete(matches), looked_at, source.key(rows[-1]), rows[-1]["created_at"])
    return Found(complete(matches[:count]), looked_at, None, None)


def every(wanted: Wanted) -> Iterator[RunRow]:
    """All runs asked for, newest first; for exports."""
    found = batches(sources(wanted), None, backwards=False, size=EXPORTED_AT_ONCE)
    matches = (row for source, rows in found for row in source.kept(rows))
    while chunk := list(islice(matches, EXPORTED_AT_ONCE)):
        yield from complete(chunk)


def complete(rows: Sequence[Row]) -> list[RunRow]:
    """The rows with agents' names, steps and tokens: six questions at most, however many rows."""
    rows = whole(list(rows))
    run_ids = [row["id"] for row in rows if row["source"] == "runs"]
    job_ids = [row["id"] for row in rows if row["source"] == "jobs"]
    totals = totals_of_runs(run_ids) | totals_of_jobs(job_ids)
    times, owners = run_times_ns(run_ids), agents_of_jobs(job_ids)
    owners |= {row["id"]: row["agent_id"] for row in rows if row["source"] == "runs"}
    names = agent_names(owners.values())
    return [
        _row(row, totals.get(row["id"]), times.get(row["id"]), owners.get(row["id"]), names)
        for row in rows
    ]


def _row(
    row: Row, total: Any, run_ns: int | None, agent_id: str | None, names: dict[str, str | None]
) -> RunRow:
    return RunRow(
        id=row["id"],
        source=row["source"],
        agent_id=agent_id,
        agent_name=names.get(agent_id or ""),
        conversation_id=row.get("conversation_id"),
        organization_id=row["organization_id"],
        status=row["status"],
        stop_reason=row["stop_reason"],
        created_at=row["created_at"],
        completed_at=row["completed_at"],
        duration_ms=duration_ms(row, run_ns),
        steps=total.steps if total else None,
        total_tokens=total.total_tokens if total else None,
        error_type=total.error_type if total else None,
        key=row_key(row),
    )


def duration_ms(row: Row, run_ns: int | None = None) -> float | None:
    """What Letta measured, else the time between the row's stamps."""
    measured = row["total_duration_ns"] or run_ns
    if measured is not None:
        return float(measured) / 1_000_000
    began, ended = row["created_at"], row["completed_at"]
    if isinstance(began, datetime) and isinstance(ended, datetime):
        return (ended - began).total_seconds() * 1_000
    return None
