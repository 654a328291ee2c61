"""The parts of a customer's page as JSON."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from agents_app.people.customer.changes import Changes, Told
from agents_app.people.customer.files import Files
from agents_app.people.customer.memory import Remembered
from agents_app.people.customer.passages import Stores
from agents_app.people.customer.threads import Threads
from agents_app.ui.values import reference


def threads_json(found: Threads) -> dict[str, Any]:
    return {
        "results": [
            {
                "agent": reference(one.agent_id, one.agent_name),
                "conversation_id": one.conversation_id,
                "title": one.title,
                "last_activity": one.last_activity,
                "messages": one.messages,
                "messages_capped": one.is_capped,
            }
            for one in found.threads
        ],
        "more": found.more,
        "messages_7_days": found.week,
        "messages_30_days": found.month,
        "capped": found.capped,
    }


def memory_json(found: Remembered) -> dict[str, Any]:
    return {
        "results": [
            {
                "id": one.block.pk,
                "label": one.block.label,
                "value": one.text,
                "characters": one.characters,
                "cut": one.is_cut,
                "limit": one.block.limit,
                "version": one.block.version,
                "updated_at": one.block.updated_at,
                "tied_to_identity": one.is_tied,
                "agents": [reference(*pair) for pair in one.agents],
                "conversation_id": one.conversation_id,
                "other_agents": one.others,
            }
            for one in found.blocks
        ],
        "more": found.more,
    }


def changes_json(found: Changes) -> dict[str, Any]:
    return {
        "results": [
            {"id": one.block.pk, "label": one.block.label, "updated_at": one.block.updated_at}
            | _told_json(one.told)
            for one in found.blocks
        ],
        "unchanged": found.unchanged,
        "more": found.more,
    }


def _told_json(told: Told | None) -> dict[str, Any]:
    """All null where there was no time left to read the evidence."""
    if told is None:
        return {"days_7": None, "days_30": None, "complete": None, "changes": None}
    return {
        "days_7": told.week,
        "days_30": len(told.changes),
        "complete": told.reaches,
        "changes": [
            {
                "revision": one.revision.id,
                "at": one.revision.at,
                "grade": one.revision.grade,
                "tool": one.revision.tool,
                "agent": reference(one.revision.agent_id, one.agent_name),
                "message_id": one.revision.message_id,
                "added": one.revision.added,
                "removed": one.revision.removed,
            }
            for one in told.changes
        ],
    }


def passages_json(found: Stores) -> dict[str, Any]:
    return {
        "results": [
            {
                "kind": one.kind,
                "id": one.id,
                "name": one.name,
                "passages": one.passages,
                "capped": one.is_capped,
                "days_7": one.week,
                "days_30": one.month,
                "other_agents": one.others,
            }
            for one in found.stores
        ],
        "more": found.more,
        "newest": [
            {"id": one.pk, "created_at": one.created_at, "text": one.excerpt}
            for one in found.newest
        ],
    }


def files_json(found: Files) -> dict[str, Any]:
    return {
        "results": [
            {
                "id": one.file.pk,
                "name": one.file.__dict__.get(
                    "file_name"
                ),  # fetched only with the right to content
                "source": reference(one.file.source_id, one.source),
                "file_type": one.file.file_type,
                "file_size": one.file.file_size,
                "processing_status": one.file.processing_status,
                "created_at": one.file.created_at,
                "open_in": [reference(*pair) for pair in one.open_in],
            }
            for one in found.files
        ],
        "sources": found.sources,
        "more": found.more,
    }


PARTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "conversations": threads_json,
    "memory": memory_json,
    "changes": changes_json,
    "passages": passages_json,
    "files": files_json,
}
