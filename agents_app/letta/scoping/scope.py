"""A scope as data, and the one in force in this thread of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows of these organizations; None stands for all of them.

    With `identities` (ids) or `tags` (of agents) only what belongs to agents tied to one of those
    identities or bearing one of those tags, within the organizations.
    """

    organizations: tuple[str, ...] | None
    identities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return self.organizations is None and not self.by_agent

    @property
    def by_agent(self) -> bool:
        """Whether it is narrower than whole organizations."""
        return bool(self.identities or self.tags)


EVERYTHING = Scope(None)
NOTHING = Scope(())

_current: ContextVar[Scope | None] = ContextVar("scope of Letta's rows", default=None)
_fallback = NOTHING


def current() -> Scope:
    """The scope in force; NOTHING where none was put, except in a trusted process."""
    return _current.get() or _fallback


def put(scope: Scope | None) -> None:
    """From here on in this context; requests begin and end with `using`."""
    _current.set(scope)


@contextmanager
def using(scope: Scope | None) -> Iterator[None]:
    """In force inside; whatever was put meanwhile ends with it."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


def trust_this_process() -> None:
    """For commands that somebody runs on the server: everything is in scope where nothing else is put."""
    global _fallback
    _fallback = EVERYTHING
