"""A block's history for one page load: all of it when that fits into the time, else its newest part."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents_app.letta import catalogue
from agents_app.letta.errors import LettaTimeout
from agents_app.revisions.collect import (
    Search,
    Searched,
    Sources,
    gather,
    subject,
    with_strays,
)
from agents_app.revisions.evidence import Subject
from agents_app.revisions.history import completeness, newest, stream, telling_values, vanished
from agents_app.revisions.revision import Completeness, Revision

LONGEST_S: Final = 2.2
MOST_CHARACTERS: Final = 40_000_000
NEWEST_CALLS: Final = 40
SEARCH_S: Final = 0.8
LONG_CHARACTERS: Final = 60_000_000  # version times length; about what LONGEST_S can rebuild
OVERHEAD: Final = 4_000
FEW_TRACES: Final = 20_000


@dataclass(frozen=True)
class Told:
    """Revisions oldest first, values included; `completeness` is None when only the newest part was read.

    `calls` says how many rows with calls that part reaches back.
    """

    block: Subject
    revisions: Sequence[Revision]
    completeness: Completeness | None
    searched: Searched = "index"
    calls: int = 0

    @property
    def whole(self) -> bool:
        return self.completeness is not None

    @property
    def further(self) -> int:
        """How far to read for older ones."""
        return 0 if self.whole else self.calls * 4

    def index(self, revision_id: str) -> int | None:
        return next((n for n, one in enumerate(self.revisions) if one.id == revision_id), None)


def told(block_id: str, *, calls: int = 0) -> Told | None:
    """The history of a block that exists; None for one that does not.

    With `calls` only what so many of the newest rows with calls tell. In a small database a short
    search also looks through what no index reaches, when that may explain more.
    """
    block = subject(block_id)
    if block is None:
        return None
    try:
        if calls:
            return _newest(block_id, calls)
        found = None if _is_long(block) else _whole(block, time.monotonic() + LONGEST_S)
    except LettaTimeout:
        found = None
    return found or _newest(block_id, NEWEST_CALLS)


def told_of_vanished(agent_id: str, label: str) -> Told | None:
    """What calls, returns and prompts of an agent still prove of a block that is gone."""
    found = vanished(agent_id, label)
    if found is None:
        return None
    return _of(found.block, found.revisions, found.completeness, found.searched)


def _whole(block: Subject, gives_up: float) -> Told | None:
    """None when it would take too long or hold too much."""
    sources = gather(block)
    found = _streamed(sources, gives_up)
    if found is None:
        return None
    told = _of(block, found, completeness(sources, found), "index")
    if _is_settled(told) or not _is_small() or time.monotonic() > gives_up - SEARCH_S:
        return told
    search = Search(SEARCH_S)
    strays = list(search.strays())
    more = with_strays(sources, strays, telling=telling_values(found, held=bool(sources.threads)))
    again = _streamed(more, gives_up) if more.tell_more_than(sources) else None
    if again is None:
        return replace(told, searched=search.reach)
    return _of(block, again, completeness(more, again), search.reach)


def _streamed(sources: Sources, gives_up: float) -> tuple[Revision, ...] | None:
    found, characters = list[Revision](), 0
    for revision in stream(sources):
        found.append(revision)
        characters += len(revision.value or "")
        if time.monotonic() > gives_up or characters > MOST_CHARACTERS:
            return None
    return tuple(found)


def _newest(block_id: str, calls: int) -> Told | None:
    found = newest(block_id, calls=calls)
    if found is None:
        return None
    if found.whole:
        counted = completeness(gather(found.block), found.revisions)
        return _of(found.block, found.revisions, counted, "index")
    return Told(found.block, _shared(found.revisions), None, calls=calls)


def _of(
    block: Subject, revisions: Sequence[Revision], counted: Completeness, searched: Searched
) -> Told:
    return Told(block, _shared(revisions), counted, searched)


def _shared(revisions: Sequence[Revision]) -> list[Revision]:
    """Equal values as one object: a history that repeats itself takes the room of one value."""
    texts: dict[str, str] = {}
    return [
        one if one.value is None else replace(one, value=texts.setdefault(one.value, one.value))
        for one in revisions
    ]


def _is_settled(found: Told) -> bool:
    counted = found.completeness
    sure = all(one.value is not None and one.grade != "conflict" for one in found.revisions)
    return sure and counted is not None and not counted.gaps and counted.writes is not None


def _is_long(block: Subject) -> bool:
    """Whether its history, as far as version and length tell, is too much for one page load."""
    return (block.version or 0) * (len(block.value or "") + OVERHEAD) > LONG_CHARACTERS


def _is_small() -> bool:
    return catalogue.current().rows.get("provider_traces", 0) <= FEW_TRACES
