"""Independent panels: one slow or refused query greys out its panel, not the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from agents_app.letta.errors import LettaDenied, LettaDrift, LettaError, LettaTimeout

T = TypeVar("T")


@dataclass(frozen=True)
class Panel(Generic[T]):
    """Either a value, or the reason why there is none."""

    value: T | None = None
    error: LettaError | None = None

    def __bool__(self) -> bool:
        return self.error is None and bool(self.value)


def attempt(question: Callable[[], T]) -> Panel[T]:
    """Runs one panel's query; a fault of the whole database is not caught, it is the page's."""
    try:
        return Panel(value=question())
    except (LettaTimeout, LettaDenied, LettaDrift) as error:
        return Panel(error=error)
