"""User and system text unwrapped: what a person wrote, and what Letta wrote in their name."""

import re
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta.reading.columns import readable, shape, string_or_none
from agents_app.text.jsontext import parse

SLEEPTIME_AGENTS: Final = frozenset({"sleeptime_agent", "voice_sleeptime_agent"})

_TYPES: Final = frozenset({"user_message", "login", "heartbeat", "system_alert"})
_KNOWN_KEYS: Final = frozenset(
    {"type", "message", "time", "location", "name", "last_login", "reason", "compaction_stats"}
)
_SUMMARY_WORDS: Final = ("prior messages", "summary of the previous")
_AGENT_MESSAGE = re.compile(
    r"\[Incoming message from agent with ID '([^'\n]{1,100})'[^\]]{0,400}\]\s?"
)
_TRANSCRIPT_START: Final = ("user: ", "assistant: ", "system: ", "tool: ")
_SLEEPTIME_REMINDER: Final = "<system-reminder>\nYou are a sleeptime agent"


@dataclass(frozen=True, slots=True)
class Envelope:
    """`kind` is plain, user_message, login, heartbeat, system_alert, summary, system_reminder,
    transcript or agent_message; `text` is what it carries, without the wrapping.

    `reminders` are `<system-reminder>` passages that stood around a person's words. `time_text`
    is in the agent's time zone. `extra` holds keys that no release is known to write.
    """

    kind: str
    text: str
    time_text: str | None = None
    name: str | None = None
    location: str | None = None
    last_login: str | None = None
    sender_agent_id: str | None = None
    stats: dict[str, Any] | None = None
    reminders: tuple[str, ...] = ()
    extra: dict[str, Any] | None = None
    problem: str | None = None


def unwrap(
    text: str, *, role: str, agent_type: str | None = None, group_id: str | None = None
) -> Envelope:
    """Open the text of a role user, system or summary row.

    JSON counts as an envelope only with a known type and a time, for people type JSON as well.
    """
    packed = _packed(text, role=role)
    if packed:
        return packed
    if role == "summary":
        return Envelope("summary", text)
    if role == "system":
        return _from_agent(text) or Envelope("plain", text)
    if _is_transcript(text, agent_type=agent_type, group_id=group_id):
        return Envelope("transcript", text)
    return _around_words(text)


def _packed(text: str, *, role: str) -> Envelope | None:
    if not text.lstrip().startswith("{") or '"time"' not in text:
        return None
    parsed = parse(text)
    fields = parsed.value
    if not isinstance(fields, dict) or not _is_envelope(fields):
        return None
    return _envelope(fields, role=role, problem=parsed.problem)


def _is_envelope(fields: dict[str, Any]) -> bool:
    kind = fields.get("type")
    return isinstance(kind, str) and kind in _TYPES and isinstance(fields.get("time"), str)


def _envelope(fields: dict[str, Any], *, role: str, problem: str | None) -> Envelope:
    message = fields.get("message")
    if fields["type"] in ("user_message", "system_alert") and not isinstance(message, str):
        problem = problem or f"the message is {shape(message)}"
    stats = fields.get("compaction_stats")
    extra = {key: value for key, value in fields.items() if key not in _KNOWN_KEYS}
    if stats is not None and not isinstance(stats, dict):
        extra["compaction_stats"] = stats
    text = readable(message if message is not None else fields.get("reason"))
    return Envelope(
        kind="summary" if _is_summary(fields, text, role=role) else str(fields["type"]),
        text=text,
        time_text=str(fields["time"]),
        name=string_or_none(fields.get("name")),
        location=string_or_none(fields.get("location")),
        last_login=string_or_none(fields.get("last_login")),
        stats=stats if isinstance(stats, dict) else None,
        extra=extra or None,
        problem=problem,
    )


def _is_summary(fields: dict[str, Any], text: str, *, role: str) -> bool:
    if fields["type"] != "system_alert":
        return False
    start = text[:400]
    told = all(words in start for words in _SUMMARY_WORDS)
    return role == "summary" or "compaction_stats" in fields or told


def _from_agent(text: str) -> Envelope | None:
    """A message of another agent: role system, with the sender's id in brackets."""
    found = _AGENT_MESSAGE.match(text)
    if not found:
        return None
    return Envelope("agent_message", text[found.end() :], sender_agent_id=found[1])


def _is_transcript(text: str, *, agent_type: str | None, group_id: str | None) -> bool:
    """What a sleeptime agent is given to work on; before 0.16 without an introduction."""
    if text.startswith(_SLEEPTIME_REMINDER):
        return True
    grouped = group_id is not None and agent_type in SLEEPTIME_AGENTS
    return grouped and text.startswith(_TRANSCRIPT_START)


def _around_words(text: str) -> Envelope:
    """A person's words, apart from the passages that a client has put around them."""
    words, reminders = without_reminders(text)
    if not reminders:
        return Envelope("plain", text)
    if words.strip():
        return Envelope("plain", words.strip("\n"), reminders=tuple(reminders))
    alert = text.lstrip().startswith("<system-alert>")
    return Envelope("system_alert" if alert else "system_reminder", "\n\n".join(reminders))


def without_reminders(text: str) -> tuple[str, list[str]]:
    """`text` without closed system-reminder and system-alert passages, and these; linear."""
    words: list[str] = []
    reminders: list[str] = []
    for tag in ("system-reminder", "system-alert"):
        opening, closing = f"<{tag}>", f"</{tag}>"
        position, words = 0, []
        while (start := text.find(opening, position)) >= 0:
            end = text.find(closing, start)
            if end < 0:
                break
            words.append(text[position:start])
            reminders.append(text[start + len(opening) : end].strip("\n"))
            position = end + len(closing)
        words.append(text[position:])
        text = "".join(words)
    return text, reminders
