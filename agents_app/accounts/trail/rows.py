"""Rows of the trail, from our database or from files of JSON lines, in order and in windows."""

import heapq
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db.models import Max

from agents_app.accounts.models import AccessEvent, TrailHead, TrailSegment
from agents_app.accounts.trail.chain import LINE, START, Link, Row

WINDOW: Final = 5_000
REORDERED: Final = 1_000


def stored(after: int = 0, *, until: int | None = None) -> Iterator[Row]:
    """Rows above `after` in our database, by their index, 5,000 at a time."""
    while True:
        queryset = AccessEvent.objects.filter(sequence__gt=after).order_by("sequence")
        if until is not None:
            queryset = queryset.filter(sequence__lte=until)
        window: list[dict[str, Any]] = list(queryset.values(*LINE)[:WINDOW])
        yield from window
        if len(window) < WINDOW:
            return
        after = window[-1]["sequence"]


def head() -> Link | None:
    """What the database itself says the newest row is; None before the first."""
    found = TrailHead.objects.filter(pk=1).first()
    return Link(found.sequence, found.hash) if found else None


def beginning() -> Link:
    """Where the stored rows begin: the start, or the end of the segments that were moved out."""
    last = TrailSegment.objects.order_by("-last_sequence").first()
    return Link(last.last_sequence, last.last_hash) if last else Link(0, START)


def in_file(path: Path) -> Iterator[Row]:
    """Rows of a file of JSON lines: an export, a segment, or what a collector kept of our log.

    Lines about something else are passed over. Processes that write at once may change places in a
    log, so rows are put in order again within a window; a row that was changed is wrong anywhere.
    """
    waiting: list[tuple[int, int, Row]] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = _row(json.loads(line)) if line.lstrip().startswith("{") else None
            if row is not None:
                heapq.heappush(waiting, (row["sequence"], number, row))
            if len(waiting) > REORDERED:
                yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _row(value: dict[str, Any]) -> Row | None:
    """The row in a line; None for log lines that are about something else."""
    if "logger" in value:
        value = value.get("event") or {}
    return value | {"at": datetime.fromisoformat(value["at"])} if "sequence" in value else None


def last_sequence() -> int:
    """The highest number stored; 0 when there is none."""
    return AccessEvent.objects.aggregate(last=Max("sequence"))["last"] or 0
