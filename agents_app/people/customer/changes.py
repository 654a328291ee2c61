"""What changed in a customer's memory in the last 7 and 30 days: revisions of their blocks, as evidence proves them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import Q
from django.db.models.functions import Length

from agents_app.letta.errors import LettaTimeout
from agents_app.letta.links import agent_names
from agents_app.letta.models import Block
from agents_app.people.customer.memory import COLUMNS, Holding, place
from agents_app.revisions.cache.skeleton import Outdated, forget, load
from agents_app.revisions.collect import subject
from agents_app.revisions.evidence import Subject
from agents_app.revisions.grades import GRADES
from agents_app.revisions.history import newest
from agents_app.revisions.revision import Revision
from agents_app.revisions.telling import OTHER
from agents_app.text.diff import Diff, compare_shown
from agents_app.ui.links import link

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
MOST_BLOCKS: Final = 40
MOST_SHOWN: Final = 50
LONGEST_S: Final = 1.8
CALLS: Final = (40, 160)
MOST_COMPARED: Final = 60_000


@dataclass(frozen=True)
class Change:
    """One revision of the time asked for, with the name of the agent that wrote it."""

    block_id: str
    revision: Revision
    agent_name: str | None = None

    @property
    def href(self) -> str:
        """The revision in the history of its block."""
        return link("memory:history", self.block_id, to=self.revision.id)

    @property
    def is_creation(self) -> bool:
        return self.revision.id.startswith("created:")

    @property
    def level(self) -> str:
        return GRADES[self.revision.grade][0]

    @property
    def meaning(self) -> str:
        return GRADES[self.revision.grade][1]


@dataclass(frozen=True)
class Told:
    """What a block's newest evidence tells of 30 days, newest change first.

    `reaches`: it goes back over the whole time. `before` is the last known value before it, None
    where that is not known or the block is younger; `now` the present one.
    """

    changes: Sequence[Change]
    week: int
    reaches: bool
    before: str | None
    now: str | None
    is_new: bool

    @property
    def shown(self) -> Sequence[Change]:
        return self.changes[:MOST_SHOWN]

    @cached_property
    def diff(self) -> Diff | None:
        """Then and now; None where the value of then is not known, or both are too long."""
        if self.now is None or (self.before is None and not self.is_new):
            return None
        if len(self.before or "") + len(self.now) > MOST_COMPARED:
            return None
        return compare_shown(self.before, self.now)

    @property
    def stretches(self) -> Any:
        return self.diff.stretches(around=1) if self.diff else []


@dataclass(frozen=True)
class ChangedBlock:
    """A block whose row was written in the last 30 days; `told` is None while its evidence was not read."""

    block: Block
    told: Told | None


@dataclass(frozen=True)
class Changes:
    blocks: Sequence[ChangedBlock]
    unchanged: int
    more: bool


def changes(held: Holding, now: datetime, *, only: str | None = None) -> Changes:
    """Of the blocks written lately, what was written; evidence is read while there is time.

    `only` asks for one of the blocks, without waiting for the others.
    """
    queryset = Block.objects.here().filter(pk__in=held.ids)
    lately = queryset.filter(Q(updated_at__gte=now - MONTH) | Q(updated_at__isnull=True))
    if only is not None:
        lately = lately.filter(pk=only)
    rows = list(lately.annotate(characters=Length("value")).only(*COLUMNS)[: MOST_BLOCKS + 1])
    rows.sort(key=lambda row: place(held, row))
    gives_up = time.monotonic() + LONGEST_S
    found = [
        ChangedBlock(row, _told(row.pk, now) if time.monotonic() < gives_up else None)
        for row in rows[:MOST_BLOCKS]
    ]
    unchanged = 0 if only else len(held.ids) - len(rows)
    return Changes(_named(found), max(unchanged, 0), more=len(rows) > MOST_BLOCKS)


def _told(block_id: str, now: datetime) -> Told | None:
    """From the kept history where there is one, else from the newest evidence; None if it takes too long."""
    try:
        block = subject(block_id)
        return None if block is None else _kept(block, now) or _newest(block, now)
    except LettaTimeout:
        return None


def _kept(block: Subject, now: datetime) -> Told | None:
    kept = load(block)
    if kept is None:
        return None
    known = list(kept.revisions)
    number = _last_before(known, now - MONTH)
    try:
        before = None if number is None else kept.value(number)
    except Outdated:
        forget(block.id or "")
        return None
    return _cut(block, known, now, before=before, whole=True)


def _newest(block: Subject, now: datetime) -> Told | None:
    """The last 40 rows with calls, then more, until they reach back over the 30 days."""
    for calls in CALLS:
        found = newest(block.id or "", calls=calls)
        if found is None:
            return None
        known = list(found.revisions)
        number = _last_before(known, now - MONTH)
        if found.whole or number is not None or calls == CALLS[-1]:
            before = None if number is None else known[number].value
            return _cut(block, known, now, before=before, whole=found.whole or number is not None)
    return None


def _cut(
    block: Subject, known: Sequence[Revision], now: datetime, *, before: str | None, whole: bool
) -> Told:
    lately = [one for one in known if _is_since(one, now - MONTH) and not _is_other(one)]
    return Told(
        changes=[Change(block.id or "", one) for one in reversed(lately)],
        week=sum(_is_since(one, now - WEEK) for one in lately),
        reaches=whole,
        before=before,
        now=block.value,
        is_new=isinstance(block.created_at, datetime) and block.created_at >= now - MONTH,
    )


def _last_before(known: Sequence[Revision], since: datetime) -> int | None:
    """The last revision with a known value that is surely older."""
    older = (
        number
        for number, one in reversed(list(enumerate(known)))
        if isinstance(one.at, datetime) and one.at < since and one.known and not _is_other(one)
    )
    return next(older, None)


def _is_since(one: Revision, since: datetime) -> bool:
    return isinstance(one.at, datetime) and one.at >= since


def _is_other(one: Revision) -> bool:
    return one.id.endswith(OTHER)


def _named(found: Sequence[ChangedBlock]) -> list[ChangedBlock]:
    """With the names of the agents that wrote. One query."""
    told = [one.told for one in found if one.told]
    names = agent_names(change.revision.agent_id for one in told for change in one.changes)
    return [ChangedBlock(one.block, one.told and _with_names(one.told, names)) for one in found]


def _with_names(told: Told, names: dict[str, str | None]) -> Told:
    return replace(
        told,
        changes=[
            replace(one, agent_name=names.get(one.revision.agent_id or "")) for one in told.changes
        ],
    )
