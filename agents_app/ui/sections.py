"""Sections of a page: a value, or why there is none (another release, a missing right, a slow query)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from agents_app.letta import catalogue
from agents_app.letta.errors import LettaError
from agents_app.ui.panels import attempt

T = TypeVar("T")

ABSENT = "Not in this release of Letta."
REVOKED = "This console’s role may not read this table of Letta’s."


@dataclass(frozen=True)
class Section(Generic[T]):
    """`note` is a sentence for the reader when there is no value and nothing failed."""

    value: T | None = None
    error: LettaError | None = None
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.value)

    def as_json(self, render: Callable[[T], Any]) -> Any:
        """`render(value)`; null where the reader sees a sentence instead of a value."""
        return None if self.value is None else render(self.value)


def section(question: Callable[[], T], *tables: str, needs: str = "") -> Section[T]:
    """Asks one question of a page, unless one of its tables is not here or the right `needs` is missing."""
    if needs:
        return Section(note=f"Your role does not include the right to see this ({needs}).")
    known = catalogue.current()
    for table in tables:
        if not known.has_table(table):
            return Section(note=REVOKED if table in known.revoked else ABSENT)
    panel = attempt(question)
    return Section(value=panel.value, error=panel.error)
