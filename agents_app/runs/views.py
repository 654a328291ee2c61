"""Pages of runs, steps and jobs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.runs import details, messages, steps, traces
from agents_app.runs.filters import RunFilter, RunPageForm, StepPageForm, TraceForm, cleaned
from agents_app.runs.listing import every, find
from agents_app.runs.shown import FIELDS, job_json, looked_at, run_json, step_json, unlisted_jobs
from agents_app.ui.downloads import masked_name, masked_pieces
from agents_app.ui.http import Request, render_page
from agents_app.ui.listing import Listing, render_listing
from agents_app.ui.paging import make_page, read_cursor


@require_safe
@requires(Right.METADATA)
def run_list(request: Request) -> HttpResponseBase:
    """Runs of both eras, newest first."""
    form, cursor = RunFilter(request.GET), read_cursor(request)
    wanted = form.wanted()
    found = find(wanted, cursor)
    page = make_page(
        request,
        cursor,
        found.rows,
        key=lambda row: row.key,
        note=looked_at(found),
        reached=found.reached,
    )
    listing = Listing("runs", page, FIELDS, lambda: every(wanted))
    context = {"form": form, "found": found, "unlisted_jobs": unlisted_jobs()}
    return render_listing(request, "runs/list.html", listing, context=context)


@require_safe
@requires(Right.METADATA, about="run_id")
def run(request: Request, run_id: str) -> HttpResponse:
    """One run with its steps and messages; what Letta kept of its result or error needs the right to content."""
    found = details.run(run_id, with_content=may(request, Right.CONTENT))
    if found is None:
        raise Http404
    asked = cleaned(RunPageForm(request.GET))
    rows = _messages(
        found, above=asked.get("above"), with_deleted=asked.get("deleted") == "include"
    )
    listed = _steps(request, found, rows)
    _record_run(request, found, listed)
    context = {
        "run": found,
        "steps": listed[: steps.MOST_STEPS],
        "more_steps": len(listed) > steps.MOST_STEPS,
        "messages_shown": rows[: messages.MOST_MESSAGES],
        "more_messages": len(rows) > messages.MOST_MESSAGES,
        "with_deleted": asked.get("deleted") == "include",
    }
    return render_page(
        request, "runs/run.html", context, fragments=["messages"], data=lambda: run_json(context)
    )


def _messages(
    found: details.RunFacts, *, above: int | None, with_deleted: bool
) -> list[messages.MessageRow]:
    if found.source == "runs":
        return messages.messages_of_run(found.row["id"], above=above, with_deleted=with_deleted)
    return messages.messages_of_job(found.row["id"], with_deleted=with_deleted)


def _steps(
    request: Request, found: details.RunFacts, rows: list[messages.MessageRow]
) -> list[steps.StepRow]:
    with_error = may(request, Right.CONTENT) or may(request, Right.PROMPT)
    if found.source == "runs":
        return steps.steps_of_run(found.row["id"], with_error=with_error)
    named = sorted({row.step_id for row in rows if row.step_id})
    return steps.steps_of_job(found.row["id"], named, with_error=with_error)


def _record_run(request: Request, found: details.RunFacts, listed: list[steps.StepRow]) -> None:
    """Results and errors quote what was said, so showing them goes on record."""
    organization_id, agent_id = found.row["organization_id"], found.agent_id
    if found.holds_content and may(request, Right.CONTENT):
        record(
            request,
            "run.read",
            kind=found.source[:-1],
            ids=[found.row["id"]],
            organization_id=organization_id,
            agent_id=agent_id,
            about=[found.row.get("conversation_id")],
        )
    if failed := [one.row["id"] for one in listed if one.error]:
        record(
            request, "run.read", kind="step", ids=failed,
            organization_id=organization_id, agent_id=agent_id,
        )  # fmt: skip


@require_safe
@requires(Right.METADATA, about="step_id")
def step(request: Request, step_id: str) -> HttpResponse:
    """One model call; its raw request and response only when asked for, and with the right to prompts."""
    asked = cleaned(StepPageForm(request.GET))
    if asked.get("trace") and not may(request, Right.PROMPT):
        raise PermissionDenied(
            "Raw model requests need the right to see prompts; your role does not include it."
        )
    found = steps.step(
        step_id, with_error=may(request, Right.CONTENT) or may(request, Right.PROMPT)
    )
    if found is None:
        raise Http404
    opened = _opened(request, step_id, asked.get("trace"), agent_id=found.row["agent_id"])
    if found.error:
        record(
            request,
            "step.read",
            kind="step",
            ids=[step_id],
            organization_id=found.row["organization_id"],
            agent_id=found.row["agent_id"],
        )
    context: dict[str, Any] = {
        "step": found,
        "step_messages": steps.messages_of_step(found),
        "traces": traces.traces(step_id),
        "opened": opened,
    }
    return render_page(
        request, "runs/step.html", context, fragments=["trace"], data=lambda: step_json(context)
    )


def _opened(
    request: Request, step_id: str, trace_id: str | None, *, agent_id: str | None
) -> traces.Trace | None:
    """The trace asked for, on record before it is shown."""
    found = traces.trace(trace_id) if trace_id else None
    if found is not None and found.step_id == step_id:
        _record_trace(request, found, agent_id=agent_id)
        return found
    if trace_id:
        raise Http404
    return None


def _record_trace(request: Request, found: traces.Trace, *, agent_id: str | None) -> None:
    record(
        request,
        "trace.read",
        kind="provider_trace",
        ids=[found.id],
        organization_id=found.organization_id,
        agent_id=agent_id,
        about=[found.step_id],
    )


@require_safe
@requires(Right.METADATA, Right.PROMPT, about="trace_id")
def trace(request: Request, trace_id: str) -> HttpResponse | StreamingHttpResponse:
    """One raw model request by itself: its step may be gone; `?download=` streams a body whole."""
    part = cleaned(TraceForm(request.GET)).get("download")
    if part:
        return _download(request, trace_id, part)
    found = traces.trace(trace_id)
    if found is None:
        raise Http404
    _record_trace(request, found, agent_id=steps.agent_of(found.step_id))
    return render_page(request, "runs/trace.html", {"opened": found}, data=found.as_json)


def _download(request: Request, trace_id: str, part: str) -> StreamingHttpResponse:
    """One body as stored; recorded as an export."""
    owner = traces.owner(trace_id)
    if owner is None:
        raise Http404
    record(
        request,
        "trace.export",
        kind="provider_trace",
        ids=[trace_id],
        organization_id=owner.organization_id,
        agent_id=steps.agent_of(owner.step_id),
        about=[owner.step_id],
    )
    response = StreamingHttpResponse(
        masked_pieces(traces.pieces(trace_id, part)), content_type="application/json"
    )
    name = masked_name(f"{trace_id}-{part}")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@require_safe
@requires(Right.METADATA, about="job_id")
def job(request: Request, job_id: str) -> HttpResponse:
    """A job: a file being embedded, a batch, or a run from before 0.12."""
    found = details.job(job_id, with_content=may(request, Right.CONTENT))
    if found is None:
        raise Http404
    rows = messages.messages_of_job(job_id, with_deleted=True)
    if found.holds_content and may(request, Right.CONTENT):
        record(
            request,
            "job.read",
            kind="job",
            ids=[job_id],
            organization_id=found.row["organization_id"],
            agent_id=found.agent_id,
        )
    context = {
        "run": found,
        "messages_shown": rows[: messages.MOST_MESSAGES],
        "more_messages": len(rows) > messages.MOST_MESSAGES,
    }
    return render_page(request, "runs/job.html", context, data=lambda: job_json(context))
