"""Traces that no index reaches: of deleted agents and of messages that a reset removed.

provider_traces is read once by its primary key, in windows and without bodies; only traces whose
step has no message are opened. Whose they are is said by the trace, by the prompt (0.16.7+) or by
the row in steps; else only by what they show.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Literal

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column
from agents_app.revisions.collect.clock import Clock
from agents_app.revisions.collect.columns import ready
from agents_app.revisions.collect.sights import may_be_stale
from agents_app.revisions.collect.traces import Trace, traces, traces_of_steps
from agents_app.revisions.evidence import Moment, Sight

IDS_AT_ONCE: Final = 1_000
MOST_STEPS: Final = 500
TELLING_LENGTH: Final = 12
BEFORE_SECONDS: Final = 20

_IDS = """
SELECT t.id, t.step_id
  FROM provider_traces t
 WHERE t.id > %(after)s
 ORDER BY t.id LIMIT %(most)s
"""
_WITH_MESSAGES = (
    "SELECT DISTINCT m.step_id FROM messages m WHERE m.step_id = ANY(%(steps)s::text[])"
)
_STEPS = """
SELECT s.id, {agent} AS agent_id, {created_at} AS created_at
  FROM steps s
 WHERE s.id = ANY(%(steps)s::text[])
"""

_RUN_STEPS = """
SELECT s.id, {created_at} AS created_at
  FROM runs r
  JOIN steps s ON s.run_id = r.id
 WHERE r.agent_id = %(agent)s AND r.created_at >= coalesce(%(since)s::timestamptz, '-infinity')
   AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.run_id = r.id)
 ORDER BY r.created_at DESC LIMIT %(most)s
"""
_FOREIGN = """
SELECT t.id FROM provider_traces t WHERE t.id = ANY(%(ids)s::text[]) AND {organization} <> %(organization)s
"""


Searched = Literal["index", "part", "all"]


@dataclass(frozen=True, slots=True)
class Stray:
    """A trace without messages; `at` is when its step began, as well as that is known."""

    trace: Trace
    agent_id: str | None
    at: Moment


@dataclass(slots=True)
class Search:
    """One pass over the table; `reach` turns "all" when it came to the end in time."""

    seconds: float
    reach: Searched = "index"

    def strays(self) -> Iterator[Stray]:
        """In no order; stops when the time is over."""
        ends, after = time.monotonic() + self.seconds, ""
        if (
            not ready("provider_traces.step_id", "provider_traces.request_json", "messages.step_id")
            or not reachable_by_step()
        ):
            return
        self.reach = "part"
        while time.monotonic() < ends:
            rows = window(after)
            if not rows:
                self.reach = "all"
                return
            yield from opened(without_messages(rows))
            after = rows[-1][0]


def window(after: str) -> list[tuple[str, str | None]]:
    """The next thousand traces by primary key, each with its step."""
    return [
        (trace, step) for trace, step in access.rows(_IDS, {"after": after, "most": IDS_AT_ONCE})
    ]


def of_runs(agent_id: str, *, since: datetime | None = None) -> Iterator[Stray]:
    """Traces of an agent's runs that have no messages any more (0.12+), by index: runs, steps, traces."""
    if not ready("runs.agent_id", "runs.created_at", "steps.run_id", "messages.run_id"):
        return
    sql = _RUN_STEPS.format(created_at=column("steps", "created_at", alias="s"))
    rows = access.rows(sql, {"agent": agent_id, "most": MOST_STEPS, "since": since})
    began = dict(rows)
    for trace in traces_of_steps(list(began)):
        yield Stray(trace, agent_id, began.get(trace.step_id or "") or trace.at)


def reachable_by_step() -> bool:
    """Without an index on messages.step_id (before 0.14) the check reads messages: only small tables."""
    known = catalogue.current()
    return known.has_index("messages", "step_id") or known.rows.get("messages", 0) < 200_000


def without_messages(rows: Sequence[tuple[str, str | None]]) -> list[str]:
    """Of these ids of traces with their steps, those whose step has no message."""
    steps = [step for _, step in rows if step]
    known = {step for (step,) in access.rows(_WITH_MESSAGES, {"steps": steps})}
    return [found for found, step in rows if step not in known]


def opened(ids: list[str]) -> Iterator[Stray]:
    """The traces that show memory, a few at a time."""
    if not ready("provider_traces.step_id", "provider_traces.request_json"):
        return
    for begin in range(0, len(ids), 50):
        found = list(traces(ids[begin : begin + 50]))
        rows = _step_rows([trace.step_id for trace in found if trace.step_id])
        for trace in found:
            agent, began = rows.get(trace.step_id or "", (None, None))
            yield Stray(trace, trace.agent_id or trace.memory.agent_id or agent, began or trace.at)


def of_organization(found: Sequence[Stray], organization_id: str | None) -> list[Stray]:
    """Those that are not known to be of another organization, however much a reader sees of it."""
    if not found or organization_id is None:
        return list(found)
    sql = _FOREIGN.format(organization=column("provider_traces", "organization_id", alias="t"))
    asked = {"ids": [one.trace.id for one in found], "organization": organization_id}
    foreign = {trace for (trace,) in access.rows(sql, asked)}
    return [one for one in found if one.trace.id not in foreign]


def _step_rows(step_ids: list[str]) -> dict[str, tuple[str | None, Moment]]:
    if not ready("steps"):
        return {}
    sql = _STEPS.format(
        agent=column("steps", "agent_id", alias="s"),
        created_at=column("steps", "created_at", alias="s"),
    )
    return {step: (agent, at) for step, agent, at in access.rows(sql, {"steps": step_ids})}


def sights(
    found: Sequence[Stray],
    label: str,
    *,
    clock: Clock,
    telling: Collection[int],
    holders: Collection[str],
) -> list[Sight]:
    """Those strays that show this block: sent by one of its holders, or showing values that tell it.

    `telling` are hashes of values by which a prompt gives its block away.
    """
    showing = [stray for stray in found if label in stray.trace.memory.blocks]
    result: list[Sight] = []
    for sender, group in groupby(sorted(showing, key=_sender), key=_sender):
        members = sorted(group, key=lambda stray: str(stray.at))
        shown = {hash(value) for value in _values(members, label) if len(value) >= TELLING_LENGTH}
        if members[0].agent_id in holders or not shown.isdisjoint(telling):
            result += [_sight(stray, label, clock, sender) for stray in members]
    return result


def _values(members: Sequence[Stray], label: str) -> set[str]:
    return {stray.trace.memory.blocks[label].value for stray in members}


def _sender(stray: Stray) -> str:
    """The agent, or for an unknown one the blocks it was shown."""
    if stray.agent_id:
        return stray.agent_id
    return "\n".join(f"{one.label} {one.limit}" for one in stray.trace.memory.blocks.values())


def _sight(stray: Stray, label: str, clock: Clock, sender: str) -> Sight:
    return Sight(
        id=f"trace:{stray.trace.id}", source="trace", value=stray.trace.memory.blocks[label].value,
        stripped=stray.trace.memory.blocks[label].stripped,
        since=clock.place(stray.at, seconds=-BEFORE_SECONDS), place=clock.place(stray.at), at=stray.at,
        agent_id=stray.agent_id, step_id=stray.trace.step_id, run_id=stray.trace.run_id,
        fresh=not may_be_stale(stray.trace), thread=f"{sender} {stray.trace.memory.conversation_id}",
    )  # fmt: skip
