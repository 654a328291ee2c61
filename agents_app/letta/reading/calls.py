"""Tool calls: the elements of `messages.tool_calls`, arguments decoded as far as they can be."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta.reading.columns import (
    PRETTY_LIMIT,
    Row,
    Unreadable,
    elements,
    json_column,
    readable,
    shape,
    string_or_none,
)
from agents_app.text.jsontext import parse, parse_first, pretty

SEND_MESSAGE: Final = "send_message"
# Tools that search archival memory and files; the names differ by release.
LOOKING_UP: Final = frozenset(
    {"archival_memory_search", "semantic_search_files", "search_files", "grep_files", "grep"}
)
MAX_ENCODINGS: Final = 2
GLUED: Final = "two objects glued together; Letta reads the first"
_THOUGHTS: Final = ("inner_thoughts", "thinking")
_HEARTBEAT: Final = "request_heartbeat"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`arguments` is None where they are no JSON object; `raw_arguments` is the stored string.

    `thoughts` and `heartbeat` are arguments that the loops before v3 added to every tool.
    """

    index: int
    id: str | None
    name: str
    arguments: dict[str, Any] | None
    raw_arguments: str
    problem: str | None = None
    thoughts: str | None = None
    heartbeat: bool | None = None
    raw: str | None = None

    @property
    def message(self) -> str | None:
        """What `send_message` says to the user; None for any other tool."""
        if self.name != SEND_MESSAGE or self.arguments is None:
            return None
        return string_or_none(self.arguments.get("message"))

    @property
    def is_plumbing(self) -> bool:
        """Whether the call is only the way in which the visible reply was sent."""
        return self.message is not None

    @property
    def own_arguments(self) -> dict[str, Any] | None:
        """The arguments that the tool itself declares."""
        if self.arguments is None:
            return None
        added = (*_THOUGHTS, _HEARTBEAT)
        if not any(name in self.arguments for name in added):
            return self.arguments
        return {name: value for name, value in self.arguments.items() if name not in added}

    def arguments_text(self, *, limit: int = PRETTY_LIMIT) -> str:
        """The arguments to read: indented, or the stored string where they are no object."""
        own = self.own_arguments
        if own is not None:
            return pretty(own, limit=limit)
        text = self.raw_arguments
        return text if len(text) <= limit else text[: limit - 1] + "…"


def read_calls(row: Row, problems: list[str], *, cut: Collection[str] = ()) -> tuple[ToolCall, ...]:
    """The calls of a row; notes about their shape are added to `problems`."""
    stored = elements(json_column(row, "tool_calls", cut=cut), "tool_calls", problems)
    calls = tuple(read_call(element, index) for index, element in enumerate(stored))
    problems.extend(f"tool_calls[{call.index}]: {call.problem}" for call in calls if call.problem)
    return calls


def read_call(element: Any, index: int) -> ToolCall:
    """One element of `tool_calls`, whatever it is."""
    function = element.get("function") if isinstance(element, dict) else None
    if not isinstance(function, dict):
        kind = "text that is no JSON" if isinstance(element, Unreadable) else shape(element)
        note = f"unexpected shape, {kind}"
        return ToolCall(index, None, "", None, "", note, raw=readable(element))
    stored = function.get("arguments")
    arguments, problem = read_arguments(stored)
    return ToolCall(
        index=index,
        id=string_or_none(element.get("id")),
        name=readable(function.get("name")),
        arguments=arguments,
        raw_arguments=readable(stored),
        problem=problem,
        thoughts=_thoughts(arguments),
        heartbeat=_heartbeat(arguments),
    )


def read_arguments(stored: Any) -> tuple[dict[str, Any] | None, str | None]:
    """The argument object and a note; the object is None where there is none to be found."""
    if isinstance(stored, dict):
        return stored, "arguments stored as an object, not as a string"
    if not isinstance(stored, str):
        return None, f"arguments are {shape(stored)}"
    if not stored.strip():
        return None, "empty arguments"
    return _decoded(stored)


def _decoded(stored: str) -> tuple[dict[str, Any] | None, str | None]:
    value: Any = str(stored)
    for level in range(MAX_ENCODINGS):
        parsed = parse(value)
        if not parsed.usable:
            return _glued(value, parsed.problem)
        if isinstance(parsed.value, dict):
            return parsed.value, parsed.problem or ("encoded twice" if level else None)
        value = parsed.value
        if not isinstance(value, str):
            return None, f"arguments are {shape(value)}"
    return None, "encoded more than twice"


def _glued(text: str, problem: str | None) -> tuple[dict[str, Any] | None, str | None]:
    first, rest = parse_first(text)
    if first.usable and isinstance(first.value, dict):
        return first.value, GLUED if rest.lstrip().startswith("{") else "followed by other text"
    return None, f"arguments: {problem}"


def _thoughts(arguments: dict[str, Any] | None) -> str | None:
    found = (string_or_none((arguments or {}).get(name)) for name in _THOUGHTS)
    return next((text for text in found if text), None)


def _heartbeat(arguments: dict[str, Any] | None) -> bool | None:
    value = (arguments or {}).get(_HEARTBEAT)
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None
