"""The call that made a block, found by the moment of the block's row (index on created_at)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.revisions.collect.calls import with_returns
from agents_app.revisions.collect.columns import of_messages, text_column
from agents_app.revisions.collect.rows import row_columns
from agents_app.revisions.evidence import Call, Subject
from agents_app.revisions.replay import apply, labels_made

EARLIER: Final = timedelta(seconds=30)
LATER: Final = timedelta(seconds=60)
MOST_ROWS: Final = 200
MAKERS: Final = ("memory", "memory_apply_patch")

_AROUND = """
SELECT {columns}
  FROM messages m
 WHERE {created_at} BETWEEN %(first)s AND %(last)s AND {role} IN ('assistant', 'approval')
   AND {organization} IS NOT DISTINCT FROM %(organization)s
   AND {tool_calls} ~ '"name": ?"(memory|memory_apply_patch)"'
 ORDER BY {created_at} LIMIT %(most)s
"""


def makers(block: Subject) -> list[Call]:
    """Calls that may have made the block, whatever label it had then, the likeliest first.

    The row is written while the tool runs, so the return follows it closely. A create that reports
    an error leaves the row all the same when the label was taken.
    """
    if not isinstance(block.created_at, datetime) or block.conversation_id is not None:
        return []
    sql = of_messages(_AROUND,
        columns=row_columns("tool_calls"), organization=column("messages", "organization_id", alias="m"),
        tool_calls=text_column("messages", "tool_calls", "m"),
    )  # fmt: skip
    asked = {"first": block.created_at - EARLIER, "last": block.created_at + LATER,
             "organization": block.organization_id, "most": MOST_ROWS}  # fmt: skip
    by_agent: dict[str, list[dict[str, Any]]] = {}
    for row in access.dict_rows(sql, asked):
        by_agent.setdefault(row["agent_id"], []).append(row)
    found = [call for agent, rows in by_agent.items()
             for call in with_returns(agent, sorted(rows, key=lambda row: int(row["place"])), MAKERS)]  # fmt: skip
    return sorted(
        (call for call in found if _just_after(call, block)), key=lambda call: str(call.at)
    )


def creation(block: Subject, candidates: Sequence[Call], *, label: str) -> Call | None:
    """The candidate that makes a block of this label, the block's first one."""
    for call in candidates:
        if label not in labels_made(call.tool, call.arguments):
            continue
        value = apply(call.tool, call.arguments, None, label=label).value
        if block.version != 1 or value == block.value:
            return call
    return None


def _just_after(call: Call, block: Subject) -> bool:
    if not isinstance(call.at, datetime) or not isinstance(block.created_at, datetime):
        return False
    soon = timedelta(0) <= call.at - block.created_at <= EARLIER
    return soon and bool(labels_made(call.tool, call.arguments))
