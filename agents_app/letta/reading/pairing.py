"""Which return answers which call, within an ordered stretch of one agent's messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents_app.letta.reading.messages import Reading
from agents_app.letta.reading.returns import ToolReturn

GUESSED: Final = "the row names no call; taken from the call before it, as Letta does"

CallKey = tuple[str, int]
"""A message id and the index of a call, or of a return, in it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A return and where it is stored; `note` says how it was joined if not by its id."""

    message_id: str
    tool_return: ToolReturn
    note: str | None = None

    @property
    def key(self) -> CallKey:
        return self.message_id, self.tool_return.index


@dataclass(frozen=True, slots=True)
class Pairing:
    """`answers` by call; `questions` by return, the inverse and the later returns of one call.

    `orphans` are returns without a call in the stretch; `repeats` those of a call that already
    had one; `unanswered` the calls without a return.
    """

    answers: Mapping[CallKey, Answer]
    questions: Mapping[CallKey, CallKey]
    orphans: tuple[Answer, ...] = ()
    repeats: tuple[Answer, ...] = ()
    unanswered: tuple[CallKey, ...] = ()

    def answer(self, message_id: str, index: int) -> Answer | None:
        return self.answers.get((message_id, index))


def pair(readings: Sequence[Reading]) -> Pairing:
    """Join calls and returns by call id, oldest first; the first return after a call wins.

    Where an id is used again, a return belongs to the latest call before it that has none yet.
    Rows of several agents may be mixed: a return never answers another agent's call.
    """
    state = _State()
    for reading in readings:
        for result in reading.returns:
            state.answer(reading, result)
        for call in reading.calls:
            state.ask(reading, call.index, call.id)
    unanswered = tuple(key for key in state.asked if key not in state.answers)
    return Pairing(
        state.answers, state.questions, tuple(state.orphans), tuple(state.repeats), unanswered
    )


@dataclass(slots=True)
class _State:
    asked: list[CallKey] = field(default_factory=list)
    answers: dict[CallKey, Answer] = field(default_factory=dict)
    questions: dict[CallKey, CallKey] = field(default_factory=dict)
    orphans: list[Answer] = field(default_factory=list)
    repeats: list[Answer] = field(default_factory=list)
    by_id: dict[tuple[str | None, str], list[CallKey]] = field(default_factory=dict)
    answered: dict[tuple[str | None, str], CallKey] = field(default_factory=dict)
    last_asking: dict[str | None, list[CallKey]] = field(default_factory=dict)

    def ask(self, reading: Reading, index: int, call_id: str | None) -> None:
        key = (reading.id, index)
        self.asked.append(key)
        if index == 0:
            self.last_asking[reading.agent_id] = []
        self.last_asking.setdefault(reading.agent_id, []).append(key)
        if call_id is not None:
            self.by_id.setdefault((reading.agent_id, call_id), []).append(key)

    def answer(self, reading: Reading, result: ToolReturn) -> None:
        if result.call_id is None:
            return self.answer_by_place(reading, result)
        subject = (reading.agent_id, result.call_id)
        answer = Answer(reading.id, result)
        waiting = self.by_id.get(subject)
        if waiting:
            self.answered[subject] = waiting[-1]
            return self.join(waiting.pop(), answer)
        if subject not in self.answered:
            self.orphans.append(answer)
            return None
        self.questions[answer.key] = self.answered[subject]
        self.repeats.append(answer)
        return None

    def answer_by_place(self, reading: Reading, result: ToolReturn) -> None:
        """Rows of early October 2025 may lack the id: the single call just before is meant."""
        before = self.last_asking.get(reading.agent_id, [])
        if len(before) == 1 and before[0] not in self.answers:
            key = before[0]
            for waiting in self.by_id.values():
                if key in waiting:
                    waiting.remove(key)
                    break
            return self.join(key, Answer(reading.id, result, GUESSED))
        self.orphans.append(Answer(reading.id, result))
        return None

    def join(self, key: CallKey, answer: Answer) -> None:
        self.answers[key] = answer
        self.questions[answer.key] = key
