"""Rows of the lists of archives and folders: what is in them and who reaches it, counted by index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta import access, catalogue
from agents_app.letta.holding import holding
from agents_app.letta.links import organization_names
from agents_app.letta.models import Archive, Source
from agents_app.letta.vectors import Space, space_of

COUNTED_UP_TO: Final = 1_000

_ARCHIVES = """
SELECT a.id,
       (SELECT count(*) FROM (SELECT 1 FROM archival_passages p WHERE p.archive_id = a.id LIMIT %(most)s) s),
       (SELECT count(*) FROM archives_agents g WHERE g.archive_id = a.id)
  FROM archives a WHERE a.id = ANY(%(ids)s)
"""
_SOURCES = """
SELECT s.id,
       (SELECT count(*) FROM (SELECT 1 FROM files f WHERE f.source_id = s.id LIMIT %(most)s) n),
       (SELECT count(*) FROM sources_agents g WHERE g.source_id = s.id)
  FROM sources s WHERE s.id = ANY(%(ids)s)
"""
_NEEDS = {
    _ARCHIVES: (("archival_passages", "archive_id"), ("archives_agents", "archive_id")),
    _SOURCES: (("files", "source_id"), ("sources_agents", "source_id")),
}
Counts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class ContainerRow:
    """An archive or folder with what it holds; counts are None where this database cannot tell."""

    row: Any
    items: int | None
    agents: int | None
    organization: str | None

    @property
    def items_text(self) -> str:
        """Passages or files; beyond 1,000 only that."""
        if self.items is None:
            return "–"
        return f"{COUNTED_UP_TO:,}+" if self.items > COUNTED_UP_TO else f"{self.items:,}"

    @property
    def space(self) -> Space | None:
        return space_of(self.row.embedding_config)

    @property
    def outside(self) -> str:
        """The store outside of PostgreSQL that also, or only, holds its vectors; empty for none."""
        return outside(self.row.vector_db_provider)


def outside(provider: str | None) -> str:
    """The name of a vector store outside of PostgreSQL: Turbopuffer, Pinecone, or what the label says."""
    known = {"TPUF": "Turbopuffer", "PINECONE": "Pinecone"}
    label = (provider or "NATIVE").upper()
    return "" if label == "NATIVE" else known.get(label, label)


def _named(queryset: Any, conditions: Mapping[str, Any]) -> Any:
    given = dict(conditions)
    text = given.pop("name__icontains", "")
    queryset = queryset.filter(**given)
    return holding(queryset, text, "name") if text else queryset


def archives(conditions: Mapping[str, Any]) -> Any:
    return _named(Archive.objects.here(), conditions).defer("description", "metadata")


def sources(conditions: Mapping[str, Any]) -> Any:
    return _named(Source.objects.here(), conditions).defer(
        "description", "metadata", "instructions"
    )


def archive_rows(found: Sequence[Archive]) -> list[ContainerRow]:
    """Two questions, however many rows; archives_agents has no index on archive_id and is small."""
    return _complete(found, _counts(_ARCHIVES, found))


def source_rows(found: Sequence[Source]) -> list[ContainerRow]:
    """The same for folders, with files as their items."""
    return _complete(found, _counts(_SOURCES, found))


def _counts(query: str, found: Sequence[Any]) -> Counts:
    known = catalogue.current()
    if not found or not all(known.has_column(*needed) for needed in _NEEDS[query]):
        return {}
    values = {"ids": [row.pk for row in found], "most": COUNTED_UP_TO + 1}
    return {pk: (items, agents) for pk, items, agents in access.rows(query, values)}


def _complete(found: Sequence[Any], counts: Counts) -> list[ContainerRow]:
    names = organization_names(row.organization_id for row in found)
    completed = []
    for row in found:
        items, agents = counts.get(row.pk, (None, None))
        organization = names.get(row.organization_id or "")
        completed.append(ContainerRow(row, items, agents, organization))
    return completed
