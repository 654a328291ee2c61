"""A search through all stored prompts for those that no index reaches, a part at a time.

After a reset of messages, or when an agent was deleted, its traces remain and only their primary
key leads to them. The search walks along that key in windows; of what it finds ids and hashes are
kept, by which the history of any block folds them in.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from agents_app.letta import catalogue, scoping
from agents_app.letta.estimates import estimate
from agents_app.revisions.cache.hashing import digest
from agents_app.revisions.cache.models import StraySearch, StrayTrace
from agents_app.revisions.collect.columns import ready
from agents_app.revisions.collect.gathering import Sources
from agents_app.revisions.collect.straying import with_strays
from agents_app.revisions.collect.strays import (
    TELLING_LENGTH,
    Searched,
    Stray,
    opened,
    reachable_by_step,
    window,
    without_messages,
)  # fmt: skip

MOST_FINDINGS: Final = 5_000
LOCK: Final = 4_711_003  # of our own database; any number that nothing else uses
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Coverage:
    """`read` of `about` so many traces were looked at; about is an estimate of the database's."""

    read: int = 0
    about: int = 0
    complete: bool = False

    @property
    def searched(self) -> Searched:
        return "all" if self.complete else "part" if self.read else "index"


def coverage() -> Coverage:
    """How far the search has come; asks our own database, and the catalogue.

    It is one search for everybody, so its numbers are told to those who may read everything.
    """
    about, kept = estimate("provider_traces") or 0, StraySearch.objects.first()
    if kept is None or not scoping.current().is_everything:
        return Coverage(0, about, bool(kept and kept.complete))
    return Coverage(kept.read, max(about, kept.read), kept.complete)


def possible() -> bool:
    """Whether this database has what the search needs, above all an index on messages.step_id (0.14+)."""
    needed = ("provider_traces.step_id", "provider_traces.request_json", "messages.step_id")
    return ready(*needed) and reachable_by_step()


def search(report: Report, *, most_rows: int, seconds: float) -> Coverage:
    """Goes on where it stopped, for so many traces or seconds; begins anew once it has come to the end.

    `report` is told the numbers read now and in all after each window; what it raises ends the search.
    While another one is under way it does nothing. It looks everywhere, whoever asked, as only ids and
    hashes are kept; values are read later in the reader's scope. Numbers of everybody's traces are told
    in scope EVERYTHING only, else noughts.
    """
    if not scoping.current().is_everything:
        report = _without_numbers(report)
    with _alone() as alone, scoping.using(scoping.EVERYTHING):
        if alone:
            _search(report, most_rows=most_rows, seconds=seconds)
    return coverage()


def _without_numbers(report: Report) -> Report:
    return lambda now, whole: report(0, 0)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other search is under way, in any process; holds until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _search(report: Report, *, most_rows: int, seconds: float) -> None:
    kept = _begun()
    ends, read = time.monotonic() + seconds, 0
    while read < most_rows and time.monotonic() < ends:
        rows = window(kept.reached)
        if not rows:
            kept.complete = True
            break
        _keep(list(opened(without_messages(rows))))
        kept.reached, kept.read, read = rows[-1][0], kept.read + len(rows), read + len(rows)
        _note(kept)
        report(read, kept.read)
    _note(kept)


def _begun() -> StraySearch:
    kept = StraySearch.objects.first()
    if kept is not None and kept.complete:
        StrayTrace.objects.all().delete()
        kept.delete()
        kept = None
    return kept or StraySearch.objects.create()


def _note(kept: StraySearch) -> None:
    kept.changed_at = Now()
    kept.about = catalogue.current().rows.get("provider_traces", 0)
    kept.save()


def _keep(found: Sequence[Stray]) -> None:
    rows = [
        StrayTrace(
            trace_id=one.trace.id,
            agent_id=one.agent_id or "",
            shows={
                digest(label): _hash(shown.value)
                for label, shown in one.trace.memory.blocks.items()
            },
        )
        for one in found
    ]
    StrayTrace.objects.bulk_create(rows, ignore_conflicts=True)


def _hash(value: str) -> str:
    """None is kept of a value too short to tell its block."""
    return digest(value) if len(value) >= TELLING_LENGTH else ""


def folded(sources: Sources, hashes: Collection[str]) -> Sources:
    """The same sources and what the search found of this block.

    That is what was sent by an agent that holds it, or shows one of the values with these `hashes`.
    """
    labels = {label for _, label in sources.labels}
    holders = {one.holder.agent_id for one in sources.threads}
    ids = [one.trace_id for one in _candidates(labels, holders, hashes)]
    strays = list(opened(ids))
    shown = {
        memory.value
        for stray in strays
        for label, memory in stray.trace.memory.blocks.items()
        if label in labels and digest(memory.value) in hashes
    }
    return with_strays(sources, strays, telling={hash(value) for value in shown})


def _candidates(
    labels: Collection[str], holders: Collection[str], hashes: Collection[str]
) -> list[StrayTrace]:
    """By agent: all of a holder's, and all of an agent that was shown one of the values."""
    keys = [digest(label) for label in labels]
    about = Q()
    for key in keys:
        about |= Q(shows__has_key=key)
    rows = list(StrayTrace.objects.filter(about).order_by("trace_id")[: 4 * MOST_FINDINGS])
    known = {
        row.agent_id for row in rows if any(row.shows.get(key) in hashes for key in keys if row.shows.get(key))
    } | set(holders)  # fmt: skip
    return [row for row in rows if row.agent_id in known][:MOST_FINDINGS]
