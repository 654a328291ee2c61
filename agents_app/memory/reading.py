"""A block's history for one page load: kept or rebuilt as a whole where that fits, else a part of it.

Measured on a block of 100,000 characters with 2,000 revisions: its kept skeleton is read and
compared with Letta in 0.06 s where rebuilding takes 7 s, and one value in 0.01 s. Of a history that
is rebuilt within `WORTH_S` a skeleton saves nothing, so none is kept.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from agents_app.letta import catalogue
from agents_app.letta.errors import LettaTimeout
from agents_app.memory.blame import Blame
from agents_app.revisions.cache import findings
from agents_app.revisions.cache.building import build
from agents_app.revisions.cache.hashing import digest
from agents_app.revisions.cache.skeleton import Skeleton, load
from agents_app.revisions.collect import (
    Search,
    Searched,
    Sources,
    gather,
    of_vanished,
    subject,
    with_strays,
)
from agents_app.revisions.collect.rows import NEWEST
from agents_app.revisions.evidence import Subject
from agents_app.revisions.history import completeness, newest, stream, telling_values
from agents_app.revisions.revision import Completeness, Revision

LONGEST_S: Final = 2.2
MOST_CHARACTERS: Final = 40_000_000
NEWEST_CALLS: Final = 40
SEARCH_S: Final = 0.8
WORTH_S: Final = 0.25
LONG_CHARACTERS: Final = 60_000_000  # version times length; about what LONGEST_S can rebuild
OVERHEAD: Final = 4_000
FEW_TRACES: Final = 20_000


@dataclass(frozen=True)
class Told:
    """Revisions oldest first; `completeness` is None when only a part was read.

    Of a kept history the values are not at hand: ask `value` and `values`, never a revision itself.
    `older` is the place before which there are more; None when there are none.
    """

    block: Subject
    revisions: Sequence[Revision]
    completeness: Completeness | None
    searched: Searched = "index"
    older: int | None = None
    part: int | None = None
    skeleton: Skeleton | None = None
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbers.update(
            (one.id, number) for number, one in reversed(list(enumerate(self.revisions)))
        )

    @property
    def whole(self) -> bool:
        return self.completeness is not None

    def index(self, revision_id: str) -> int | None:
        return self.numbers.get(revision_id)

    def value(self, number: int) -> str | None:
        return self.skeleton.value(number) if self.skeleton else self.revisions[number].value

    def values(self, first: int = 0, before: int | None = None) -> Iterator[tuple[int, str | None]]:
        """The values of revisions in a row, with their numbers; those of a kept history stream."""
        if self.skeleton is not None:
            yield from self.skeleton.values(first, before)
            return
        for number, one in enumerate(self.revisions[first:before], first):
            yield number, one.value

    def valued(self, number: int | None) -> Revision | None:
        """The revision with its value."""
        if number is None:
            return None
        return replace(self.revisions[number], value=self.value(number))

    def blame(self, *, until: str | None, ignore_rewrites: bool) -> Blame:
        """Of the value that revision `until` left, or of the last known one."""
        found = Blame(ignore_rewrites=ignore_rewrites)
        ends = None if until is None else self.numbers[until] + 1
        for number, value in self.values(before=ends):
            changes = self.skeleton.bones[number].changes if self.skeleton else None
            found.feed(self.revisions[number], value=value, changes=changes)
        return found


def told(block_id: str, *, part: int | None = None) -> Told | None:
    """The history of a block that exists; None for one that does not.

    With `part` only what the last rows with calls before that place tell. In a small database a
    short search also looks through what no index reaches, when that may explain more.
    """
    block = subject(block_id)
    if block is None:
        return None
    if part is not None:
        return _part(block_id, part)
    return told_whole(block) or _part(block_id, NEWEST)


def told_whole(block: Subject) -> Told | None:
    """The whole history when it is kept or can be read within one page load, else None."""
    kept = load(block)
    if kept is not None:
        return Told(block, kept.revisions, kept.completeness, kept.searched, skeleton=kept)
    try:
        return None if is_long(block) else _whole(block, time.monotonic() + LONGEST_S)
    except LettaTimeout:
        return None


def told_of_vanished(agent_id: str, label: str) -> Told | None:
    """What calls, returns and prompts of an agent still prove of a block that is gone."""
    sources = findings.folded(of_vanished(agent_id, label), ())
    found = tuple(stream(sources))
    if not any(one.value is not None or one.message_id is not None for one in found):
        return None
    searched = findings.coverage().searched
    return Told(sources.block, _shared(found), completeness(sources, found), searched)


def _whole(block: Subject, gives_up: float) -> Told | None:
    """None when it would take too long or hold too much."""
    begun = time.monotonic()
    sources = gather(block)
    found = _streamed(sources, gives_up)
    if found is None:
        return None
    told = _of(block, found, completeness(sources, found), "index")
    if not _is_settled(told):
        sources, told = _searched(sources, told, gives_up)
    if block.id and time.monotonic() - begun > WORTH_S:
        for _ in build(sources, revisions=told.revisions, searched=told.searched):
            pass
    return told


def _searched(sources: Sources, told: Told, gives_up: float) -> tuple[Sources, Told]:
    """With what no index reaches: looked for now in a small database, else what was found before."""
    found = tuple(told.revisions)
    if _is_small() and time.monotonic() < gives_up - SEARCH_S:
        search = Search(SEARCH_S)
        strays = list(search.strays())
        telling = telling_values(found, held=bool(sources.threads))
        more, reach = with_strays(sources, strays, telling=telling), search.reach
    else:
        hashes = frozenset(digest(one.value) for one in found if one.value)
        more, reach = findings.folded(sources, hashes), findings.coverage().searched
    again = _streamed(more, gives_up) if more.tell_more_than(sources) else None
    if again is None:
        return sources, replace(told, searched=reach)
    return more, _of(told.block, again, completeness(more, again), reach)


def _streamed(sources: Sources, gives_up: float) -> tuple[Revision, ...] | None:
    found, characters = list[Revision](), 0
    for revision in stream(sources):
        found.append(revision)
        characters += len(revision.value or "")
        if time.monotonic() > gives_up or characters > MOST_CHARACTERS:
            return None
    return tuple(found)


def _part(block_id: str, before: int) -> Told | None:
    """What the last rows with calls before a place tell; all of it when that is the whole history."""
    found = newest(block_id, calls=NEWEST_CALLS, before=before)
    if found is None:
        return None
    if found.whole and before == NEWEST:
        counted = completeness(gather(found.block), found.revisions)
        return _of(found.block, found.revisions, counted, "index")
    older = None if found.whole else int(found.floor)
    part = None if before == NEWEST else before
    return Told(found.block, _shared(found.revisions), None, older=older, part=part)


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


def is_long(block: Subject) -> bool:
    """Whether its history, as far as version and length tell, is too much for one page load."""
    return (block.version or 0) * (len(block.value or "") + OVERHEAD) > LONG_CHARACTERS


def _is_small() -> bool:
    return catalogue.current().rows.get("provider_traces", 0) <= FEW_TRACES
