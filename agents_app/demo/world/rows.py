"""Rows on their way into the database: ids, JSON as Letta writes it, and where rows go."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any, Protocol


class Sink(Protocol):
    """Takes rows in any order that a flush between turns can sort by foreign keys."""

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        """Keep a new row; columns and tables the release lacks are left out."""

    def change(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        """Update columns of the row whose `id` is `key` after everything is loaded."""

    def checkpoint(self) -> None:
        """Between two turns: a moment when everything added so far may be written."""


def dumps(value: object) -> str:
    """JSON as SQLAlchemy's `json` columns get it: ASCII only, default separators."""
    return json.dumps(value)


def packed(value: object) -> str:
    """JSON inside a text, as Letta packs envelopes and returns: indented, any script."""
    return json.dumps(value, indent=2, ensure_ascii=False)


class Ids:
    """Letta's `<prefix>-<uuid4>` ids, always the same for one seed."""

    def __init__(self, rng: Random) -> None:
        self._bits = rng.getrandbits

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._bits(128), version=4))

    def new(self, prefix: str) -> str:
        return f"{prefix}-{self.uuid()}"

    def call(self) -> str:
        """A tool call id as OpenAI makes them."""
        return f"call_{self._bits(96):024x}"


def before(message_id: str) -> str:
    """The id whose uuid is one less: an approval row beside its assistant row (0.11.7+)."""
    number = uuid.UUID(message_id.removeprefix("message-")).int
    return f"message-{uuid.UUID(int=number - 1)}"


def stamps(
    created: datetime, *, user: str | None, updated: datetime | None = None
) -> dict[str, Any]:
    """The five columns nearly every table has."""
    return {
        "created_at": created,
        "updated_at": updated or created,
        "is_deleted": False,
        "_created_by_id": user,
        "_last_updated_by_id": user,
    }
