"""One row of `messages` as a reader understands it: who speaks, what is said, what is done."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from agents_app.letta.reading.approvals import Answers, Approval, read_answers
from agents_app.letta.reading.calls import SEND_MESSAGE, ToolCall, read_calls
from agents_app.letta.reading.columns import (
    Row,
    bool_column,
    elements,
    json_column,
    readable,
    text_column,
)
from agents_app.letta.reading.envelopes import Envelope, unwrap
from agents_app.letta.reading.parts import REASONING, Part, read_parts
from agents_app.letta.reading.returns import ToolReturn, read_returns
from agents_app.text.masking import trees

Kind = Literal[
    "user",
    "reply",
    "thought",
    "tool",
    "system_prompt",
    "system",
    "summary",
    "approval_request",
    "approval_response",
    "event",
    "agent_message",
    "transcript",
    "unknown",
]

# Agents whose loop is v3: their text is the reply (letta_v1_agent since 0.12, sleeptime_agent
# since 0.14).
V3_AGENTS: Final = frozenset({"letta_v1_agent", "sleeptime_agent"})
TOOL_ROLES: Final = frozenset({"tool", "function"})

_ENVELOPE_KINDS: Final[dict[str, Kind]] = {
    "summary": "summary",
    "login": "event",
    "heartbeat": "event",
    "system_alert": "event",
    "system_reminder": "event",
    "transcript": "transcript",
    "agent_message": "agent_message",
}
_PROMPT_WORDS: Final = ("<memory_blocks>", "<memory_metadata>", "<base_instructions>")
_OLD_PROMPT_WORDS: Final = ("### Core Memory", "### Memory [last modified:", "<memory>")


@dataclass(frozen=True, slots=True)
class Reading:
    """A row, read. `role` is the column; `kind` is how a transcript shows the row.

    `text` is what a user, system, summary or event row says; `reply_texts` what the agent said
    to the user; `thoughts` what it said to itself. `problems` are notes for the reader, in
    stored order. `is_plumbing`: a tool row that only confirms a sent message.
    """

    id: str
    agent_id: str | None
    role: str
    kind: Kind
    parts: tuple[Part, ...] = ()
    text: str = ""
    reply_texts: tuple[str, ...] = ()
    thoughts: tuple[str, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    returns: tuple[ToolReturn, ...] = ()
    approvals: tuple[Approval, ...] = ()
    envelope: Envelope | None = None
    is_err: bool = False
    is_plumbing: bool = False
    problems: tuple[str, ...] = ()

    def search_text(self) -> str:
        """All decoded text of the row, one piece per line; arguments as the reader may see them."""
        return "\n".join(
            piece for piece in (*dict.fromkeys(self._texts()), *self._arguments()) if piece
        )

    def _arguments(self) -> Iterator[str]:
        """Each argument beside its name, which says what is masked in it."""
        for call in self.calls:
            yield from _lines(trees.shown(call.arguments), "")

    def _texts(self) -> Iterator[str]:
        yield self.text
        for part in self.parts:
            yield part.text
            yield part.raw or ""
        for call in self.calls:
            yield from (call.name, call.message or "", call.thoughts or "", call.raw or "")
            yield call.raw_arguments if call.arguments is None or call.problem else ""
        for result in self.returns:
            yield from (result.message, *result.stdout, *result.stderr, result.raw or "")
        for approval in self.approvals:
            yield from (approval.reason or "", approval.raw or "")
        if self.envelope:
            yield from (*self.envelope.reminders, self.envelope.name or "")


def _lines(value: Any, name: str) -> Iterator[str]:
    """Every scalar below `value` behind its key; values are at most 100 levels deep."""
    if isinstance(value, dict):
        for key, child in value.items():
            if isinstance(child, dict | list):
                yield key
            yield from _lines(child, key)
    elif isinstance(value, list):
        for child in value:
            yield from _lines(child, name)
    elif value is not None:
        yield f"{name}: {readable(value)}"


def read_message(
    row: Row,
    *,
    agent_type: str | None,
    prompt_ids: Collection[str] = (),
    cut: Collection[str] = (),
) -> Reading:
    """Read one row of raw column values: json columns as text or None, absent columns missing.

    `agent_type` decides whether text beside a tool call is a reply. `prompt_ids` are the message
    ids known to be system prompts (position 0 of a context window); without them a prompt is
    recognised by its sections. `cut` names the columns of which only a prefix was fetched.
    """
    problems: list[str] = []
    role = text_column(row, "role") or ""
    parts = read_parts(row, problems, cut=cut)
    reading = Reading(
        id=text_column(row, "id") or "",
        agent_id=text_column(row, "agent_id"),
        role=role,
        kind="unknown",
        parts=parts,
        calls=read_calls(row, problems, cut=cut),
        is_err=bool_column(row, "is_err") or False,
    )
    answers = read_answers(row, problems, cut=cut)
    reading = _with_returns(reading, row, answers, problems, cut=cut)
    if role in ("user", "system", "summary"):
        reading = _said(reading, row, agent_type=agent_type, prompt_ids=prompt_ids)
    elif role == "assistant":
        reading = _spoken(reading, agent_type=agent_type)
    elif role == "approval":
        reading = _asked_or_answered(reading)
    elif role in TOOL_ROLES:
        reading = replace(reading, kind="tool", is_plumbing=_only_confirms(reading, row))
    else:
        problems.append("unknown role" if role else "no role")
        reading = replace(reading, text=_joined(parts), thoughts=_thoughts(reading))
    return replace(reading, problems=tuple(dict.fromkeys(problems)))


def _with_returns(
    reading: Reading, row: Row, answers: Answers, problems: list[str], *, cut: Collection[str]
) -> Reading:
    stored = elements(json_column(row, "tool_returns", cut=cut), "tool_returns", problems)
    returns, parts = answers.returns, reading.parts
    if stored or reading.role in TOOL_ROLES:
        call_id = text_column(row, "tool_call_id")
        own, parts = read_returns(stored, reading.parts, call_id=call_id)
        # Indexes go on after those of a client's own results, which no stock row has beside.
        moved = (replace(one, index=one.index + len(returns)) for one in own)
        returns = (*returns, *moved)
    problems.extend(f"tool_returns[{one.index}]: {one.problem}" for one in returns if one.problem)
    return replace(reading, returns=returns, parts=parts, approvals=answers.approvals)


def _said(
    reading: Reading, row: Row, *, agent_type: str | None, prompt_ids: Collection[str]
) -> Reading:
    """A row of role user, system or summary."""
    text = _joined(reading.parts)
    group_id = text_column(row, "group_id")
    envelope = unwrap(text, role=reading.role, agent_type=agent_type, group_id=group_id)
    kind = _ENVELOPE_KINDS.get(envelope.kind)
    if kind is None and reading.role == "system":
        kind = "system_prompt" if _is_prompt(reading.id, text, prompt_ids) else "system"
    thoughts = _thoughts(reading)
    return replace(
        reading, kind=kind or "user", text=envelope.text, envelope=envelope, thoughts=thoughts
    )


def _is_prompt(message_id: str, text: str, prompt_ids: Collection[str]) -> bool:
    if message_id in prompt_ids:
        return True
    if not any(words in text for words in _PROMPT_WORDS):
        return "memory" in text and any(words in text for words in _OLD_PROMPT_WORDS)
    return True


def _spoken(reading: Reading, *, agent_type: str | None) -> Reading:
    """A row of role assistant: which of its texts the user saw.

    A send_message call holds the reply; without one the text parts do, if nothing is called
    beside them or the agent runs the v3 loop; else they are the agent's thoughts.
    """
    sent = tuple(call.message for call in reading.calls if call.message is not None)
    texts = _texts(reading.parts)
    is_reply = not sent and (not reading.calls or agent_type in V3_AGENTS)
    replies = texts if is_reply else sent
    thoughts = _thoughts(reading) if is_reply else _thoughts(reading, among=texts)
    return replace(
        reading, kind=_spoken_kind(reading, replies), reply_texts=replies, thoughts=thoughts
    )


def _spoken_kind(reading: Reading, replies: tuple[str, ...]) -> Kind:
    if replies:
        return "reply"
    if reading.calls:
        return "tool"
    hidden = any(part.kind in REASONING for part in reading.parts)
    return "thought" if hidden else "unknown"


def _asked_or_answered(reading: Reading) -> Reading:
    thoughts = _thoughts(reading, among=_texts(reading.parts))
    kind: Kind = "approval_request" if reading.calls else "approval_response"
    return replace(reading, kind=kind, thoughts=thoughts)


def _texts(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(part.text for part in parts if part.kind == "text" and part.text)


def _joined(parts: tuple[Part, ...]) -> str:
    return "\n\n".join(part.text for part in parts if part.kind == "text")


def _thoughts(reading: Reading, *, among: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Reasoning, the texts `among` which are none the user saw, and thoughts left in arguments."""
    reasoning = [p.text for p in reading.parts if p.kind in REASONING and p.text]
    left_in_arguments = [call.thoughts for call in reading.calls if call.thoughts]
    return (*reasoning, *among, *left_in_arguments)


def _only_confirms(reading: Reading, row: Row) -> bool:
    single = len(reading.returns) == 1 and reading.returns[0].is_empty
    return single and text_column(row, "name") == SEND_MESSAGE
