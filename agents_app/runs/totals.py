"""What hangs on many runs at once: their steps' sums, measured times, and agents."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Sum

from agents_app.letta.catalogue import current
from agents_app.letta.models import Job, JobMessage, Message, RunMetrics, Step
from agents_app.runs.sources import SMALL_TABLE, agent_in_metadata

MOST_JOB_MESSAGES = 5_000


@dataclass(frozen=True)
class Total:
    """Of one run's steps; `error_type` is one of them where several failed."""

    steps: int
    total_tokens: int | None
    error_type: str | None


def totals_of_runs(run_ids: Sequence[str]) -> dict[str, Total]:
    """By run id, through the index on steps.run_id (0.12+)."""
    return _summed("run_id", run_ids) if run_ids else {}


def totals_of_jobs(job_ids: Sequence[str]) -> dict[str, Total]:
    """By job id (before 0.12); steps.job_id has no index, so only while the table is small."""
    here = current()
    if (
        not job_ids
        or not here.has_column("steps", "job_id")
        or here.rows.get("steps", 0) > SMALL_TABLE
    ):
        return {}
    return _summed("job_id", job_ids)


def _summed(column: str, ids: Sequence[str]) -> dict[str, Total]:
    summed = Step.objects.here().filter(**{f"{column}__in": ids}).values_list(column)
    found = summed.annotate(Count("pk"), Sum("total_tokens"), Max("error_type")).order_by()
    return {owner: Total(steps, _whole(tokens), error) for owner, steps, tokens, error in found}


def _whole(number: object) -> int | None:
    """PostgreSQL sums bigint as numeric, which arrives as Decimal."""
    return None if number is None else int(number)  # type: ignore[call-overload]


def run_times_ns(run_ids: Sequence[str]) -> dict[str, int]:
    """What run_metrics measured, in nanoseconds; runs without are absent."""
    found = (
        RunMetrics.objects.here().filter(pk__in=run_ids).values_list("pk", "run_ns")
        if run_ids
        else ()
    )
    return {run_id: run_ns for run_id, run_ns in found if run_ns is not None}


def agents_of_jobs(job_ids: Sequence[str]) -> dict[str, str]:
    """The agent of each job, from its metadata or, where that is silent, from one of its messages."""
    if not job_ids:
        return {}
    named = Job.objects.here().filter(pk__in=job_ids).values_list("pk", agent_in_metadata())
    found = {job_id: agent_id for job_id, agent_id in named if agent_id}
    silent = [job_id for job_id in job_ids if job_id not in found]
    return found | _agents_by_messages(silent)


def _agents_by_messages(job_ids: Sequence[str]) -> dict[str, str]:
    links = list(JobMessage.objects.here().filter(job_id__in=job_ids).values_list("message_id", "job_id")[
        :MOST_JOB_MESSAGES
    ]) if job_ids else []  # fmt: skip
    one_each = {job_id: message_id for message_id, job_id in links}
    if not one_each:
        return {}
    owners = dict(
        Message.objects.here().filter(pk__in=one_each.values()).values_list("pk", "agent_id")
    )
    return {
        job_id: owners[message_id]
        for job_id, message_id in one_each.items()
        if message_id in owners
    }
