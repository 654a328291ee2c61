"""The pieces message rows are made of: content parts, calls, envelopes, returns."""

import json
from datetime import datetime, timedelta
from typing import Any

from agents_app.demo.world.memory import Edit, answer
from agents_app.demo.world.prompts import clock
from agents_app.demo.world.rows import dumps, packed
from agents_app.demo.world.stage import Stage, Thread
from agents_app.demo.world.turns import Call


class Parts:
    """Makes pieces in the shape of the release."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.era = stage.era
        self.ids = stage.ids

    def outcome(
        self, thread: Thread, at: datetime, call: Call, edit: Edit | None
    ) -> tuple[str, bool]:
        error = edit.error if edit else call.error
        if error:
            return self.packed_return(thread, at, error, ok=False), False
        result = answer(edit, era=self.era) if edit else call.result
        if not self.era.since("0.13.0") and not isinstance(result, str):
            result = json.dumps(result)
        body = self.packed_return(thread, at, result, ok=True)
        return body, True

    def entry(self, key: str, body: str, *, ok: bool, printed: str | None) -> dict[str, Any] | None:
        if self.era.signs_parts:
            return returned(key, body, ok=ok, printed=printed)
        if self.era.since("0.8.17"):
            status = "success" if ok else "error"
            return {"status": status, "stdout": [printed] if printed else None, "stderr": None}
        return None

    def call(
        self, thread: Thread, call: Call, edit: Edit | None, *, more: bool
    ) -> tuple[str, str, str]:
        arguments = dict(edit.arguments if edit else call.arguments)
        if not thread.agent.speaks:
            arguments["request_heartbeat"] = more
        indent = None if self.era.since("0.8.17") else 2
        text = json.dumps(arguments, ensure_ascii=False, indent=indent)
        return self.ids.call(), edit.tool if edit else call.tool, text

    def thoughts(self, thread: Thread, thought: str, *, style: str = "") -> list[dict[str, Any]]:
        """Reasoning parts of models that give them; other models think in text or not at all."""
        model, rng = thread.agent.model, self.stage.rng
        signature = f"{rng.getrandbits(192):048x}"
        if not thread.agent.speaks or not thought:
            return []
        if style == "redacted":
            return [{"type": "redacted_reasoning", "data": signature * 4}]
        if style == "omitted":
            return [{"type": "omitted_reasoning", "signature": None}]
        if model.endpoint == "anthropic":
            return [
                {
                    "type": "reasoning",
                    "is_native": True,
                    "reasoning": thought,
                    "signature": signature,
                }
            ]
        if model.responses and self.era.since("0.13.0"):
            return [
                {
                    "type": "summarized_reasoning",
                    "id": f"rs_{signature[:24]}",
                    "summary": [{"index": 0, "text": thought}],
                    "encrypted_content": f"gAAAAAB{signature}",
                }
            ]
        return []

    def row(
        self, role: str, at: datetime, parts: list[dict[str, Any]], **more: Any
    ) -> dict[str, Any]:
        return {
            "id": self.ids.new("message"),
            "role": role,
            "content": dumps(parts),
            "created_at": at,
            "updated_at": at + timedelta(milliseconds=self.stage.rng.randrange(8, 900)),
        } | more

    def text(self, text: str) -> dict[str, Any]:
        if self.era.signs_parts:
            return {"type": "text", "text": text, "signature": None}
        return {"type": "text", "text": text}

    def envelope(self, thread: Thread, at: datetime, **fields: Any) -> str:
        stats = fields.pop("compaction_stats", None)
        fields["time"] = clock(at, thread.agent.timezone)
        if stats:
            fields["compaction_stats"] = stats
        return packed(fields)

    def packed_return(self, thread: Thread, at: datetime, message: Any, *, ok: bool) -> str:
        time = clock(at, thread.agent.timezone)
        return packed({"status": "OK" if ok else "Failed", "message": message, "time": time})


def function(key: str, name: str, arguments: str) -> dict[str, Any]:
    return {"id": key, "function": {"arguments": arguments, "name": name}, "type": "function"}


def returned(key: str, body: str, *, ok: bool, printed: str | None = None) -> dict[str, Any]:
    return {
        "tool_call_id": key,
        "status": "success" if ok else "error",
        "stdout": [printed] if printed else None,
        "stderr": None,
        "func_response": body,
    }
