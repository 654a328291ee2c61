"""Where neighbours are looked for: the archive, an agent's memory and files, a folder, or everything."""

from dataclasses import dataclass
from typing import Any

from agents_app.embeddings.searching import whole_tables
from agents_app.letta.models import AgentPassage, OldPassage
from agents_app.letta.vectors import (
    Extent,
    extents_of_agent,
    extents_of_archive,
    extents_of_source,
)

LABELS = {
    "archive": "Its archive",
    "agent": "An agent’s memory and files",
    "source": "Its folder",
    "all": "Everything",
}


@dataclass(frozen=True)
class Scope:
    """`name` is what the address says; `extents` is empty where the passage has no such parent."""

    name: str
    extents: tuple[Extent, ...]
    agent_id: str | None = None

    @property
    def label(self) -> str:
        return LABELS[self.name]


def names(found: Any, agent_id: str | None) -> list[str]:
    """The scopes that this passage can be looked up in, the default first."""
    parents = {
        "archive": getattr(found, "archive_id", None) or getattr(found, "agent_id", None),
        "source": getattr(found, "source_id", None),
        "agent": agent_id,
        "all": "all",
    }
    return [name for name, parent in parents.items() if parent]


def scope_of(found: Any, name: str, agent_id: str | None) -> Scope:
    """The scope asked for, or the passage's default where it has none such."""
    offered = names(found, agent_id)
    chosen = name if name in offered else offered[0]
    if chosen == "archive":
        return Scope(chosen, _own(found))
    if chosen == "source":
        return Scope(chosen, extents_of_source(found.source_id))
    if chosen == "agent":
        return Scope(chosen, extents_of_agent(agent_id or ""), agent_id)
    return Scope(chosen, whole_tables())


def _own(found: Any) -> tuple[Extent, ...]:
    """The passage's archive; before 0.11, its agent's passages."""
    if archive_id := getattr(found, "archive_id", None):
        return extents_of_archive(archive_id)
    table = found._meta.db_table
    here = table in {AgentPassage._meta.db_table, OldPassage._meta.db_table}
    organization = found.organization_id or ""
    return (Extent(table, "agent_id", (found.agent_id,), organization),) if here else ()
