"""Rows of messages out of a whole response, as runs and jobs keep it in `metadata_.result`.

Letta's API has one message for each part of a row; here calls and returns become rows again. Up to
0.6 the result is the usage of the run with the rows of each step beside it.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from agents_app.text.times import parse_when

_CALLS: Final = frozenset({"tool_call_message", "approval_request_message"})
_RETURNS: Final = "tool_return_message"
_BODIES: Final = ("content", "tool_calls", "tool_returns")


def rows_of_result(metadata: Any) -> list[dict[str, Any]]:
    """Rows with calls or returns, in their order; json columns as text, `created_at` a time or None."""
    result = metadata.get("result") if isinstance(metadata, dict) else None
    if not isinstance(result, dict):
        return []
    rows: dict[str, dict[str, Any]] = {}
    for message in _dicts(result.get("messages")):
        _add(rows, message)
    for step in _lists(result.get("steps_messages")):
        for stored in _dicts(step):
            if isinstance(stored.get("id"), str):
                rows.setdefault(stored["id"], _of_row(stored))
    return [row for row in rows.values() if row["tool_calls"] != "[]" or row["role"] == "tool"]


def _add(rows: dict[str, dict[str, Any]], message: dict[str, Any]) -> None:
    """An API message, put to the others of its row."""
    kind, message_id = message.get("message_type"), message.get("id")
    if not isinstance(message_id, str) or (kind not in _CALLS and kind != _RETURNS):
        return
    if kind == _RETURNS:
        rows[message_id] = _row(message, "tool", tool_returns=_returns(message))
        return
    known = rows.get(message_id)
    before = json.loads(known["tool_calls"]) if known else []
    added = [call for call in _calls(message) if call not in before]
    rows[message_id] = _row(message, "assistant", tool_calls=[*before, *added])


def _row(message: dict[str, Any], role: str, **bodies: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": message["id"], "role": role, "name": message.get("name"), "content": "[]",
        "tool_call_id": None, "step_id": message.get("step_id"), "run_id": message.get("run_id"),
        "created_at": _when(message.get("date")),
        "tool_calls": json.dumps(bodies.get("tool_calls", [])),
        "tool_returns": json.dumps(bodies.get("tool_returns", [])),
    }  # fmt: skip


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    several = list(_dicts(message.get("tool_calls")))
    found = several or list(_dicts([message.get("tool_call")]))
    return [
        {"id": call.get("tool_call_id"), "type": "function",
         "function": {"name": call.get("name"), "arguments": call.get("arguments")}}
        for call in found
    ]  # fmt: skip


def _returns(message: dict[str, Any]) -> list[dict[str, Any]]:
    found = list(_dicts(message.get("tool_returns"))) or [message]
    return [
        {"tool_call_id": one.get("tool_call_id"), "status": one.get("status"),
         "func_response": one.get("tool_return")}
        for one in found
    ]  # fmt: skip


def _of_row(stored: dict[str, Any]) -> dict[str, Any]:
    """A row that was dumped as it is."""
    bodies = {name: json.dumps(stored.get(name) or []) for name in _BODIES}
    plain = {
        name: stored.get(name) for name in ("id", "role", "name", "tool_call_id", "step_id", "run_id")
    }  # fmt: skip
    return plain | bodies | {"created_at": _when(stored.get("created_at"))}


def _when(stored: Any) -> datetime | None:
    return parse_when(stored) if isinstance(stored, str) else None


def _dicts(stored: Any) -> Iterator[dict[str, Any]]:
    yield from (one for one in stored if isinstance(one, dict)) if isinstance(stored, list) else ()


def _lists(stored: Any) -> Iterator[list[Any]]:
    yield from (one for one in stored if isinstance(one, list)) if isinstance(stored, list) else ()
