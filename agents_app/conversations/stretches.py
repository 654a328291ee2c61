"""Which rows of a thread a page shows: its newest, its first, those around a message or from a day on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents_app.conversations.queries.keys import Rows, in_order, numbered
from agents_app.conversations.queries.surroundings import around_time
from agents_app.conversations.threads import Key


@dataclass(frozen=True, slots=True)
class Stretch:
    """Keys oldest first; whether there are rows before and after them; the row that was asked for."""

    keys: list[Key]
    has_older: bool = False
    has_newer: bool = False
    asked: str = ""
    note: str = ""

    @property
    def older(self) -> Key | None:
        return self.keys[0] if self.has_older and self.keys else None

    @property
    def newer(self) -> Key | None:
        return self.keys[-1] if self.has_newer and self.keys else None


def latest(rows: Rows, *, limit: int, before: Key | None = None) -> Stretch:
    """The newest rows, or those just before a place."""
    keys = rows.newest(count=limit + 1, before=before)
    return Stretch(keys[:limit][::-1], has_older=len(keys) > limit, has_newer=before is not None)


def first(rows: Rows, *, limit: int, after: Key | None = None) -> Stretch:
    """The oldest rows, or those just after a place."""
    keys = rows.oldest(count=limit + 1, after=after)
    return Stretch(keys[:limit], has_older=after is not None, has_newer=len(keys) > limit)


def around(rows: Rows, message: dict[str, Any], *, limit: int) -> Stretch:
    """The rows around a message, which is shown even when it is soft-deleted."""
    half, key = limit // 2, Key(message["place"], message["id"])
    before, after = rows.newest(count=half + 1, before=key), rows.oldest(count=half + 1, after=key)
    keys = in_order({*before[:half], key, *after[:half]})
    note = (
        "The message that was asked for is soft-deleted in Letta." if message["is_deleted"] else ""
    )
    return Stretch(
        keys, has_older=len(before) > half, has_newer=len(after) > half, asked=key.id, note=note
    )


def from_day(rows: Rows, moment: datetime, *, limit: int) -> Stretch:
    """The rows from a time on; the newest where there are none."""
    begins = around_time(rows.thread.agent_id, moment, later=True)
    if begins:
        found = first(rows, limit=limit, after=_just_before(begins[0]))
        if found.keys:
            return Stretch(
                found.keys, has_older=True, has_newer=found.has_newer, asked=found.keys[0].id
            )
    newest = latest(rows, limit=limit)
    note = "There is no message on that day or later; these are the newest."
    return Stretch(newest.keys, has_older=newest.has_older, note=note)


def _just_before(key: Key) -> Key:
    return Key(str(int(key.place or 0) - 1), "") if numbered() else Key(key.place, "")
