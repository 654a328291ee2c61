"""How a scope's passages came to be: counts by month, week or day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from psycopg import sql

from agents_app.embeddings.clouds import Scope
from agents_app.letta import access, catalogue
from agents_app.letta.vectors import Extent

_MOST_DAYS = 5_000
_DAYS_BY_DAY, _DAYS_BY_WEEK = 62, 400
_BY_DAY = """
SELECT date_trunc('day', p.created_at)::text, count(*) FROM {table} p WHERE {where} AND p.created_at IS NOT NULL
 GROUP BY 1 ORDER BY 1 DESC LIMIT {most}
"""


@dataclass(frozen=True)
class Growth:
    """`counts[i]` passages were made in the `unit` ("day", "week", "month") that begins at `starts[i]`."""

    unit: str
    starts: list[date]
    counts: list[int]


def growth(scope: Scope) -> Growth | None:
    """Oldest first, gaps filled with zeros; None without any passage that has a usable time."""
    days: Counter[date] = Counter()
    for extent in scope.extents():
        days += _days(extent)
    if not days:
        return None
    unit = _unit((max(days) - min(days)).days)
    counted: Counter[date] = Counter()
    for day, count in days.items():
        counted[_start(day, unit)] += count
    starts = _starts(min(counted), max(counted), unit)
    return Growth(unit, starts, [counted[start] for start in starts])


def _days(extent: Extent) -> Counter[date]:
    if not catalogue.current().has_column(extent.table, "created_at"):
        return Counter()
    query = sql.SQL(_BY_DAY).format(
        table=sql.Identifier(extent.table), where=extent.where(), most=sql.Literal(_MOST_DAYS)
    )
    found: Counter[date] = Counter()
    for text, count in access.rows(query, extent.params()):
        try:
            found[date.fromisoformat(text[:10])] += count
        except ValueError:  # infinity, or a year that no calendar of Python's holds
            continue
    return found


def _unit(days: int) -> str:
    if days <= _DAYS_BY_DAY:
        return "day"
    return "week" if days <= _DAYS_BY_WEEK else "month"


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _starts(first: date, last: date, unit: str) -> list[date]:
    found = [first]
    while found[-1] < last and len(found) < _MOST_DAYS:
        step = {"day": 1, "week": 7, "month": 32}[unit]
        found.append(_start(found[-1] + timedelta(days=step), unit))
    return found
