"""Growth between visits: the page is only opened by hand, so that is when sizes are noted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agents_app.cluster.database.sizes import Table
from agents_app.cluster.models import DatabaseVisit
from agents_app.letta import access

LEAST_APART = timedelta(minutes=10)
MOST_VISITS = 100


@dataclass(frozen=True)
class Growth:
    """Bytes (and estimated rows, None where either is unknown) gained since an earlier visit."""

    since: datetime
    size_bytes: int
    rows: int | None

    @property
    def per_day_bytes(self) -> float:
        days = (datetime.now(UTC) - self.since).total_seconds() / 86_400
        return self.size_bytes / max(days, 1 / 24)


@dataclass(frozen=True)
class Visits:
    """The visit compared with, how many there are, and growth by table; no visit before: none."""

    compared: DatabaseVisit | None
    visits: list[DatabaseVisit]
    database: Growth | None
    tables: dict[str, Growth]


def visited(tables: list[Table], size_bytes: int, *, since: int | None = None) -> Visits:
    """Compares with the visit `since` (a key, or the latest that is not of this hour) and notes this one."""
    key = access.database_key()
    visits = list(DatabaseVisit.objects.filter(database=key).order_by("-at")[:MOST_VISITS])
    _note(key, tables, size_bytes, latest=visits[0].at if visits else None)
    before = next((one for one in visits if one.pk == since), None) or next(
        (one for one in visits if datetime.now(UTC) - one.at >= LEAST_APART), None
    )
    if before is None:
        return Visits(None, visits, None, {})
    return Visits(
        before,
        visits,
        Growth(before.at, size_bytes - before.size_bytes, None),
        {table.name: _growth(before, table) for table in tables if table.name in before.tables},
    )


def _growth(before: DatabaseVisit, table: Table) -> Growth:
    size, rows = before.tables[table.name]
    both_known = rows is not None and table.about_rows is not None
    gained = (table.about_rows or 0) - rows if both_known else None
    return Growth(before.at, table.total_bytes - size, gained)


def _note(key: str, tables: list[Table], size_bytes: int, *, latest: datetime | None) -> None:
    if latest is not None and datetime.now(UTC) - latest < LEAST_APART:
        return
    kept: dict[str, Any] = {one.name: [one.total_bytes, one.about_rows] for one in tables}
    DatabaseVisit.objects.create(database=key, size_bytes=size_bytes, tables=kept)
