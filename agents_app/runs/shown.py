"""What the pages of runs say beside the rows, and the names their JSON and CSV have."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from agents_app.letta.catalogue import current
from agents_app.letta.estimates import estimate
from agents_app.runs.details import RunFacts
from agents_app.runs.listing import Found, RunRow
from agents_app.runs.sources import lists_jobs
from agents_app.runs.steps import StepRow
from agents_app.text.times import BeyondCalendar
from agents_app.ui.jsonout import utc_iso
from agents_app.ui.listing import Fields

FIELDS: Fields[RunRow] = {
    name: lambda row, name=name: getattr(row, name)  # type: ignore[misc]
    for name in (
        "id", "source", "agent_id", "agent_name", "conversation_id", "organization_id", "status",
        "stop_reason",
        "created_at", "completed_at", "duration_ms", "steps", "total_tokens", "error_type",
        "is_failed", "is_unfinished",
    )
}  # fmt: skip


def looked_at(found: Found) -> str:
    """How far a search went that paused: nothing is implied about what lies beyond."""
    if found.reached is None:
        return ""
    return f"Looked at {found.looked_at:,} runs, as far as {_point(found.reached_at)}."


def _point(moment: datetime | BeyondCalendar | None) -> str:
    if moment is None:
        return "runs without a time"
    if isinstance(moment, BeyondCalendar):
        return str(moment)
    return f"{utc_iso(moment)[:16].replace('T', ' ')} UTC"


@dataclass(frozen=True)
class UnlistedJobs:
    """Jobs among which runs of before 0.12 are; `about` how many, None where nobody may say."""

    about: int | None


def unlisted_jobs() -> UnlistedJobs | None:
    """Where runs of before 0.12 cannot be listed; None where they can."""
    hides = current().has_table("jobs") and not lists_jobs()
    return UnlistedJobs(estimate("jobs")) if hides else None


def run_json(context: Mapping[str, Any]) -> dict[str, Any]:
    """A run by Letta's column names; `metadata` is null without the right to content."""
    run: RunFacts = context["run"]
    return _facts_json(run) | {
        "steps": [step.as_json() for step in context["steps"]],
        "more_steps": context["more_steps"],
        **_messages_json(context),
    }


def job_json(context: Mapping[str, Any]) -> dict[str, Any]:
    """A job and, before 0.12, its messages."""
    return _facts_json(context["run"]) | _messages_json(context)


def _facts_json(run: RunFacts) -> dict[str, Any]:
    return run.row | {
        "source": run.source,
        "run_type": run.run_type,
        "agent_id": run.agent_id,
        "agent_name": run.agent_name,
        "duration_ms": run.duration_ms,
        "num_steps": run.num_steps,
        "is_failed": run.is_failed,
        "is_unfinished": run.is_unfinished,
        "tools_used": [asdict(tool) for tool in run.tools_used],
        "callback": asdict(run.callback),
        "request_config": run.request_config and run.request_config.as_json(),
        "metadata": run.metadata and run.metadata.as_json(),
    }


def _messages_json(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "messages": [asdict(row) for row in context["messages_shown"]],
        "more_messages": context["more_messages"],
    }


def step_json(context: Mapping[str, Any]) -> dict[str, Any]:
    """A step by Letta's column names, its messages and traces; `trace` is the one asked for."""
    step: StepRow = context["step"]
    found = context["step_messages"]
    return step.as_json() | {
        "messages": [asdict(row) for row in found.rows],
        "messages_looked_for_within_an_hour": found.is_bounded,
        "traces": [asdict(trace) for trace in context["traces"]],
        "trace": context["opened"] and context["opened"].as_json(),
    }
