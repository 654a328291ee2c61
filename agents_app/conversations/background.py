"""A search through a whole thread, done by the worker; it finds ids and places, never keeps a text."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from agents_app.conversations.confirming import Confirm
from agents_app.conversations.filters import Narrowed
from agents_app.conversations.queries.windows import look
from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.ui.jsonout import utc_iso
from agents_app.work.tasks import Progress

KIND = "conversation-search"
MOST_HITS = 500
HITS_A_ROUND = 100


def arguments(
    thread: Thread, narrowed: Narrowed, *, agent_type: str | None, prompts: bool
) -> dict[str, Any]:
    """What `search` needs, as JSON."""
    conditions = {
        name: utc_iso(value) if isinstance(value, datetime) else value
        for name, value in asdict(narrowed).items()
    }
    return {
        "agent_id": thread.agent_id,
        "conversation_id": thread.conversation_id,
        "scope": thread.scope.value,
        "with_deleted": thread.with_deleted,
        "conditions": conditions,
        "agent_type": agent_type,
        "prompts": prompts,
    }


def search(progress: Progress, given: dict[str, Any]) -> dict[str, Any]:
    """Looks from the newest row to the oldest, or to 500 hits.

    Gives {"ids": [...], "looked_at": rows, "back_to": ISO time or null, "more": whether it stopped at
    500}. Reports after each round; a round's statements are bounded like those of a page.
    """
    thread, narrowed = _thread(given), _narrowed(given["conditions"])
    confirm = Confirm(
        narrowed, thread.agent_id, agent_type=given["agent_type"], prompts=given["prompts"]
    )
    ids: list[str] = []
    start: Key | None = None
    rows, back_to = 0, None
    while len(ids) < MOST_HITS:
        looked = look(thread, narrowed, start, count=HITS_A_ROUND, confirm=confirm)
        ids += [key.id for key in looked.keys]
        rows, start = rows + looked.count, looked.next_key
        back_to = utc_iso(looked.back_to) if isinstance(looked.back_to, datetime) else back_to
        found = {
            "ids": ids[:MOST_HITS],
            "looked_at": rows,
            "back_to": back_to,
            "more": start is not None,
        }
        progress.report(rows, result=found)
        if start is None:
            break
    return found


def _thread(given: dict[str, Any]) -> Thread:
    return Thread(
        given["agent_id"],
        given["conversation_id"],
        Scope(given["scope"]),
        with_deleted=given["with_deleted"],
    )


def _narrowed(conditions: dict[str, Any]) -> Narrowed:
    times = {
        name: datetime.fromisoformat(conditions[name])
        for name in ("since", "until")
        if conditions[name]
    }
    return Narrowed(**{**conditions, **times})
