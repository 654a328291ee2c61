"""Passages that a customer's agents can recall: by archive (0.11+) or by agent, counted within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models.functions import Left, Length

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column
from agents_app.letta.models import AgentArchive, AgentPassage, ArchivalPassage, Archive, OldPassage
from agents_app.text.masking import policy

MOST_PARENTS: Final = 50
MOST_COUNTED: Final = 2_000
MOST_SHOWN: Final = 10
EXCERPT: Final = 300
WEEK, MONTH = timedelta(days=7), timedelta(days=30)

_COUNTS = """
SELECT p.parent, c.passages, c.week, c.month
  FROM unnest(%(parents)s::text[]) AS p (parent),
       LATERAL (SELECT count(*) AS passages, count(*) FILTER (WHERE r.at >= %(week)s) AS week,
                       count(*) FILTER (WHERE r.at >= %(month)s) AS month
                  FROM (SELECT {created} AS at FROM {table} t WHERE t.{link} = p.parent
                         LIMIT %(counted)s) r) c
"""


@dataclass(frozen=True)
class Store:
    """An archive, or before 0.11 an agent, with its passages counted up to 2,000.

    `others` is how many agents that are not this customer's can recall from it too.
    """

    kind: str
    id: str
    name: str | None
    passages: int
    week: int
    month: int
    others: int = 0

    @property
    def is_capped(self) -> bool:
        return self.passages >= MOST_COUNTED


@dataclass(frozen=True)
class Stores:
    """`newest` are the newest passages of all, with the beginning of each text; empty without the right to it."""

    stores: Sequence[Store]
    newest: Sequence[Any]
    more: bool


def stores(agents: Mapping[str, str | None], now: datetime, *, content: bool) -> Stores:
    """Four queries at most."""
    known = catalogue.current()
    if known.has_table("archival_passages"):
        return _of_archives(list(agents), now, content=content)
    model = AgentPassage if known.has_table("agent_passages") else OldPassage
    ids = list(agents)[:MOST_PARENTS]
    counts = _counts(model, "agent_id", ids, now)
    found = [Store("agent", one, agents.get(one), *counts.get(one, (0, 0, 0))) for one in ids]
    newest = _newest(model.objects.here().filter(agent_id__in=ids)) if content else []
    return Stores([one for one in found if one.passages], newest, len(agents) > MOST_PARENTS)


def _of_archives(agent_ids: list[str], now: datetime, *, content: bool) -> Stores:
    linked = AgentArchive.objects.here().filter(agent_id__in=agent_ids)
    ids = sorted(set(linked.values_list("archive_id", flat=True)[: MOST_PARENTS * 4]))
    names = dict(
        Archive.objects.here().filter(pk__in=ids).order_by("name", "pk").values_list("pk", "name")
    )
    shown = list(names)[:MOST_PARENTS]
    counts = _counts(ArchivalPassage, "archive_id", shown, now)
    others = _others(shown, set(agent_ids))
    found = [
        Store("archive", one, names[one], *counts.get(one, (0, 0, 0)), others.get(one, 0))
        for one in shown
    ]
    newest = _newest(ArchivalPassage.objects.here().filter(archive_id__in=shown)) if content else []
    return Stores(found, newest, len(names) > MOST_PARENTS)


def _counts(
    model: Any, link: str, parents: Sequence[str], now: datetime
) -> dict[str, tuple[int, int, int]]:
    """By parent: passages, and how many were added in 7 and 30 days. One query, by the parent's index."""
    table = model._meta.db_table
    if not parents or not catalogue.current().has_column(table, link):
        return {}
    created = column(table, "created_at", alias="t")
    sql = _COUNTS.format(table=table, link=link, created=created)
    asked = {
        "parents": list(parents),
        "counted": MOST_COUNTED,
        "week": now - WEEK,
        "month": now - MONTH,
    }
    return {parent: counts for parent, *counts in access.rows(sql, asked)}  # type: ignore[misc]


def _others(archive_ids: Sequence[str], own: set[str]) -> dict[str, int]:
    """By archive, agents of others that read it; the link table has no index on archives and is small."""
    links = AgentArchive.objects.here().filter(archive_id__in=archive_ids)
    found: dict[str, int] = {}
    for archive_id, agent_id in links.values_list("archive_id", "agent_id")[:10_000]:
        if agent_id not in own:
            found[archive_id] = found.get(archive_id, 0) + 1
    return found


def _newest(queryset: Any) -> list[Any]:
    beginning = Left("text", EXCERPT + policy.AHEAD)
    cut = queryset.annotate(excerpt=beginning, characters=Length("text"))
    rows = list(cut.only("id", "created_at").order_by("-created_at", "-pk")[:MOST_SHOWN])
    for row in rows:
        row.excerpt = policy.beginning(row.excerpt or "", EXCERPT)[0]
    return rows
