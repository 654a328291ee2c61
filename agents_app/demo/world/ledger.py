"""The books of execution: runs or jobs, steps, metrics and provider traces."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from agents_app.demo.world.rows import dumps, stamps
from agents_app.demo.world.stage import Stage, Thread
from agents_app.demo.world.traces import Reply, llm_config, request, response

# Stop reasons the PostgreSQL enum of 0.8.16–0.11.6 knew.
_ENUMERATED = (
    "end_turn",
    "error",
    "invalid_tool_call",
    "max_steps",
    "no_tool_call",
    "tool_rule",
    "cancelled",
)
_COMPLETED = ("end_turn", "max_steps", "tool_rule", "requires_approval")


@dataclass(slots=True)
class Request:
    """One request to an agent while it runs; `now` moves on as time is spent."""

    run_id: str | None
    job_id: str | None
    started: datetime
    now: datetime
    kind: str
    prompt: str
    observed: bool
    next_step: str | None
    step_id: str | None = None
    steps: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    first_token: timedelta | None = None

    def spend(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


class Ledger:
    """Writes what Letta records about the work, as far as the release records it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.era = stage.era

    def begin(self, thread: Thread, at: datetime, *, kind: str) -> Request:
        """A new request. Sleeptime groups left no steps in 0.8.17 and 0.11.7."""
        key = self.stage.ids.new("run")
        grouped = thread.agent.group_id is not None
        observed = not (grouped and self.era.since("0.8.17") and not self.era.since("0.13.0"))
        return Request(
            run_id=key if self.era.has_runs else None,
            job_id=None if self.era.has_runs else key,
            started=at,
            now=at,
            kind=kind,
            prompt=thread.prompt,
            observed=observed,
            next_step=self.stage.ids.new("step") if observed else None,
        )

    def belongs(self, request: Request, message_id: str) -> None:
        request.messages.append(message_id)

    def think(
        self,
        request: Request,
        thread: Thread,
        calls: list[tuple[str, str, str]],
        *,
        text: str,
        stop: str | None = None,
        feedback: str | None = None,
    ) -> datetime:
        """One model call: step, metrics, trace. Gives the time the answer was there."""
        latency = self.stage.rng.lognormvariate(0.6, 0.5)
        asked = request.now
        at = request.spend(latency)
        request.first_token = request.first_token or timedelta(seconds=latency / 3)
        request.step_id = request.next_step
        request.tools += [name for _key, name, _arguments in calls]
        if request.step_id is None:
            return at
        prompt = request.prompt if self.era.keeps_prompt_for_turn else thread.prompt
        reply = self._reply(thread, prompt, calls, text)
        self._step(request, thread, reply, at=asked, stop=stop, feedback=feedback)
        self._metrics(request, thread, asked, latency)
        self._trace(request, thread, prompt, reply, at=at)
        request.steps.append(request.step_id)
        request.next_step = self.stage.ids.new("step")
        return at

    def fail(self, request: Request, failure: tuple[str, str, str]) -> None:
        """Mark the time the failed model call took."""
        del failure
        request.spend(self.stage.rng.uniform(1, 30))

    def _reply(
        self, thread: Thread, prompt: str, calls: list[tuple[str, str, str]], text: str
    ) -> Reply:
        said = sum(len(one.text) for one in thread.said)
        return Reply(
            text=text,
            thought=text[:160],
            calls=tuple(calls),
            prompt_tokens=(len(prompt) + said) // 4 + 700,
            completion_tokens=(len(text) + sum(len(call[2]) for call in calls)) // 4 + 20,
        )

    def _step(
        self,
        request: Request,
        thread: Thread,
        reply: Reply,
        *,
        at: datetime,
        stop: str | None,
        feedback: str | None = None,
        failure: tuple[str, str, str] | None = None,
        pending: bool = False,
    ) -> None:
        agent, rng = thread.agent, self.stage.rng
        if stop and self.era.release == "0.8.17" and stop not in _ENUMERATED:
            stop = "error"
        cached = reply.prompt_tokens // 2 if rng.random() < 0.4 else 0
        thinks = agent.model.responses or agent.model.endpoint == "anthropic"
        reasoning = reply.completion_tokens // 3 if thinks else 0
        self.stage.sink.add(
            "steps",
            {
                "id": request.step_id,
                "run_id": request.run_id,
                "job_id": request.job_id,
                "agent_id": agent.id,
                "organization_id": agent.organization.id,
                "provider_name": agent.model.provider,
                "provider_category": "base",
                "model": agent.model.name,
                "model_handle": agent.model.handle,
                "model_endpoint": agent.model.url,
                "context_window_limit": agent.model.context_window,
                "prompt_tokens": reply.prompt_tokens,
                "completion_tokens": reply.completion_tokens,
                "total_tokens": reply.prompt_tokens + reply.completion_tokens,
                "cached_input_tokens": cached,
                "cache_write_tokens": 0,
                "reasoning_tokens": reasoning,
                "prompt_tokens_details": dumps({"cached_tokens": cached}),
                "completion_tokens_details": dumps({"reasoning_tokens": reasoning}),
                "stop_reason": stop,
                "status": "FAILED" if failure else "PENDING" if pending else "SUCCESS",
                "error_type": failure[1] if failure else None,
                "error_data": dumps(_error(failure)) if failure else None,
                "tags": "[]",
                "trace_id": f"{rng.getrandbits(128):032x}",
                "request_id": f"req_{rng.getrandbits(96):024x}" if rng.random() < 0.5 else None,
                "feedback": feedback,
            }
            | stamps(at, user=None, updated=request.now),
        )

    def _metrics(self, request: Request, thread: Thread, asked: datetime, latency: float) -> None:
        thinking = int(latency * 1e9)
        tools = self.stage.rng.randrange(2_000_000, 900_000_000)
        self.stage.sink.add(
            "step_metrics",
            {
                "id": request.step_id,
                "organization_id": thread.agent.organization.id,
                "agent_id": thread.agent.id,
                "run_id": request.run_id,
                "job_id": request.job_id,
                "step_start_ns": _nanoseconds(asked),
                "llm_request_start_ns": _nanoseconds(asked) + 4_000_000,
                "llm_request_ns": thinking,
                "tool_execution_ns": tools,
                "step_ns": thinking + tools + 9_000_000,
            }
            | stamps(request.now, user=None),
        )

    def _trace(
        self, asked: Request, thread: Thread, prompt: str, reply: Reply, *, at: datetime
    ) -> None:
        if not self.era.has_traces:
            return
        agent, stage = thread.agent, self.stage
        tools = [stage.toolbox.schema(name) for name in agent.tools[:6]]
        user = agent.organization.backend
        sent = request(agent.model, prompt, thread.said, tools=tools, user=user)
        got = response(agent.model, reply, key=f"{stage.rng.getrandbits(96):024x}", at=at)
        # Up to 0.11.7 the trace is written after the step's tool ran, later before (measured).
        written = at + timedelta(milliseconds=4 if self.era.has_runs else 950)
        stage.sink.add(
            "provider_traces",
            {
                "id": stage.ids.new("provider_trace"),
                "request_json": dumps(sent),
                "response_json": dumps(got),
                "step_id": asked.step_id,
                "organization_id": agent.organization.id,
                "agent_id": agent.id,
                "agent_tags": dumps(list(agent.tags)),
                "call_type": "agent_step",
                "run_id": asked.run_id,
                "org_id": agent.organization.id,
                "user_id": user,
                "llm_config": dumps(llm_config(agent.model, inner_thoughts=False, parallel=False)),
            }
            | stamps(written, user=user),
        )

    def summarized(self, thread: Thread, summary: str, *, at: datetime) -> None:
        """The trace of the summariser's own model call: no step, no agent prompt."""
        if not self.era.since("0.16.8"):
            return
        agent, stage = thread.agent, self.stage
        prompt = (
            "The following messages are being evicted from the BEGINNING of your context window."
        )
        sent = request(agent.model, prompt, thread.said, tools=[], user=agent.organization.backend)
        reply = Reply(summary, "", (), len(prompt) // 4 + 1800, len(summary) // 4)
        got = response(agent.model, reply, key=f"{stage.rng.getrandbits(96):024x}", at=at)
        stage.sink.add(
            "provider_traces",
            {
                "id": stage.ids.new("provider_trace"),
                "request_json": dumps(sent),
                "response_json": dumps(got),
                "organization_id": agent.organization.id,
                "agent_id": agent.id,
                "agent_tags": dumps(list(agent.tags)),
                "call_type": "summarization",
                "org_id": agent.organization.id,
            }
            | stamps(at, user=agent.organization.backend),
        )

    def end(
        self,
        request: Request,
        thread: Thread,
        *,
        stop: str | None,
        failure: tuple[str, str, str] | None = None,
        unfinished: bool = False,
    ) -> None:
        """Close the books of a request: its run or job, and its metrics."""
        if (failure or (unfinished and self.stage.rng.random() < 0.5)) and request.next_step:
            request.step_id = request.next_step
            empty = Reply("", "", (), len(thread.prompt) // 4 if failure else 0, 0)
            self._step(
                request,
                thread,
                empty,
                at=request.started,
                stop=stop,
                failure=failure,
                pending=unfinished,
            )
            request.steps.append(request.step_id)
        status = (
            "completed" if stop in _COMPLETED else "cancelled" if stop == "cancelled" else "failed"
        )
        if unfinished:
            status = "running" if request.steps else "created"
        if request.run_id:
            self._run(request, thread, status=status, stop=stop, failure=failure)
        else:
            self._job(request, thread, status=status, failure=failure)

    def _run(
        self,
        request: Request,
        thread: Thread,
        *,
        status: str,
        stop: str | None,
        failure: tuple[str, str, str] | None,
    ) -> None:
        agent, over = thread.agent, status not in ("running", "created")
        metadata: dict[str, Any] = {"run_type": request.kind}
        if failure:
            metadata["error"] = failure[2]
        common = {
            "id": request.run_id,
            "agent_id": agent.id,
            "organization_id": agent.organization.id,
        } | stamps(request.started, user=agent.organization.backend, updated=request.now)
        self.stage.sink.add(
            "runs",
            {
                **common,
                "conversation_id": thread.conversation_id,
                "status": status,
                "stop_reason": stop if over else None,
                "completed_at": _naive(request.now) if over else None,
                "background": request.kind.endswith("async"),
                "metadata_": dumps(metadata),
                "request_config": dumps(_CONFIG),
                "callback_url": _CALLBACK if request.kind.endswith("async") else None,
                "ttft_ns": _duration(request.first_token) if over else None,
                "total_duration_ns": _duration(request.now - request.started) if over else None,
            },
        )
        ids = (self.stage.toolbox.id(agent.organization, name) for name in request.tools)
        self.stage.sink.add(
            "run_metrics",
            {
                **common,
                "run_start_ns": _nanoseconds(request.started),
                "run_ns": _duration(request.now - request.started) if over else None,
                "num_steps": len(request.steps) if over else None,
                "tools_used": dumps(sorted({key for key in ids if key})),
            },
        )

    def _job(
        self, request: Request, thread: Thread, *, status: str, failure: tuple[str, str, str] | None
    ) -> None:
        agent, over = thread.agent, status not in ("running", "created")
        user = agent.organization.backend
        metadata = {"job_type": request.kind, "agent_id": agent.id}
        if failure:
            metadata["error"] = failure[2]
        self.stage.sink.add(
            "jobs",
            {
                "id": request.job_id,
                "user_id": user,
                "status": status,
                "job_type": "run",
                "completed_at": _naive(request.now) if over else None,
                "metadata_": dumps(metadata),
                "request_config": dumps(_CONFIG),
                "total_duration_ns": _duration(request.now - request.started) if over else None,
            }
            | stamps(request.started, user=user, updated=request.now),
        )
        for key in request.messages:
            self.stage.sink.add(
                "job_messages",
                {"job_id": request.job_id, "message_id": key} | stamps(request.now, user=None),
            )


_CONFIG = {
    "use_assistant_message": True,
    "assistant_message_tool_name": "send_message",
    "assistant_message_tool_kwarg": "message",
}
_CALLBACK = "https://hooks.fjordlight.example/letta?token=demo-secret-callback-token"


def _error(failure: tuple[str, str, str]) -> dict[str, str]:
    _stop, kind, message = failure
    frames = (
        '  File "letta/agents/letta_agent_v3.py", line 812, in _step\n    raise e\n'
        '  File "letta/llm_api/openai_client.py", line 540, in request_async\n    response = await'
    )
    traceback = f"Traceback (most recent call last):\n{frames}\nletta.errors.{kind}: {message}\n"
    return {"message": message, "traceback": traceback}


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000


def _duration(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds() * 1_000_000) * 1000
