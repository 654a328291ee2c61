"""Windows of rows of one table: counted, weighed and dated in PostgreSQL, so that no text leaves it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column
from agents_app.people.footprint.places import Place

WINDOW: Final = 2_000
SEARCHED_WINDOW: Final = 500

# `rows` are those of one window. Sizes are as stored: compressed, and out of line where they are.
_WINDOW = """
SELECT count(*) AS rows, coalesce(sum(w.bytes), 0)::bigint AS bytes, min(w.at) AS oldest,
       max(w.at) AS newest, max(w.key) AS last, count(*) FILTER (WHERE w.sender = %(identity)s) AS named
       {lists}
  FROM (SELECT {key} AS key, {bytes} AS bytes, {created} AS at, {sender} AS sender{ids}
          FROM {table} t
         WHERE {condition}
         {ordered}) w
"""


@dataclass
class Asked:
    """Whose footprint it is; `organizations` are those of its agents, `prompts`: these are searched too."""

    identity: str
    prompts: bool = True
    organizations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Window:
    """Numbers of one window; `given` are ids by column, `after` and `last` the keys around it."""

    ids: Sequence[str]
    rows: int
    bytes: int
    oldest: Any
    newest: Any
    named: int
    given: dict[str, list[str]]
    after: Any
    last: Any


def is_reached(place: Place) -> bool:
    """Whether an index leads from the ids to the rows, and the role may read both."""
    known = catalogue.current()
    first = ("organization_id", place.link) if place.within else (place.link,)
    return known.has_index(place.table, *first) and (
        not place.order or known.has_column(place.table, order_of(place))
    )


def order_of(place: Place) -> str:
    """Messages before 0.6.49 have no sequence_id; their ids then do."""
    known = catalogue.current()
    return place.order if known.has_column(place.table, place.order) else "id"


def windows(place: Place, ids: Sequence[str], asked: Asked, *, size: int) -> Iterator[Window]:
    """All rows that these ids lead to: id by id along `order`, else batches of ids."""
    if not place.order:
        for begin in range(0, len(ids), place.batch):
            yield _window(place, ids[begin : begin + place.batch], asked)
        return
    for one in ids:
        last = None
        while True:
            found = _window(place, [one], asked, after=last, size=size)
            yield found
            last = found.last
            if found.rows < size:
                break


def condition(place: Place, *, after: Any, until: Any = None) -> str:
    """The rows of a window, as SQL for parameters ids, organizations, after and until."""
    parts = [f't."{place.link}" = ANY(%(ids)s::text[])']
    if place.within:
        parts.append("t.organization_id = ANY(%(organizations)s::text[])")
    if place.without:
        parts.append(f"{column(place.table, place.without, alias='t')} IS NULL")
    if after is not None:
        parts.append(f't."{order_of(place)}" > %(after)s')
    if until is not None:
        parts.append(f't."{order_of(place)}" <= %(until)s')
    return " AND ".join(parts)


def _window(
    place: Place, ids: Sequence[str], asked: Asked, *, after: Any = None, size: int = 0
) -> Window:
    given = list(place.gives)
    sql = _WINDOW.format(
        table=f'"{place.table}"',
        key=f't."{order_of(place)}"' if place.order else "NULL::text",
        bytes=_bytes(place.table),
        created=column(place.table, "created_at", alias="t"),
        sender=column("messages", "sender_id", alias="t")
        if place.table == "messages"
        else "NULL::text",
        ids="".join(f', t."{name}" AS "id_{n}"' for n, name in enumerate(given)),
        lists="".join(
            f', array_agg(DISTINCT w."id_{n}") FILTER (WHERE w."id_{n}" IS NOT NULL) AS "ids_{n}"'
            for n in range(len(given))
        ),
        condition=condition(place, after=after),
        ordered=f'ORDER BY t."{order_of(place)}" LIMIT %(size)s' if place.order else "",
    )
    (row,) = access.dict_rows(
        sql,
        {
            "ids": list(ids),
            "organizations": asked.organizations,
            "identity": asked.identity,
            "after": after,
            "size": size,
        },
    )
    return Window(
        ids=ids,
        rows=row["rows"],
        bytes=row["bytes"],
        oldest=row["oldest"],
        newest=row["newest"],
        named=row["named"],
        given={name: row[f"ids_{n}"] or [] for n, name in enumerate(given)},
        after=after,
        last=row["last"],
    )


def _bytes(table: str) -> str:
    """The stored size of the readable columns of a row."""
    columns = sorted(catalogue.current().tables[table])
    return " + ".join(f'coalesce(pg_column_size(t."{name}"), 0)' for name in columns)


def database_time() -> datetime:
    """Now, as Letta's database has it."""
    found: datetime = access.rows("SELECT now()")[0][0]
    return found
