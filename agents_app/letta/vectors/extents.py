"""What to look at: the passages of one table below some parents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from agents_app.letta import catalogue
from agents_app.letta.models import (
    Agent,
    AgentArchive,
    AgentPassage,
    AgentSource,
    ArchivalPassage,
    File,
    OldPassage,
    SourcePassage,
)

MOST_PARENTS = 5_000


@dataclass(frozen=True)
class Extent:
    """Passages of `table` whose `column` is one of `parents`; the whole table when `column` is empty.

    `cut` says that there are more parents than are looked at.
    """

    table: str
    column: str = ""
    parents: tuple[str, ...] = ()
    organization_id: str = ""
    cut: bool = False

    @property
    def indexed(self) -> bool:
        """Whether an index of Letta's leads to just these rows; agent_passages had none before 0.8."""
        known = catalogue.current()
        return bool(self.column) and (
            known.has_index(self.table, self.column) or self._by_organization
        )

    @property
    def _by_organization(self) -> bool:
        known = catalogue.current()
        return bool(self.organization_id) and known.has_index(
            self.table, "organization_id", self.column
        )

    def where(self, ids: Sequence[str] | None = None) -> sql.Composable:
        """The condition on rows of alias `p`, for `params(ids)`; with `ids`, only those of them."""
        conditions = [self._below_parents()] if self.column else []
        if ids is not None:
            conditions.append(sql.SQL("p.id = ANY(%(ids)s)"))
        return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("true")

    def _below_parents(self) -> sql.Composable:
        same = "p.{} = %(parent)s" if len(self.parents) == 1 else "p.{} = ANY(%(parents)s)"
        found: sql.Composable = sql.SQL(same).format(sql.Identifier(self.column))
        if self._by_organization and not catalogue.current().has_index(self.table, self.column):
            return found + sql.SQL(" AND p.organization_id = %(organization)s")
        return found

    def params(self, ids: Sequence[str] | None = None) -> dict[str, Any]:
        """The values that `where(ids)` names."""
        return {
            "parent": next(iter(self.parents), None),
            "parents": list(self.parents),
            "organization": self.organization_id,
            "ids": None if ids is None else list(ids),
        }


def extents_of_archive(archive_id: str) -> tuple[Extent, ...]:
    """0.11+: one table."""
    return _here(Extent(ArchivalPassage._meta.db_table, "archive_id", (archive_id,)))


def extents_of_source(source_id: str) -> tuple[Extent, ...]:
    """Through its files, as `source_passages.source_id` has no index; chunks without a file are not reached."""
    return _here(*_of_files({"source_id__in": [source_id]}))


def extents_of_agent(agent_id: str) -> tuple[Extent, ...]:
    """Its archival passages, whichever table this release keeps them in, and the chunks of its files."""
    archives = AgentArchive.objects.here().filter(agent_id=agent_id)
    sources = AgentSource.objects.here().filter(agent_id=agent_id).values("source_id")
    organization = (
        Agent.objects.here().filter(pk=agent_id).values_list("organization_id", flat=True).first()
    )
    return _here(
        *[
            Extent(ArchivalPassage._meta.db_table, "archive_id", (found,))
            for found in archives.values_list("archive_id", flat=True)[:1]
        ],
        Extent(AgentPassage._meta.db_table, "agent_id", (agent_id,), organization or ""),
        Extent(OldPassage._meta.db_table, "agent_id", (agent_id,), organization or ""),
        *_of_files({"source_id__in": sources}),
    )


def _of_files(belonging: dict[str, Any]) -> list[Extent]:
    files = File.objects.here().filter(**belonging).order_by("-created_at", "-pk")
    ids = list(files.values_list("pk", flat=True)[: MOST_PARENTS + 1])
    parents, cut = tuple(ids[:MOST_PARENTS]), len(ids) > MOST_PARENTS
    tables = (SourcePassage._meta.db_table, OldPassage._meta.db_table)
    return [Extent(table, "file_id", parents, cut=cut) for table in tables] if ids else []


def _here(*found: Extent) -> tuple[Extent, ...]:
    """Those whose table this database has."""
    known = catalogue.current()
    return tuple(one for one in found if known.has_column(one.table, one.column))
