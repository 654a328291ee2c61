"""What messages hold, by their ids: whole where small, the beginning and the end where large.

A row may hold an image of many megabytes. Its size is asked first and only so much of it fetched
that fifty such rows still make a quick page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column, selected
from agents_app.text.masking import policy

HEAD: Final = 65_536
TAIL: Final = 16_384
JSON_COLUMNS: Final = ("content", "tool_calls", "tool_returns", "approvals")
PLAIN_COLUMNS: Final = (
    "id", "agent_id", "organization_id", "conversation_id", "sequence_id", "role", "created_at", "updated_at",
    "is_deleted", "tool_call_id", "name", "model", "step_id", "run_id", "otid", "group_id", "sender_id",
    "batch_item_id", "is_err", "approval_request_id", "approve", "denial_reason",
)  # fmt: skip

_BODIES = """
SELECT {plain}, {place}::text AS place, {parts}
  FROM messages m {texts}
 WHERE m.id = ANY(%(ids)s)
"""
# OFFSET 0 keeps the planner from writing the cast into all three places below, each of which would
# read a large value from TOAST anew.
_TEXT = "CROSS JOIN LATERAL (SELECT {value} AS t OFFSET 0) {name}_text"
_PART = """left({name}_text.t, %(head)s) AS {name},
 CASE WHEN octet_length({name}_text.t) > %(head)s
      THEN substr(convert_to({name}_text.t, 'SQL_ASCII'), octet_length({name}_text.t) - %(tail)s + 1)
 END AS {name}_tail,
 octet_length({name}_text.t) AS {name}_size"""

# Where an image's base64 text was left out between the two ends, both fit together again.
_IMAGE_OPEN = re.compile(r'"data"\s*:\s*"[A-Za-z0-9+/=]*\Z')
_IMAGE_END = re.compile(r'[A-Za-z0-9+/=]*"')


@dataclass(frozen=True, slots=True)
class Body:
    """One stored row; `cut` names the columns that hold less than Letta's, `size_bytes` is what those hold there."""

    row: dict[str, Any]
    cut: frozenset[str] = frozenset()
    elided: frozenset[str] = frozenset()
    size_bytes: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.cut and not self.elided


def bodies(ids: Sequence[str], *, head: int = HEAD) -> dict[str, Body]:
    """The rows that exist, by id; at most `head` characters of each long column."""
    if not ids:
        return {}
    long_columns = [
        name for name in (*JSON_COLUMNS, "text") if catalogue.current().has_column("messages", name)
    ]
    sql = _BODIES.format(
        plain=selected("messages", PLAIN_COLUMNS, alias="m"),
        place=column("messages", "sequence_id" if _numbered() else "created_at", alias="m"),
        parts=", ".join(_PART.format(name=name) for name in long_columns) or "NULL AS nothing",
        texts=" ".join(_TEXT.format(name=name, value=_flat(name)) for name in long_columns),
    )
    rows = access.dict_rows(sql, {"ids": list(ids), "head": head, "tail": min(TAIL, head)})
    return {row["id"]: _body(row, long_columns) for row in rows}


def _flat(name: str) -> str:
    """A cast from json makes a flat copy of what TOAST holds; text is concatenated for the same effect."""
    return f'm."{name}"::text' + (" || ''" if name == "text" else "")


def _numbered() -> bool:
    return catalogue.current().has_column("messages", "sequence_id")


def _body(row: dict[str, Any], long_columns: list[str]) -> Body:
    cut, elided, size = set[str](), set[str](), 0
    for name in long_columns:
        tail, column_size = row.pop(f"{name}_tail"), row.pop(f"{name}_size")
        if tail is None:
            continue
        size += column_size
        joined = _joined(row[name], bytes(tail)) if name in JSON_COLUMNS else None
        if joined is None:
            cut.add(name)
            row[name] = _cut(row[name])
        else:
            row[name] = joined
            elided.add(name)
    return Body(row, frozenset(cut), frozenset(elided), size)


def _cut(head: str) -> str:
    """The beginning of a text that goes on: what may be a part of something masked is left out."""
    return policy.beginning(head, max(len(head) - policy.AHEAD, 0))[0] if policy.masks() else head


def _joined(head: str, tail: bytes) -> str | None:
    """Both ends as one JSON text when all that is missing is the inside of an image."""
    text = tail.decode("utf-8", "replace")
    begins, ends = _IMAGE_OPEN.search(head), _IMAGE_END.match(text)
    if not begins or not ends:
        return None
    return head[: begins.start()] + '"data": ""' + text[ends.end() :]


_ANCHOR = """
SELECT m.id, m.agent_id, {plain}, {place}::text AS place
  FROM messages m
 WHERE m.id = %(id)s
"""
ANCHOR_COLUMNS = (
    "organization_id",
    "conversation_id",
    "is_deleted",
    "role",
    "created_at",
    "step_id",
    "run_id",
)


def anchor(message_id: str) -> dict[str, Any] | None:
    """Where a message stands, without what it holds."""
    sql = _ANCHOR.format(
        plain=selected("messages", ANCHOR_COLUMNS, alias="m"),
        place=column("messages", "sequence_id" if _numbered() else "created_at", alias="m"),
    )
    rows = access.dict_rows(sql, {"id": message_id})
    return rows[0] if rows else None
