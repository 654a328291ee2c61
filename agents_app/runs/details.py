"""One run, or one job: its row, what was measured, and the JSON that Letta keeps beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from agents_app.letta import access
from agents_app.letta.catalogue import current
from agents_app.letta.links import agent_names
from agents_app.letta.models import Job, Run, RunMetrics, Tool
from agents_app.letta.outcomes import is_failed, is_unfinished
from agents_app.runs.listing import duration_ms
from agents_app.runs.stored import SHOWN_CHARACTERS, Stored, head_of, stored
from agents_app.runs.totals import agents_of_jobs
from agents_app.text.jsontext import Parsed, pretty
from agents_app.text.masking import trees
from agents_app.ui.links import link

COMMON = (
    "id", "status", "stop_reason", "background", "created_at", "completed_at", "updated_at", "is_deleted",
    "created_by_id", "organization_id", "callback_status_code", "ttft_ns", "total_duration_ns",
)  # fmt: skip
OF_RUNS = (*COMMON, "agent_id", "conversation_id", "project_id")
OF_JOBS = (*COMMON, "job_type", "user_id")
PLAIN_CHARACTERS = 2_000
PLAIN_METADATA = frozenset({"run_type", "job_type", "agent_id", "background"})
"""Keys of `metadata_` that say what was asked for, not what was said."""

# A host is given only where the address has no user name or password in it.
_CALLBACK_HOST = """
SELECT callback_url IS NOT NULL AS is_set,
       CASE WHEN callback_url NOT LIKE '%%@%%'
            THEN substring(callback_url from '^[A-Za-z][A-Za-z0-9+.-]*://([A-Za-z0-9.-]+)(?::[0-9]+)?(?:[/?#]|$)')
       END AS host
  FROM {table} WHERE id = %(id)s
"""


@dataclass(frozen=True)
class Callback:
    """Where the end was to be reported: the host at most, as the address may carry a token."""

    is_set: bool
    host: str | None


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """One row of `runs`, or of `jobs`; `metadata` and `request_config` only where content was asked for."""

    source: str
    row: dict[str, Any]
    agent_id: str | None
    agent_name: str | None
    run_type: str | None
    duration_ms: float | None
    num_steps: int | None
    tools_used: list["ToolUsed"] = field(default_factory=list)
    callback: Callback
    request_config: Stored | None
    metadata: Stored | None

    @property
    def is_run(self) -> bool:
        """A run of either era, rather than a job that embeds a file or sends a batch."""
        return self.source == "runs" or self.row.get("job_type") == "run"

    @property
    def is_failed(self) -> bool:
        return is_failed(self.row["status"], self.row["stop_reason"])

    @property
    def is_unfinished(self) -> bool:
        return is_unfinished(self.row["status"])

    @property
    def agent_href(self) -> str:
        return link("agents:agent", self.agent_id)

    @property
    def conversation_href(self) -> str:
        return link("conversations:conversation", self.row.get("conversation_id"))

    @property
    def transcript_href(self) -> str:
        return self.conversation_href or link("conversations:default_thread", self.agent_id)

    @property
    def organization_href(self) -> str:
        return link("agents:organization", self.row["organization_id"])

    @property
    def user_id(self) -> str | None:
        """The API user who asked."""
        found: str | None = self.row.get("user_id") or self.row["created_by_id"]
        return found

    @property
    def user_href(self) -> str:
        return link("agents:user", self.user_id)

    @property
    def run_href(self) -> str:
        return link("runs:run", self.row["id"])

    @property
    def error_text(self) -> str:
        """What went wrong, in Letta's words; empty where nothing did or content was not asked for."""
        kept = self.kept_metadata
        error = kept.get("error") if isinstance(kept, Mapping) else None
        return (
            error
            if isinstance(error, str)
            else pretty(trees.shown(error), limit=4_000)
            if error
            else ""
        )

    @property
    def holds_content(self) -> bool:
        """Whether `metadata` says more than what was asked for."""
        return self.metadata is not None and bool(self.kept_metadata)

    @property
    def kept_metadata(self) -> Any:
        """`metadata_` without the plain keys: a result, an error, or what could not be parsed."""
        value = self.metadata.value if self.metadata else None
        if not isinstance(value, Mapping):
            return value
        return {key: child for key, child in value.items() if key not in PLAIN_METADATA}

    @property
    def age_s(self) -> float | None:
        began = self.row["created_at"]
        return (datetime.now(UTC) - began).total_seconds() if isinstance(began, datetime) else None


@dataclass(frozen=True)
class ToolUsed:
    id: str
    name: str | None

    @property
    def href(self) -> str:
        return link("agents:tool", self.id)


def run(run_id: str, *, with_content: bool) -> RunFacts | None:
    """A run by id, wherever Letta keeps it; None when there is none."""
    row = _row(Run.objects.here().filter(pk=run_id), OF_RUNS, with_content=with_content)
    if row is None:
        return job(run_id, with_content=with_content, job_type="run")
    measured = (
        RunMetrics.objects.here()
        .filter(pk=run_id)
        .values("run_ns", "num_steps", "tools_used")
        .first()
        or {}
    )
    return _facts("runs", row, row["agent_id"], measured)


def job(job_id: str, *, with_content: bool, job_type: str | None = None) -> RunFacts | None:
    """A job by id, of one type only where `job_type` says so."""
    queryset = Job.objects.here().filter(pk=job_id)
    if job_type and current().has_column("jobs", "job_type"):
        queryset = queryset.filter(job_type=job_type)
    row = _row(queryset, OF_JOBS, with_content=with_content)
    return None if row is None else _facts("jobs", row, agents_of_jobs([job_id]).get(job_id), {})


def _row(queryset: Any, columns: tuple[str, ...], *, with_content: bool) -> dict[str, Any] | None:
    characters = SHOWN_CHARACTERS if with_content else PLAIN_CHARACTERS
    heads = head_of("request_config") | head_of("metadata", characters=characters)
    found: dict[str, Any] | None = queryset.annotate(**heads).values(*columns, *heads).first()
    return found and found | {"with_content": with_content}


def _facts(
    source: str, row: dict[str, Any], agent_id: str | None, measured: Mapping[str, Any]
) -> RunFacts:
    metadata, config = stored(row, "metadata"), stored(row, "request_config")
    with_content = row.pop("with_content")
    plain = metadata.parsed.value if isinstance(metadata.parsed.value, Mapping) else {}
    return RunFacts(
        source=source,
        row={
            name: value
            for name, value in row.items()
            if not name.endswith(("_head", "_characters"))
        },
        agent_id=agent_id,
        agent_name=agent_names([agent_id]).get(agent_id or ""),
        run_type=_text(plain.get("run_type") or plain.get("job_type")),
        duration_ms=duration_ms(row, measured.get("run_ns")),
        num_steps=measured.get("num_steps"),
        tools_used=_tools(measured.get("tools_used")),
        callback=_callback(source, row["id"]),
        request_config=config if with_content and not config.is_empty else None,
        metadata=metadata if with_content and not metadata.is_empty else None,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _tools(parsed: Parsed | None) -> list[ToolUsed]:
    """`run_metrics.tools_used` holds tool ids (0.13+); those of deleted tools stay without a name."""
    value = parsed.value if parsed is not None and parsed.usable else None
    ids = [text for text in value if isinstance(text, str)][:100] if isinstance(value, list) else []
    names = dict(Tool.objects.here().filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [ToolUsed(tool_id, names.get(tool_id)) for tool_id in dict.fromkeys(ids)]


def _callback(table: str, row_id: str) -> Callback:
    if not current().has_column(table, "callback_url"):
        return Callback(is_set=False, host=None)
    found = access.dict_rows(_CALLBACK_HOST.format(table=table), {"id": row_id})
    return Callback(**found[0]) if found else Callback(is_set=False, host=None)
