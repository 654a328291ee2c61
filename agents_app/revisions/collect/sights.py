"""Sights from the prompts that an agent's steps sent, and how old what they show may be.

Up to 0.16.4 a prompt is compiled at the start of each step. From 0.16.5 on the steps of a turn carry
the prompt of the turn's start, and a named conversation's prompt may be older still.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from agents_app.letta import catalogue
from agents_app.revisions.collect.clock import Clock
from agents_app.revisions.collect.rows import Step
from agents_app.revisions.collect.subjects import Holder
from agents_app.revisions.collect.traces import STEPS_AT_ONCE, Trace, traces_of_steps
from agents_app.revisions.evidence import START, Call, Place, Sight
from agents_app.revisions.shown import Shown

STALE_SINCE: Final = (0, 16, 5)
MOST_EDITS: Final = 1_000
APART: Final = 1e-6


def may_be_stale(trace: Trace) -> bool:
    """Whether the release that wrote the trace keeps prompts; rows say it from 0.16.4 on."""
    span = catalogue.current().release_span
    return trace.agent_id is not None and (
        not span.last or tuple(map(int, span.last.split("."))) >= STALE_SINCE
    )


def one_prompt_a_turn() -> bool:
    """Whether the newest release that the database shows is 0.16.5 or later."""
    first = catalogue.current().release_span.first
    return first is not None and tuple(map(int, first.split("."))) >= STALE_SINCE


@dataclass(slots=True)
class Prompts:
    """Turns the traces of one agent's steps, fed oldest first, into sights of one block."""

    holder: Holder
    label_at: Callable[[Place], str]
    clock: Clock
    since: dict[str | None, Place] = field(default_factory=dict)
    previous: dict[str | None, Place] = field(default_factory=dict)
    edits: list[tuple[Place, str | None]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    runs: dict[str | None, str | None] = field(default_factory=dict)
    shown: dict[str | None, tuple[Place, str]] = field(default_factory=dict)

    def sights(self, steps: Sequence[Step]) -> Iterator[Sight]:
        """Oldest first."""
        for begin in range(0, len(steps), STEPS_AT_ONCE):
            portion = [
                step for step in steps[begin : begin + STEPS_AT_ONCE] if step.id not in self.seen
            ]
            self.seen = {
                step.id for step in portion
            }  # a step may lie on both sides of a stretch's end
            asked = [
                step.id
                for step in portion
                if self.holder.sees(step.conversation_id) and self.is_news(step)
            ]
            by_step: dict[str | None, list[Trace]] = {}
            for trace in traces_of_steps(asked):
                by_step.setdefault(trace.step_id, []).append(trace)
            for step in portion:
                yield from self.of_step(step, by_step.get(step.id, []))

    def is_news(self, step: Step) -> bool:
        """Whether the step's prompt can differ from the last: from 0.16.5 on a turn has one prompt."""
        first = self.runs.get(step.conversation_id) != step.run_id
        self.runs[step.conversation_id] = step.run_id
        return first or step.run_id is None or not one_prompt_a_turn()

    def of_step(self, step: Step, found: list[Trace]) -> Iterator[Sight]:
        """A step's rows may be stored long after its prompt was sent, when runs cross each other."""
        for trace in sorted(found, key=lambda trace: trace.id):
            place = self.clock.sent_before(trace.at, step.first - 0.5)
            shown = trace.memory.blocks.get(self.label_at(place))
            if shown is not None:
                late = place < step.first - 0.5
                since = START if late else self.compiled(trace, step, shown.value)
                yield self.sight(trace, step, shown, since=since, place=place)
        thread = step.conversation_id
        self.previous[thread] = max(step.last, self.previous.get(thread, START))

    def compiled(self, trace: Trace, step: Step, value: str) -> Place:
        """After what the step's prompt must have been compiled."""
        thread = step.conversation_id
        if not may_be_stale(trace):
            return self.previous.get(thread, START)
        begins = max(
            self.since.get(thread, START), self.refreshed(step), self.recompiled(thread, value)
        )
        self.since[thread], self.shown[thread] = begins, (step.first - 0.5, value)
        return begins

    def recompiled(self, thread: str | None, value: str) -> Place:
        """The thread's last prompt with another value: this one was compiled after that was sent."""
        place, before = self.shown.get(thread, (START, value))
        return START if before == value else place

    def hear(self, calls: Iterable[Call]) -> None:
        """The agent's calls up to the steps that come next; only where and in which run is kept.

        A call that failed wrote nothing, so no prompt was compiled for it.
        """
        own = [
            (call.place, call.run_id)
            for call in calls
            if call.conversation_id is None and call.status != "error"
        ]
        self.edits = [*self.edits, *own][-MOST_EDITS:]

    def refreshed(self, step: Step) -> Place:
        """The last own edit of an earlier turn: it recompiled the prompt of the default conversation."""
        if step.conversation_id is not None:
            return START
        own = (
            place
            for place, run in reversed(self.edits)
            if place < step.first and run != step.run_id
        )
        return next(own, START)

    def sight(self, trace: Trace, step: Step, shown: Shown, *, since: Place, place: Place) -> Sight:
        return Sight(
            id=f"trace:{trace.id}", source="trace", value=shown.value, since=since, place=place,
            at=trace.at, agent_id=self.holder.agent_id, conversation_id=step.conversation_id,
            step_id=step.id, run_id=step.run_id, fresh=not may_be_stale(trace), stripped=shown.stripped,
            thread=f"{self.holder.agent_id} {step.conversation_id}",
        )  # fmt: skip


def in_time(found: Sequence[Sight]) -> list[Sight]:
    """Sights that only a clock places, in its order: those after the same row lie a little apart."""
    ordered = sorted(found, key=lambda sight: str(sight.at))
    return [
        replace(sight, place=sight.place + number * APART) for number, sight in enumerate(ordered)
    ]
