"""What a kept history was rebuilt from: when any of it changes, the history is read anew."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from agents_app.letta import access, catalogue
from agents_app.revisions.cache.models import StraySearch
from agents_app.revisions.collect.columns import of_messages, ready
from agents_app.revisions.evidence import Subject

_RULES: Final = Path(__file__).parents[1]
_READ: Final = ("block", "block_history", "messages", "provider_traces", "runs", "steps")

_HOLDERS = "SELECT DISTINCT agent_id FROM blocks_agents WHERE block_id = %(id)s"
_NEWEST = """
SELECT asked.agent, t.id, t.place
  FROM unnest(%(agents)s::text[]) AS asked (agent)
  LEFT JOIN LATERAL (
       SELECT m.id, {place} AS place
         FROM messages m
        WHERE m.agent_id = asked.agent
        ORDER BY {place} DESC LIMIT 1) t ON true
"""


def fingerprint(block: Subject, writers: Sequence[str]) -> str:
    """A hash of the block's version and stamps, its holders, the newest message of each writer, of the
    rules by which histories are rebuilt, and of the columns that they may read."""
    parts: list[Any] = [
        rules(), _columns(), block.id, block.version, str(block.created_at), str(block.updated_at),
        len(block.value or ""), block.conversation_id, block.history_entry_id, _holders(block),
        _newest(writers),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _columns() -> list[list[str]]:
    """A column that was dropped, or a right that was taken, leaves nothing of a kept history to be read."""
    tables = catalogue.current().tables
    return [[name, *sorted(tables.get(name, ()))] for name in _READ]


def _holders(block: Subject) -> list[str]:
    if not ready("blocks_agents.agent_id", "blocks_agents.block_id"):
        return []
    return sorted(agent for (agent,) in access.rows(_HOLDERS, {"id": block.id}))


def _newest(writers: Sequence[str]) -> list[list[Any]]:
    """By index on (agent_id, sequence_id). One query."""
    if not writers:
        return []
    rows = access.rows(of_messages(_NEWEST), {"agents": sorted(writers)})
    return sorted(
        [agent, message, None if place is None else int(place)] for agent, message, place in rows
    )


def search_state() -> int:
    """How much the search through all traces has read."""
    found = StraySearch.objects.values_list("read", flat=True).first()
    return found or 0


@lru_cache(maxsize=1)
def rules() -> str:
    """A hash of this package's source: a new release of the console reads every history anew."""
    found = hashlib.sha256()
    for path in sorted(_RULES.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
