"""Tool returns: `messages.tool_returns` together with the packed body in `content`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from agents_app.letta.reading.columns import (
    PRETTY_LIMIT,
    readable,
    shape,
    short,
    string_or_none,
)
from agents_app.letta.reading.parts import Image, Part, read_image
from agents_app.text.jsontext import Verbatim, parse, pretty

_STATUSES: Final = {"success": "success", "error": "error", "OK": "success", "Failed": "error"}
_TRUNCATED = re.compile(
    r"\[NOTE: function output was truncated since it exceeded the character limit "
    r"\((\d{1,18}) > (\d{1,18})\)\]",
    re.ASCII,
)
_NOTE_LENGTH: Final = 200
# What send_message returns: Python's None as text, or the sentence of later releases.
_EMPTY_MESSAGES: Final = frozenset({"", "None", "Sent message successfully."})


@dataclass(frozen=True, slots=True)
class Truncation:
    """Lengths in characters of what was kept and of the whole return."""

    shown: int
    full: int


@dataclass(frozen=True, slots=True)
class ToolReturn:
    """`status` is "success", "error" or "unknown"; `message` is what the tool gave back.

    `call_id` is None where the row does not say which call it answers; `time_text` is in the
    agent's time zone. `is_empty` means that a tool which has nothing to say said so.
    """

    index: int
    call_id: str | None
    status: str
    message: str
    time_text: str | None = None
    stdout: tuple[str, ...] = ()
    stderr: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    truncated: Truncation | None = None
    raw: str | None = None
    problem: str | None = None

    @property
    def is_empty(self) -> bool:
        return self.status == "success" and self.message in _EMPTY_MESSAGES and not self.images


@dataclass(frozen=True, slots=True)
class Body:
    """The packed text of a return, opened: `status` as packed, `message` as text."""

    message: str
    status: str | None = None
    time_text: str | None = None
    images: tuple[Image, ...] = ()
    problem: str | None = None


def read_returns(
    stored: Sequence[Any], parts: Sequence[Part], *, call_id: str | None
) -> tuple[tuple[ToolReturn, ...], tuple[Part, ...]]:
    """The returns of a role tool row, and its parts with those used for a return marked.

    Elements written by 0.6.37 to 0.11.7 have neither id nor body, and older rows no elements at
    all: then `call_id` (the column) and the text parts, in order, say what is missing.
    """
    texts = [part for part in parts if part.kind == "text"]
    count = max(len(stored), min(len(texts), 1))
    returns: list[ToolReturn] = []
    used: set[int] = set()
    for index in range(count):
        text = texts[index] if index < len(texts) else None
        element = stored[index] if index < len(stored) else {}
        found = read_return(element, index, body=text.text if text else None)
        if text is not None and _repeats(element, text):
            used.add(text.index)
        returns.append(found if found.call_id or index else replace(found, call_id=call_id))
    marked = [replace(part, duplicate=True) if part.index in used else part for part in parts]
    return tuple(returns), tuple(marked)


def _repeats(element: Any, text: Part) -> bool:
    response = _response(element)
    return response is None or response == text.text


def _response(element: Any) -> Any:
    """The body of an element; early client-side returns of 0.13 call it `tool_return`."""
    if not isinstance(element, dict):
        return element
    response = element.get("func_response")
    return element.get("tool_return") if response is None else response


def read_return(element: Any, index: int, *, body: str | None = None) -> ToolReturn:
    """One element of `tool_returns` or of `approvals`; `body` stands in for a missing one."""
    fields = element if isinstance(element, dict) else {}
    response = _response(element)
    opened = read_body(body if response is None else response)
    declared = fields.get("status")
    status = _STATUSES.get(declared) if isinstance(declared, str) else None
    packed = _STATUSES.get(opened.status or "")
    return ToolReturn(
        index=index,
        call_id=string_or_none(fields.get("tool_call_id")),
        status=status or packed or "unknown",
        message=opened.message,
        time_text=opened.time_text,
        stdout=_lines(fields.get("stdout")),
        stderr=_lines(fields.get("stderr")),
        images=opened.images,
        truncated=truncation(opened.message),
        raw=readable(element) if fields != element else None,
        problem=_problem(element, declared, status=status, packed=packed, opened=opened),
    )


def _problem(
    element: Any, declared: Any, *, status: str | None, packed: str | None, opened: Body
) -> str | None:
    if not isinstance(element, dict):
        return f"unexpected shape, {shape(element)}"
    if declared is not None and status is None:
        return f"unknown status {short(declared)}"
    if status and packed and status != packed:
        return f"status is {status}, but the packed text says {short(opened.status)}"
    return opened.problem


def read_body(stored: Any) -> Body:
    """The body of a return: packed JSON text, plain text, a list of parts, or something else."""
    if stored is None:
        return Body("")
    if isinstance(stored, list):
        return _body_of_parts(stored)
    if isinstance(stored, dict):
        return _packed(stored) or Body(pretty(stored, limit=PRETTY_LIMIT))
    if not isinstance(stored, str) or isinstance(stored, Verbatim):
        return Body(readable(stored))
    if not stored.lstrip().startswith("{"):
        return Body(str(stored))
    parsed = parse(stored)
    opened = _packed(parsed.value) if isinstance(parsed.value, dict) else None
    if opened is None:
        return Body(str(stored))
    return replace(opened, problem=parsed.problem) if parsed.problem else opened


def _packed(fields: dict[str, Any]) -> Body | None:
    """The envelope {status, message, time}; None for an object that is something else."""
    if "message" not in fields or fields.get("status") not in ("OK", "Failed"):
        return None
    known = ("status", "message", "time")
    extra = {name: value for name, value in fields.items() if name not in known}
    message = fields["message"]
    opened = _body_of_parts(message) if _is_parts(message) else Body(readable(message))
    text = f"{opened.message}\n{pretty(extra, limit=PRETTY_LIMIT)}" if extra else opened.message
    time_text = string_or_none(fields.get("time"))
    return replace(opened, message=text, status=fields["status"], time_text=time_text)


def _is_parts(message: Any) -> bool:
    return isinstance(message, list) and any(
        isinstance(item, dict) and item.get("type") in ("text", "image") for item in message
    )


def _body_of_parts(stored: list[Any]) -> Body:
    """Text and image parts, as client-side tools return them from 0.16.4 on."""
    texts: list[str] = []
    images: list[Image] = []
    for item in stored:
        source = item.get("source") if isinstance(item, dict) else None
        if isinstance(source, dict) and item.get("type") == "image":
            images.append(read_image(source))
        elif isinstance(item, dict) and item.get("type") == "text":
            texts.append(readable(item.get("text")))
        else:
            texts.append(readable(item))
    return Body("\n".join(texts), images=tuple(images))


def _lines(stored: Any) -> tuple[str, ...]:
    if stored is None:
        return ()
    return tuple(map(readable, stored)) if isinstance(stored, list) else (readable(stored),)


def truncation(message: str) -> Truncation | None:
    """The lengths in Letta's note at the end of a return that was cut."""
    note = _TRUNCATED.search(message, max(len(message) - _NOTE_LENGTH, 0))
    return Truncation(shown=int(note[2]), full=int(note[1])) if note else None
