"""What agents did in a range, newest first: steps of runs, else messages by bucket, within a time limit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from agents_app.letta import access
from agents_app.letta.catalogue import current
from agents_app.letta.models import Run, Step, StepMetrics

RUNS_AT_ONCE, MOST_RUNS, MOST_PIECES = 500, 20_000, 100_000
SMALL_TABLE = 200_000  # messages up to which one statement reads the whole range
LEAVES_S = 1.0  # of the request's time with Letta, for what the page asks afterwards
ASSUMED_STEP_S = 2.0  # a step or run that has no measured time
ASSUMED_MESSAGE_S = 1.0  # where only messages tell of the work


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of an agent's work; `start` is epoch seconds. `coarse`: counted from messages, not measured."""

    agent_id: str
    organization_id: str | None
    start: float
    seconds: float
    run_id: str | None = None
    coarse: bool = False


@dataclass
class Found:
    """`since` is how far back it looked; later than asked when the time or the limit was reached.

    `messages_since` is the same for messages without a run, which are read last; None: they were not.
    """

    since: datetime
    messages_since: datetime | None = None
    pieces: list[Work] = field(default_factory=list)
    runs: int = 0
    steps: int = 0
    unmeasured: int = 0
    messages: int = 0
    is_cut: bool = False

    def cut(self, since: datetime) -> None:
        self.is_cut, self.since = True, max(self.since, since)


def work(start: datetime, end: datetime, *, bucket_s: int) -> Found:
    """Runs by (created_at, id), their steps by run_id, metrics by key, then messages without a run."""
    found = Found(since=start)
    for runs in _stretches(start, end, found):
        _add_steps(runs, found)
    if _messages_tell():
        _add_messages(max(start, found.since), end, found, bucket_s=bucket_s)
    found.pieces = [one for one in found.pieces if one.start >= found.since.timestamp()]
    return found


def _messages_tell() -> bool:
    here = current()
    needed = ("agent_id", "organization_id", "role", "created_at")
    return here.has_index("messages", "created_at") and all(
        here.has_column("messages", name) for name in needed
    )


def _has_time() -> bool:
    return access.remaining() > LEAVES_S


def _stretches(start: datetime, end: datetime, found: Found) -> Iterator[list[dict[str, Any]]]:
    """Runs in lots of 500; the last time seen is how far back the work is known."""
    columns = ("id", "agent_id", "organization_id", "created_at", "total_duration_ns")
    within = Run.objects.here().filter(created_at__gte=start, created_at__lt=end)
    older = within
    while True:
        rows = list(older.order_by("-created_at", "-pk").values(*columns)[:RUNS_AT_ONCE])
        found.runs += len(rows)
        yield rows
        if len(rows) < RUNS_AT_ONCE:
            return
        last = rows[-1]["created_at"]
        if not _has_time() or found.runs >= MOST_RUNS:
            found.cut(last)
            return
        beyond = Q(created_at__lt=last) | Q(pk__lt=rows[-1]["id"])
        older = within.filter(created_at__lte=last).filter(beyond)


def _add_steps(runs: Sequence[dict[str, Any]], found: Found) -> None:
    by_run: dict[str, list[dict[str, Any]]] = {run["id"]: [] for run in runs}
    columns = ("id", "run_id", "agent_id", "organization_id", "created_at")
    steps = Step.objects.here().filter(run_id__in=list(by_run)).values(*columns)[:MOST_PIECES]
    for step in steps if by_run else ():
        by_run[step["run_id"]].append(step)
    timed = _durations([step["id"] for steps in by_run.values() for step in steps])
    for run in runs:
        found.pieces += _pieces(run, by_run[run["id"]], timed, found)


def _durations(step_ids: list[str]) -> dict[str, float]:
    """Seconds of the steps that were measured (0.11.1+)."""
    metrics = StepMetrics.objects.here().filter(pk__in=step_ids, step_ns__isnull=False)
    return {key: ns / 1e9 for key, ns in metrics.values_list("pk", "step_ns")} if step_ids else {}


def _pieces(
    run: dict[str, Any], steps: list[dict[str, Any]], timed: dict[str, float], found: Found
) -> list[Work]:
    """A run's steps; a run without steps is one piece as long as the run."""
    whole = run["total_duration_ns"]
    if not steps:
        found.unmeasured += whole is None
        seconds = ASSUMED_STEP_S if whole is None else whole / 1e9
        return [_piece(run, run, seconds, coarse=whole is None)]
    found.steps += len(steps)
    found.unmeasured += sum(step["id"] not in timed for step in steps)
    share = ASSUMED_STEP_S if whole is None else whole / 1e9 / len(steps)
    return [
        _piece(run, step, timed.get(step["id"], share), coarse=step["id"] not in timed)
        for step in steps
    ]


def _piece(run: dict[str, Any], row: dict[str, Any], seconds: float, *, coarse: bool) -> Work:
    at = row["created_at"] if isinstance(row["created_at"], datetime) else run["created_at"]
    return Work(
        row["agent_id"] or run["agent_id"],
        row["organization_id"] or run["organization_id"],
        at.timestamp(),
        min(max(seconds, 0.0), 86_400.0),
        run["id"],
        coarse,
    )


_MESSAGES = """
SELECT agent_id, organization_id,
       floor(extract(epoch FROM created_at) / %(bucket)s)::bigint * %(bucket)s AS bucket,
       count(*) AS messages
  FROM messages
 WHERE created_at >= %(start)s AND created_at < %(end)s AND role <> 'system' AND {unlinked}
 GROUP BY 1, 2, 3
 LIMIT %(most)s
"""


def _add_messages(start: datetime, end: datetime, found: Found, *, bucket_s: int) -> None:
    """In windows from the newest, twice as long each, as the index on created_at reads them."""
    unlinked = "run_id IS NULL" if current().has_column("messages", "run_id") else "true"
    statement = _MESSAGES.format(unlinked=unlinked)
    small = current().rows.get("messages", 0) < SMALL_TABLE
    upper, span = end, (end - start) if small else (end - start) / 64
    while upper > start:
        lower = max(start, upper - span)
        found.messages_since = lower
        values = {"bucket": bucket_s, "start": lower, "end": upper, "most": MOST_PIECES}
        for row in access.rows(statement, values):
            _add_bucket(row, found, bucket_s=bucket_s)
        upper, span = lower, span * 2
        if not _has_time():
            return


def _add_bucket(row: tuple[Any, ...], found: Found, *, bucket_s: int) -> None:
    """One agent's messages in one bucket, as if each had taken a second."""
    agent_id, organization_id, bucket, messages = row
    found.messages += messages
    seconds = min(messages * ASSUMED_MESSAGE_S, float(bucket_s))
    found.pieces.append(Work(agent_id, organization_id, float(bucket), seconds, coarse=True))
