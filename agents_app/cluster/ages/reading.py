"""Asks for the age of each table's rows: small ones whole, large ones by an index on their time, others not at all."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from agents_app.cluster.ages.bands import NAMES, Statistics, edges, estimated, moments
from agents_app.cluster.database import part
from agents_app.letta import access
from agents_app.letta.catalogue import current
from agents_app.letta.estimates import estimate

SMALL_BYTES: Final = 16 * 1024**2
MOST_COUNTED: Final = 100_000
LONGEST_S: Final = 2.4
TIME: Final = "created_at"
How = Literal["counted", "by index", "estimated", "unknown"]

_SIZES = """
SELECT c.relname::text, pg_relation_size(c.oid), pg_total_relation_size(c.oid)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'm', 'p')
 ORDER BY 3 DESC, 1
"""
_WHOLE = """
SELECT count(*), min(t.{time}), max(t.{time}), {bands}, count(*) FILTER (WHERE t.{time} IS NULL)
  FROM {table} t
"""
_END = "SELECT t.{time} FROM {table} t WHERE t.{time} IS NOT NULL ORDER BY t.{time} {way} LIMIT 1"
_BAND = """
SELECT count(*) FROM (
       SELECT 1 FROM {table} t WHERE t.{time} >= %(from)s AND t.{time} < %(to)s LIMIT %(most)s) w
"""
_STATISTICS = """
SELECT s.null_frac, s.most_common_vals::text::text[], s.most_common_freqs::float8[],
       s.histogram_bounds::text::text[]
  FROM pg_catalog.pg_stats s
 WHERE s.schemaname = %(schema)s AND s.tablename = %(table)s AND s.attname = %(time)s
"""


@dataclass(frozen=True)
class Band:
    """Rows of one age; None where nobody knows. `about`: by statistics; `or_more`: counting stopped there."""

    name: str
    rows: int | None = None
    about: bool = False
    or_more: bool = False


@dataclass(frozen=True)
class TableAge:
    """How old the rows of a table are; `why` says why nothing, or not all, is known.

    `about_rows` is the planner's estimate where the rows were not counted. `ends_about`: oldest and
    newest come from statistics, which may have missed the very ends.
    """

    table: str
    total_bytes: int
    how: How
    bands: Sequence[Band]
    rows: int | None = None
    about_rows: int | None = None
    oldest: Any = None
    newest: Any = None
    ends_about: bool = False
    untimed: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Ages:
    """`asked_at` is the database's time, from which ages are counted."""

    asked_at: datetime
    tables: Sequence[TableAge]


def ages(only: str | None = None) -> Ages:
    """Every table of Letta's that may be read, the largest first; `only` asks for one of them."""
    known = current()
    now: datetime = access.rows("SELECT now()")[0][0]
    sizes = access.rows(_SIZES, {"schema": known.schema})
    listed = [row for row in sizes if known.has_table(row[0]) and only in (None, row[0])]
    gives_up = time.monotonic() + LONGEST_S
    return Ages(now, [_age(*row, now=now, gives_up=gives_up) for row in listed])


def _age(table: str, heap: int, total: int, *, now: datetime, gives_up: float) -> TableAge:
    if not current().has_column(table, TIME):
        return _unknown(table, total, "Its rows carry no time, or this console may not read it.")
    if time.monotonic() > gives_up:
        return _unknown(table, total, "There was no time left; ask for this table alone.")
    found = part(lambda: _asked(table, heap, total, now))
    if found.value is None:
        return _unknown(table, total, str(found.error))
    return found.value


def _asked(table: str, heap: int, total: int, now: datetime) -> TableAge:
    if heap <= SMALL_BYTES:
        return _whole(table, total, now)
    if current().has_index(table, TIME):
        return _by_index(table, total, now)
    return _estimated(table, total, now)


def _whole(table: str, total: int, now: datetime) -> TableAge:
    """A small table is read as a whole, without its large values."""
    limits = edges(now)
    before = [None, *limits]
    conditions = [_condition(n, first=n == 0, last=n == len(limits)) for n in range(len(before))]
    bands = ", ".join(f"count(*) FILTER (WHERE {one})" for one in conditions)
    sql = _WHOLE.format(table=f'"{table}"', time=TIME, bands=bands)
    ((count, oldest, newest, *counts, untimed),) = access.rows(
        sql, {f"edge_{n}": edge for n, edge in enumerate(limits)}
    )
    told = [Band(name, rows) for name, rows in zip(NAMES, counts, strict=True)]
    return TableAge(
        table, total, "counted", told, rows=count, oldest=oldest, newest=newest, untimed=untimed
    )


def _condition(number: int, *, first: bool, last: bool) -> str:
    """A band's rows; what lies in the future belongs to the youngest."""
    above = "" if last else f"t.{TIME} >= %(edge_{number})s"
    below = "" if first else f"t.{TIME} < %(edge_{number - 1})s"
    return " AND ".join(one for one in (above, below) if one)


def _by_index(table: str, total: int, now: datetime) -> TableAge:
    """Both ends by one probe each, bands counted up to 100,000 rows, then told from statistics."""
    oldest, newest = (_end(table, way) for way in ("ASC", "DESC"))
    guessed = _guessed(table, now)
    bands = [
        _counted(table, name, low, high, guessed[n] if guessed else None)
        for n, (name, low, high) in enumerate(_stretches(now))
    ]
    return TableAge(
        table,
        total,
        "by index",
        [*bands, _rest(guessed, bands, oldest, edges(now)[-1])],
        about_rows=estimate(table),
        oldest=oldest,
        newest=newest,
    )


def _stretches(now: datetime) -> list[tuple[str, datetime, Any]]:
    """All bands but the oldest, each with both ends."""
    limits = edges(now)
    tops: list[Any] = ["infinity", *limits]
    return [(name, low, high) for name, low, high in zip(NAMES, limits, tops, strict=False)]


def _end(table: str, way: str) -> Any:
    rows = access.rows(_END.format(table=f'"{table}"', time=TIME, way=way))
    return rows[0][0] if rows else None


def _counted(table: str, name: str, low: datetime, high: Any, guessed: int | None) -> Band:
    sql = _BAND.format(table=f'"{table}"', time=TIME)
    ((rows,),) = access.rows(sql, {"from": low, "to": high, "most": MOST_COUNTED})
    if rows < MOST_COUNTED:
        return Band(name, rows)
    if guessed is not None and guessed > rows:
        return Band(name, guessed, about=True)
    return Band(name, rows, or_more=True)


def _rest(guessed: list[int] | None, bands: Sequence[Band], oldest: Any, edge: datetime) -> Band:
    """The oldest band has no other end to count from: none for certain, else told from statistics."""
    if oldest is None or oldest >= edge:
        return Band(NAMES[-1], 0)
    return Band(NAMES[-1], guessed[-1] if guessed else None, about=True)


def _estimated(table: str, total: int, now: datetime) -> TableAge:
    """No index on the time: only what ANALYZE noted."""
    rows, known = estimate(table), _statistics(table)
    if rows is None or known is None:
        why = "No index on its time, and PostgreSQL has no statistics that this role may read."
        return _unknown(table, total, why)
    told = zip(NAMES, estimated(known, rows, now), strict=True)
    return TableAge(
        table,
        total,
        "estimated",
        [Band(name, count, about=True) for name, count in told],
        about_rows=rows,
        oldest=known.oldest,
        newest=known.newest,
        ends_about=True,
        why="No index on its time: told from PostgreSQL’s statistics.",
    )


def _guessed(table: str, now: datetime) -> list[int] | None:
    rows, known = estimate(table), _statistics(table)
    return None if rows is None or known is None else estimated(known, rows, now)


def _statistics(table: str) -> Statistics | None:
    """What ANALYZE noted; None before the first, or where the role may not read the column."""
    asked = {"schema": current().schema, "table": table, "time": TIME}
    rows = access.rows(_STATISTICS, asked)
    if not rows or not (rows[0][1] or rows[0][3]):
        return None
    without, common, shares, bounds = rows[0]
    paired = zip(moments(common), shares or [], strict=False)
    return Statistics(float(without), list(paired), sorted(moments(bounds)))


def _unknown(table: str, total: int, why: str) -> TableAge:
    return TableAge(table, total, "unknown", [Band(name) for name in NAMES], why=why)
