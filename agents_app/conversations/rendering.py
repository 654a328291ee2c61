"""Messages and threads as JSON: stable names, Letta's own where a value is a column."""

from collections.abc import Callable, Mapping
from typing import Any

from agents_app.conversations.queries.activity import ThreadRow
from agents_app.conversations.transcript import Scene
from agents_app.conversations.turns import Said
from agents_app.letta.reading.approvals import Approval
from agents_app.letta.reading.calls import ToolCall
from agents_app.letta.reading.envelopes import Envelope
from agents_app.letta.reading.parts import Part
from agents_app.letta.reading.returns import ToolReturn

COLUMNS = (
    "id", "agent_id", "organization_id", "conversation_id", "sequence_id", "role", "created_at", "updated_at",
    "is_deleted", "name", "model", "step_id", "run_id", "otid", "group_id", "sender_id", "batch_item_id", "is_err",
    "tool_call_id",
)  # fmt: skip


def message_json(said: Said, *, in_context: bool | None, withheld: bool) -> dict[str, Any]:
    """One stored row: its columns, and what was read from its JSON. A withheld prompt has no text."""
    found: dict[str, Any] = {name: said.row.get(name) for name in COLUMNS}
    found |= {"in_context": in_context, "kind": said.reading.kind, "withheld": withheld}
    if withheld:
        return found
    reading, envelope = said.reading, said.reading.envelope
    return found | {
        "text": reading.text,
        "reply": list(reading.reply_texts),
        "thoughts": list(reading.thoughts),
        "parts": [_part(part) for part in reading.parts],
        "tool_calls": [_call(call) for call in reading.calls],
        "tool_returns": [_return(found) for found in reading.returns],
        "approvals": [_approval(one) for one in reading.approvals],
        "envelope": envelope and _envelope(envelope),
        "from_agent_id": envelope.sender_agent_id if envelope else None,
        "problems": list(reading.problems),
        "cut": sorted(said.body.cut | said.body.elided),
        "cut_size_bytes": said.body.size_bytes or None,
    }


def scene_json(scene: Scene) -> list[dict[str, Any]]:
    """The rows of a page."""
    return [
        message_json(said, in_context=said.id in scene.context, withheld=said.id in scene.withheld)
        for said in scene.rows
    ]


def _envelope(envelope: Envelope) -> dict[str, Any]:
    return {"kind": envelope.kind, "time": envelope.time_text, "compaction_stats": envelope.stats}


def _part(part: Part) -> dict[str, Any]:
    image = part.image
    return {
        "type": part.kind,
        "text": part.text or None,
        "image": image
        and {
            "media_type": image.media_type,
            "size_bytes": image.size_bytes,
            "source": image.source,
        },
        "problem": part.problem,
    }


def _call(call: ToolCall) -> dict[str, Any]:
    arguments = call.arguments if call.arguments is not None else call.raw_arguments
    return {"id": call.id, "name": call.name, "arguments": arguments, "problem": call.problem}


def _return(found: ToolReturn) -> dict[str, Any]:
    return {
        "tool_call_id": found.call_id,
        "status": found.status,
        "message": found.message,
        "stdout": list(found.stdout),
        "stderr": list(found.stderr),
        "problem": found.problem,
    }


def _approval(one: Approval) -> dict[str, Any]:
    return {
        "approve": one.approve,
        "tool_call_id": one.call_id,
        "approval_request_id": one.request_id,
        "reason": one.reason,
        "problem": one.problem,
    }


THREAD_FIELDS: Mapping[str, Callable[[ThreadRow], Any]] = {
    "agent_id": lambda row: row.agent_id,
    "agent_name": lambda row: row.agent_name,
    "agent_type": lambda row: row.agent_type,
    "organization_id": lambda row: row.organization_id,
    "conversation_id": lambda row: row.conversation_id,
    "last_activity": lambda row: row.last_activity,
    "last_message_id": lambda row: row.message_id,
}
