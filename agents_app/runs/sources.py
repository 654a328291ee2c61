"""Where Letta keeps runs: the table `runs` since 0.12, `jobs` of type run before; an upgrade leaves both."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Cast, Left

from agents_app.letta.catalogue import current
from agents_app.letta.keyset import Key, newest_first
from agents_app.letta.models import Job, Run, User
from agents_app.runs.filters import Wanted

WINDOW = 2_000
SMALL_TABLE = 100_000  # rows up to which a table may be read without an index
Row = dict[str, Any]

_COMMON = (
    "id",
    "created_at",
    "completed_at",
    "status",
    "stop_reason",
    "organization_id",
    "total_duration_ns",
)
_OF_RUNS = (*_COMMON, "agent_id", "conversation_id")
_LOOKED_AT = ("id", "created_at", "status", "stop_reason")
_AGENT_IN_METADATA = '"agent_id": "([^"]{1,100})"'


@dataclass(frozen=True)
class Source:
    """One table of runs, newest first by (created_at, id); its rows are dicts.

    `keeps` is the part of the question that no index answers; None where there is no such part.
    Where there is one, thousands of rows are looked at with few columns each (see `whole`).
    """

    name: str
    queryset: Any
    keeps: Callable[[Mapping[str, Any]], bool] | None

    def kept(self, rows: list[Row]) -> list[Row]:
        """Those of `rows` that were asked for, marked with their source."""
        found = filter(self.keeps, rows) if self.keeps else rows
        return [row | {"source": self.name} for row in found]

    def key(self, row: Row) -> Key:
        """Where a row stands in the list: its table, then its time and id."""
        return row_key(row | {"source": self.name})

    def rows(self, key: Key | None, *, backwards: bool, count: int) -> list[Row]:
        """Up to `count` rows beside `key` in walking order; without a key from the end walked from."""
        if backwards and key is None:
            return list(self.queryset.order_by(F("created_at").asc(), F("pk").asc())[:count])
        return newest_first(self.queryset, key, backwards=backwards, time="created_at", count=count)


def row_key(row: Row) -> Key:
    """The key of a row that is marked with its source."""
    moment = row["created_at"]
    return (row["source"], None if moment is None else str(moment), str(row["id"]))


def whole(rows: list[Row]) -> list[Row]:
    """The same rows with all columns, where a search looked at few of them."""
    found: dict[str, Row] = {}
    for name, model, columns in (("runs", Run, _OF_RUNS), ("jobs", Job, _COMMON)):
        if ids := [
            row["id"] for row in rows if row["source"] == name and "completed_at" not in row
        ]:
            found |= {row["id"]: row for row in model.objects.filter(pk__in=ids).values(*columns)}
    blank = dict.fromkeys(_OF_RUNS)
    return [blank | row | found.get(row["id"], {}) for row in rows]


def sources(wanted: Wanted) -> list[Source]:
    """The tables that can answer, newest first: what an upgrade left in `jobs` is older than any run."""
    found = [_runs(wanted)] if current().has_table("runs") else []
    if lists_jobs() and not wanted.conversation:
        found.append(_jobs(wanted))
    return found


def lists_jobs() -> bool:
    """Whether `jobs` can be read in order of time: Letta dropped that index in 0.14."""
    here = current()
    if not here.has_table("jobs"):
        return False
    return here.has_index("jobs", "created_at", "id") or here.rows.get("jobs", 0) <= SMALL_TABLE


def _runs(wanted: Wanted) -> Source:
    equal = {
        "agent_id": wanted.agent,
        "conversation_id": wanted.conversation,
        "organization_id": wanted.organization,
    }
    queryset = _in_time(Run.objects.all(), wanted).filter(
        **{name: value for name, value in equal.items() if value}
    )
    keeps = wanted.keeps if wanted.is_narrow else None
    return Source("runs", queryset.values(*(_LOOKED_AT if keeps else _OF_RUNS)), keeps)


def _jobs(wanted: Wanted) -> Source:
    queryset = _in_time(Job.objects.filter(job_type="run"), wanted)
    if wanted.organization:
        members = User.objects.here().filter(organization_id=wanted.organization).values("pk")
        queryset = queryset.filter(Q(organization_id=wanted.organization) | Q(user_id__in=members))
    if wanted.agent:
        queryset = queryset.annotate(agent=agent_in_metadata())

    def keeps(row: Mapping[str, Any]) -> bool:
        return wanted.keeps(row) and (not wanted.agent or row["agent"] == wanted.agent)

    if not wanted.is_narrow and not wanted.agent:
        return Source("jobs", queryset.values(*_COMMON), None)
    looked_at = (*_LOOKED_AT, "agent") if wanted.agent else _LOOKED_AT
    return Source("jobs", queryset.values(*looked_at), keeps)


def agent_in_metadata() -> Func:
    """The agent's id of a job of type run: only its `metadata_` names it, near the beginning."""
    text = Left(Cast(F("metadata"), TextField()), 4000)
    return Func(
        text,
        Value(_AGENT_IN_METADATA),
        function="substring",
        arg_joiner=" from ",
        output_field=TextField(),
    )


def _in_time(queryset: Any, wanted: Wanted) -> Any:
    if wanted.since:
        queryset = queryset.filter(created_at__gte=wanted.since)
    return queryset.filter(created_at__lt=wanted.until) if wanted.until else queryset


def batches(
    found: list[Source], key: Key | None, *, backwards: bool, size: int
) -> Iterator[tuple[Source, list[Row]]]:
    """All rows beside `key` in walking order, one table after the other, some at a time.

    `size` rows at once where the index answers everything, a window of 2,000 where it does not.
    """
    ordered = found[::-1] if backwards else found
    names = [source.name for source in ordered]
    start = names.index(key[0]) if key and key[0] in names else 0
    for source in ordered[start:]:
        at = key[1:] if key and key[0] == source.name else None
        count = WINDOW if source.keeps else size
        while rows := source.rows(at, backwards=backwards, count=count):
            yield source, rows
            if len(rows) < count:
                break
            at = source.key(rows[-1])[1:]
