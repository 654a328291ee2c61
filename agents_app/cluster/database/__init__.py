"""The database behind the agents: sizes, sessions and indexes, asked only when a person opens the page."""

from collections.abc import Callable
from typing import TypeVar

from agents_app.letta.errors import LettaConflict, LettaError, LettaLocked
from agents_app.ui.panels import Panel, attempt

T = TypeVar("T")


def part(question: Callable[[], T]) -> Panel[T]:
    """One part of the page; a locked table or an odd relation greys out that part only."""
    try:
        return attempt(question)
    except (LettaLocked, LettaConflict) as error:
        return Panel(error=error)
    except LettaError as error:
        if type(error) is not LettaError:
            raise
        return Panel(error=error)
