"""Steps: one model call and its tool executions each, with tokens and where the time went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from agents_app.letta.catalogue import current
from agents_app.letta.models import Message, Step, StepMetrics
from agents_app.letta.outcomes import is_failed
from agents_app.runs.messages import MessageRow, message_rows
from agents_app.runs.sources import SMALL_TABLE
from agents_app.runs.stored import Stored, head_of, stored
from agents_app.ui.links import link

MOST_STEPS = 200
AROUND_STEP = timedelta(hours=1)

COLUMNS = (
    "id", "agent_id", "run_id", "job_id", "organization_id", "created_at", "updated_at", "status", "stop_reason",
    "error_type", "provider_name", "provider_category", "model", "model_handle", "context_window_limit",
    "prompt_tokens", "completion_tokens", "total_tokens", "cached_input_tokens", "cache_write_tokens",
    "reasoning_tokens", "feedback", "trace_id", "request_id", "origin", "project_id",
)  # fmt: skip


@dataclass(frozen=True)
class Latency:
    """Nanoseconds, as step_metrics keeps them (0.11.1+); None where it is silent."""

    llm_request_ns: int | None
    tool_execution_ns: int | None
    step_ns: int | None

    @property
    def is_known(self) -> bool:
        return self.step_ns is not None or self.llm_request_ns is not None

    @property
    def other_ns(self) -> int | None:
        """What neither the model nor the tools took."""
        if self.step_ns is None:
            return None
        return max(0, self.step_ns - (self.llm_request_ns or 0) - (self.tool_execution_ns or 0))

    def share(self, part_ns: int | None) -> float:
        """0 to 100, for a bar as wide as the step."""
        whole = self.step_ns or (self.llm_request_ns or 0) + (self.tool_execution_ns or 0)
        return round(min(100.0, 100 * (part_ns or 0) / whole), 2) if whole > 0 else 0.0

    @property
    def llm_share(self) -> float:
        return self.share(self.llm_request_ns)

    @property
    def tool_share(self) -> float:
        return min(100 - self.llm_share, self.share(self.tool_execution_ns))


@dataclass(frozen=True)
class StepRow:
    """A row of `steps` with its times; `error` only where it was asked for."""

    row: dict[str, Any]
    latency: Latency
    error: Stored | None

    @property
    def owner_id(self) -> str | None:
        """The run, or before 0.12 the job."""
        found: str | None = self.row["run_id"] or self.row["job_id"]
        return found

    @property
    def failed(self) -> bool:
        return is_failed(self.row["status"], self.row["stop_reason"])

    @property
    def error_message(self) -> str:
        """What `error_data` says in one text; empty where it is of another shape."""
        return self._error_text("message")

    @property
    def error_traceback(self) -> str:
        return self._error_text("traceback")

    def _error_text(self, key: str) -> str:
        value = self.error.value if self.error else None
        found = value.get(key) if isinstance(value, Mapping) else None
        return found if isinstance(found, str) else ""

    @property
    def href(self) -> str:
        return link("runs:step", self.row["id"])

    @property
    def run_href(self) -> str:
        return link("runs:run", self.owner_id)

    @property
    def agent_href(self) -> str:
        return link("agents:agent", self.row["agent_id"])

    @property
    def organization_href(self) -> str:
        return link("agents:organization", self.row["organization_id"])

    @property
    def model_name(self) -> str:
        found, provider = self.row["model_handle"] or self.row["model"], self.row["provider_name"]
        return (
            f"{provider}/{found}"
            if found and provider and "/" not in found
            else found or "unknown model"
        )

    @property
    def cached_words(self) -> str:
        """Of the tokens in, those the provider had cached (0.16.5+)."""
        cached = self.row["cached_input_tokens"]
        return "" if cached is None else f"{cached:,} of them cached"

    @property
    def reasoning_words(self) -> str:
        """Of the tokens out, those spent on reasoning (0.16.5+)."""
        reasoning = self.row["reasoning_tokens"]
        return "" if reasoning is None else f"{reasoning:,} of them reasoning"

    def as_json(self) -> dict[str, Any]:
        """The row by Letta's column names, its metrics, and `error_data` where it was asked for."""
        times = {
            "llm_request_ns": self.latency.llm_request_ns,
            "tool_execution_ns": self.latency.tool_execution_ns,
            "step_ns": self.latency.step_ns,
        }
        return self.row | times | ({"error_data": self.error.as_json()} if self.error else {})


def step(step_id: str, *, with_error: bool) -> StepRow | None:
    """One step by its id."""
    return next(iter(_steps(Step.objects.here().filter(pk=step_id), with_error=with_error)), None)


def agent_of(step_id: str | None) -> str | None:
    """Whose step it is; None where it is gone."""
    found = Step.objects.here().filter(pk=step_id).values_list("agent_id", flat=True)
    return found.first() if step_id else None


def steps_of_run(run_id: str, *, with_error: bool) -> list[StepRow]:
    """Up to 201 steps of a run (0.12+) in order."""
    return _steps(Step.objects.here().filter(run_id=run_id), with_error=with_error)


def steps_of_job(
    job_id: str, message_step_ids: Sequence[str], *, with_error: bool
) -> list[StepRow]:
    """Steps of a run before 0.12: by job_id while the table is small, else those that its messages name."""
    here = current()
    if here.has_column("steps", "job_id") and here.rows.get("steps", 0) <= SMALL_TABLE:
        return _steps(Step.objects.here().filter(job_id=job_id), with_error=with_error)
    return _steps(Step.objects.here().filter(pk__in=message_step_ids), with_error=with_error)


def _steps(queryset: Any, *, with_error: bool) -> list[StepRow]:
    if with_error:
        queryset = queryset.annotate(**head_of("error_data"))
    extra = ("error_data_head", "error_data_characters") if with_error else ()
    rows = list(queryset.order_by("created_at", "pk").values(*COLUMNS, *extra)[: MOST_STEPS + 1])
    times = latencies([row["id"] for row in rows])
    return [_made(row, times.get(row["id"], Latency(None, None, None))) for row in rows]


def _made(row: dict[str, Any], latency: Latency) -> StepRow:
    error = stored(row, "error_data") if "error_data_head" in row else None
    kept = {name: value for name, value in row.items() if not name.startswith("error_data_")}
    return StepRow(kept, latency, None if error is None or error.is_empty else error)


def latencies(step_ids: Sequence[str]) -> dict[str, Latency]:
    """By step id; steps without metrics are absent."""
    columns = ("pk", "llm_request_ns", "tool_execution_ns", "step_ns")
    found = (
        StepMetrics.objects.here().filter(pk__in=step_ids).values_list(*columns) if step_ids else ()
    )
    return {step_id: Latency(*times) for step_id, *times in found}


@dataclass(frozen=True)
class StepMessages:
    """A step's messages; `is_bounded` when no index leads to them, so only an hour around it was read."""

    rows: list[MessageRow]
    is_bounded: bool


def messages_of_step(found: StepRow) -> StepMessages:
    """By the index on step_id (0.14+); before, among the run's, or the agent's of the hour around it."""
    row = found.row
    queryset = Message.objects.here().filter(step_id=row["id"])
    if current().has_index("messages", "step_id"):
        return StepMessages(message_rows(queryset), is_bounded=False)
    if row["run_id"]:
        return StepMessages(message_rows(queryset.filter(run_id=row["run_id"])), is_bounded=False)
    if not row["agent_id"] or not isinstance(row["created_at"], datetime):
        return StepMessages([], is_bounded=True)
    hour = (row["created_at"] - AROUND_STEP, row["created_at"] + AROUND_STEP)
    nearby = queryset.filter(agent_id=row["agent_id"], created_at__range=hour)
    return StepMessages(message_rows(nearby), is_bounded=True)
