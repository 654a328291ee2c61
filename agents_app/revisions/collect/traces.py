"""Prompts that were sent, from provider_traces; reached by step id, sizes asked first."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column
from agents_app.revisions.collect.columns import ready
from agents_app.revisions.evidence import Moment
from agents_app.revisions.prompts import Memory, read_memory
from agents_app.revisions.requests import prompt_of, system_prompt
from agents_app.text.jsontext import repair

HEAD: Final = 400_000
WIDEST: Final = 16_000_000
STEPS_AT_ONCE: Final = 100
STORED_AT_ONCE: Final = 1_000_000
TRACES_AT_ONCE: Final = 20
MOST_SHARED: Final = 500

_SIZES = """
SELECT t.id, t.step_id, pg_column_size(t.request_json) AS stored
  FROM provider_traces t
 WHERE t.step_id = ANY(%(steps)s::text[]) {agent_steps}
"""

_HEADS = """
SELECT t.id, t.step_id, {created_at} AS created_at, {agent} AS agent_id, {run} AS run_id, {call_type} AS call_type,
       left(r.text, %(head)s) AS head, octet_length(r.text) AS size
  FROM provider_traces t
 CROSS JOIN LATERAL (SELECT t.request_json::text || '' AS text OFFSET 0) r
 WHERE t.id = ANY(%(ids)s::text[])
"""

_WHOLE = "SELECT t.request_json::text FROM provider_traces t WHERE t.id = %(id)s"


@dataclass(frozen=True, slots=True)
class Trace:
    """One request with the memory it showed; `agent_id` and `run_id` as the trace says them (0.16.4+)."""

    id: str
    step_id: str | None
    at: Moment
    agent_id: str | None
    run_id: str | None
    memory: Memory


_SHARED: ContextVar[dict[str, list[Trace]] | None] = ContextVar("shared_traces", default=None)


@contextmanager
def shared() -> Iterator[None]:
    """Keeps what traces show of the steps read meanwhile, for several blocks of the same steps."""
    token = _SHARED.set({})
    try:
        yield
    finally:
        _SHARED.reset(token)


def traces_of_steps(step_ids: Sequence[str]) -> Iterator[Trace]:
    """Traces of these steps that show memory, in no order; a few megabytes at a time."""
    if not ready("provider_traces.step_id", "provider_traces.request_json"):
        return
    kept = _SHARED.get()
    if kept is None:
        yield from _read(step_ids)
        return
    missing = [step for step in step_ids if step not in kept]
    found: dict[str, list[Trace]] = {step: [] for step in missing}
    for trace in _read(missing):
        found.setdefault(trace.step_id or "", []).append(trace)
    if len(kept) < MOST_SHARED:
        kept |= found
    for step in step_ids:
        yield from found.get(step, kept.get(step, []))


def _read(step_ids: Sequence[str]) -> Iterator[Trace]:
    for begin in range(0, len(step_ids), STEPS_AT_ONCE):
        sizes = access.rows(
            _SIZES.format(agent_steps=_agent_steps()),
            {"steps": list(step_ids[begin : begin + STEPS_AT_ONCE])},
        )
        for ids in _portions([(found, stored) for found, _, stored in sizes]):
            yield from traces(ids)


def _agent_steps() -> str:
    """Summaries and the like have prompts of their own (0.16.4+)."""
    if not catalogue.current().has_column("provider_traces", "call_type"):
        return ""
    return "AND (t.call_type IS NULL OR t.call_type = 'agent_step')"


def _portions(sizes: list[tuple[str, int | None]]) -> Iterator[list[str]]:
    ids: list[str] = []
    room = STORED_AT_ONCE
    for found, stored in sizes:
        if ids and ((stored or 0) > room or len(ids) == TRACES_AT_ONCE):
            yield ids
            ids, room = [], STORED_AT_ONCE
        ids.append(found)
        room -= stored or 0
    if ids:
        yield ids


def traces(ids: list[str]) -> Iterator[Trace]:
    sql = _HEADS.format(
        agent=column("provider_traces", "agent_id", alias="t"), run=column("provider_traces", "run_id", alias="t"),
        call_type=column("provider_traces", "call_type", alias="t"),
        created_at=column("provider_traces", "created_at", alias="t"),
    )  # fmt: skip
    for row in access.dict_rows(sql, {"ids": ids, "head": HEAD}):
        memory = _memory(row)
        if memory is not None and memory.blocks:
            yield Trace(
                row["id"], row["step_id"], row["created_at"], row["agent_id"], row["run_id"], memory
            )


def _memory(row: dict[str, Any]) -> Memory | None:
    """What the request shows; a long one is read whole only when its beginning does not tell."""
    head: str = row["head"]
    if len(head) < HEAD:
        return _shown(system_prompt(head))
    prompt = system_prompt(head)
    if prompt is None:
        found = repair(head)
        prompt = prompt_of(found.value) if found.usable else None
    memory = _shown(prompt)
    if (memory is None or not memory.whole) and row["size"] <= WIDEST:
        whole = access.rows(_WHOLE, {"id": row["id"]})
        return _shown(system_prompt(whole[0][0])) if whole else None
    return memory


def _shown(prompt: str | None) -> Memory | None:
    return read_memory(prompt) if prompt else None
