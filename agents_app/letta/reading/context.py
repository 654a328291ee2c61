"""The context window of an agent: `agents.message_ids`, in order."""

from dataclasses import dataclass
from typing import Final

from agents_app.letta.reading.columns import Row, json_column, shape
from agents_app.letta.reading.ids import is_storable

MAX_IDS: Final = 100_000
MAX_ID_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """Message ids in context order, the system prompt first; `total` counts all stored elements.

    Ids that are no strings, too long, or repeated are left out and said in `problem`.
    """

    ids: tuple[str, ...] = ()
    problem: str | None = None
    total: int = 0

    @property
    def prompt_id(self) -> str | None:
        return self.ids[0] if self.ids else None


def context_ids(raw_message_ids: object) -> ContextWindow:
    """Read the raw text (or parsed value) of `agents.message_ids`; at most 100,000 ids."""
    parsed = json_column(_row(raw_message_ids), "message_ids")
    if parsed.value is None:
        return ContextWindow(problem=parsed.problem)
    if not isinstance(parsed.value, list):
        return ContextWindow(problem=f"{shape(parsed.value)} where a list of ids is due")
    stored = parsed.value
    usable = [one for one in stored[:MAX_IDS] if isinstance(one, str) and _fits(one)]
    ids = tuple(dict.fromkeys(map(str, usable)))
    problems = [parsed.problem, *_losses(stored, usable, ids)]
    return ContextWindow(ids, "; ".join(filter(None, problems)) or None, len(stored))


def _row(raw: object) -> Row:
    return {"message_ids": raw}


def _fits(text: str) -> bool:
    return 0 < len(text) <= MAX_ID_LENGTH and is_storable(text)


def _losses(stored: list[object], usable: list[str], ids: tuple[str, ...]) -> list[str]:
    looked_at = min(len(stored), MAX_IDS)
    losses = (
        (len(stored) - looked_at, f"ids beyond the first {MAX_IDS:,}"),
        (looked_at - len(usable), "elements that are no ids"),
        (len(usable) - len(ids), "repeated ids"),
    )
    return [f"{count:,} {what}" for count, what in losses if count]
