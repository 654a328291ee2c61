"""Looking for what is near a vector: exactly in what an index bounds, else newest first for a while."""

import heapq
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from agents_app.embeddings.passages import PASSAGE_TABLES
from agents_app.letta import access, catalogue
from agents_app.letta.errors import LettaTimeout
from agents_app.letta.vectors import (
    Extent,
    Group,
    Near,
    Space,
    groups,
    nearest,
    unreadable,
    vector_ids,
)
from agents_app.letta.vectors.reading import Floats
from agents_app.ui.paging import Cursor, keyset, time_key

EXACT_UP_TO: Final = 60_000
WINDOW: Final = 1_000
TIME_BOX_S: Final = 2.0
_RESERVED_S: Final = 0.6  # what the page needs afterwards: texts, parents, the small map


@dataclass
class Outcome:
    """What was found, nearest first, and what it covers.

    `searched` counts the comparable vectors looked at; `stored` all of them, None where only an
    estimate exists. `others` are passages left out: of another model, without one, without a vector.
    """

    near: list[Near] = field(default_factory=list)
    searched: int = 0
    stored: int | None = 0
    looked_at: int = 0
    is_complete: bool = True
    back_to: Any = None
    others: dict[Space | None, int] = field(default_factory=dict)
    without_vector: int = 0
    refusal: str = ""


@dataclass(frozen=True)
class Query:
    """What to look for: a vector of a space, how many neighbours, and the passage that is not its own neighbour."""

    vector: Floats
    space: Space
    most: int
    itself: str = ""

    def best(self, near: Sequence[Near]) -> list[Near]:
        """The nearest of several answers; ties by id."""
        others = (one for one in near if one.id != self.itself)
        return heapq.nsmallest(self.most, others, key=lambda one: (one.distance, one.id))


def search(extents: Sequence[Extent], query: Query) -> Outcome:
    """Exact within extents of up to 60,000 vectors; beyond, and in whole tables, for two seconds."""
    outcome, ends_at = Outcome(), time.monotonic() + TIME_BOX_S
    for extent in extents:
        outcome.refusal = outcome.refusal or unreadable(extent.table)
        if unreadable(extent.table):
            continue
        outcome.is_complete &= not extent.cut
        if extent.indexed:
            _below_parents(extent, query, outcome, ends_at=ends_at)
        else:
            _newest_first(extent, query, outcome, ends_at=ends_at)
    outcome.near = query.best(outcome.near)
    return outcome


def _below_parents(extent: Extent, query: Query, outcome: Outcome, *, ends_at: float) -> None:
    group = _counted(groups(extent), query.space, outcome)
    if group is None or not group.vectors:
        return
    if outcome.stored is not None:
        outcome.stored += group.vectors
    if group.vectors <= EXACT_UP_TO:
        _compare(extent, group, query, outcome)
        outcome.searched += group.vectors
        return
    remaining = vector_ids(extent, group)
    while ids := list(islice(remaining, WINDOW)):
        if _is_over(ends_at) or not _compare(extent, group, query, outcome, ids=ids):
            outcome.is_complete = False
            return
        outcome.searched += len(ids)


def _newest_first(extent: Extent, query: Query, outcome: Outcome, *, ends_at: float) -> None:
    outcome.stored = None
    for window in _windows(extent.table):
        if _is_over(ends_at):
            outcome.is_complete = False
            return
        ids = [row.pk for row in window]
        group = _counted(groups(extent, ids=ids), query.space, outcome)
        if group and group.vectors:
            if not _compare(extent, group, query, outcome, ids=ids):
                outcome.is_complete = False
                return
            outcome.searched += group.vectors
        outcome.looked_at += len(ids)
        outcome.back_to = window[-1].created_at


def _windows(table: str) -> Iterator[list[Any]]:
    model: Any = next(one for one in PASSAGE_TABLES if one._meta.db_table == table)
    cursor = Cursor(None, backwards=False, limit=WINDOW - 1)
    while rows := keyset(model.objects.here().only("id", "created_at"), cursor):
        yield rows
        if len(rows) < WINDOW:
            return
        cursor = Cursor(time_key(rows[-1]), backwards=False, limit=WINDOW - 1)


def _counted(found: Sequence[Group], space: Space, outcome: Outcome) -> Group | None:
    """The group to compare; the others are noted as left out."""
    for group in found:
        outcome.without_vector += group.rows - group.vectors
        if group.space != space and group.vectors:
            outcome.others[group.space] = outcome.others.get(group.space, 0) + group.vectors
    return next((group for group in found if group.space == space), None)


def _compare(
    extent: Extent, group: Group, query: Query, outcome: Outcome, *, ids: list[str] | None = None
) -> bool:
    """Whether there was time for it; an exact search that takes too long is the page's error."""
    most = query.most + bool(query.itself)
    try:
        found = nearest(extent, group, query.vector, most=most, ids=ids)
    except LettaTimeout:
        if ids is None:
            raise
        return False
    outcome.near = query.best([*outcome.near, *found])
    return True


def _is_over(ends_at: float) -> bool:
    return time.monotonic() > ends_at or access.remaining(_RESERVED_S + 1) < _RESERVED_S


def whole_tables() -> tuple[Extent, ...]:
    """Every passage table of this database."""
    known = catalogue.current()
    tables = [model._meta.db_table for model in PASSAGE_TABLES]
    return tuple(Extent(table) for table in tables if known.has_table(table))
