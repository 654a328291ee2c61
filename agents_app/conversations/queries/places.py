"""Where messages stand, without what they say."""

from collections.abc import Sequence
from typing import Any

from agents_app.letta import access
from agents_app.letta.columns import column

_PLACES = """
SELECT m.id, {conversation} AS conversation_id, {role} AS role, {time} AS created_at
  FROM messages m
 WHERE m.id = ANY(%(ids)s)
"""


def places(ids: Sequence[str]) -> list[dict[str, Any]]:
    """id, conversation_id, role and created_at of the messages that still exist, in the order of `ids`."""
    if not ids:
        return []
    sql = _PLACES.format(
        conversation=column("messages", "conversation_id", alias="m"),
        role=column("messages", "role", alias="m"),
        time=column("messages", "created_at", alias="m"),
    )
    found = {row["id"]: row for row in access.dict_rows(sql, {"ids": list(ids)})}
    return [found[one] for one in ids if one in found]
