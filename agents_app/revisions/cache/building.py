"""Rebuilds a history once and keeps its skeleton; values stream through and are not held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from django.db.models.functions import Now

from agents_app.revisions.cache.key import fingerprint, search_state
from agents_app.revisions.cache.locating import Given, Locator
from agents_app.revisions.cache.models import BlockSkeleton, SkeletonPart
from agents_app.revisions.cache.packing import Where, packed
from agents_app.revisions.collect import Searched, Sources
from agents_app.revisions.collect.calls import arguments
from agents_app.revisions.history import counted, stream
from agents_app.revisions.revision import Revision
from agents_app.revisions.telling import OTHER
from agents_app.text.linechanges import line_changes

AT_ONCE: Final = 25
PART: Final = 200
KEPT_DAYS: Final = 60
ABANDONED_HOURS: Final = 6


def build(
    sources: Sources, *, revisions: Iterable[Revision] | None = None, searched: Searched = "index"
) -> Iterator[tuple[int, Revision]]:
    """Reads the whole history, each revision with its number, and keeps its skeleton in the end.

    It takes the place of older ones. When the reading ends early, nothing is kept. `revisions` are
    what these sources told already.
    """
    writers = [one.holder.agent_id for one in sources.threads]
    kept = BlockSkeleton.objects.create(
        block_id=sources.block.id or "", key=fingerprint(sources.block, writers), writers=writers,
        renames=_renames(sources), searched=searched,
    )  # fmt: skip
    try:
        yield from _filled(kept, sources, stream(sources) if revisions is None else revisions)
    except BaseException:
        kept.delete()
        raise
    older = BlockSkeleton.objects.filter(block_id=kept.block_id, complete=True)
    older.exclude(pk=kept.pk).delete()
    tidy()


def tidy() -> None:
    """Forgets skeletons nobody has used for 60 days, and those whose building was cut off."""
    unused = BlockSkeleton.objects.filter(used_at__lt=Now() - timedelta(days=KEPT_DAYS))
    unused.delete()
    old = Now() - timedelta(hours=ABANDONED_HOURS)
    BlockSkeleton.objects.filter(complete=False, made_at__lt=old).delete()


def _renames(sources: Sources) -> list[list[str]]:
    return [
        [found.holder.agent_id, one.id]
        for found in sources.threads
        for one in found.places
        if one.may_rename
    ]


def _filled(
    kept: BlockSkeleton, sources: Sources, revisions: Iterable[Revision]
) -> Iterator[tuple[int, Revision]]:
    told, parts = _Told(Locator(sources.evidence().label_at)), 0
    for portion in _portions(revisions):
        given = arguments([one.message_id for one in portion if one.message_id])
        for one in portion:
            yield told.number, one
            told.feed(one, given)
        if len(told.rows) >= PART:
            SkeletonPart.objects.create(skeleton=kept, number=parts, rows=told.taken())
            parts += 1
    SkeletonPart.objects.create(skeleton=kept, number=parts, rows=told.taken(everything=True))
    found = counted(sources, told=told.known, unknown=told.unknown)
    kept.revisions, kept.complete = told.number, True
    unsure = told.unknown or told.conflicts or found.gaps or found.writes is None
    kept.search = search_state() if unsure else None
    kept.writes, kept.explained, kept.gaps = found.writes, found.explained, found.gaps
    kept.save()
    if told.unplaced and not isinstance(revisions, Iterator):
        kept.delete()  # it could be read only by reading all of it again


@dataclass(slots=True)
class _Told:
    """Turns revisions into rows, one behind: what follows a value may be the way to it."""

    locator: Locator
    rows: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0
    known: int = 0
    unknown: int = 0
    conflicts: int = 0
    unplaced: int = 0
    before: str | None = None
    held: tuple[Revision, Where, str, list[int]] | None = None

    def feed(self, one: Revision, given: Given) -> None:
        where, hashed = self.locator.where(self.number, one, given)
        where = self._settle(one, where, given)
        if self.held is not None:
            self._take(self.held)
        self.held = (one, where, hashed, self._changes(one))
        self._count(one)

    def _take(self, held: tuple[Revision, Where, str, list[int]]) -> None:
        self.unplaced += held[0].value is not None and not held[1]
        self.rows.append(packed(*held))

    def taken(self, *, everything: bool = False) -> list[dict[str, Any]]:
        """The rows that are done; they are not kept here any longer."""
        if everything and self.held is not None:
            self._take(self.held)
        found, self.rows = self.rows, []
        return found

    def _settle(self, one: Revision, where: Where, given: Given) -> Where:
        """Finds the way to the value before by undoing this call; then this one needs another way.

        Values that were all worked out backwards lead from one to the next, up to one that is stored.
        """
        if self.held is None or self.held[0].value is None or self.held[1]:
            return where
        undone = self.locator.undone(self.number, one, self.held[0].value, given)
        self.held = (self.held[0], undone, *self.held[2:])
        if where == ["apply", self.number - 1]:
            return self.locator.stored(one, given)
        return where

    def _changes(self, one: Revision) -> list[int]:
        if one.value is None or one.id.endswith(OTHER):
            return []
        changes = line_changes(self.before or "", one.value)
        self.before = one.value
        return changes

    def _count(self, one: Revision) -> None:
        """As `completeness` counts: the first revision is no write."""
        if self.number and one.value is not None and not one.id.endswith(OTHER):
            self.known += 1
        self.unknown += one.value is None
        self.conflicts += one.grade == "conflict"
        self.number += 1


def _portions(revisions: Iterable[Revision]) -> Iterator[list[Revision]]:
    found = iter(revisions)
    while portion := list(islice(found, AT_ONCE)):
        yield portion
