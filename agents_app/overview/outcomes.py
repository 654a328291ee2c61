"""Runs that failed or never ended, read off the newest 5,000 runs by the index on their time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from agents_app.letta.catalogue import current
from agents_app.letta.links import agent_names
from agents_app.letta.models import Job, Run, Step
from agents_app.letta.outcomes import is_failed, is_unfinished
from agents_app.text.times import BeyondCalendar
from agents_app.ui.links import link

NEWEST_RUNS, MOST_ROWS, MOST_EARLIER, MOST_STEPS = 5_000, 8, 5, 500
SMALL_TABLE = 100_000
DAY = timedelta(hours=24)
Moment = datetime | BeyondCalendar | None


@dataclass(frozen=True)
class RunLine:
    """One run in a panel."""

    id: str
    agent_id: str | None
    agent_name: str | None
    status: str | None
    stop_reason: str | None
    error_type: str | None
    created_at: Moment

    @property
    def url(self) -> str:
        return link("runs:run", self.id)

    @property
    def agent_url(self) -> str:
        return link("agents:agent", self.agent_id)


@dataclass(frozen=True)
class Outcomes:
    """`count` of `looked_at` runs, the newest of them in `rows`; `until` is the time of the newest run of all.

    `earlier` are the last ones before, where none of those looked at is of the kind asked for.
    """

    rows: list[RunLine]
    count: int
    looked_at: int
    until: Moment
    error_types: list[tuple[str, int]]
    earlier: list[RunLine]


def failed() -> Outcomes:
    """Failed runs of the last 24 hours in which there were runs: a retired server has none today."""
    newest = _newest()
    until = next(
        (row["created_at"] for row in newest if isinstance(row["created_at"], datetime)), None
    )
    day = [row for row in newest if until and _within(row["created_at"], until)]
    bad = [row for row in newest if is_failed(row["status"], row["stop_reason"])]
    today = [row for row in bad if until and _within(row["created_at"], until)]
    earlier = [] if today else bad[:MOST_EARLIER]
    errors = _error_types([row["id"] for row in today or earlier])
    kinds = Counter(errors.values()).most_common(6) if today else []
    return Outcomes(
        _lines(today, errors), len(today), len(day), until, kinds, _lines(earlier, errors)
    )


def _within(moment: Moment, until: datetime) -> bool:
    return isinstance(moment, datetime) and until - moment <= DAY


def unfinished() -> Outcomes:
    """Runs still at created, running or pending among the newest 5,000."""
    newest = _newest()
    open_ones = [row for row in newest if is_unfinished(row["status"])]
    until = newest[0]["created_at"] if newest else None
    return Outcomes(_lines(open_ones, {}), len(open_ones), len(newest), until, [], [])


def _newest() -> list[dict[str, Any]]:
    """Of `runs` (0.12+); where it is empty or absent, of the jobs that runs were before."""
    here = current()
    columns = ("id", "status", "stop_reason", "created_at")
    order = F("created_at").desc(), F("pk").desc()
    runs = Run.objects.here().order_by(*order).values(*columns, "agent_id")[:NEWEST_RUNS]
    if found := list(runs):
        return found
    if not here.has_index("jobs", "created_at", "id") and here.rows.get("jobs", 0) > SMALL_TABLE:
        return []
    jobs = Job.objects.here().filter(job_type="run").order_by(*order).values(*columns)
    return [row | {"agent_id": None} for row in jobs[:NEWEST_RUNS]]


def _error_types(run_ids: list[str]) -> dict[str, str]:
    """One error type for each failed run whose steps name one (0.12+)."""
    steps = Step.objects.here().filter(run_id__in=run_ids[:MOST_STEPS], error_type__isnull=False)
    return dict(steps.values_list("run_id", "error_type")[:MOST_STEPS]) if run_ids else {}


def _lines(rows: Iterable[dict[str, Any]], errors: dict[str, str]) -> list[RunLine]:
    shown = list(rows)[:MOST_ROWS]
    names = agent_names(row["agent_id"] for row in shown)
    return [
        RunLine(
            row["id"],
            row["agent_id"],
            names.get(row["agent_id"] or ""),
            row["status"],
            row["stop_reason"],
            errors.get(row["id"]),
            row["created_at"],
        )
        for row in shown
    ]
