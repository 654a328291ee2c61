"""Rows of `messages` in the shapes that the releases have written, as raw column texts."""

import json
from typing import Any


def row(role: str, content: Any = None, **columns: Any) -> dict[str, Any]:
    """A row; `content` text becomes one text part, other values are written as JSON."""
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    stored = {"content": [] if content is None else content, "tool_calls": [], **columns}
    jsons = ("content", "tool_calls", "tool_returns", "approvals")
    texts = {
        name: json.dumps(value) if name in jsons and not isinstance(value, str | None) else value
        for name, value in stored.items()
    }
    return {"id": "message-1", "agent_id": "agent-1", "role": role, **texts}


def call(name: str, arguments: Any, *, call_id: str | None = "call_1") -> dict[str, Any]:
    """An element of tool_calls; `arguments` other than text are packed into a JSON string."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": text}}


def packed(message: Any, *, status: str = "OK") -> str:
    """The body of a tool return."""
    time = "2026-11-20 06:47:17 PM UTC+0000"
    return json.dumps({"status": status, "message": message, "time": time}, indent=2)


def returned(body: Any, *, call_id: str = "call_1", status: str = "success") -> dict[str, Any]:
    """An element of tool_returns as 0.12 and later write it."""
    return {
        "tool_call_id": call_id,
        "status": status,
        "stdout": None,
        "stderr": None,
        "func_response": body,
    }
